"""The dashboard in a real browser: with and without script, narrow and wide, and no fault that axe knows."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cookiegate.demo.year.replay import NAME

from .dashboard_site import PASSWORD, dashboard_site

JAVASCRIPT = pytest.mark.parametrize("js", [True, False], ids=["script", "no script"])
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard with three generated weeks."""
    with dashboard_site(tmp_path_factory.mktemp("dashboard"), 21) as found:
        yield found


@pytest.fixture(scope="module")
def session(origin: str, browser: Browser) -> Any:
    """The cookies of one sign-in, by keyboard: more of them within a minute would be throttled."""
    page = browser.new_page()
    page.goto(f"{origin}/sites/{NAME}/?period=7d")
    page.get_by_label("Name").fill("anna")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/?period=7d")
    found = page.context.cookies()
    page.close()
    return found


@pytest.fixture
def signed_in(origin: str, session: Any, new_context: Callable[..., BrowserContext]) -> Iterator[Open]:
    said: list[str] = []
    expected: list[str] = []

    def open_page(*, js: bool = True, width: int = 1280, errors: Iterable[str] = ()) -> Page:
        """`errors` are words of what the browser's console is expected to say."""
        expected.extend(errors)
        page = new_context(java_script_enabled=js, viewport={"width": width, "height": 900}).new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.context.add_cookies(session)
        page.goto(f"{origin}/sites/{NAME}/?period=7d")
        return page

    yield open_page
    assert [line for line in said if not any(words in line for words in expected)] == []


@JAVASCRIPT
def test_a_click_on_a_region_filters_and_back_takes_it_away(signed_in: Open, js: bool) -> None:
    page = signed_in(js=js)
    page.get_by_role("link", name="United Kingdom", exact=True).click()
    expect(page.get_by_role("list", name="Filters")).to_contain_text("United Kingdom")
    expect(page.get_by_role("link", name="England", exact=True)).to_be_visible()
    assert "region=GB" in page.url
    assert "period=7d" in page.url
    page.go_back()
    expect(page.get_by_role("list", name="Filters")).to_have_count(0)


def own_days(page: Page, button: str, first: str, last: str) -> None:
    """Fill one of the two forms of dates and press its button."""
    form = page.locator("form.dates").filter(has=page.get_by_role("button", name=button, exact=True))
    form.get_by_label("From").fill(first)
    form.get_by_label("To").fill(last)
    form.get_by_role("button", name=button, exact=True).click()


@JAVASCRIPT
def test_days_of_ones_own(signed_in: Open, js: bool) -> None:
    page = signed_in(js=js)
    page.get_by_text("Other days, and comparison").click()
    own_days(page, "Show", "2026-03-20", "2026-03-22")
    expect(page.get_by_role("heading", level=1)).to_have_text("20 Mar to 22 Mar 2026")
    own_days(page, "Compare", "2026-03-13", "2026-03-15")
    expect(page.get_by_text("Compared with 13 Mar to 15 Mar 2026.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("20 Mar to 22 Mar 2026")
    page.get_by_role("link", name="a year before").click()
    expect(page.get_by_role("link", name="a year before")).to_have_attribute("aria-current", "true")
    expect(page.get_by_text("too late for a comparison")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Compared with 13 Mar to 15 Mar 2026.")).to_be_visible()


@JAVASCRIPT
def test_days_that_are_refused_stay_in_the_form(signed_in: Open, js: bool) -> None:
    page = signed_in(js=js, errors=["status of 400"])
    page.get_by_role("link", name="United Kingdom", exact=True).click()
    expect(page.get_by_role("list", name="Filters")).to_contain_text("United Kingdom")
    page.get_by_text("Other days, and comparison").click()
    own_days(page, "Show", "2026-03-22", "2026-03-20")
    expect(page.get_by_role("heading", level=1)).to_have_text("These days cannot be shown")
    first, last = page.get_by_label("From"), page.get_by_label("To", exact=True)
    expect(first).to_have_value("2026-03-22")
    expect(last).to_have_value("2026-03-20")
    for field in (first, last):
        expect(field).to_have_accessible_description("The period ends before it begins: swap the two dates.")
        expect(field).to_have_attribute("aria-invalid", "true")
    expect(first).to_be_focused()
    own_days(page, "Show", "2026-03-20", "2026-03-22")
    expect(page.get_by_role("heading", level=1)).to_have_text("20 Mar to 22 Mar 2026")
    expect(page.get_by_role("list", name="Filters")).to_contain_text("United Kingdom")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("These days cannot be shown")


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_nothing_is_cut_off(signed_in: Open, width: int) -> None:
    page = signed_in(js=False, width=width)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("query", ["?period=7d", "?period=7d&region=GB", "?period=24h", "?period=12m"])
def test_axe_finds_nothing(signed_in: Open, origin: str, query: str) -> None:
    page = signed_in()
    page.goto(f"{origin}/sites/{NAME}/{query}")
    page.locator("summary").evaluate_all("all => all.forEach(one => { one.parentElement.open = true })")
    found = Axe().run(page).response["violations"]
    assert [(entry["id"], entry["nodes"][0]["html"]) for entry in found] == []


def test_axe_finds_nothing_before_the_sign_in(
    origin: str, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    page.goto(f"{origin}/sign-in")
    assert Axe().run(page).response["violations"] == []


# -- out of the page


def figures_of(page: Page, panel: str) -> dict[str, int]:
    """{name: first figure} of a panel's table."""
    rows = page.locator(f"section[aria-labelledby=p-{panel}] tbody tr").all()
    return {
        row.locator("th").inner_text(): int(row.locator("td").first.inner_text().strip("≥ ").replace(",", ""))
        for row in rows
    }


@JAVASCRIPT
def test_a_file_adds_up_to_the_page(signed_in: Open, js: bool) -> None:
    page = signed_in(js=js)
    shown = figures_of(page, "devices")
    page.get_by_text("Each table by itself, and as a file").click()
    with page.expect_download() as wait:
        page.get_by_role("link", name="Devices as CSV").click()
    text = wait.value.path().read_text("utf-8-sig")
    assert wait.value.suggested_filename.endswith(".csv")
    rows = list(csv.DictReader(io.StringIO(text), quoting=csv.QUOTE_NONNUMERIC))
    assert {row["name"]: row["visits"] for row in rows if row["label"] != "(not told)"} == shown
    visits = page.locator("dd.value").first.inner_text().replace(",", "")
    assert sum(float(row["visits"]) for row in rows) == int(visits)


def test_the_archive_comes_down(signed_in: Open) -> None:
    page = signed_in()
    with page.expect_download() as wait:
        page.get_by_role("link", name="all tables as CSV in one archive").click()
    with zipfile.ZipFile(wait.value.path()) as archive:
        assert "regions.csv" in archive.namelist()
        assert archive.testzip() is None


def test_by_keyboard_alone_from_the_sign_in_to_a_filtered_file(
    origin: str, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    page.goto(f"{origin}/sites/{NAME}/?period=7d")

    def tab_to(name: str) -> None:
        for _ in range(120):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent.trim()") == name:
                return
        raise AssertionError(f"no Tab leads to {name}")

    page.keyboard.press("Tab")
    page.keyboard.type("eve")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/?period=7d")
    tab_to("United Kingdom")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Filters")).to_contain_text("United Kingdom")
    page.keyboard.press("Shift+Tab")
    tab_to("Each table by itself, and as a file")
    page.keyboard.press("Enter")
    tab_to("Regions as CSV")
    with page.expect_download() as wait:
        page.keyboard.press("Enter")
    rows = list(csv.DictReader(io.StringIO(wait.value.path().read_text("utf-8-sig"))))
    assert {row["scope"] for row in rows} == {"filter"}
    assert "GB-ENG" in {row["label"] for row in rows}


# -- the map


@JAVASCRIPT
def test_a_click_on_the_map_filters(signed_in: Open, js: bool) -> None:
    page = signed_in(js=js)
    page.locator(".map a", has=page.locator("title", has_text="United States:")).click()
    expect(page.get_by_role("list", name="Filters")).to_contain_text("United States")
    assert "region=US" in page.url


def test_the_map_follows_the_dark(signed_in: Open) -> None:
    page = signed_in()
    fill = "getComputedStyle(document.querySelector('.map .t5 path')).fill"
    light = page.evaluate(fill)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(fill) != light


# -- links, notes, roles


@pytest.fixture(scope="module")
def editing(origin: str, browser: Browser) -> Any:
    page = browser.new_page()
    page.goto(f"{origin}/sign-in")
    page.get_by_label("Name").fill("eve")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/sites/**")
    found = page.context.cookies()
    page.close()
    return found


@pytest.fixture
def editor(origin: str, editing: Any, new_context: Callable[..., BrowserContext]) -> Page:
    page = new_context().new_page()
    page.context.add_cookies(editing)
    page.goto(f"{origin}/sites/{NAME}/?period=7d&region=GB")
    return page


@pytest.mark.parametrize("password", ["", "only for friends"])
def test_a_link_is_made_opened_and_ended(
    editor: Page, new_context: Callable[..., BrowserContext], password: str
) -> None:
    editor.get_by_role("link", name="A link for people without an account").click()
    if password:
        editor.get_by_label("Password, if wanted").fill(password)
    editor.get_by_role("button", name="Make a link").click()
    link = editor.get_by_role("status").get_by_role("link").inner_text()
    guest = new_context(java_script_enabled=False).new_page()
    guest.goto(link)
    if password:
        guest.get_by_label("Password of this link").fill("only for foes!")
        guest.get_by_role("button", name="Show the figures").click()
        expect(guest.get_by_role("alert")).to_be_visible()
        guest.get_by_label("Password of this link").fill(password)
    guest.get_by_role("button", name="Show the figures").click()
    expect(guest.get_by_role("list", name="Filters")).to_contain_text("United Kingdom")
    expect(guest.get_by_text("Add a note")).to_have_count(0)
    assert Axe().run(editor).response["violations"] == []
    editor.get_by_role("button", name="End link").first.click()
    guest.reload()
    expect(guest.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("js", [True, False], ids=["script", "no script"])
def test_a_note_is_written_and_shown(
    origin: str, editing: Any, new_context: Callable[..., BrowserContext], js: bool
) -> None:
    page = new_context(java_script_enabled=js).new_page()
    page.context.add_cookies(editing)
    page.goto(f"{origin}/sites/{NAME}/?period=7d")
    page.get_by_text("Add a note").click()
    page.get_by_label("What happened").fill("The fair")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text="The fair")).to_be_visible()
    assert "period=7d" in page.url
    page.get_by_role("button", name="Remove The fair").click()
    expect(page.get_by_text("The fair")).to_have_count(0)


def test_guesses_are_throttled(origin: str, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context().new_page()
    for _ in range(6):
        page.goto(f"{origin}/sign-in")
        page.get_by_label("Name").fill("nobody")
        page.get_by_label("Password").fill("a guess at a password")
        page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Please wait")).to_be_visible()


# -- every page and state


NOBODY = "?period=custom&from=2020-01-01&to=2020-01-02"
LIST = "pages/?sort=views&q=walk"
OWN = "../../account/"
PLACES = ("", LIST, "pages/?q=zzzz", "links/", NOBODY, "?region=GB&device=mobile", "?period=9d", "../../privacy", OWN,
          f"{OWN}second-factor")  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", PLACES)
def test_axe_finds_nothing_anywhere(
    origin: str, editing: Any, new_context: Callable[..., BrowserContext], place: str, scheme: str
) -> None:
    said: list[str] = []
    page = new_context(color_scheme=scheme, viewport={"width": 390, "height": 800}).new_page()
    page.on("console", lambda message: said.append(message.text))
    page.context.add_cookies(editing)
    answer = page.goto(f"{origin}/sites/{NAME}/{place}")
    assert answer is not None
    page.locator("summary").evaluate_all("all => all.forEach(one => { one.parentElement.open = true })")
    found = Axe().run(page).response["violations"]
    assert [(entry["id"], entry["nodes"][0]["html"]) for entry in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert said == [] or answer.status == 400


def test_the_policy_allows_nothing_but_what_is_needed(
    origin: str, session: Any, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    page.context.add_cookies(session)
    answer = page.goto(f"{origin}/sites/{NAME}/")
    assert answer is not None
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; base-uri 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'"
    )
    for html in (
        "<img src=x onerror=document.title=1>",
        "<style>*{display:none}</style>",
        "<p style='display:none'>",
    ):
        page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", html)
    assert page.title() != "1"
    expect(page.get_by_role("heading", name="Pages", exact=True)).to_be_visible()


@JAVASCRIPT
def test_a_sent_link_shows_the_same(signed_in: Open, origin: str, js: bool) -> None:
    page = signed_in(js=js)
    page.goto(f"{origin}/sites/{NAME}/?period=7d&region=GB&by=week&compare=none")
    expect(page.get_by_role("link", name="7 days")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("list", name="Filters")).to_contain_text("United Kingdom")
    expect(page.get_by_text("Compared with nothing.")).to_be_visible()


@JAVASCRIPT
def test_signing_out_ends_it(origin: str, new_context: Callable[..., BrowserContext], js: bool) -> None:
    page = new_context(java_script_enabled=js).new_page()
    page.goto(f"{origin}/sign-in")
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Accounts").click()
    expect(page.get_by_role("heading", name="What was done")).to_be_visible()
    assert Axe().run(page).response["violations"] == [] if js else True
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(f"{origin}/sites/{NAME}/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
