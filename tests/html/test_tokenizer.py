"""html5lib's tokenizer tests: the same tags, comments and doctypes, and a span for every byte of the input."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cookiegate.core.html import grammar
from cookiegate.core.html.attributes import attributes, unescape
from cookiegate.core.html.foreign import ForeignContent
from cookiegate.core.html.raw_text import END_TAGS, ScriptEnd
from cookiegate.core.html.scanner import Scanner

STATES = (
    "Data state",
    "PLAINTEXT state",
    "RCDATA state",
    "RAWTEXT state",
    "Script data state",
    "CDATA section state",
)
ENTITY_FILES = {"entities", "namedEntities", "numericEntities"}
"""Mostly character references in text, which a scanner of tags passes as it came."""


class Recorder(Scanner):
    """Records what the tokenizer sees; never switches state by itself."""

    in_body = in_select = grammar.EVERY_TAG
    in_foreign = grammar.EVERY_FOREIGN_TAG

    def __init__(self, state: str, last: str) -> None:
        super().__init__()
        self.seen: list[Any] = []
        self._begin(state, last.encode())

    def _begin(self, state: str, last: bytes) -> None:
        if state == "PLAINTEXT state":
            self._step = self._pass_all
        elif state == "Script data state":
            self._step = self._pass_script
            self._script_end = ScriptEnd()
        elif state in ("RCDATA state", "RAWTEXT state"):
            end = END_TAGS.get(last) or re.compile(rb"(?i:</" + last + rb")(?=[\t\n\f\r />])")
            self._pass_until(end, len(last) + 2)
        elif state == "CDATA section state":
            self._pass_construct(re.compile(rb"\]\]>"), 2, 0)

    def _start_tag(self, name: bytes, start: int, name_end: int, end: int) -> int:
        found = {}
        for own_name, value in attributes(self._buffer, name_end, end):
            found.setdefault(normal(own_name), unescape(normal(value)))
        token: list[Any] = ["StartTag", normal(lowered(name)), found]
        self.seen.append([*token, True] if closes_itself(self._buffer[start:end]) else token)
        return end

    def _end_tag(self, name: bytes, start: int, end: int) -> int:
        self.seen.append(["EndTag", normal(lowered(name))])
        return end


def closes_itself(tag: bytes) -> bool:
    foreign = ForeignContent()
    foreign.start(b"svg", tag)
    return not foreign.inside


class SpanRecorder(Recorder):
    """Wakes at comments and doctypes too."""

    in_body = in_foreign = in_select = grammar.markup(grammar.STRAY)

    def feed(self, data: bytes) -> bytes:
        self._waiting.append(data)
        return b""

    def _pass_construct(self, needle: re.Pattern[bytes], overlap: int, pos: int) -> int:
        self._from = pos
        return super()._pass_construct(needle, overlap, pos)

    def _pass_to_needle(self, pos: int) -> int:
        end = super()._pass_to_needle(pos)
        if not self._through:
            return end
        if end >= 0:
            self._construct(self._buffer[:end])
        elif self._final:
            self._construct(self._buffer)
        return end

    def _at_end(self, at: int) -> None:
        if self._step == self._markup and self._buffer[at : at + 2] in (b"<!", b"<?"):
            self._from = at + 2
            self._construct(self._buffer)

    def _construct(self, data: bytes) -> None:
        if b"<" not in data[: self._from]:
            return  # a CDATA section that the test began in
        start = data.rindex(b"<", 0, self._from)
        span = data[start:]
        if span[:9].lower() == b"<!doctype":
            self.seen.append(["DOCTYPE"])
        elif span.startswith(b"<!--"):
            self.seen.append(["Comment", normal(re.sub(rb"\A<!--(?:-?>)?|(?:--!?>|--!?|-)\Z", b"", span))])
        elif span != b"</>":
            self.seen.append(["Comment", normal(span[1 if span[1] == 63 else 2 :].removesuffix(b">"))])


def lowered(name: bytes) -> bytes:
    return name.lower()


def normal(raw: bytes) -> str:
    return raw.decode().replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def unescaped(case: dict[str, Any]) -> dict[str, Any]:
    if case.get("doubleEscaped"):
        turned = json.dumps({"input": case["input"], "output": case["output"]})
        turned = re.sub(r"\\\\u([0-9a-fA-F]{4})", r"\\u\1", turned)
        case = case | json.loads(turned)
    return case


def cases(folder: Path) -> list[tuple[str, dict[str, Any], str]]:
    found = []
    for path in sorted((folder / "tokenizer").glob("*.test")):
        content = json.loads(path.read_text())
        for case in content.get("tests", []):
            case = unescaped(case)
            try:
                case["input"].encode()
            except UnicodeEncodeError:
                continue  # lone surrogates have no bytes
            states = case.get("initialStates", ["Data state"])
            if case.get("lastStartTag") != "script":
                states = [
                    state for state in states if state != "Script data state"
                ]  # no other tag leads there
            found += [(path.stem, case, state) for state in states]
    return found


def tags_of(output: list[Any]) -> list[Any]:
    return [token for token in output if token != "ParseError" and token[0] in ("StartTag", "EndTag")]


def constructs_of(output: list[Any]) -> list[Any]:
    kinds = ("StartTag", "EndTag", "Comment", "DOCTYPE")
    found = [token for token in output if token != "ParseError" and token[0] in kinds]
    return [token[:1] if token[0] == "DOCTYPE" else token for token in found]


def seen_tags(case: dict[str, Any], state: str, cut: int = 0, kind: type[Recorder] = Recorder) -> list[Any]:
    recorder = kind(state, case.get("lastStartTag", ""))
    data = case["input"].encode()
    pieces = [data[i : i + cut] for i in range(0, len(data), cut)] if cut else [data]
    out = b"".join([recorder.feed(piece) for piece in pieces]) + recorder.close()
    assert out == data
    return recorder.seen


def test_tags_are_those_of_the_standard(corpus: Path) -> None:
    runs = cases(corpus)
    assert len(runs) > 6000
    wrong = [
        (name, state, case["input"], tags_of(case["output"]), seen)
        for name, case, state in runs
        if (seen := seen_tags(case, state)) != tags_of(case["output"])
    ]
    assert not wrong, f"{len(wrong)} of {len(runs)}: {wrong[:8]}"


def test_comments_and_doctypes_are_those_of_the_standard(corpus: Path) -> None:
    wrong = [
        (name, state, case["input"], constructs_of(case["output"]), seen)
        for name, case, state in cases(corpus)
        if (seen := seen_tags(case, state, kind=SpanRecorder)) != constructs_of(case["output"])
    ]
    assert not wrong, f"{len(wrong)}: {wrong[:8]}"


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_cuts_change_no_tag(corpus: Path, cut: int) -> None:
    for _, case, state in cases(corpus):
        assert seen_tags(case, state, cut) == seen_tags(case, state), case["input"]
