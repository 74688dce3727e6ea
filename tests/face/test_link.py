import html
import json
import re

import pytest

from cookiegate.catalogue_files import load_catalogue
from cookiegate.face import PagePolicy
from cookiegate.face.embeds import load_containers


@pytest.mark.parametrize("signal", [None, "gpc", "dnt"])
def test_the_link_is_at_most_150_bytes(face, signal):
    link = face.link(signal=signal)
    assert len(link) <= 150
    assert b"href=/_gate/settings" in link


def test_it_says_that_the_signal_was_honoured(face):
    assert b"signal honoured" in face.link(signal="gpc")


def test_it_has_no_style_where_attributes_may_not(face):
    assert b"style" not in face.link(policy=PagePolicy(style_attribute=False))


def test_held_embeds_get_their_script_with_name_and_container(face):
    script = face.embed_placeholder(["recaptcha", "hotjar"], policy=PagePolicy(nonce="abc")).decode()
    data = json.loads(html.unescape(re.search(r'data-embeds="([^"]*)"', script)[1]))
    assert [(one["id"], one["selector"]) for one in data] == [("recaptcha", ".g-recaptcha")]
    assert "reCAPTCHA" in data[0]["text"]
    assert script.endswith(' defer nonce="abc"></script>')


def test_no_script_where_nothing_is_held_or_none_may_run(face):
    assert face.embed_placeholder(["hotjar"]) == b""
    assert face.embed_placeholder(["recaptcha"], policy=PagePolicy(own_script=False)) == b""


def test_selectors_are_plain():
    assert all(re.fullmatch(r"[\w\-.#\[\]*^=, ]+", selector) for selector in load_containers().values())


def test_every_container_belongs_to_a_catalogued_embed():
    services = load_catalogue().services
    assert [id for id in load_containers() if id not in services or not services[id].embed] == []
