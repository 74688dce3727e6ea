"""`cookiegate embed` prints a tag that the service answers, for good."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re

import pytest
from werkzeug.test import Client

from cookiegate.config import load_toml
from cookiegate.embed_service import open_service

from .site_folder import SiteFolder

TABLE = """
[site]
public_url = "https://gate.cats.example"
[embed."www.cats.example"]
services = ["hotjar"]
privacy_url = "/privacy"
controller = { name = "Cats Ltd", contact = "privacy@cats.example", complaint_url = "https://a.example/" }
"""


@pytest.fixture
def folder(tmp_path) -> SiteFolder:
    folder = SiteFolder(tmp_path)
    folder.write(TABLE)
    return folder


def answer(folder: SiteFolder, path: str):
    return Client(open_service(load_toml(folder.file))).get(path)


def test_tag_is_answered(folder):
    done = folder.run("embed", "www.cats.example", "--plain")
    source = re.fullmatch(r'<script src="https://gate\.cats\.example(\S+)"></script>\n', done.output)
    assert source
    assert answer(folder, source[1]).status_code == 200


def test_every_form_is_printed_with_a_line_that_says_what_it_is(folder):
    text = folder.run("embed", "www.cats.example").output
    plain = folder.run("embed", "www.cats.example", "--plain").output
    pinned = folder.run("embed", "www.cats.example", "--pinned").output
    folder.run("embed", "www.cats.example", "--page", "try.html")
    page = (folder.folder / "try.html").read_text()
    assert text.index(plain) < text.index(pinned) < text.index(page.rstrip())
    parts = text.split("<!-- ")
    assert parts[0] == ""
    said = [part.split(" -->")[0] for part in parts[1:]]
    assert [line.split()[:2] for line in said] == [["The", "tag."], ["Or", "pinned:"], ["A", "page"]]
    source = re.search(r'src="https://gate\.cats\.example(\S+)" integrity', text)[1]
    assert answer(folder, source).status_code == 200


def test_pinned_tag_names_the_hash_of_what_is_answered_and_carries_the_settings(folder):
    tag = folder.run("embed", "www.cats.example", "--pinned").output
    path, integrity, data = re.search(
        r'src="https://gate\.cats\.example(\S+)" integrity="sha384-(\S+)" crossorigin="anonymous" data-settings="(.+?)"',
        tag,
    ).groups()
    body = answer(folder, path).data
    assert base64.b64encode(hashlib.sha384(body).digest()).decode() == integrity
    settings = json.loads(html.unescape(data))
    assert settings["site"] == "www.cats.example"
    assert list(settings["services"]) == ["hotjar"]


def test_pinned_script_of_an_earlier_release_is_still_answered(folder):
    folder.run("embed", "www.cats.example", "--pinned")
    kept = folder.state / "embed" / "pinned"
    (kept / "pinned.0123456789.js").write_text("/* an earlier release */")
    response = answer(folder, "/_gate/embed/pinned.0123456789.js")
    assert (response.text, response.headers["Access-Control-Allow-Origin"]) == (
        "/* an earlier release */",
        "*",
    )


def test_inline_tag_needs_nothing_before_it_holds(folder):
    tag = folder.run("embed", "www.cats.example", "--inline").output
    assert re.fullmatch(r"<script>[^<]*(?:<(?!/script)[^<]*)*</script>\n", tag)
    assert 'home:"https://gate.cats.example"' in tag
    name = re.search(r'\bmore:"([^"]+)"', tag)[1]
    assert answer(folder, f"/_gate/embed/www.cats.example/more.{name}.js").status_code == 200


def test_page_has_the_tag_first(folder):
    folder.run("embed", "www.cats.example", "--page", "try.html")
    page = (folder.folder / "try.html").read_text()
    assert page.index("/_gate/embed/www.cats.example.js") < page.index("googletagmanager")


def test_keys_are_those_that_sign_the_sites_choices(folder):
    folder.run("embed", "www.cats.example")
    (key,) = folder.run("embed", "www.cats.example", "--keys").output.split()
    from cookiegate.core.consent_cookie import ConsentCodec
    from cookiegate.embed_service import open_site

    site = open_site(load_toml(folder.file), "www.cats.example")
    response = Client(open_service(load_toml(folder.file))).post(
        "/_gate/embed/www.cats.example/consent",
        data={"choice": "accept", "question": site.gate.question.hash},
        headers={"Origin": "https://www.cats.example"},
    )
    assert ConsentCodec([key]).decode(response.json["token"]).granted


def test_unknown_site_is_one_line(folder):
    done = folder.run("embed", "www.dogs.example")
    assert done.exit_code == 2
    assert "there is no such site" in done.output


def test_other_commands_look_at_an_embedded_site(folder):
    folder.run("embed", "www.cats.example")
    assert folder.run("check", "--embed", "www.cats.example").exit_code == 0
    assert (
        "hotjar" in folder.run("explain", "static.hotjar.com", "--embed", "www.cats.example").output.lower()
    )
    folder.write(TABLE.replace('"hotjar"', '"hotjar", "youtube"'))
    assert "adds youtube" in folder.run("publish", "--embed", "www.cats.example", "--yes").output
    question = json.loads((folder.state / "embed" / "www.cats.example" / "question.json").read_text())
    assert [row[0] for row in question["services"]] == ["hotjar", "youtube"]
