"""`/_gate/metrics`: for the operator alone, right over several workers, nothing of a visitor in it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from pathlib import Path

import aiohttp
import pytest

from cookiegate.config import Config
from cookiegate.core.consent import Choice
from cookiegate.errors import ConfigError
from cookiegate.metrics import STEP, Metrics
from cookiegate.opening import open_gate
from cookiegate.wsgi import GateMiddleware
from tests.edges.conftest import call, page_app, request
from tests.proxy.test_command import SETTINGS, Command, answer_page, ended, site
from tests.proxy.test_faults import workers

TOKEN = "a-token-of-the-tests-alone-0123456789"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
REQUESTS = 60


def figure(text: str, name: str) -> float:
    """The sum of a metric over its labels."""
    return sum(float(value) for value in re.findall(rf"^{name}(?:{{.*}})? (\S+)$", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("token", "said"), [("", "Bearer "), (TOKEN, ""), (TOKEN, "Bearer x"), (TOKEN, f"Basic {TOKEN}")]
)
def test_without_the_token_there_is_no_such_page(tmp_path: Path, token: str, said: str) -> None:
    gate, pages = open_gate(Config(state_dir=tmp_path, metrics_token=token))
    site = GateMiddleware(page_app(), gate=gate, pages=pages)
    answer = call(site, request("/_gate/metrics", HTTP_AUTHORIZATION=said))
    assert answer.status.startswith("404")
    assert b"cookiegate_" not in answer.body
    gate.ledger.close()


def test_counting_shows_in_the_figures(tmp_path: Path) -> None:
    gate, pages = open_gate(Config(state_dir=tmp_path, metrics_token=TOKEN))
    site = GateMiddleware(page_app(), gate=gate, pages=pages)
    call(site, request("/"))
    text = call(site, request("/_gate/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}")).body.decode()
    assert figure(text, "cookiegate_counts_waiting") > 0
    assert figure(text, "cookiegate_counts_flush_errors") == 0
    assert 0 <= figure(text, "cookiegate_counts_flush_age_seconds") < 3600
    gate.ledger.close()


def test_they_tell_no_choice_and_nothing_of_whoever_turned_statistics_off(tmp_path: Path) -> None:
    gate, pages = open_gate(Config(state_dir=tmp_path, metrics_token=TOKEN))
    site = GateMiddleware(page_app(), gate=gate, pages=pages)

    def text() -> str:
        return call(site, request("/_gate/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}")).body.decode()

    names = ("cookiegate_requests_total", "cookiegate_held_total")
    before = [figure(text(), name) for name in names]
    off = Choice(question=gate.question.hash, day=gate.today, statistics_off=True)
    for _ in range(STEP):
        call(site, request("/", HTTP_COOKIE=f"{gate.cookie_names.consent}={gate.codec.encode(off)}"))
    assert [figure(text(), name) for name in names] == before
    for _ in range(STEP):
        call(site, request("/"))
    assert [figure(text(), name) for name in names] == [number + STEP for number in before]
    assert not re.search(r"(consent|action|category)=", text())
    gate.ledger.close()


def test_short_token_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refusal:
        Config(state_dir=tmp_path, metrics_token="short")
    assert "short" not in str(refusal.value)


def test_newer_state_takes_the_place_of_an_older_one() -> None:
    metrics = Metrics()
    metrics.watch("tests_state", "Of the tests.", lambda: 1.0)
    metrics.watch("tests_state", "Of the tests.", lambda: 2.0)
    assert figure(metrics.text().decode(), "cookiegate_tests_state") == 2


def test_one_site_of_several_that_is_not_ready_shows() -> None:
    metrics = Metrics()
    for name, ready in (("one", 1.0), ("two", 0.0), ("three", 1.0)):
        metrics.watch(
            "tests_ready", "Of the tests.", lambda ready=ready: ready, site=name, over_workers="livemin"
        )  # type: ignore[misc]
    assert figure(metrics.text().decode(), "cookiegate_tests_ready") == 0


def test_figures_are_those_of_all_workers_and_of_nobody(tmp_path: Path) -> None:
    """Requests over many connections, so that both workers answer; then one worker is killed: its figures stay."""
    (tmp_path / "cookiegate.toml").write_text(f'metrics_token = "{TOKEN}"\n{SETTINGS}')

    async def visits(url: str) -> None:
        headers = {
            "Sec-Fetch-Dest": "document",
            "User-Agent": "Secret/1",
            "Cookie": "secret=1",
            "Connection": "close",
        }
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
            for number in range(REQUESTS):
                async with session.get(f"{url}/secret/{number}?secret=2", headers=headers) as answer:
                    await answer.read()

    async def scrape(url: str) -> str:
        async with (
            aiohttp.ClientSession() as session,
            session.get(url + "/_gate/metrics", headers=BEARER) as answer,
        ):
            assert answer.status == 200
            assert answer.headers["Cache-Control"] == "no-store"
            return await answer.text()

    async def scenario() -> None:
        async with site(answer_page) as origin:
            command = Command(tmp_path, "--upstream", origin)
            with ended(command):
                await command.wait_for_all()
                await visits(command.url)
                folder = Path(_environment(command.process.pid)["PROMETHEUS_MULTIPROC_DIR"])
                assert len(list(folder.glob("counter_*.db"))) >= 2, "both workers have answered"
                os.kill(workers(command.process.pid)[0], signal.SIGKILL)
                await asyncio.sleep(2)
                await visits(command.url)
                for _ in range(4):
                    text = await scrape(command.url)
                    assert figure(text, "cookiegate_requests_total") == 2 * REQUESTS
                    held = figure(text, "cookiegate_held_total")  # each worker's own steps
                    assert held % STEP == 0
                    assert held <= 2 * REQUESTS
                    assert figure(text, "cookiegate_ready") == 1
                for secret in ("secret", "Secret", "127.0.0.1", "tracker.example"):
                    assert secret not in text
            assert not folder.exists()

    asyncio.run(scenario())


def test_answers_that_the_site_did_not_give_are_counted(tmp_path: Path) -> None:
    (tmp_path / "cookiegate.toml").write_text(f'metrics_token = "{TOKEN}"\n{SETTINGS}')

    async def scenario() -> None:
        command = Command(tmp_path, "--upstream", "http://127.0.0.1:9")
        with ended(command):
            await command.wait()
            async with aiohttp.ClientSession() as session:
                for _ in range(3):
                    async with session.get(command.url) as answer:
                        assert answer.status == 502
                async with session.get(command.url + "/_gate/metrics", headers=BEARER) as answer:
                    assert 'cookiegate_upstream_troubles_total{status="502"} 3.0' in await answer.text()

    asyncio.run(scenario())


def _environment(pid: int) -> dict[str, str]:
    """What the command's workers inherit: it sets the folder itself, so a worker's files tell where."""
    for fd in Path(f"/proc/{workers(pid)[0]}/map_files").iterdir():
        target = os.readlink(fd)
        if "cookiegate-metrics-" in target:
            return {"PROMETHEUS_MULTIPROC_DIR": str(Path(target).parent)}
    raise AssertionError("no figures are mapped")
