"""Every way in which markup makes a browser ask another host: held, and its harmless twin untouched."""

from __future__ import annotations

import pytest

from .table import gate, held_in

T = "https://t.test/x"
OWN = "https://static.site.test/x"

SHAPES = {
    "script": '<script src="{}"></script>',
    "script async": '<script async src="{}" type="module"></script>',
    "script defer": '<script defer src="{}" type="text/javascript" integrity="sha256-x" crossorigin></script>',
    "script language": '<script language="JavaScript" src="{}"></script>',
    "script odd type": '<script type=" TEXT/JavaScript " src="{}"></script>',
    "img": '<img src="{}" alt="">',
    "img srcset": '<img src="/own.png" srcset="/own2.png 2x, {} 3x">',
    "img srcset first": '<img srcset="{}, /b 2x">',
    "img srcset commas": '<img srcset="/a,b 1x,{} 2x">',
    "img attributionsrc": '<img src="/own" attributionsrc="/a {}">',
    "image": '<image src="{}">',
    "input": '<input type="image" src="{}">',
    "input odd": '<input src="{}" type="&#105;mage">',
    "source": '<video><source src="{}"></video>',
    "source srcset": '<picture><source srcset="{} 2x" media="print"><img src="/own"></picture>',
    "video": '<video src="{}"></video>',
    "poster": '<video poster="{}"></video>',
    "audio": '<audio src="{}"></audio>',
    "track": '<track src="{}">',
    "embed": '<embed src="{}">',
    "object": '<object data="{}"></object>',
    "iframe": '<iframe src="{}"></iframe>',
    "frame": '<frameset><frame src="{}"></frameset>',
    "srcdoc": '<iframe srcdoc="<img src=&quot;{}&quot;>"></iframe>',
    "srcdoc single": "<iframe srcdoc='<script src={}></script>'></iframe>",
    "stylesheet": '<link rel="stylesheet" href="{}">',
    "alternate stylesheet": '<link rel="alternate stylesheet" href="{}">',
    "preload": '<link rel="preload" as="script" href="{}">',
    "modulepreload": '<link rel="modulepreload" href="{}">',
    "prefetch": '<link rel="prefetch" href="{}">',
    "preconnect": '<link rel="preconnect" href="{}">',
    "dns-prefetch": '<link rel="dns-prefetch" href="{}">',
    "prerender": '<link rel="prerender" href="{}">',
    "icon": '<link rel="shortcut icon" href="{}">',
    "apple icon": '<link rel="apple-touch-icon" href="{}">',
    "manifest": '<link rel="manifest" href="{}">',
    "rel odd": '<LINK HREF="{}" REL=" Canonical\tSTYLESHEET">',
    "rel encoded": '<link href="{}" rel="style&#115;heet">',
    "imagesrcset": '<link rel="preload" as="image" imagesrcset="{} 2x">',
    "style attribute": '<p style="color:red;background:url({})">',
    "style attribute quoted": "<p style='background:url(\"{}\")'>",
    "style attribute encoded": '<p style="background:url(&quot;{}&quot;)">',
    "style attribute entity name": '<p style="background:&#117;rl({})">',
    "style attribute image-set": "<p style='background:image-set(\"{}\" 1x)'>",
    "style import": '<style>@import "{}";</style>',
    "style import url": "<style>@import url({}) screen;</style>",
    "style import comment": "<style>@import/**/'{}';</style>",
    "style url": "<style>a{{background:url( '{}' )}}</style>",
    "style font": "<style>@font-face{{src:url({})}}</style>",
    "style upper case": "<style>a{{background:URL({})}}</style>",
    "style escaped": "<style>a{{background:u\\72l({})}}</style>",
    "style image-set": "<style>a{{background:-webkit-image-set('{}' 1x)}}</style>",
    "svg image": '<svg><image href="{}"/></svg>',
    "svg image xlink": '<svg><image xlink:href="{}"/></svg>',
    "svg use": '<svg><use href="{}#a"/></svg>',
    "svg feImage": '<svg><filter><feImage href="{}"/></filter></svg>',
    "svg script": '<svg><script href="{}"/></svg>',
    "svg script xlink": '<svg><script xlink:href="{}"></script></svg>',
    "svg style": "<svg><style>a{{fill:url({})}}</style></svg>",
    "svg style cdata": "<svg><style><![CDATA[a{{fill:url({})}}]]></style></svg>",
    "svg style attribute": '<svg><path style="fill:url({})"/></svg>',
    "ping": '<a href="/x" ping="/own {}">x</a>',
    "area ping": '<area ping="{}">',
    "attributionsrc": '<a href="/x" attributionsrc="{}">x</a>',
    "script attributionsrc": '<script src="/own.js" attributionsrc="{}"></script>',
    "base": '<base href="{}">',
    "refresh": '<meta http-equiv="refresh" content="0; url={}">',
    "refresh quoted": "<meta http-equiv=Refresh content=\"5;URL='{}'\">",
    "refresh bare": '<meta http-equiv="refresh" content="0 {}">',
    "body background": '<body background="{}">',
    "table background": '<table background="{}">',
    "td background": '<table><td background="{}">',
    "noscript": '<noscript><img src="{}"></noscript>',
    "noscript stylesheet": '<noscript><link rel=stylesheet href="{}"></noscript>',
    "template": '<template><img src="{}"></template>',
    "shadow root": '<div><template shadowrootmode="open"><style>@import "{}";</style></template></div>',
    "import map": '<script type="importmap">{{"imports":{{"a":"{}"}}}}</script>',
    "import map escaped": '<script type="importmap">{{"scopes":{{"/":{{"a":"\\u0020{}"}}}}}}</script>',
    "speculation": '<script type="speculationrules">{{"prefetch":[{{"urls":["/a","{}"]}}]}}</script>',
    "after stray quote": '<p title="a"b"c><img src="{}">',
    "after comment": '<!-- a --!><img src="{}">',
    "after script": '<script>x="<!--"; y="</script>"</script><img src="{}">',
    "after svg title": '<svg><title><a title="</title>"></svg><img src="{}">',
    "in select": '<select><script src="{}"></script></select>',
    "second tag on a line": '<br/><img/src="{}"/>',
    "unfinished quote before": "<p =\"><img src='{}'>",
}

SPELLINGS = [
    "https://t.test/x",
    "HTTPS://T.TEST/x",
    "//t.test/x",
    "http://t.test",
    "https://t.test:8443/x?a=1&b=2",
    "https:&#x2F;&#x2f;t.test/x",
    "&#47;&sol;t.test/x",
    "https&colon;//t.test/x",
    " https://t.test/x ",
    "\t\n//t.test/x",
    "ht\ntps://t.test/x",
    "/\t/t.test/x",
    "\\\\t.test/x",
    "/\\t.test/x",
    "https:\\\\t.test/x",
    "https://user@t.test/x",
    "https:///t.test/x",
]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_a_third_party_is_held(shape: str) -> None:
    page = shape.format(T).encode()
    assert gate(page) != page
    assert sum(held_in(page).values()) == 1


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
@pytest.mark.parametrize("url", [OWN, "/x", "x/y.png", "?a", "#b", "data:,x"])
def test_the_own_site_is_untouched(shape: str, url: str) -> None:
    page = shape.format(url).encode()
    assert gate(page) == page
    assert not held_in(page)


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(
    "shape", ['<img src="{}">', "<script src='{}'></script>", '<link rel=stylesheet href="{}">']
)
def test_every_spelling_is_held(shape: str, spelling: str) -> None:
    page = shape.format(spelling).encode()
    assert sum(held_in(page).values()) == 1


@pytest.mark.parametrize(
    "tag",
    [
        "<img src=https://t.test/x>",
        "<IMG SRC=https://t.test/x>",
        "<img/src=https://t.test/x>",
        "<img\nsrc\t=\f'https://t.test/x'>",
        "<img a=1 b c='>' src=https://t.test/x>",
        '<img a="\'"src=https://t.test/x>',
        "<img src=https://t.test/x src=/own>",
        "<img =src src=https://t.test/x>",
        '<img data-gate="x" data-gate-src="/own" src=https://t.test/x>',
    ],
)
def test_every_writing_of_a_tag_is_held(tag: str) -> None:
    gated = gate(tag.encode())
    assert b'src="data:,"' in gated
    assert b"data-gate-src" in gated.lower()


UNTOUCHED = {
    "second attribute": '<img src="/own" src="https://t.test/x">',
    "link": '<a href="https://t.test/x">x</a>',
    "form": '<form action="https://t.test/x"><button formaction="https://t.test/y">x</button></form>',
    "canonical": '<link rel="canonical" href="https://t.test/x">',
    "alternate": '<link rel="alternate" hreflang="de" href="https://t.test/x"><link rel=author href=//t.test>',
    "text input": '<input type="text" src="https://t.test/x">',
    "lazy source": '<div src="https://t.test/x"></div>',
    "cite": '<blockquote cite="https://t.test/x"></blockquote>',
    "comment": '<!-- <img src="https://t.test/x"> -->',
    "bogus comment": "<!x <img src=https://t.test/x <p>",
    "text area": '<textarea><img src="https://t.test/x"></textarea>',
    "title": '<title><img src="https://t.test/x"></title>',
    "script string": "<script>x='<img src=\"https://t.test/x\">'</script>",
    "double escaped script": "<script><!--<script></script><img src=https://t.test/x>--></script>",
    "style string": "<style>/* <img src=https://t.test/x> */</style>",
    "in a value": "<p title='<img src=https://t.test/x>'>",
    "in another value": "<p a=\"'\" b='\"><img src=https://t.test/x>'>",
    "plaintext": "<plaintext><img src=https://t.test/x>",
    "template script": '<script type="text/template"><img src="https://t.test/x"></script>',
    "data block with source": '<script type="text/x-handlebars" src="https://t.test/x"></script>',
    "json": '<script type="application/ld+json">{"url":"https://t.test/x","a":"tracker("}</script>',
    "unclosed tag": '<img src="https://t.test/x"',
    "css in a data url": "<style>a{background:url(\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'\")}</style>",
    "css namespace": '<style>@namespace "http://t.test/x"; /* https://t.test/x */</style>',
    "css text": '<style>a::after{content:"https://t.test/x"}</style>',
    "other meta": '<meta property="og:image" content="https://t.test/x">',
    "own refresh": '<meta http-equiv="refresh" content="5;url=/next">',
    "own rules": '<script type="speculationrules">{"prefetch":[{"where":{"href_matches":"\\/*"}}]}</script>',
    "authored mark": '<script type="text/plain" data-gate-src="https://t.test/x"></script>',
    "released host": '<script src="https://ok.test/x"></script><img src="//ok.test/y">',
}


@pytest.mark.parametrize("markup", UNTOUCHED.values(), ids=UNTOUCHED.keys())
def test_what_asks_nobody_is_untouched(markup: str) -> None:
    assert gate(markup.encode()) == markup.encode()


def test_an_inline_tracker_is_held_and_keeps_its_type() -> None:
    assert gate(b"<script type=module>tracker()</script>") == (
        b'<script type="text/plain" data-gate="marketing" data-gate-type=module>tracker()</script>'
    )


def test_an_inline_script_of_the_site_is_untouched() -> None:
    page = b"<script>fetch('https://api.t.test/x')</script>"
    assert gate(page) == page


def test_a_held_script_keeps_its_attributes_aside() -> None:
    assert gate(b'<script async src="https://t.test/a.js" id=x></script>') == (
        b'<script type="text/plain" data-gate="analytics" data-gate-async data-gate-src="https://t.test/a.js" id=x></script>'
    )


def test_a_held_frame_shows_its_placeholder() -> None:
    assert gate(b'<iframe src="https://t.test/v"></iframe>') == (
        b'<iframe src="/_gate/held?host=t.test&amp;category=analytics" data-gate="analytics"'
        b' data-gate-src="https://t.test/v"></iframe>'
    )


@pytest.mark.parametrize("hidden", ["width=0 height=0", 'style="display:none"', "hidden", 'height="1px"'])
def test_an_invisible_frame_needs_no_placeholder(hidden: str) -> None:
    assert b"/_gate/held" not in gate(f'<iframe src="https://t.test/v" {hidden}></iframe>'.encode())


@pytest.mark.parametrize("directive", ["Accept-CH", "delegate-ch", "x-dns-prefetch-control"])
def test_hints_are_not_handed_out(directive: str) -> None:
    page = f'<meta http-equiv="{directive}" content="Sec-CH-UA-Model">'.encode()
    assert b'data-gate-http-equiv="' in gate(page)


def test_rules_that_follow_any_link_are_held() -> None:
    page = b'<script type="speculationrules">{"prefetch":[{"where":{"selector_matches":"a"}}]}</script>'
    assert sum(held_in(page).values()) == 1


def test_a_released_base_moves_relative_urls() -> None:
    page = b'<base href="https://ok.test/"><img src="x.png"><img src=" //t.test/x">'
    assert sum(held_in(page).values()) == 1


def test_held_things_are_counted_by_element_and_host() -> None:
    held = held_in(b'<img src="https://t.test/a"><img src="https://t.test/b"><script>tracker()</script>')
    assert held == {("img", "analytics", "t.test"): 2, ("script", "marketing", "tracker"): 1}
