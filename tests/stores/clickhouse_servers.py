"""ZooKeeper and ClickHouse of Debian's packages as the tests' own processes, on free loopback ports."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from clickhouse_driver import Client
from clickhouse_driver.errors import Error

from .servers import free_port

SERVER = shutil.which("clickhouse-server") or "/usr/sbin/clickhouse-server"
ZOOKEEPER = Path("/usr/share/java/zookeeper.jar")

ZOO = """
tickTime=500
dataDir={folder}
clientPort={port}
clientPortAddress=127.0.0.1
admin.enableServer=false
maxClientCnxns=0
4lw.commands.whitelist=ruok
"""

CONFIG = """<?xml version="1.0"?>
<yandex>
  <logger><level>warning</level><log>{folder}/log</log><errorlog>{folder}/errors</errorlog></logger>
  <tcp_port>{port}</tcp_port>
  <interserver_http_port>{between}</interserver_http_port>
  <interserver_http_host>127.0.0.1</interserver_http_host>
  <listen_host>127.0.0.1</listen_host>
  <path>{folder}/data/</path>
  <tmp_path>{folder}/tmp/</tmp_path>
  <mark_cache_size>67108864</mark_cache_size>
  <users_config>{folder}/users.xml</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
  <zookeeper>
    <node><host>127.0.0.1</host><port>{zookeeper}</port></node>
    <session_timeout_ms>4000</session_timeout_ms>
  </zookeeper>
  <!-- docs/scale.md: of a small table that was killed under load, most parts are such as a merge had just replaced. -->
  <merge_tree><replicated_max_ratio_of_wrong_parts>1</replicated_max_ratio_of_wrong_parts></merge_tree>
</yandex>
"""

USERS = """<?xml version="1.0"?>
<yandex>
  <profiles><default><max_memory_usage>2000000000</max_memory_usage><max_threads>2</max_threads></default></profiles>
  <users><default>
    <password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
  </default></users>
  <quotas><default></default></quotas>
</yandex>
"""


class Server:
    """A process that is killed and started again where it stood."""

    def __init__(self, folder: Path, command: list[str], port: int) -> None:
        self.folder, self.port, self._command = folder, port, command
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "out").open("ab") as out:
            self.process = subprocess.Popen(self._command, cwd=self.folder, stdout=out, stderr=out)

    def wait(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            assert self.process
            assert self.process.poll() is None, f"{self._command[0]} ended"
            assert time.monotonic() < end, f"{self._command[0]} did not start"
            time.sleep(0.05)

    def kill(self) -> None:
        """Without a chance to write anything down."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(30)

    def freeze(self) -> None:
        """As a network does that is cut: connections stand, nothing answers."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.thaw()
            self.process.kill()
            self.process.wait(30)


def zookeeper(folder: Path) -> Server:
    assert ZOOKEEPER.exists(), "ZooKeeper is missing: apt-get install zookeeper"
    folder.mkdir()
    port = free_port()
    (folder / "zoo.cfg").write_text(ZOO.format(folder=folder, port=port))
    classes = f"{folder}:{ZOOKEEPER}"
    main = "org.apache.zookeeper.server.ZooKeeperServerMain"
    # No fsync: what the machine survives, these tests survive.
    command = ["java", "-Xmx256m", "-Dzookeeper.forceSync=no", "-cp", classes, main, str(folder / "zoo.cfg")]
    return Server(folder, command, port)


def clickhouse(folder: Path, zookeeper_port: int) -> Server:
    assert os.path.exists(SERVER), "ClickHouse is missing: apt-get install clickhouse-server"
    folder.mkdir()
    port = free_port()
    values = {"folder": folder, "port": port, "between": free_port(), "zookeeper": zookeeper_port}
    (folder / "config.xml").write_text(CONFIG.format(**values))
    (folder / "users.xml").write_text(USERS)
    return Server(folder, [SERVER, f"--config-file={folder}/config.xml"], port)


class ClickHouse:
    """Shards of replicas and their ZooKeeper."""

    def __init__(self, folder: Path, shards: int, replicas: int) -> None:
        self.folder = folder
        self.zookeeper = zookeeper(folder / "zookeeper")
        self.zookeeper.start()
        self.zookeeper.wait()
        self.shards = [
            [clickhouse(folder / f"{shard}-{replica}", self.zookeeper.port) for replica in range(replicas)]
            for shard in range(shards)
        ]
        for server in self.servers():
            server.start()
        for server in self.servers():
            server.wait()
        for server in self.servers():
            _wait_for_zookeeper(server)

    def servers(self) -> list[Server]:
        return [server for shard in self.shards for server in shard]

    def address(self, database: str) -> str:
        hosts = ";".join(",".join(f"127.0.0.1:{s.port}" for s in shard) for shard in self.shards)
        return f"clickhouse://{hosts}/{database}"


def _wait_for_zookeeper(server: Server) -> None:
    client = Client("127.0.0.1", server.port)
    end = time.monotonic() + 30
    while True:
        try:
            client.execute("SELECT count() FROM system.zookeeper WHERE path = '/'")
            break
        except Error:
            assert time.monotonic() < end, "ClickHouse did not find ZooKeeper"
            time.sleep(0.1)
    client.disconnect()


@contextlib.contextmanager
def clickhouse_cluster(folder: Path, shards: int = 1, replicas: int = 1) -> Iterator[ClickHouse]:
    cluster = ClickHouse(folder, shards, replicas)
    try:
        yield cluster
    finally:
        for server in [*cluster.servers(), cluster.zookeeper]:
            server.stop()
