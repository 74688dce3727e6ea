"""`/_gate/report`: hostile input from anyone; a host and a directive are all that is ever kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cookiegate.core.consent import Choice
from cookiegate.web import allowance, build, reports

from .standing import StandingGate


@pytest.fixture
def gate(tmp_path: Path) -> StandingGate:
    return StandingGate(tmp_path)


@pytest.fixture
def post(gate: StandingGate) -> Any:
    client = build(gate).test_client(use_cookies=False)

    def send(data: Any, **headers: str) -> int:
        raw = data if isinstance(data, bytes) else json.dumps(data).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return int(
            client.post(
                "/_gate/report", data=raw, headers=named, content_type="application/csp-report"
            ).status_code
        )

    return send


def told(gate: StandingGate) -> list[tuple[str, str, int]]:
    gate.tally.flush()
    return [(row.kind, row.name, row.times) for row in gate.tally.rows()]


def old(blocked: Any, directive: Any = "img-src") -> dict[str, Any]:
    return {
        "csp-report": {
            "blocked-uri": blocked,
            "effective-directive": directive,
            "document-uri": "https://site.test/secret",
        }
    }


def test_both_forms_are_read(gate: StandingGate, post: Any) -> None:
    new = {
        "type": "csp-violation",
        "body": {"blockedURL": "https://b.example/x", "effectiveDirective": "script-src-elem"},
    }
    assert post(old("https://A.example:8443/pixel?who=me")) == 204
    assert post([new, new]) == 204
    assert told(gate) == [("img-src", "a.example", 1), ("script-src-elem", "b.example", 2)]


@pytest.mark.parametrize(
    "report",
    [
        old("inline"), old("eval"), old("data"), old("blob"), old("about:blank"), old("/path"), old(""), old(None), old(["x"]),
        old("https://a.example/", "script'; drop table held"), old("https://a.example/", None), old("https://a.example/", "x" * 5000),
        old("https://" + "a" * 9000 + ".example/"), old("https://localhost/"), old("https://[2001:db8::1]/"),
        {"csp-report": []}, {"csp-report": None}, {}, [], [[]], [1, None, "x"], 7, "x", None,
    ],
)  # fmt: skip
def test_nothing_is_kept_of_what_names_no_third_party(gate: StandingGate, post: Any, report: Any) -> None:
    assert post(report) == 204
    assert told(gate) == []


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[" * 5000, b"{" * 5000])
def test_what_is_no_report_is_a_400(gate: StandingGate, post: Any, raw: bytes) -> None:
    assert post(raw) == 400
    assert told(gate) == []


def test_a_host_that_may_be_made_for_one_visitor_is_told_by_its_domain(gate: StandingGate, post: Any) -> None:
    assert post(old("https://anna-smith-81-2-69-142.tracker.example/")) == 204
    assert told(gate) == [("img-src", "tracker.example", 1)]


def test_whoever_turned_statistics_off_reports_nothing(gate: StandingGate, post: Any) -> None:
    choice = Choice(question=gate.question.hash, day=gate.today, statistics_off=True)
    cookie = f"{gate.cookie_names.consent}={gate.codec.encode(choice)}"
    assert post(old("https://a.example/"), Cookie=cookie) == 204
    assert told(gate) == []


def test_long_report_is_a_413(gate: StandingGate, post: Any) -> None:
    assert post(b"[" + b" " * 20_000 + b"]") == 413


def test_other_sites_report_nothing(gate: StandingGate, post: Any) -> None:
    assert post(old("https://a.example/"), Sec_Fetch_Site="cross-site") == 403
    assert told(gate) == []


def test_flood_is_answered_and_not_counted(
    gate: StandingGate, post: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance, "monotonic", lambda: 0.0)
    for _ in range(reports.BURST + 50):
        assert post(old("https://a.example/")) == 204
    assert told(gate) == [("img-src", "a.example", reports.BURST)]


def test_bundle_counts_so_many(gate: StandingGate, post: Any) -> None:
    assert post([old(f"https://h{number}.example/") for number in range(80)]) == 204
    assert len(told(gate)) == reports.MOST_IN_ONE
