from __future__ import annotations

import pytest

from cookiegate.core.consent import Choice
from cookiegate.core.mark import Mark

QUESTION = "0123456789ab"
EVERYTHING = Choice(
    question=QUESTION,
    day=20_000,
    granted=frozenset({"preferences", "analytics", "marketing"}),
    services=frozenset({"youtube", "maps.example"}),
)


@pytest.mark.parametrize(
    ("text", "granted", "services"),
    [
        (f"{QUESTION}~3~p~youtube~w", {"preferences"}, {"youtube"}),
        (f"{QUESTION}~1~pam~maps.example+youtube~", {"preferences", "analytics", "marketing"}, EVERYTHING.services),
        (f"{QUESTION}~1~~~w", set(), set()),
        ("ba9876543210~1~pam~youtube~", set(), set()),
        (f"{QUESTION}~1764500000000", set(), set()),
        ("", set(), set()),
        ("~~~~~~", set(), set()),
        (f"{QUESTION}~\u0663~xyz~\n~", set(), set()),
    ],
)  # fmt: skip
def test_choice_counts_as_far_as_its_mark_says(text: str, granted: set[str], services: set[str]) -> None:
    limited = Mark.parse(text).limit(EVERYTHING)
    assert (limited.granted, limited.services) == (granted, services)
    assert (limited.question, limited.day) == (EVERYTHING.question, EVERYTHING.day)


def test_mark_adds_nothing_to_a_choice() -> None:
    nothing = Choice(question=QUESTION, day=20_000)
    assert Mark.parse(f"{QUESTION}~1~pam~youtube~").limit(nothing) == nothing


def test_mark_of_a_signed_choice_lets_it_pass_whole_one_act_later() -> None:
    text = Mark.parse(f"{QUESTION}~7~~~w").after(EVERYTHING)
    assert text == f"{QUESTION}~8~pam~maps.example+youtube~"
    assert Mark.parse(text).limit(EVERYTHING) == EVERYTHING
