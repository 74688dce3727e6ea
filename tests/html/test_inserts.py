"""Where the banner, the settings link and the signals go, and where nothing goes."""

from __future__ import annotations

import pytest

from cookiegate.core.html import HtmlRewriter, Inserts, PageFacts

from .table import Table, gate

MARKS = {
    "banner": lambda facts: b"[B]",
    "link": lambda facts: b"[L]",
    "signal": lambda vendors, facts: b"[S:%s]" % ",".join(sorted(vendors)).encode(),
    "first": lambda facts: b"[F]",
}


def inserted(page: str, *names: str, sure: bool = True) -> str:
    return gate(page.encode(), Inserts(**{name: MARKS[name] for name in names}, sure=sure)).decode()


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<!doctype html><body class=a><p>x", "<!doctype html><body class=a>[B]<p>x"),
        ("<!doctype html><p>x", "<!doctype html>[B]<p>x"),
        ("<!doctype html>text", "<!doctype html>[B]text"),
        ("<!doctype html>\n <!-- <body> --> \n&amp;", "<!doctype html>\n <!-- <body> --> \n[B]&amp;"),
        ("<!doctype html><title><body></title><br>", "<!doctype html><title><body></title>[B]<br>"),
        ("<html><head><meta charset=utf-8></head> <div>", "<html><head><meta charset=utf-8></head> [B]<div>"),
        ("<html><script>'<body>'</script><b>", "<html><script>'<body>'</script>[B]<b>"),
        ("<html><noscript><body><p></noscript><b>", "<html><noscript><body><p></noscript>[B]<b>"),
        ("<html><template><body><p></template><b>", "<html><template><body><p></template>[B]<b>"),
        ("<html><head></head></html>", "<html><head></head>[B]</html>"),
        ("<html><head>", "<html><head>[B]"),
        ("\ufeff<!doctype html>\n<p>", "\ufeff<!doctype html>\n[B]<p>"),
        (
            "<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x>y'><html>t",
            "<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x>[B]y'><html>t",
        ),
        ("<!doctype html>a < b", "<!doctype html>[B]a < b"),
        ("<!doctype html><3", "<!doctype html>[B]<3"),
        ("<!doctype html></br>", "<!doctype html>[B]</br>"),
        ("<!doctype html></p></x><i>", "<!doctype html></p></x>[B]<i>"),
    ],
)
def test_the_banner_stands_first_in_the_body(markup: str, expected: str) -> None:
    assert inserted(markup, "banner") == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<html><body><p>x</body></html>", "<html><body><p>x[L]</body></html>"),
        ("<html><body><p>x</html>", "<html><body><p>x[L]</html>"),
        ("<html><body><p>x", "<html><body><p>x[L]"),
        ("<html><body><p>x</body></body>", "<html><body><p>x[L]</body></body>"),
        ("<html><script>'</body>'</script></body>", "<html><script>'</body>'</script>[L]</body>"),
        ("<html><template></body></template></body>", "<html><template></body></template>[L]</body>"),
        ("<html><body><!-- </body> --></BODY >", "<html><body><!-- </body> -->[L]</BODY >"),
        ("<html><body><p>x<a href=", "<html><body><p>x[L]<a href="),
    ],
)
def test_the_link_stands_before_the_end_of_the_body(markup: str, expected: str) -> None:
    assert inserted(markup, "link") == expected


@pytest.mark.parametrize(
    "markup",
    ["<html><body><!-- x", "<html><script>x", "<html><plaintext>", "<html><textarea>", "<html><template>"],
)
def test_nothing_goes_into_what_the_page_left_open(markup: str) -> None:
    assert inserted(markup, "link") == markup


def test_a_page_with_its_own_settings_link_gets_none() -> None:
    markup = '<html><body><a href="/_gate/settings">x</a></body>'
    assert inserted(markup, "link") == markup


@pytest.mark.parametrize("markup", ["<p>x</p></body>", "text", "<div><html></div>", '{"a":1}', "<tr><td>"])
def test_a_fragment_gets_nothing(markup: str) -> None:
    assert inserted(markup, "banner", "link", "first", sure=False) == markup


@pytest.mark.parametrize(
    "markup", ["<html><frameset><frame></frameset></html>", "<!doctype html><head></head><frameset>"]
)
def test_a_frameset_gets_nothing(markup: str) -> None:
    assert inserted(markup, "banner", "link", "first") == markup


@pytest.mark.parametrize("markup", ['{"a":"<p>"}', " [1]"])
def test_json_that_calls_itself_html_gets_nothing(markup: str) -> None:
    assert inserted(markup, "banner", "link") == markup


def test_a_document_by_its_doctype_needs_no_request_header() -> None:
    assert inserted("<!DOCTYPE html><p>", "banner", sure=False) == "<!DOCTYPE html>[B]<p>"


def test_what_comes_first_comes_before_every_script() -> None:
    page = "<html><script src=/a.js></script><script>b</script></body>"
    assert inserted(page, "first") == "<html>[F]<script src=/a.js></script><script>b</script></body>"


def test_what_comes_first_comes_without_a_script_too() -> None:
    assert inserted("<html><body></body>", "first") == "<html><body>[F]</body>"


def test_the_signal_stands_before_the_first_released_vendor() -> None:
    page = "<html><script src=/a.js></script><script src=//ok.test/g.js></script><script>released()</script>"
    assert inserted(page, "signal") == page.replace("<script src=//ok", "[S:google]<script src=//ok")


def test_the_signal_comes_before_inline_tags_too() -> None:
    assert (
        inserted("<html><script>released()</script>", "signal")
        == "<html>[S:google]<script>released()</script>"
    )


def test_no_signal_goes_into_templates() -> None:
    page = "<html><template><script>released()</script></template>"
    assert inserted(page, "signal") == page


def test_no_signal_without_a_released_vendor() -> None:
    assert b"[S" not in inserted("<html><script>tracker()</script>", "signal").encode()


def test_insertions_learn_of_the_page() -> None:
    seen: list[PageFacts] = []
    page = (
        b"<html lang='en-GB'><meta http-equiv=Content-Security-Policy content=\"default-src 'self'\">"
        b"<base href=/x/><script src=//t.test/a></script><body></body>"
    )
    rewriter = HtmlRewriter(Table(), Inserts(banner=lambda facts: seen.append(facts) or b""))
    rewriter.feed(page)
    assert seen == [
        PageFacts(meta_csp=("default-src 'self'",), lang="en-GB", has_base=True, held=frozenset(["t.test"]))
    ]


def test_with_everything_released_only_insertions_differ() -> None:
    page = b"<html><body><img src=//t.test/x><script>tracker()</script></body>"
    rewriter = HtmlRewriter(None, Inserts(link=MARKS["link"]))
    assert rewriter.feed(page) + rewriter.close() == page.replace(b"</body>", b"[L]</body>")


def test_the_first_bytes_are_not_kept_back() -> None:
    rewriter = HtmlRewriter(Table(), Inserts(banner=MARKS["banner"]))
    assert (
        rewriter.feed(b"<!doctype html><title>x</title><p>hello")
        == b"<!doctype html><title>x</title>[B]<p>hello"
    )
