"""One sealer at a time: a query that runs, on the first server, under a name that only one query may have. It ends
with the connection of whoever asked it, so a sealer that dies lets go of it."""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Iterator

from clickhouse_driver.errors import Error, ErrorCodes, ServerException

from ...errors import StoreError
from .node import Node

NAME = "cookiegate-sealer"
HOLD = "SELECT '{token}', sleep(1) FROM system.numbers LIMIT 21600"
"""A row a second, so that the server notices when nobody takes it any more; six hours at most. The token tells our
query from another sealer's of the same name."""
RUNNING = "SELECT count() FROM system.processes WHERE query_id = %(name)s AND position(query, %(token)s) > 0"
PATIENCE = 5.0


@contextlib.contextmanager
def sealer_lock(node: Node, database: str) -> Iterator[bool]:
    """Yields False where another sealer holds it. Raises StoreError where the server does not answer."""
    mine = {"name": f"{NAME}-{database}", "token": secrets.token_hex(8)}
    client = node.connect()
    over = threading.Event()
    refused: list[int] = []

    def hold() -> None:
        try:
            settings = {"max_block_size": 1, "max_threads": 1, "interactive_delay": 1_000_000}
            client.connection.socket.settimeout(None)
            client.execute(HOLD.format(**mine), query_id=mine["name"], settings=settings)
        except ServerException as error:
            refused.append(error.code)
        except (Error, OSError, EOFError, ValueError, AttributeError):
            refused.append(0)
        finally:
            over.set()

    thread = threading.Thread(target=hold, name="cookiegate-seal-lock", daemon=True)
    thread.start()
    held = _is_held(node, mine, over)
    if not held and refused and refused[0] != ErrorCodes.QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING:
        raise StoreError(f"the lock of the sealer could not be taken at {node.name} (code {refused[0]})")
    try:
        yield held
    finally:
        if held:
            with contextlib.suppress(OSError, AttributeError):
                client.connection.socket.shutdown(2)
            over.wait(PATIENCE)
            _wait_for_end(node, mine)
        with contextlib.suppress(OSError, AttributeError):
            client.disconnect()


def _is_held(node: Node, mine: dict[str, str], over: threading.Event) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        # A name that is taken is refused; else the query runs until it is let go.
        if over.wait(0.05):
            return False
        if node.ask(RUNNING, mine) == [(1,)]:
            return True
    return False


def _wait_for_end(node: Node, mine: dict[str, str]) -> None:
    with contextlib.suppress(StoreError):
        node.ask("KILL QUERY WHERE query_id = %(name)s ASYNC", mine)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and node.ask(RUNNING, mine) != [(0,)]:
            time.sleep(0.05)
