"""The tokenizer of the HTML standard (section 13.2.5) as byte patterns.

Danger: Python 3.11.0 to 3.11.4 mismatch possessive repeats of *groups* (gh-106052), silently. Here `++` and
`*+` stand on single character classes only; a group that must not be given back is `(?>(?:...)*)`.

A pattern made by `markup` swallows every construct that can neither reach a third party nor change the
tokenizer's state, in one match; then it captures the tag where Python has to wake, if that tag is complete.
"""

from __future__ import annotations

import re

from .vectors import FETCHING_LINKS

SPACE = rb"\t\n\f\r "
TAG_NAME = rb"[a-zA-Z][^" + SPACE + rb"/>]*+"

VALUE = rb"""(?:"[^"]*+"|'[^']*+'|[^\t\n\f\r >"'][^\t\n\f\r >]*+|(?=>))"""
ATTRIBUTE = (
    rb"[^\t\n\f\r />][^\t\n\f\r />=]*+"
    rb"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+" + VALUE + rb"|(?![\t\n\f\r ]*+(?:=|\Z)))"
)
"""An attribute may begin with `=`, but a `=` after a name always announces a value. At the end of the input
it is not known yet whether one follows."""
ATTRIBUTES = rb"(?>(?:" + rb' [a-zA-Z-]++="[^"]*+"' + rb"|[\t\n\f\r /]++|" + ATTRIBUTE + rb")*)"
"""The usual spelling first: one step instead of two."""

COMMENT = rb"!--(?:-?>|(?>(?:[^-]++|-(?!-!?>))*)--!?>)"
BOGUS = rb"(?:!(?!--|-?\Z)|\?|/(?=[^a-zA-Z]))[^>]*+>"
_CDATA_PART = rb"(?:!(?:\[(?:C(?:D(?:A(?:T(?:A\[?)?)?)?)?)?)?)?\Z"
BOGUS_IN_FOREIGN = rb"(?:!(?!--|-?\Z|\[CDATA\[)|\?|/(?=[^a-zA-Z]))[^>]*+>"
CDATA = rb"!\[CDATA\[(?>(?:[^\]]++|\](?!\]>))*)\]\]>"
STRAY = rb"(?=[^a-zA-Z/!?])"
"""A `<` that opens nothing is text."""


def _any_case(word: bytes) -> bytes:
    """`src` -> `[sS][rR][cC]`: case-insensitive groups would cost the pattern its fast first-byte checks."""
    return b"".join(b"[%c%c]" % (c, c - 32) if 97 <= c <= 122 else re.escape(bytes([c])) for c in word)


def any_of(words: str) -> bytes:
    return b"(?:" + b"|".join(_any_case(word.encode()) for word in words.split()) + b")"


NAME_END = rb"(?=[\t\n\f\r />])"

WAKING_ATTRIBUTES = any_of("src style poster ping background attributionsrc http-equiv data-gate")
"""On whatever tag these stand (or names that begin so), Python looks at them. The last is our own mark: where a
page spells it, that is set apart from ours."""

WAKING_TAGS = (
    "script link style img meta iframe noscript svg title base frameset object template select col math textarea"
    " xmp noembed noframes plaintext image use feimage embed frame body html"
)

STATE_TAGS = (
    "script style iframe noscript svg title base frameset template select col math textarea"
    " xmp noembed noframes plaintext body html"
)
"""Of these, those that change the tokenizer's state, the document's or its base."""

QUIET_STYLE = rb'style="[^"(&\\]*+"'
QUIET_SOURCE = rb'src="(?:"|(?:/[a-zA-Z0-9.~%-]|data:(?!,))[^"]*+")'
"""Own paths and inline data reach nobody."""
_OFTEN = rb' (?:[ce-gi-oq-rt-z][a-z0-9_-]*+="[^"]*+"|href="[^"]*+")'
_USUAL = (
    rb' (?:[ce-gi-oq-rt-z][a-z0-9_-]*+="[^"]*+"|href="[^"]*+"'
    rb"|(?:h(?!ttp)|a(?!ttrib)|d(?!ata-gate)|s(?!rc|tyle)|p(?!ing|oster)|b(?!ack))"
    rb'[a-z0-9_-]*+="[^"]*+"|' + QUIET_STYLE + rb"|" + QUIET_SOURCE + rb")"
)
"""Quiet attributes in the spelling that most pages keep to throughout a tag."""
USUAL_ATTRIBUTES = rb"(?>(?:" + _USUAL + rb")*)"
_QUIET = rb"(?:" + _USUAL + rb"|[\t\n\f\r /]++|(?!" + WAKING_ATTRIBUTES + rb")" + ATTRIBUTE + rb")"
QUIET_ATTRIBUTES = rb"(?>" + _QUIET + rb"*)"

QUIET_END = (
    rb"/(?:[acdefgijklmnopqrsuvwxyz][a-z0-9-]*+>|h(?!tml)[a-z0-9]*+>|t(?!empl)[a-z]*+>|b(?!ody)[a-z]*+>"
    rb"|(?!(?:" + any_of("body html template") + rb")[\t\n\f\r />])" + TAG_NAME + ATTRIBUTES + rb">)"
)
_USUAL_NAME = (
    rb"(?:[adgjkqrvwyz]|s(?!cript|tyle|elect|vg)|l(?!ink)|p(?!laintext)|u(?!se)|i(?!frame|mage|mg)|b(?!ase|ody)"
    rb"|h(?!tml)|t(?!emplate|itle|extarea)|m(?!ath|eta)|e(?!mbed)|c(?!ol)|f(?!rame|eimage)|n(?!o)|o(?!bject))"
    rb"[a-z0-9-]*+"
)
"""Names that are seen by their first letters not to be among the waking ones: `(?!any_of(WAKING_TAGS))` takes
longer than all else in a short tag."""
USUAL_START = (
    _USUAL_NAME
    + (rb"(?:>|" + _OFTEN + rb"(?:>|" + USUAL_ATTRIBUTES + rb" ?/?>)|")
    + (USUAL_ATTRIBUTES + rb" ?/?>)")
)
QUIET_START = (
    rb"(?!" + any_of(WAKING_TAGS) + NAME_END + rb")" + TAG_NAME + rb"(?:>|" + QUIET_ATTRIBUTES + rb">)"
)
QUIET_IMAGE = rb"img(?:" + USUAL_ATTRIBUTES + rb" ?/?>|" + NAME_END + QUIET_ATTRIBUTES + rb">)"

_FETCHING = any_of(b" ".join(sorted(FETCHING_LINKS, reverse=True)).decode())
QUIET_LINK = (
    rb'link(?>(?: (?:class|data-rh|id|media|type)="[^"]*+")*)'
    rb' rel="(?!'
    + _FETCHING
    + rb'")[a-zA-Z0-9_.:-]++"(?>(?:(?! ?'
    + any_of("rel")
    + rb")"
    + _QUIET
    + rb")*)>"
)
"""A `rel` of one word at which nobody fetches, and no second one: a browser that reads ahead takes the last."""
QUIET_OWN_LINK = (
    rb'link(?>(?: (?:as|class|color|crossorigin|id|media|rel|sizes|title|type)="[^"]*+"'
    rb'| href="/[a-zA-Z0-9.~%-][^"]*+"| crossorigin(?=[ />]))*) ?/?>'
)
QUIET_META = (
    rb'meta(?>(?: (?:name|property|content|itemprop|class|id|lang|media|data-(?!gate)[a-z-]++)="[^"]*+"'
    rb"| charset=(?:\"[uU][^\"]*+\"|[uU][a-zA-Z0-9-]*+(?=[ />])))*) ?/?>"
)
"""One that names no encoding but an unstateful one: none of those begins with a `u`."""

ICON_PARTS = (
    "g path circle rect line polyline polygon ellipse defs symbol stop"
    " linearGradient radialGradient clipPath text tspan"
)
ICON_ATTRIBUTES = (
    rb"(?>(?:"
    rb" (?:[aegjkloqrtuvwyz]|d(?!"
    + any_of("ata-gate")
    + rb')|h(?![rR][eE][fF])|x(?![lL][iI])|p(?![iI][nN]))[a-zA-Z0-9:-]*+="[^"]*+"'
    rb'| (?:xlink:)?href="#[^"]*+"'
    rb'| [cfimnsb][a-zA-Z0-9-]*+="(?:url\(#)?[^"(&\\]*+"'
    rb"|[\t\n\f\r /]++)*)"
)
"""Attributes of drawings: those that may name a `url()` name one in the page itself."""
ICON = (
    rb"svg"
    + ICON_ATTRIBUTES
    + rb">(?>(?:[^<]*+<(?:title"
    + ICON_ATTRIBUTES
    + rb">[^<]*+</title|/?(?:(?:"
    + b"|".join(part.encode() for part in ICON_PARTS.split())
    + rb")(?=[ />])"
    + ICON_ATTRIBUTES
    + rb'|use(?: (?:xlink:)?href="#[^"]*+")'
    + ICON_ATTRIBUTES
    + rb"|use))>)*)[^<]*+</svg>"
)
"""A whole plain drawing: nothing in it depends on foreign content being tokenised differently."""

UNWATCHED = (
    rb" (?:[ce-gj-oqt-wyz][a-z0-9_-]*+|a(?!ttrib)[a-z-]*+|b(?!ack)[a-z]*+|h(?!ref|ttp)[a-z]*+|i(?!mage)[a-z]*+"
    rb'|d(?!ata-gate|ata=)[a-z0-9_-]*+|s(?!rc|tyle)[a-z]*+|p(?!ing|oster)[a-z]*+)="[^"]*+"'
)
"""The usual spelling of an attribute that few elements have a use for."""
_SCRIPT_PARTS = (
    rb'(?>(?: (?:type="(?:text/javascript|module)?"|(?:async|defer|nomodule)(?:="[^"]*+"|(?=[ >]))'
    rb'|(?:id|class|charset|nonce|crossorigin|integrity|referrerpolicy|data-(?!gate)[a-z-]*+)="[^"]*+"))*)'
)
WATCHED = (
    rb"(?:"
    + any_of("src style poster ping background attributionsrc href xlink:href rel imagesrcset data-gate")
    + rb"|"
    + any_of("data")
    + rb"(?=[\t\n\f\r />=]))"
)
UNWATCHED_ATTRIBUTES = (
    rb"(?>(?:" + UNWATCHED + rb"|[\t\n\f\r /]++|(?!" + WATCHED + rb")" + ATTRIBUTE + rb")*)"
)
_SOURCE = rb'src="([^"]*+)"'
WOKEN = rb"<(/?" + TAG_NAME + rb")" + ATTRIBUTES + rb">"
USUAL_WOKEN = (
    rb"<(?:(img)"
    + (rb"(?=[\t\n\f\r /])" + UNWATCHED_ATTRIBUTES + _SOURCE + UNWATCHED_ATTRIBUTES)
    + rb">|(script)"
    + (_SCRIPT_PARTS + rb"(?: " + _SOURCE + _SCRIPT_PARTS)
    + rb")?>|(/?"
    + TAG_NAME
    + rb")"
    + ATTRIBUTES
    + rb">)"
)
"""Where nothing but its source decides over a tag, or a script has none, that is captured after the name.
The groups are (1) name and (2) source of an image, (3) and (4) those of a script, (5) any other tag's name."""


def markup(*constructs: bytes, woken: bytes = WOKEN) -> re.Pattern[bytes]:
    """Swallow text and `constructs` (what follows their `<`), then capture the name of a complete tag, last."""
    return re.compile(rb"(?>(?:[^<]*+<(?:" + b"|".join(constructs) + rb"))*)[^<]*+(?:" + woken + rb")?")


IN_BODY = markup(
    QUIET_END,
    USUAL_START,
    COMMENT,
    ICON,
    QUIET_IMAGE,
    QUIET_LINK,
    QUIET_OWN_LINK,
    QUIET_META,
    QUIET_START,
    STRAY,
    BOGUS,
    woken=USUAL_WOKEN,
)
OPEN_BODY = markup(
    QUIET_END,
    _USUAL_NAME + ATTRIBUTES + rb">",
    COMMENT,
    ICON,
    rb"(?!" + any_of(STATE_TAGS) + NAME_END + rb")" + TAG_NAME + ATTRIBUTES + rb">",
    STRAY,
    BOGUS,
)
"""Where nothing is held: only what changes the tokenizer's state wakes Python, or the document's."""
EVERY_TAG = markup(COMMENT, STRAY, BOGUS)
"""The same language with every tag waking Python."""
IN_SELECT = markup(
    rb"/?opt(?:ion|group)" + NAME_END + rb"(?:>|" + QUIET_ATTRIBUTES + rb">)", COMMENT, STRAY, BOGUS
)

_EMPTY_PARTS = b"path circle rect line polyline polygon ellipse stop".split()
_TEXT_PARTS = b"mi mo mn ms mtext text tspan".split()
IN_FOREIGN = markup(
    *(
        part + rb"(?=[ />])" + ICON_ATTRIBUTES + rb"(?:(?<=/)>|>[\t\n\f\r ]*+</" + part + rb">)"
        for part in _EMPTY_PARTS
    ),
    *(part + rb"(?=[ />])" + ICON_ATTRIBUTES + rb"(?<!/)>[^<]*+</" + part + rb">" for part in _TEXT_PARTS),
    COMMENT,
    STRAY,
    BOGUS_IN_FOREIGN,
)
"""Quiet is what leaves the open elements as they were."""
IN_POINT = markup(COMMENT, STRAY, BOGUS_IN_FOREIGN)
"""Where HTML stands in foreign content."""
DOUBTFUL = markup(STRAY)
"""Where nothing may be swallowed unseen."""
_HEAD_SPACE = rb"[\t\n\f\r ]++|<(?:" + COMMENT + rb"|(?!!" + any_of("doctype") + rb")" + BOGUS + rb")"
IN_HEAD = re.compile(rb"(?>(?:" + _HEAD_SPACE + rb")*)(?:" + WOKEN + rb")?")
"""Before the body has begun, each tag and each other byte of text decides something."""
IN_KNOWN_HEAD = re.compile(
    rb"(?>(?:"
    + (_HEAD_SPACE + rb"|</(?:head|link|meta|noscript|script|style|title)>|<" + QUIET_META)
    + (rb"|<" + QUIET_LINK + rb"|<" + QUIET_OWN_LINK + rb")*)(?:" + USUAL_WOKEN + rb")?")
)
"""The same, once it is known whether this is a document."""

DOUBTFUL_IN_HEAD = re.compile(rb"[\t\n\f\r ]*+(?:" + WOKEN + rb")?")

EVERY_FOREIGN_TAG = markup(COMMENT, STRAY, BOGUS_IN_FOREIGN)
