"""Where elements end whose content is not markup (HTML standard, 13.2.5.1 to 13.2.5.31)."""

from __future__ import annotations

import re

from .grammar import NAME_END, any_of

RAW_ELEMENTS = ("style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript", "script")
"""Outside foreign content these end at their own end tag alone. `noscript` as a browser with script reads it."""

END_TAGS = {name.encode(): re.compile(rb"</" + any_of(name) + NAME_END) for name in RAW_ELEMENTS}
LONGEST_END_TAG = len(b"</textarea")

_SCRIPT_MARKS = re.compile(rb"<!--|-->|<(/?)" + any_of("script") + NAME_END)
_FIRST_MARK = re.compile(rb"<(?:/" + any_of("script") + NAME_END + rb"|!--)")


def script_end(buffer: bytes, pos: int) -> int:
    """Where the script that begins at `pos` ends, or -1 where `buffer` does not show it."""
    mark = _FIRST_MARK.search(buffer, pos)
    if mark is None:
        return -1
    return mark.start() if buffer[mark.start() + 1] == 47 else ScriptEnd().find(buffer, mark.start())


def raw_end(name: bytes, buffer: bytes, pos: int) -> int:
    """As `script_end`, for any element of `RAW_ELEMENTS`."""
    if name == b"script":
        return script_end(buffer, pos)
    match = END_TAGS[name].search(buffer, pos)
    return match.start() if match else -1


class ScriptEnd:
    """Finds `</script` through the escaped and double escaped states, over any cut of the text.

    `find` returns the index of the end tag, or -1; then `resume` is where to go on once more bytes came.
    """

    __slots__ = ("level", "resume")

    def __init__(self) -> None:
        self.level = 0  # 1: inside `<!--`, 2: inside `<script` inside `<!--`
        self.resume = 0

    def find(self, buffer: bytes, pos: int) -> int:
        if not self.level:
            first = _FIRST_MARK.search(buffer, pos)
            if first is None:
                return self._not_yet(buffer, pos)
            pos = first.start()
            if buffer[pos + 1] == 47:
                return pos
        self.resume = pos
        while mark := _SCRIPT_MARKS.search(buffer, self.resume):
            if self._closes(mark):
                return mark.start()
        return self._not_yet(buffer, self.resume)

    def _not_yet(self, buffer: bytes, pos: int) -> int:
        self.resume = max(pos, len(buffer) - len(b"</script"))
        return -1

    def _closes(self, mark: re.Match[bytes]) -> bool:
        self.resume = mark.end()
        text = mark[0]
        if text == b"<!--":
            self.level = self.level or 1
            self.resume -= 2  # its dashes may close it: `<!-->`
        elif text == b"-->":
            self.level = 0
        elif mark[1]:
            if self.level < 2:
                return True
            self.level = 1
        elif self.level:
            self.level = 2
        return False
