from __future__ import annotations

import base64
import hashlib

import pytest

from cookiegate.core.site_policy import NO_POLICY, SitePolicy, read_site_policy
from cookiegate.core.source_list import Origin, SourceList

SITE = Origin.of("https", "www.site.test")
STYLE = b"body{color:red}"
HASH = "sha256-" + base64.b64encode(hashlib.sha256(STYLE).digest()).decode()


def read(*headers: str, metas: tuple[str, ...] = ()) -> SitePolicy:
    return read_site_policy(headers, SITE, metas=metas, style=STYLE, script=b"run()")


def test_no_policy_allows_everything() -> None:
    assert read() is NO_POLICY
    assert read("", " ; ") is NO_POLICY


def test_default_src_stands_in_for_what_is_missing() -> None:
    facts = read("default-src 'self'")
    assert not facts.inline_style
    assert not facts.style_attributes
    assert not facts.inline_script
    assert not facts.data_image
    assert facts.own_stylesheet
    assert facts.own_script
    assert facts.own_frame
    assert facts.form


@pytest.mark.parametrize(
    ("policy", "inline", "nonce"),
    [
        ("style-src 'unsafe-inline'", True, ""),
        ("style-src 'unsafe-inline' 'nonce-abc'", False, "abc"),
        ("style-src 'nonce-abc'", False, "abc"),
        (f"style-src '{HASH}'", True, ""),
        (f"style-src 'unsafe-inline' '{HASH[:-2]}A='", False, ""),
        ("style-src 'self'", False, ""),
        ("style-src-elem 'nonce-abc'; style-src 'none'", False, "abc"),
        ("style-src-attr 'none'; style-src 'unsafe-inline'", True, ""),
        ("STYLE-SRC 'UNSAFE-INLINE'", True, ""),
        ("style-src 'none'; style-src 'unsafe-inline'", False, ""),
    ],
)
def test_style_block_works_by_keyword_nonce_or_hash(policy: str, inline: bool, nonce: str) -> None:
    facts = read(policy)
    assert (facts.inline_style, facts.style_nonce) == (inline, nonce)
    assert facts.style is (inline or bool(nonce))


def test_style_attribute_has_a_rule_of_its_own() -> None:
    assert not read("style-src-attr 'none'; style-src 'unsafe-inline'").style_attributes
    assert read("style-src-elem 'none'; style-src 'unsafe-inline'").style_attributes


def test_every_policy_has_to_agree() -> None:
    assert read("style-src 'nonce-a' 'nonce-b', style-src 'nonce-b'").style_nonce == "b"
    assert read("style-src 'nonce-a'", "style-src 'nonce-b'").style_nonce == ""
    assert read("style-src 'nonce-a'", "style-src 'unsafe-inline'").style_nonce == "a"
    assert not read("style-src 'nonce-a'", "style-src 'unsafe-inline'").own_stylesheet
    assert read("form-action 'self'", metas=("form-action 'none'",)).form is False


def test_strict_dynamic_needs_the_nonce_for_our_file() -> None:
    assert not read("script-src 'strict-dynamic' 'sha256-AAAA' 'self'").own_script
    facts = read("script-src 'strict-dynamic' 'nonce-abc' 'unsafe-inline' https:")
    assert (facts.own_script, facts.script_nonce, facts.inline_script) == (True, "abc", False)


def test_sandbox_takes_forms_and_scripts() -> None:
    facts = read("sandbox allow-same-origin")
    assert not facts.form
    assert not facts.script
    assert not facts.own_script
    assert read("sandbox allow-forms allow-scripts").script
    assert read(metas=("sandbox; default-src *",)).form


def test_form_action_has_no_fallback() -> None:
    assert read("default-src 'none'").form
    assert not read("form-action https://other.test").form


def test_frames_fall_back_to_child_src() -> None:
    assert not read("child-src 'none'; default-src 'self'").own_frame
    assert read("frame-src 'self'; child-src 'none'").own_frame


@pytest.mark.parametrize(
    ("source", "allowed"),
    [
        ("'self'", True),
        ("*", True),
        ("https:", True),
        ("http:", True),
        ("wss:", False),
        ("data:", False),
        ("www.site.test", True),
        ("WWW.Site.Test", True),
        ("*.site.test", True),
        ("*.www.site.test", False),
        ("site.test", False),
        ("http://www.site.test", True),
        ("http://www.site.test:80", True),
        ("www.site.test:*", True),
        ("www.site.test:8443", False),
        ("www.site.test/_gate/", True),
        ("www.site.test/_gate", False),
        ("www.site.test/%5Fgate/static/", True),
        ("www.site.test/", True),
        ("'none'", False),
        ("[::1]", False),
        ("https://*", True),
    ],
)
def test_own_file_is_matched_as_a_browser_matches_it(source: str, allowed: bool) -> None:
    assert SourceList([source]).allows_own(SITE, "/_gate/static/") is allowed


def test_site_on_another_port_needs_the_port() -> None:
    site = Origin.of("http", "[::1]:8080")
    assert (site.host, site.port) == ("[::1]", "8080")
    assert Origin.of("http", "[::1]").port == "80"
    assert SourceList(["*"]).allows_own(site, "/")
    other = Origin.of("http", "site.test:8080")
    assert not SourceList(["site.test"]).allows_own(other, "/")
    assert SourceList(["site.test:8080"]).allows_own(other, "/")
    assert not SourceList(["https://site.test:8080"]).allows_own(other, "/")
