import gzip
import timeit
from html.parser import HTMLParser
from time import process_time

import pytest

from cookiegate.face import BannerFacts, PagePolicy
from tests.web.standing import StandingGate


class Outline(HTMLParser):
    """(tag, attributes) of every element, in order."""

    def __init__(self, markup: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup.decode())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def policy(**changes):
    return BannerFacts(policy=PagePolicy(**changes))


def test_it_adds_at_most_two_kilobytes_gzipped(face):
    facts = BannerFacts(
        private=True, return_to="/sale?gclid=abc&utm_source=x", referrer="https://news.example/"
    )
    assert len(gzip.compress(face.banner(facts), 6)) <= 2_000


def test_its_size_does_not_grow_with_the_number_of_services(tmp_path):
    services = {
        f"vendor-{n}": {"name": f"Vendor of many words {n}", "hosts": [f"v{n}.test"], "category": "marketing"}
        for n in range(60)
    }
    gate = StandingGate(tmp_path, service=services)
    assert b"Vendor of many words" not in gate.face.banner(BannerFacts())
    assert len(gzip.compress(gate.face.banner(BannerFacts()), 6)) <= 2_000


def test_a_warm_call_costs_microseconds(face):
    facts = BannerFacts(private=True, return_to="/sale?gclid=abc")
    face.banner(facts)
    assert (
        min(timeit.repeat(lambda: face.banner(facts), timer=process_time, number=1_000, repeat=3)) < 0.1
    )  # 100 us each at worst


def test_accept_and_reject_differ_in_nothing_but_value_and_words(face):
    accept, reject, save = Outline(face.banner(BannerFacts())).all("button")
    assert (accept, reject) == ({"name": "choice", "value": "accept"}, {"name": "choice", "value": "reject"})
    assert save["value"] == "save"
    text = face.shown_text()
    assert "We use cookies" in text
    assert "Accept all cookies Reject all cookies Choose" in text


def test_no_box_is_ticked(face):
    boxes = [a for a in Outline(face.banner(BannerFacts())).all("input") if a["type"] == "checkbox"]
    assert [box["value"] for box in boxes] == ["preferences", "analytics", "marketing"]
    assert not any("checked" in box for box in boxes)


def test_enter_on_a_checkbox_cannot_press_accept(face):
    """The first submit button of a form is the one that Enter presses."""
    elements = Outline(face.banner(BannerFacts())).elements
    first_form, second_form = [place for place, (tag, _) in enumerate(elements) if tag == "form"]
    assert not any(a.get("type") == "checkbox" for _, a in elements[first_form:second_form])
    assert [a["value"] for tag, a in elements[second_form:] if tag == "button"] == ["save"]


def test_the_first_layer_informs(face):
    text = face.shown_text()
    for words in (
        "Hollins & Vale Furniture Ltd",
        "5 third parties",
        "Measure how this site is used",
        "6 months",
        "withdraw",
        "Privacy policy",
        "Google Analytics, Hotjar",
    ):
        assert words in text


def test_a_shared_page_holds_nothing_of_its_visitor(face):
    facts = BannerFacts(private=False, return_to="/me?gclid=abc", referrer="https://news.example/me")
    assert face.banner(facts) == face.banner(BannerFacts())


def test_a_private_page_carries_address_and_referrer_in_both_forms(face):
    markup = face.banner(
        BannerFacts(private=True, return_to='/a"><script>', referrer="https://n.example/?a&b")
    )
    assert markup.count(b'name="return" value="/a&#34;&gt;&lt;script&gt;"') == 2
    assert markup.count(b'value="https://n.example/?a&amp;b"') == 2


def test_the_marks_of_the_cache_cannot_come_from_a_visitor(face):
    markup = face.banner(
        BannerFacts(private=True, return_to="/\ue000nonce\ue000", policy=PagePolicy(nonce="abc"))
    )
    assert 'value="/\ue000nonce\ue000"' in markup.decode()


def test_the_nonce_is_on_style_and_scripts(face):
    outline = Outline(face.banner(policy(nonce='r4nd"om')))
    assert [a.get("nonce") for tag in ("style", "script") for a in outline.all(tag)] == ['r4nd"om'] * 3


def test_two_nonces_do_not_meet_in_the_cache(face):
    assert face.banner(policy(nonce="4f7a")).replace(b"4f7a", b"9c1e") == face.banner(policy(nonce="9c1e"))
    assert b"nonce" not in face.banner(BannerFacts())


def test_where_style_may_not_be_inline_our_stylesheet_stands_in(face):
    outline = Outline(face.banner(policy(inline_style=False)))
    assert outline.all("link")[0]["href"].startswith("/_gate/static/banner.")
    assert not outline.all("style")


def test_where_nothing_is_allowed_there_is_no_style_and_no_script(face):
    none = dict.fromkeys(("inline_style", "own_style", "inline_script", "own_script"), False)
    outline = Outline(face.banner(policy(**none)))
    assert not (outline.all("style"))
    assert not (outline.all("link"))
    assert not (outline.all("script"))
    assert len(outline.all("form")) == 2


def test_where_the_form_is_forbidden_a_link_to_the_settings_stands_in(face):
    outline = Outline(face.banner(policy(form=False)))
    assert not outline.all("form")
    assert not outline.all("button")
    assert not outline.all("script")
    assert {"class": "gate-to", "href": "/_gate/settings"} in outline.all("a")


def test_it_has_no_id_and_no_class_that_could_clash(face):
    elements = Outline(face.banner(BannerFacts())).elements
    assert not any("id" in attributes for _, attributes in elements)
    assert all(attributes["class"].startswith("gate") for _, attributes in elements if "class" in attributes)


def test_libraries_that_take_over_forms_leave_it_alone(face):
    section = Outline(face.banner(BannerFacts())).elements[0][1]
    assert section["data-turbo"] == section["data-hx-boost"] == "false"
    assert "data-nosnippet" in section
    assert section["role"] == "dialog"
    assert section["lang"] == "en"


@pytest.mark.parametrize("notice", ["cannot-store", "asked-again"])
def test_a_notice_is_shown(face, notice):
    assert b'role="status"' in face.banner(BannerFacts(notice=notice))


def test_an_unknown_notice_is_nothing(face):
    assert face.banner(BannerFacts(notice="<b>")) == face.banner(BannerFacts())


def test_the_signal_is_said_to_be_honoured(face):
    assert b"Opt-out preference signal honoured" in face.banner(BannerFacts(signal="gpc"))


def test_the_theme_reaches_the_style(tmp_path):
    gate = StandingGate(tmp_path, theme={"button": "#0a5"})
    assert b":root{--gate-button:#0a5}" in gate.face.banner(BannerFacts())


def test_the_operators_template_goes_before_ours(tmp_path):
    (tmp_path / "banner.html").write_text("<section>{{ controller }}</section>")
    gate = StandingGate(tmp_path, templates=tmp_path)
    assert gate.face.banner(BannerFacts()) == b"<section>Hollins &amp; Vale Furniture Ltd</section>"


def test_names_of_the_operator_are_escaped(tmp_path):
    gate = StandingGate(tmp_path, controller={"name": "<script>alert(1)</script>"})
    assert b"&lt;script&gt;alert(1)" in gate.face.banner(BannerFacts())


def test_the_shown_text_is_the_same_for_everyone(face):
    assert face.shown_text() == face.shown_text("en-GB")
