"""Checks that need Node or Java: React pages that hydrate whole, htmx, Turbo, the Nu checker."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pyotp
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import ConsoleMessage, Page, expect

from cookiegate.core.counts import VISIT
from cookiegate.counting.opening import store_of
from cookiegate.dashboard.app import accounts_of, build
from cookiegate.dashboard.desk import Desk
from cookiegate.dashboard.report import report_of
from cookiegate.dashboard.second_factor import SecondFactors, new_secret
from cookiegate.demo.year.replay import NAME
from cookiegate.stores import Batch

from .conftest import Visit
from .dashboard_site import NOW, PASSWORD, PATH, filled
from .lab.lab import GATED, OPEN, SAME, Lab
from .lab.recorder import Recorder
from .lab.servers import ROOT
from .lab.visitor import accept, accept_button, reject, reject_button, settings_link
from .test_leaks import nobody

pytestmark = [pytest.mark.node, pytest.mark.usefixtures("built")]
NODE = ROOT / "e2e" / "node"
VNU = NODE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
REACT = pytest.mark.parametrize("loading", ["defer", "bootstrap"])
VERSIONS = pytest.mark.parametrize("version", [18, 19])


def errors_of(page: Page) -> list[str]:
    """Console errors from now on. A policy's refusals are what the gate is for."""
    errors: list[str] = []

    def keep(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" not in message.text:
            errors.append(message.text)

    page.on("console", keep)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


@VERSIONS
@REACT
def test_ungated_page_hydrates(visit: Visit, version: int, loading: str) -> None:
    page = visit("/plain", host=OPEN)
    page.goto(f"https://{OPEN}/node/react{version}-{loading}.html")
    page.wait_for_function("self.hydrated")
    assert page.evaluate("self.recovered") == []


@VERSIONS
@REACT
def test_page_hydrates_before_a_choice_and_keeps_the_banner(
    visit: Visit, recorder: Recorder, version: int, loading: str
) -> None:
    page = visit("/plain")
    errors = errors_of(page)
    page.goto(f"https://{GATED}/node/react{version}-{loading}.html")
    page.wait_for_function("self.hydrated")
    page.locator("#more").click()
    expect(page.locator("#count")).to_have_text("1")
    assert (page.evaluate("self.recovered"), errors) == ([], [])
    expect(accept_button(page)).to_be_visible()
    expect(reject_button(page)).to_be_visible()
    expect(page.locator("header, main, footer")).to_have_count(3)
    nobody(recorder)


@VERSIONS
def test_page_hydrates_after_accept(visit: Visit, recorder: Recorder, version: int) -> None:
    page = visit(f"/node/react{version}-defer.html")
    page.wait_for_function("self.hydrated")
    accept(page)
    page.wait_for_function("self.hydrated")
    assert page.evaluate("self.recovered") == []
    recorder.wait_for(["analytics"])
    assert {"www.google-analytics.com", "www.facebook.com", "www.youtube.com"} <= recorder.hosts
    expect(settings_link(page)).to_have_count(1)


def test_page_of_next_js_hydrates_from_data_that_holds_a_trackers_snippet(
    visit: Visit, recorder: Recorder
) -> None:
    page = visit("/plain")
    page.route("https://gate.test/**", lambda route: route.abort())
    errors = errors_of(page)
    page.goto(f"https://{GATED}/next")
    page.locator("#more").click()
    expect(page.locator("#count")).to_have_text("1")
    expect(page.locator("main h1")).to_have_text("Field notes")
    nobody(recorder)
    accept(page)
    page.wait_for_function("(self.ran || []).includes('gtag')")
    page.locator("#more").click()
    expect(page.locator("#count")).to_have_text("1")
    assert [error for error in errors if "Failed to load resource" not in error] == []


@VERSIONS
@REACT
def test_page_that_is_the_same_for_everyone_works_after_hydration(
    visit: Visit, recorder: Recorder, version: int, loading: str
) -> None:
    """The banner stands there before React comes, which then renders the page anew: it is put back."""
    page = visit("/plain", host=SAME)
    page.goto(f"https://{SAME}/node/react{version}-{loading}.html")
    page.wait_for_function("self.hydrated")
    page.locator("#more").click()
    expect(page.locator("#count")).to_have_text("1")
    expect(accept_button(page)).to_be_visible()
    nobody(recorder, bare=frozenset({"www.youtube.com"}))  # a frame that React builds
    accept(page)
    page.wait_for_function("self.hydrated")
    recorder.wait_for(["analytics"])
    assert {"www.google-analytics.com", "www.facebook.com", "www.youtube.com"} <= recorder.hosts
    expect(page.get_by_role("link", name="Cookie settings")).to_have_count(1)


@VERSIONS
def test_page_that_is_the_same_for_everyone_hydrates_after_a_choice(visit: Visit, version: int) -> None:
    page = visit("/plain", host=SAME)
    reject(page)
    page.wait_for_function("/gate-no=[^;]*~(;|$)/.test(document.cookie)")  # sent, and answered
    page.goto(f"https://{SAME}/node/react{version}-defer.html")
    page.wait_for_function("self.hydrated")
    assert page.evaluate("self.recovered") == []
    expect(page.get_by_role("link", name="Cookie settings")).to_have_count(1)


def test_htmx_fragment(visit: Visit, recorder: Recorder) -> None:
    page = visit("/htmx")
    page.locator("#load").click()
    expect(page.locator("#target #fragment")).to_have_text("A fragment")
    expect(accept_button(page)).to_have_count(1)
    nobody(recorder)


def test_turbo_navigation(visit: Visit, recorder: Recorder) -> None:
    page = visit("/turbo/1")
    page.evaluate("self.same = true")
    page.locator("#next").click()
    expect(page.locator("h1")).to_have_text("Turbo 2")
    assert page.evaluate("self.same")
    nobody(recorder)


def test_choice_after_turbo_navigation_is_a_whole_page_load(visit: Visit, recorder: Recorder) -> None:
    page = visit("/turbo/1")
    page.locator("#next").click()
    expect(page.locator("h1")).to_have_text("Turbo 2")
    page.reload()
    accept(page)
    recorder.wait_for(["turbo2"])
    assert page.url.split("#")[0] == f"https://{GATED}/turbo/2"
    page.locator("#next").click()
    recorder.wait_for(["turbo3"])
    assert "turbo3" in recorder.vectors


def nu_messages(documents: dict[str, str], folder: Path) -> list[str]:
    """The Nu checker's errors and warnings, each with the document that it is about."""
    java = shutil.which("java")
    assert java, "a Java runtime is needed: apt-get install default-jre-headless"
    for name, text in documents.items():
        (folder / f"{name}.html").write_text(text)
    done = subprocess.run(
        [java, "-jar", VNU, "--format", "json", "--exit-zero-always", *map(str, folder.glob("*.html"))],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stderr)["messages"]
    return [f"{Path(item['url']).name}: {item['message']}: {item.get('extract', '')}" for item in found
            if item["type"] == "error" or item.get("subType") == "warning"]  # fmt: skip


def placeholder_path(page: Page) -> str:
    return page.locator("iframe[title='A film']").get_attribute("src") or ""


def test_banner_pages_and_held_markup_are_valid(visit: Visit, lab: Lab, tmp_path: Path) -> None:
    document = {"Sec-Fetch-Dest": "document"}
    names = ("plain", "vectors", "partial")
    before = {name: lab.fetch(f"/{name}", host=OPEN, headers=document).text for name in names}
    after = {f"gated-{name}": lab.fetch(f"/{name}", headers=document).text for name in before}
    page = visit("/partial")
    after["placeholder"] = lab.fetch(placeholder_path(page), headers={"Sec-Fetch-Dest": "iframe"}).text
    after["settings"] = lab.fetch("/_gate/settings", headers=document).text
    known = {
        line.split(": ", 1)[1].split(": ")[0] for line in nu_messages(before, _folder(tmp_path, "before"))
    }
    fresh = nu_messages(after, _folder(tmp_path, "after"))
    assert [line for line in fresh if line.split(": ", 1)[1].split(": ")[0] not in known] == []


def test_pages_of_the_dashboard_are_valid(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    config = filled(folder, 21)
    accounts = accounts_of(config)
    accounts.add("ada", PASSWORD, "admin")
    client = build(config, accounts=accounts, clock=lambda: NOW).test_client()
    before = client.get("/sign-in", base_url="https://x.test").text
    token = before.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    data = {"csrf_token": token, "name": "ada", "password": PASSWORD}
    client.post("/sign-in", base_url="https://x.test", data=data)
    paths = [
        PATH,
        f"{PATH}?region=GB&period=7d",
        f"{PATH}pages/?sort=views",
        f"{PATH}links/",
        f"{PATH}?period=9d",
    ]
    paths += ["/privacy", "/account/", "/account/second-factor", "/admin/"]
    paths += [
        f"{PATH}pages/?q=walk",
        f"{PATH}pages/?q=zzzz",
        f"{PATH}answers-by-region/?sort=accept",
        "/nothing",
    ]
    pages = {f"page-{n}": client.get(path, base_url="https://x.test").text for n, path in enumerate(paths)}
    desk = Desk(config, store_of(config), accounts, lambda: NOW)
    pages |= {"sign-in": before, "mail": report_of(desk, NAME, "week").html}
    assert "What was done" in pages["page-8"]
    pages |= _before_a_sign_in(client, desk)
    assert nu_messages(pages, _folder(tmp_path, "dashboard")) == []
    accounts.close()
    desk.store.close()


def _before_a_sign_in(client: FlaskClient, desk: Desk) -> dict[str, str]:
    """Pages that stand before or between: links, the code, and the list of several sites."""
    accounts = desk.accounts
    token, locked = (desk.shares.make("ada", NAME, k=10, days=7, password=word) for word in (None, PASSWORD))
    secret = new_secret()
    accounts.add("tess", None, "viewer")
    SecondFactors(accounts).turn_on("tess", secret, pyotp.TOTP(secret).at(int(accounts.clock())))
    desk.store.add(Batch("two", "another.example", {0: {("hour", "09"): VISIT}}, 0))
    paths = {
        "shared": f"/shared/{token}",
        "locked": f"/shared/{locked}",
        "once": f"/once/{accounts.link('ada')}",
        "sites": "/",
    }
    found = {name: client.get(path, base_url="https://x.test").text for name, path in paths.items()}
    once = f"/once/{accounts.link('tess')}"
    form = client.get(once, base_url="https://x.test").text
    csrf = form.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    client.post(once, base_url="https://x.test", data={"csrf_token": csrf})
    found["code"] = client.get("/sign-in/code", base_url="https://x.test").text
    for name, words in (("shared", "Show the figures"), ("locked", "Password of this link"),
                        ("sites", "another.example"), ("once", "Sign in"), ("code", 'name="code"')):  # fmt: skip
        assert words in found[name], name
    return found


def test_nu_checker_flags_bad_markup(tmp_path: Path) -> None:
    bad = '<!doctype html><html lang="en"><title>Bad</title><img><button><a href="/">x</a></button>'
    assert len(nu_messages({"bad": bad}, tmp_path)) >= 2


def _folder(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir()
    return folder
