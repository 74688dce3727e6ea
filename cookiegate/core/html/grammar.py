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
ATTRIBUTES = rb"(?>(?:[\t\n\f\r /]++|" + ATTRIBUTE + rb")*)"

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
    "script style link base iframe frameset object noscript template select col svg math title textarea"
    " xmp noembed noframes plaintext image use feimage embed frame body html"
)

QUIET_STYLE = rb'style="[^"(&\\]*+"'
QUIET_SOURCE = rb'src="(?:"|(?:/[a-zA-Z0-9.~%-]|data:(?!,))[^"]*+")'
"""Own paths and inline data reach nobody."""
USUAL_ATTRIBUTES = (
    rb"(?>(?:"
    rb' (?:class="[^"]*+"|href="[^"]*+"'
    rb"|(?:[ce-gi-oq-rt-z]|h(?!ttp)|a(?!ttrib)|d(?!ata-gate)|s(?!rc|tyle)|p(?!ing|oster)|b(?!ack))"
    rb'[a-z0-9_-]*+="[^"]*+")'
    rb"| " + QUIET_STYLE + rb"| " + QUIET_SOURCE + rb")*)"
)
"""Quiet attributes in the spelling that most pages keep to throughout a tag."""
QUIET_ATTRIBUTES = (
    rb"(?>(?:"
    rb' (?:class="[^"]*+"|href="[^"]*+"'
    rb"|(?:[ce-gi-oq-rt-z]|h(?!ttp)|a(?!ttrib)|d(?!ata-gate)|s(?!rc|tyle)|p(?!ing|oster)|b(?!ack))"
    rb'[a-z0-9_-]*+="[^"]*+")'
    rb"| " + QUIET_STYLE + rb"| " + QUIET_SOURCE + rb"|[\t\n\f\r /]++"
    rb"|(?!" + WAKING_ATTRIBUTES + rb")" + ATTRIBUTE + rb")*)"
)

QUIET_END = (
    rb"/(?:[acdefgijklmnopqrsuvwxyz][a-z0-9]*+>"
    rb"|(?!(?:" + any_of("body html template") + rb")[\t\n\f\r />])" + TAG_NAME + ATTRIBUTES + rb">)"
)
COMMON_TAGS = rb"(?:a|div|span|li|p|ul|h[1-6]|td|tr|i|b|em|strong|button|section|article|path)"
"""Tried first: to see that a name is not among the waking ones takes longer than all else in a short tag."""
COMMON_START = COMMON_TAGS + rb"(?:>|" + USUAL_ATTRIBUTES + rb">)"
QUIET_START = (
    rb"(?:"
    + (COMMON_TAGS + NAME_END)
    + rb"|(?!"
    + any_of(WAKING_TAGS)
    + NAME_END
    + rb")"
    + TAG_NAME
    + rb")(?:>|"
    + QUIET_ATTRIBUTES
    + rb">)"
)

_FETCHING = any_of(b" ".join(sorted(FETCHING_LINKS, reverse=True)).decode())
QUIET_LINK = (
    rb'link(?>(?: (?:class|data-rh|id|media|type)="[^"]*+")*)'
    rb' rel="(?!' + _FETCHING + rb'")[a-zA-Z0-9_.:-]++"' + QUIET_ATTRIBUTES + rb">"
)
"""A `rel` of one word at which nobody fetches; of two `rel` a browser takes the first."""
QUIET_OWN_LINK = (
    rb'link(?>(?: (?:as|class|color|crossorigin|id|media|rel|sizes|title|type)="[^"]*+"'
    rb'| href="/[a-zA-Z0-9.~%-][^"]*+"| crossorigin(?=[ />]))*) ?/?>'
)

ICON_PARTS = (
    "g path circle rect line polyline polygon ellipse defs symbol stop"
    " linearGradient radialGradient clipPath text tspan"
)
ICON_ATTRIBUTES = (
    rb"(?>(?:"
    rb' (?:[adegjkloqrtuvwyz]|h(?![rR][eE][fF])|x(?![lL][iI])|p(?![iI][nN]))[a-zA-Z0-9:-]*+="[^"]*+"'
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

WOKEN = rb"(?:<(/?" + TAG_NAME + rb")" + ATTRIBUTES + rb">)?"


def markup(*constructs: bytes) -> re.Pattern[bytes]:
    """Swallow text and `constructs` (what follows their `<`), then capture the name of a complete tag."""
    return re.compile(rb"(?>(?:[^<]*+<(?:" + b"|".join(constructs) + rb"))*)[^<]*+" + WOKEN)


IN_BODY = markup(
    QUIET_END, COMMON_START, QUIET_START, QUIET_LINK, QUIET_OWN_LINK, ICON, COMMENT, STRAY, BOGUS
)
EVERY_TAG = markup(COMMENT, STRAY, BOGUS)
"""The same language with every tag waking Python."""

_EMPTY_PARTS = b"path circle rect line polyline polygon ellipse stop".split()
IN_FOREIGN = markup(
    *(
        part + rb"(?=[ />])" + ICON_ATTRIBUTES + rb"(?:(?<=/)>|>[\t\n\f\r ]*+</" + part + rb">)"
        for part in _EMPTY_PARTS
    ),
    COMMENT,
    CDATA,
    STRAY,
    BOGUS_IN_FOREIGN,
)
"""Quiet is what leaves the open elements as they were."""
IN_POINT = markup(COMMENT, STRAY, BOGUS_IN_FOREIGN)
"""Where HTML stands in foreign content."""
DOUBTFUL = markup(STRAY)
"""Where nothing may be swallowed unseen."""
IN_HEAD = re.compile(
    rb"(?>(?:[\t\n\f\r ]++|<(?:" + COMMENT + rb"|(?!!" + any_of("doctype") + rb")" + BOGUS + rb"))*)"
    rb"(?:<(/?" + TAG_NAME + rb")" + ATTRIBUTES + rb">)?"
)
"""Before the body has begun, each tag and each other byte of text decides something."""

DOUBTFUL_IN_HEAD = re.compile(rb"[\t\n\f\r ]*+" + WOKEN)

EVERY_FOREIGN_TAG = markup(COMMENT, CDATA, STRAY, BOGUS_IN_FOREIGN)
