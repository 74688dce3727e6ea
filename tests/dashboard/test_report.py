"""The report by e-mail says what the page says, and goes to a real mail server."""

from __future__ import annotations

import email
import email.policy
import re
import socket
import threading
from contextlib import closing, suppress
from datetime import date

import html5lib
import pytest
from aiosmtpd.controller import Controller
from click.testing import CliRunner

from cookiegate.cli import main
from cookiegate.config import Config
from cookiegate.core.counts import VISIT, label_of
from cookiegate.core.sealing.periods import date_of, day_of
from cookiegate.dashboard.app import build
from cookiegate.dashboard.desk import Desk
from cookiegate.dashboard.post import send
from cookiegate.dashboard.report import AT_LEAST, last_days, message_of, report_of
from cookiegate.errors import MailError
from e2e.lab.certificate import make_certificate

from .conftest import DAY, ORIGIN, SITE, sealed, sign_in
from .test_figures import lines, totals

PASSWORD = "swordfish-and-chips"
LATER = (DAY + 7) * 86400 + 6 * 3600


@pytest.fixture
def config(tmp_path):
    return Config(
        state_dir=tmp_path / "state",
        site={"public_url": f"https://{SITE}"},
        dashboard={"url": "https://stats.test"},
        mail={
            "host": "127.0.0.1",
            "security": "none",
            "sender": "a@site.test",
            "to": ("b@site.test", "c@site.test"),
        },
    )


@pytest.fixture
def desk(config, store, accounts):
    return Desk(config, store, accounts, lambda: LATER)


@pytest.mark.parametrize(
    ("period", "end", "first", "last"),
    [("week", "2026-03-08", "2026-03-02", "2026-03-08"), ("week", "2026-03-07", "2026-02-23", "2026-03-01"),
     ("month", "2026-03-31", "2026-03-01", "2026-03-31"), ("month", "2026-03-30", "2026-02-01", "2026-02-28")],
)  # fmt: skip
def test_the_last_week_or_month_is_whole(period, end, first, last):
    days = last_days(period, day_of(date.fromisoformat(end)))
    assert [date_of(days.first).isoformat(), date_of(days.last).isoformat()] == [first, last]


@pytest.fixture
def later(config, store, accounts):
    """The page as it is when the report is made."""
    found = build(config, store=store, accounts=accounts, clock=lambda: LATER).test_client()
    assert sign_in(found).status_code == 303
    return lambda query: found.get(f"/sites/{SITE}/{query}", base_url=ORIGIN)


def test_a_month_is_compared_with_the_month_before(desk, store):
    first, end = day_of(date(2026, 1, 1)), day_of(date(2026, 3, 1))
    for day in range(first, end):
        sealed(store, day, {("hour", "01"): 50 * VISIT})
    text = report_of(desk, SITE, "month").text
    assert "Compared with 1 Jan to 31 Jan 2026." in text
    assert re.search(r"^Visits +1,400 +−9\.7 %", text, re.MULTILINE)


def test_its_numbers_are_the_pages(desk, store, later):
    """Of many days, with shares that would be written otherwise if they were rounded twice: 7 of 87 is 8.0 %."""
    for day in range(DAY - 40, DAY + 5):
        if day == DAY:
            continue
        cells = {("hour", "01"): 87 * VISIT, ("page", "/"): 87 * VISIT, ("referrer", "a.test"): 7 * VISIT}
        cells |= {
            ("referrer", ""): 80 * VISIT,
            ("browser", "Safari"): 87 * VISIT,
            ("system", "iOS"): 87 * VISIT,
        }
        cells |= {("language", "en"): 87 * VISIT}
        cells[("cube", label_of("GB-ENG", "mobile", "search", "granted"))] = 31 * VISIT
        cells[("cube", label_of("DE-BY", "desktop", "direct", "undecided"))] = 56 * VISIT
        cells |= {
            ("prompt:shown:banner", "v1"): (60 + day % 7) * VISIT,
            ("prompt:accept:banner", "v1"): 19 * VISIT,
        }
        cells |= {("goal", "order"): (11 + day % 5) * VISIT, ("unique:day", ""): 12 * VISIT}
        sealed(store, day, cells)
    report = report_of(desk, SITE, "week")
    shown = later("?period=custom&from=2026-03-02&to=2026-03-08")
    for title, value in totals(shown).items():
        about = re.search(rf"<dt>{title}</dt>.*?<dd class=\"about\">(.*?)</dd>", shown.text, re.DOTALL)[1]
        line = rf"^{title} +{re.escape(value)}(?:  \S.*)?\n  {re.escape(about)}$"
        assert re.search(line, report.text, re.MULTILINE), title
        assert f">{value}</td>" in report.html
    for panel in ("regions", "channels", "sources", "devices"):
        for name, figures in lines(shown, panel).items():
            assert re.search(rf"^  {name} +{figures[0]} ", report.text, re.MULTILINE)
    shares = re.findall(
        r'<td class="n s">([^<]*)</td>', shown.text.split('id="p-regions"')[1].split("</section>")[0]
    )
    assert len(shares) > 1
    for share in shares:
        assert f">{share}</td>" in report.html
    changes = re.findall(r'<dd class="change">(.*?) <span', shown.text)
    assert len(changes) > 2
    for change in changes:
        assert f">{change}</td>" in report.html
    assert (
        "https://stats.test/sites/www.site.test/?period=custom&from=2026-03-02&to=2026-03-08" in report.text
    )
    html5lib.HTMLParser(strict=True).parse(report.html)


def test_labels_of_visitors_are_escaped(desk, store):
    bad = "<img src=x onerror=alert(1)>"
    sealed(store, DAY + 1, {("hour", "01"): 200 * VISIT, ("page", bad): 200 * VISIT}, last=DAY + 1)
    report = report_of(desk, SITE, "week")
    assert "<img" not in report.html
    assert "&lt;img src=x" in report.html
    assert bad in report.text


@pytest.mark.parametrize("partly", [False, True])
def test_what_at_least_means_is_said_where_it_stands(desk, store, partly):
    desk._calendar._clock = lambda: LATER + 7 * 86400
    cells = {("hour", "01"): 200 * VISIT, ("page", "/"): 150 * VISIT, ("page", "/new"): 50 * VISIT}
    cells |= {(panel, "x"): 200 * VISIT for panel in ("browser", "system", "language", "referrer")}
    cells["cube", label_of("GB-ENG", "mobile", "search", "denied")] = 200 * VISIT
    cells["prompt:shown:banner", "v1"] = cells["prompt:accept:banner", "v1"] = 200 * VISIT
    cells["unique:day", ""] = 20 * VISIT
    for day in range(DAY + 5, DAY + 12):
        sealed(store, day, cells)
        if partly:
            cells["page", "/new"], cells["page", "/rare"] = 44 * VISIT, 6 * VISIT
    report = report_of(desk, SITE, "week")
    assert ("≥" in report.text) == partly
    assert (AT_LEAST in report.text) == partly
    assert (AT_LEAST in report.html) == partly


def test_an_empty_week_says_so(desk):
    desk._calendar._clock = lambda: LATER + 14 * 86400
    assert "Nothing in this period." in report_of(desk, SITE, "week").text


class Box:
    def __init__(self):
        self.taken = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 taken"


@pytest.fixture
def server():
    box = Box()
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


def with_port(config, server, **mail):
    known = {name: getattr(config.mail, name) for name in ("host", "security", "sender", "to")}
    return Config(state_dir=config.state_dir, mail={**known, "port": server.port, **mail}).mail


def test_it_is_sent_as_text_and_html(desk, config, server):
    report = report_of(desk, SITE, "week")
    mail = with_port(config, server)
    send(message_of(report, mail), mail)
    (sender, to, content), = server.taken  # fmt: skip
    assert (sender, to) == ("a@site.test", ["b@site.test", "c@site.test"])
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert message["Subject"] == report.subject
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(("plain",)).get_content().split() == report.text.split()
    assert message.get_body(("html",)).get_content().split() == report.html.split()


@pytest.mark.parametrize("mail", [{"security": "starttls"}, {"username": "a", "password": PASSWORD}, {"host": ""},
                                  {"port": 1}, {"security": "tls"}])  # fmt: skip
def test_what_cannot_be_sent_is_one_sentence_without_the_password(desk, config, server, mail):
    asked = with_port(config, server, **mail)
    message = message_of(report_of(desk, SITE, "week"), asked)
    with pytest.raises(MailError) as found:
        send(message, asked)
    assert PASSWORD not in str(found.value)
    assert PASSWORD not in repr(asked)
    assert server.taken == []


@pytest.fixture
def stranger(tmp_path):
    """The port of a server whose certificate nobody vouches for."""
    context = make_certificate(tmp_path).server_context()
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def take():
            with (
                suppress(OSError),
                listening.accept()[0] as taken,
                context.wrap_socket(taken, server_side=True),
            ):
                pass

        thread = threading.Thread(target=take)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def test_a_certificate_that_nobody_vouches_for_is_refused(desk, config, stranger):
    known = {"host": "127.0.0.1", "sender": "a@site.test", "to": ("b@site.test",)}
    mail = Config(
        mail={**known, "port": stranger, "security": "tls", "username": "a", "password": PASSWORD}
    ).mail
    with pytest.raises(MailError, match="SSLCertVerificationError"):
        send(message_of(report_of(desk, SITE, "week"), mail), mail)


def test_the_command_prints_and_sends(tmp_path, server, monkeypatch):
    (tmp_path / "cookiegate.toml").write_text(
        f'[site]\npublic_url = "https://{SITE}"\n[mail]\nhost = "127.0.0.1"\nport = {server.port}\n'
        'security = "none"\nsender = "a@site.test"\nto = ["b@site.test"]\n'
    )
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(main, ["report", "month"])
    assert shown.exit_code == 0, shown.output
    assert "Nothing in this period." in shown.output
    assert "<!doctype html>" in CliRunner().invoke(main, ["report", "--html"]).output
    done = CliRunner().invoke(main, ["report", "--send"])
    assert done.exit_code == 0, done.output
    assert len(server.taken) == 1
