"""A renamed tag keeps its attributes: of an element that nobody knows, its style still loads."""

from __future__ import annotations

import html5lib
import pytest

from cookiegate.core.html.restore import restore
from cookiegate.core.html.suspects import UNSTYLED
from cookiegate.core.html.vectors import CSS_ATTRIBUTES

from ..table import gate, gate_in

STYLES = [
    'style="background:url(//t.test)"',
    "style='a:b;c:url(&#47;/t.test)'",
    "x style=a:url(//t.test)",
    'style="&bsol;75rl(//t.test)"',
    "/mask=url(//t.test#a)",
    'fill="url(//t.test#a)"',
    'clip-path="url(//t.test#a)"',
    'cursor="url(//t.test),auto"',
]
DOUBTS = [
    "<svg></p><title><{}></title>",
    "<frameset><!-- <{}> -->",
    "<frameset><textarea><{}></textarea>",
    "<frameset><p title='<{}>'>",
    "<div><svg></div><style><a title='</style><{}>'>",
]


def check(text: str) -> str:
    page = text.encode()
    gated = gate(page)
    assert restore(gated) == page
    assert gate_in([page[at : at + 1] for at in range(len(page))]) == gated
    return gated.decode()


def styles(tag: str) -> list[str]:
    """What the first element of `tag` is painted with."""
    fragment = html5lib.parseFragment(tag, treebuilder="etree", namespaceHTMLElements=False)
    return [value for name, value in fragment[0].items() if name.encode() in CSS_ATTRIBUTES and value]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", ["link", "p", "embed", "x-y=z", 'a"b'])
@pytest.mark.parametrize("doubt", DOUBTS)
def test_a_renamed_tag_has_no_style_of_its_own(doubt: str, name: str, style: str) -> None:
    gated = check(doubt.format(f"{name} {style}"))
    tag = gated[gated.index("<gate-") :]
    assert styles(tag) == []
    assert styles(tag.replace(UNSTYLED.decode(), " ", 1)) != []


@pytest.mark.parametrize(
    "tag", ['<p style="background:url(//t.', "<p\tfill='url(http:t.", "<V/style=a:url(//t."]
)
def test_nor_has_one_that_ends_beyond_its_noscript(tag: str) -> None:
    gated = check(f"<noscript>{tag}</noscript>x\">'>")
    assert styles(gated[len("<noscript>") :]) == []


def test_a_tag_that_reaches_by_its_name_alone_is_only_renamed() -> None:
    assert "<gate-link rel=preconnect href=//t.test>" in check(
        "<frameset><!--<link rel=preconnect href=//t.test>-->"
    )


@pytest.mark.parametrize("tag", ["p =x style=url(//t.test)", 'link ="a b" style=url(//t.test)'])
def test_a_name_is_followed_by_a_value_or_an_attribute_as_it_was(tag: str) -> None:
    assert "/style/ =" in check(f"<frameset><!-- <{tag}> -->")
    assert "/style/" not in check(f"<frameset><b <{tag}>")
    assert "/style/" not in check(f"<frameset></b <{tag}>")


@pytest.mark.parametrize(
    "page",
    [
        f"<frameset><!-- <gate-p{UNSTYLED.decode()} x> <gate-gate-p> <gate-{'n' * 5000} a> <gate-p<gate-q> -->",
        f"<frameset><gate-p{UNSTYLED.decode()} style=url(//t.test)><gate-p{UNSTYLED.decode()} =x>",
        "<frameset><e<gate-c>",
        "<frameset><e<gate-c style=url(//t.test)>",
        "<frameset><gate-p",
        "<noscript><p<gate-q</noscript>",
        f"<noscript><gate-p{UNSTYLED.decode()}</noscript>",
        "<svg></p><e <link ==' style=url(//t.test)>",
    ],
)
def test_what_the_page_itself_spells_so_comes_back(page: str) -> None:
    check(page)


def test_html_in_a_drawing_leaves_no_doubt_once_it_is_closed() -> None:
    text = "<!-- <link rel=preconnect href=//t.test> -->"
    for content in ("<style>a{}</style>", "<script>1</script>", "<noscript>x</noscript>", "<p>x</p>"):
        page = f"<svg><foreignObject>{content}{text}</foreignObject></svg>{text}"
        assert check(page) == page


@pytest.mark.parametrize(
    "attribute", ['style="a:url(//t.test)"', "fill = url(//t.test#a)", "background=//t.test", "x='"]
)
@pytest.mark.parametrize(
    "before", ["p title='<'", "td title='<' x='\"'", "b title='" + "x" * 5000 + "'", "rect a=<b"]
)
def test_a_tag_that_is_not_seen_to_its_end_is_renamed_for_what_may_be_its_paint(
    before: str, attribute: str
) -> None:
    page = f"<frameset><!-- <{before} {attribute}> -->"
    near = len(before) < 4000 and "t.test" in attribute
    assert (UNSTYLED.decode() in check(page)) == near
    own = page.replace("//t.test", "/own")
    assert check(own) == own


ANIMATED = ["set to=//t.test", "animate values='/own;//t.test'", "set title='<' to=/own", "ANIMATE x='<'"]


@pytest.mark.parametrize("tag", ANIMATED)
def test_an_animation_in_doubtful_text_is_renamed(tag: str) -> None:
    assert f"<gate-{tag.partition(' ')[0]}" in check(f"<frameset><!-- <{tag}> -->")


def test_a_name_in_a_value_is_no_attribute() -> None:
    assert "/style/ =x" in check("<frameset><b title=' <p =x style=a:url(//t.test)> '>")


@pytest.mark.parametrize(
    "page",
    [
        "<frameset><style><a title='</style>' style=a:url(//t.test)>",
        "<frameset><script><a title='</script>' style=a:url(//t.test)>",
        "<frameset><textarea><a title='</textarea>' style=a:url(//t.test)>",
        "<frameset><!-- <a title='-->' style=a:url(//t.test)>",
        "<frameset><p x=\"<a title='\" y>' style=a:url(//t.test)>",
        "<frameset></p x=\"<a title='\" y>' style=a:url(//t.test)>",
        "<select><style><a title='</style>' style=a:url(//t.test)>",
        "<svg><style>/*<!-- <a title='--></style>' style=a:url(//t.test)>",
        "<svg><style>/*<!-- <a title='--></style>" + "'" * 4000 + " style='" + "a" * 4000 + "url(//t.test)'>",
    ],
)
def test_a_tag_that_goes_on_beyond_what_hides_it_is_renamed(page: str) -> None:
    assert "<gate-a" in check(page + "x" * 9000)
    assert "<gate-a" not in check(page.replace("//t.test", "/own"))


@pytest.mark.parametrize("css", ["&#64import'//t.test'", "a{b:url&lpar;//t.test)}", "@import '//t.test'"])
def test_a_sheet_in_doubtful_text_may_be_one_of_a_drawing(css: str) -> None:
    for page in (
        "<frameset><!--<style>{}</style>-->",
        "<svg><script><meta><script><!--<script </script><svg><style>{}</style>",
    ):
        assert "<gate-style" in check(page.format(css))
        assert "<gate-style" not in check(page.format("a{b:c&amp;}"))
