"""Every page and state that the dashboard can show, by name, and how a browser comes to each.

The tests hold all of them against axe, and against the width of a telephone; `make pictures` shows them to people.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyotp
from playwright.sync_api import Browser, Page

from cookiegate.config import Config
from cookiegate.core.counts import VISIT, label_of
from cookiegate.core.sealing import Rule
from cookiegate.counting.opening import store_of
from cookiegate.counting.sealer import Sealer
from cookiegate.dashboard.accounts import Accounts
from cookiegate.dashboard.app import accounts_of, build, warm
from cookiegate.dashboard.desk import Desk
from cookiegate.dashboard.report import report_of
from cookiegate.dashboard.second_factor import SecondFactors, new_secret
from cookiegate.dashboard.shares import Shares
from cookiegate.demo.year.replay import NAME
from cookiegate.errors import AccountError, StoreError
from cookiegate.stores import Batch, Store

from .dashboard_site import NOW, PASSWORD, TODAY, filled, served, staff

SMALL = "ten-visits-a-day.example"
NEW = "began-today.example"
LONG = "long-lists.example"
LETTERS = [a + b for a in "abcdefg" for b in "klmnop"]
LONG_PASSWORD = "only for friends of the house"


class Switch:
    """A store, or the accounts, that can be taken away."""

    def __init__(self, kept: Any, error: type[Exception]) -> None:
        self._kept = kept
        self._error = error
        self.down = False

    def __getattr__(self, name: str) -> Any:
        if self.down:
            raise self._error("the disk is gone")
        return getattr(self._kept, name)


@dataclass
class House:
    """A dashboard that is served, and what a state is made of."""

    origin: str
    config: Config
    accounts: Accounts
    store: Switch
    sessions: dict[str, Any] = field(default_factory=dict)

    @property
    def site(self) -> str:
        return f"{self.origin}/sites/{NAME}/"

    def session(self, name: str, browser: Browser) -> Any:
        """The cookies of an account: one sign-in each, since more would be throttled."""
        if name not in self.sessions:
            page = browser.new_page()
            page.goto(f"{self.origin}/once/{self.accounts.link(name)}")
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(lambda url: "/once/" not in url)
            self.sessions[name] = page.context.cookies()
            page.close()
        return self.sessions[name]


@contextlib.contextmanager
def house(folder: Path, days: int) -> Iterator[House]:
    config = filled(folder, days)
    store = store_of(config)
    _small_site(store)
    accounts = accounts_of(config)
    staff(accounts)
    accounts.add("mia", PASSWORD, "editor")
    accounts.add("nora", PASSWORD, "viewer", ("nowhere.example",))
    accounts.add("tess", PASSWORD, "viewer", (NAME,))
    secret = new_secret()
    SecondFactors(accounts).turn_on("tess", secret, pyotp.TOTP(secret).at(int(accounts.clock())))
    switch = Switch(store, StoreError)
    app = build(config, store=switch, accounts=accounts, clock=lambda: NOW)  # type: ignore[arg-type]
    warm(app)
    with served(app) as origin:
        yield House(origin, config, accounts, switch)
    accounts.close()
    store.close()


def _small_site(store: Store) -> None:
    """About ten visits a day for four weeks, a site with long lists, and one that has begun to be counted today."""
    for day in range(TODAY - 28, TODAY):
        more = day % 7 % 4
        cells = {("hour", "09"): 6 * VISIT, ("hour", "17"): (2 + more) * VISIT, ("page", "/"): (6 + more) * VISIT,
                 ("page", "/contact"): 2 * VISIT, ("referrer", ""): (7 + more) * VISIT,
                 ("referrer", "google.com"): VISIT, ("browser", "Safari"): (8 + more) * VISIT,
                 ("system", "iOS"): (8 + more) * VISIT, ("language", "en"): (8 + more) * VISIT,
                 ("cube", label_of("GB-ENG", "mobile", "direct", "undecided")): (7 + more) * VISIT,
                 ("cube", label_of("GB-SCT", "mobile", "search", "denied")): VISIT,
                 ("prompt:shown:banner", "v1"): (7 + more) * VISIT}  # fmt: skip
        store.add(Batch(f"small-{day}", SMALL, {day: cells}, day))
    lists = {("page", f"/catalogue/part-{word}-of-the-{place}"): (12 + len(word)) * VISIT
             for word in ("bolt", "nut", "washer", "spring") for place in LETTERS}  # fmt: skip
    lists["hour", "09"] = sum(lists.values())
    store.add(Batch("long", LONG, {TODAY - 1: lists}, TODAY - 1))
    for site in (SMALL, LONG):
        Sealer(store, site, Rule(10), last_day=lambda: TODAY - 1).run()
    store.add(Batch("new", NEW, {TODAY: {("hour", "05"): 40 * VISIT}}, TODAY))


@dataclass(frozen=True)
class State:
    """`who` is signed in, nobody where it is None; `reach` brings a page there."""

    name: str
    who: str | None
    status: int
    reach: Callable[[Page, House], Any]


def at(path: str) -> Callable[[Page, House], Any]:
    return lambda page, place: page.goto(f"{place.origin}{path}")


def _submit(button: str, /, **fields: str) -> Callable[[Page], Any]:
    """Fills fields by their id and presses the button; the answer."""

    def run(page: Page) -> Any:
        for id, text in fields.items():
            page.locator(f"#{id}").fill(text)
        with page.expect_navigation() as wait:
            page.get_by_role("button", name=button, exact=True).click()
        return wait.value

    return run


def _then(path: str, *more: Callable[[Page], Any]) -> Callable[[Page, House], Any]:
    def reach(page: Page, place: House) -> Any:
        answer = page.goto(f"{place.origin}{path}")
        for step in more:
            answer = step(page)
        return answer

    return reach


def _wait(page: Page, place: House) -> Any:
    """One attempt more than a name has in a minute."""
    for _ in range(6):
        answer = _then("/sign-in", _submit("Sign in", name="nobody", password="a guess"))(page, place)
    return answer


def _once(page: Page, place: House) -> Any:
    return page.goto(f"{place.origin}/once/{place.accounts.link('anna')}")


def _shared(*steps: Callable[[Page], Any], password: str | None = None, **made: Any) -> Callable[..., Any]:
    """A new link's first page, and on from there."""

    def reach(page: Page, place: House) -> Any:
        made.setdefault("days", 7)
        made.setdefault("k", 10)
        token = Shares(place.accounts).make("eve", NAME, password=password, **made)
        answer = page.goto(f"{place.origin}/shared/{token}")
        for step in steps:
            answer = step(page)
        return answer

    return reach


def _link_made(page: Page, place: House) -> Any:
    page.goto(f"{place.site}links/?region=GB&device=mobile")
    return _submit("Make a link")(page)


def _link_refused(page: Page, place: House) -> Any:
    """As a browser asks that does not check forms itself."""
    page.goto(f"{place.site}links/?region=GB&device=mobile")
    page.locator("form.make").evaluate("form => { form.noValidate = true; form.elements.days.value = 400; }")
    return _submit("Make a link")(page)


def _key_made(page: Page, place: House) -> Any:
    page.goto(f"{place.origin}/account/")
    return _submit("Make a key", name="the nightly report for the people of the branch office")(page)


def _guarded(page: Page, place: House) -> Any:
    """An account with a second factor."""
    factors, secret = SecondFactors(place.accounts), new_secret()
    factors.turn_on("mia", secret, pyotp.TOTP(secret).at(int(place.accounts.clock())))
    try:
        return page.goto(f"{place.origin}/account/")
    finally:
        factors.turn_off("mia")


def _noted(page: Page, place: House) -> Any:
    page.goto(f"{place.site}?period=7d")
    page.get_by_text("Add a note").click()
    page.get_by_label("What happened").fill(
        "The fair in Harrogate began, and the newspaper wrote about it " * 2
    )
    return _submit("Add")(page)


def _forged(page: Page, place: House) -> Any:
    page.goto(f"{place.origin}/account/")
    page.locator("input[name=csrf_token]").evaluate_all("all => all.forEach(one => { one.value = 'x' })")
    return _submit("Make a key", name="x")(page)


def _too_much(page: Page, place: House) -> Any:
    page.goto(f"{place.origin}/account/")
    page.locator("#name").evaluate("one => { one.maxLength = 99999; one.value = 'x'.repeat(20000) }")
    with page.expect_navigation() as wait:
        page.get_by_role("button", name="Make a key").click()
    return wait.value


def _store_down(page: Page, place: House) -> Any:
    place.store.down = True
    try:
        return page.goto(place.site)
    finally:
        place.store.down = False


def _accounts_down(page: Page, place: House) -> Any:
    kept, place.accounts.connection = place.accounts.connection, Switch(None, AccountError)  # type: ignore[assignment]
    place.accounts.connection.down = True  # type: ignore[attr-defined]
    try:
        return page.goto(place.site)
    finally:
        place.accounts.connection = kept


def _mailed(page: Page, place: House) -> Any:
    """The report by e-mail, as a mail program shows it."""
    desk = Desk(place.config, place.store, place.accounts, lambda: NOW)  # type: ignore[arg-type]
    page.set_content(report_of(desk, NAME, "week").html)
    return None


def _half(*steps: Callable[[Page], Any]) -> Callable[[Page, House], Any]:
    """Whoever has given all but the code."""

    def reach(page: Page, place: House) -> Any:
        page.goto(f"{place.origin}/once/{place.accounts.link('tess')}")
        answer = _submit("Sign in")(page)
        for step in steps:
            answer = step(page)
        return answer

    return reach


PAGE = f"/sites/{NAME}/"
NOBODY = "?period=custom&from=2020-01-01&to=2020-01-02"

STATES = (
    State("sign-in", None, 200, at("/sign-in")),
    State("sign-in-wrong", None, 403, _then("/sign-in", _submit("Sign in", name="ned", password="a guess"))),
    State("sign-in-too-often", None, 429, _wait),
    State("code", None, 200, _half()),
    State("code-wrong", None, 403, _half(_submit("Sign in", code="000000"))),
    State("once", None, 200, _once),
    State("once-used", None, 404, at("/once/nothing")),
    State("shared", None, 200, _shared()),
    State("shared-locked", None, 200, _shared(password=LONG_PASSWORD)),
    State("shared-wrong", None, 403,
          _shared(_submit("Show the figures", password="a guess"), password=LONG_PASSWORD)),
    State("shared-ended", None, 404, at("/shared/nothing")),
    State("shared-figures", None, 200, _shared(_submit("Show the figures"), filter="region=GB", k=40)),
    State("sites", "mia", 200, at("/")),
    State("sites-none", "nora", 200, at("/")),
    State("week", "anna", 200, at(f"{PAGE}?period=7d")),
    State("four-weeks", "anna", 200, at(PAGE)),
    State("year", "anna", 200, at(f"{PAGE}?period=12m")),
    State("hours", "anna", 200, at(f"{PAGE}?period=24h")),
    State("filtered", "anna", 200, at(f"{PAGE}?region=GB&device=mobile")),
    State("unknown-day", "anna", 200, at(f"{PAGE}{NOBODY}")),
    State("empty-site", "mia", 200, at(f"/sites/{NEW}/")),
    State("ten-visits-a-day", "mia", 200, at(f"/sites/{SMALL}/")),
    State("ten-visits-a-day-compared", "mia", 200, at(f"/sites/{SMALL}/?period=7d&compare=previous")),
    State("noted", "eve", 200, _noted),
    State("panel", "anna", 200, at(f"{PAGE}pages/?sort=views&q=a")),
    State("panel-not-found", "anna", 200, at(f"{PAGE}pages/?q=zzzz")),
    State("panel-refusal", "anna", 200, at(f"{PAGE}browsers/?region=GB")),
    State("panel-empty", "mia", 200, at(f"/sites/{SMALL}/campaigns/")),
    State("panel-long", "mia", 200, at(f"/sites/{LONG}/pages/?period=7d")),
    State("panel-searched", "mia", 200, at(f"/sites/{LONG}/pages/?period=7d&q=nut")),
    State("answers-by-region", "anna", 200, at(f"{PAGE}answers-by-region/?sort=accept")),
    State("coverage-by-channel", "anna", 200, at(f"{PAGE}coverage-by-channel/?region=GB")),
    State("own-days", "anna", 200, at(f"{PAGE}?from=2026-03-20&to=2026-03-26&cfrom=2026-03-13&cto=2026-03-19")),
    State("own-days-refused", "anna", 400, at(f"{PAGE}?from=2026-03-26&to=2026-03-20&region=GB")),
    State("links", "mia", 200, at(f"/sites/{SMALL}/links/")),
    State("link-made", "eve", 200, _link_made),
    State("link-refused", "eve", 400, _link_refused),
    State("account", "anna", 200, at("/account/")),
    State("key-made", "eve", 200, _key_made),
    State("account-guarded", "mia", 200, _guarded),
    State("second-factor", "anna", 200, at("/account/second-factor")),
    State("second-factor-wrong", "anna", 400, _then("/account/second-factor", _submit("Add it", code="000000"))),
    State("accounts", "ada", 200, at("/admin/")),
    State("inventory", None, 200, at("/privacy")),
    State("not-allowed", "anna", 403, at("/admin/")),
    State("no-such-site", "anna", 404, at("/sites/nowhere.example/")),
    State("no-such-panel", "anna", 404, at(f"{PAGE}nothing/")),
    State("no-such-page", "anna", 404, at("/nothing")),
    State("no-such-page-for-strangers", None, 404, at("/nothing")),
    State("no-such-period", "anna", 400, at(f"{PAGE}?period=9d")),
    State("form-out-of-date", "anna", 400, _forged),
    State("too-much", "anna", 413, _too_much),
    State("store-down", "anna", 503, _store_down),
    State("accounts-down", "anna", 503, _accounts_down),
    State("e-mail", None, 200, _mailed),
)  # fmt: skip
