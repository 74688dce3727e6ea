"""A framework's data is told from a script that does something, whatever stands in it."""

from __future__ import annotations

import time

import pytest

from cookiegate.catalogue_files import load_catalogue, registrable_domain
from cookiegate.core.consent import consent_of
from cookiegate.core.page_data import is_page_data
from cookiegate.core.question import Question
from cookiegate.core.site import Site
from cookiegate.core.verdicts import Verdicts

SNIPPET = rb"gtag('config','G-1');!function(){var s='https://connect.facebook.net/en_US/fbevents.js'}"
DATA = [
    b'self.__next_f.push([1,"' + SNIPPET + b'"])',
    b'self.__next_f.push([1,"0:[\\"$\\",\\"script\\",null,{\\"children\\":\\"' + SNIPPET + b'\\"}]\\n"])\n',
    b"(self.__next_f=self.__next_f||[]).push([0]);",
    b'self.__next_f.push([1,"ends with a backslash ' + SNIPPET + b'\\\\"])',
    b'window.__reactRouterContext.streamController.enqueue("' + SNIPPET + b'");',
    b'window.__INITIAL_STATE__ = {"head": "' + SNIPPET + b'", "n": [1, null]};',
    b'globalThis.__APOLLO_STATE__={"a":"' + SNIPPET + b'"}',
    b'self.__data = ["' + SNIPPET + b'"]',
]
CODE = [
    SNIPPET,
    b'self.__next_f.push([1,"x"]);' + SNIPPET,
    b'self.__next_f.push([1,"x"+' + SNIPPET + b"])",
    b'self.__next_f.push([1,"x"]),gtag(["config"])',
    b'self.__next_f.push([1,"' + SNIPPET + b'\\"])',
    b'self.__next_f.push([1,"' + SNIPPET + b'\n"])',
    b"self.__next_f.push([1,`" + SNIPPET + b"`])",
    b'self.__next_f.push([1,"x"].concat(' + SNIPPET + b"))",
    b"window.__STATE__ = {\"a\": gtag('config')}",
    b'window.__STATE__ = {"a": "x"};' + SNIPPET,
    b'window.__STATE__ = ("a", ' + SNIPPET + b")",
    b'window.dataLayer = [{"a": "https://connect.facebook.net/en_US/fbevents.js"}]',
    b'window._gaq = [["_setAccount", "UA-1"]]',
    b"",
    b"self.__next_f.push([",
]


@pytest.fixture(scope="module")
def verdicts() -> Verdicts:
    return Verdicts(
        load_catalogue(), Site("site.test", registrable=registrable_domain()), consent_of(None, Question())
    )


@pytest.mark.parametrize("text", DATA)
def test_data_passes(verdicts: Verdicts, text: bytes) -> None:
    assert is_page_data(text)
    assert verdicts.inline(text) is None


@pytest.mark.parametrize("text", CODE)
def test_code_is_no_data(text: bytes) -> None:
    assert not is_page_data(text)


@pytest.mark.parametrize("text", [text for text in CODE if SNIPPET in text])
def test_code_beside_data_is_held(verdicts: Verdicts, text: bytes) -> None:
    found = verdicts.inline(text)
    assert found is not None
    assert found.hold


@pytest.mark.parametrize("inside", [b"a", b"\\", b'\\"', b'"', b"\\\\", b"[", b"{"])
def test_long_ones_take_no_long_time(inside: bytes) -> None:
    texts = [b'self.__next_f.push([1,"', b"window.__S__ = ", b'window.__S__ = "']
    start = time.process_time()
    for text in texts:
        is_page_data(text + inside * (1_000_000 // len(inside)) + b'"])')
    assert time.process_time() - start < 2
