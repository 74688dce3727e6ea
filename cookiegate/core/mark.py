"""The mark: the most that a visitor has last allowed, as a script of the page writes it the moment they choose.

What is signed counts within it. So a refusal counts before its message has arrived, and neither an answer that comes
late nor a planted cookie widens what somebody chose since. Nothing in it is signed, for it only takes away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .consent import OPTIONAL, Choice

LETTERS = {name[0]: name for name in OPTIONAL}


@dataclass(frozen=True, slots=True)
class Mark:
    """`acts` counts the choices made in this browser: who compares two marks sees that one was made between."""

    question: str
    acts: int
    granted: frozenset[str]
    services: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> Mark:
        """Of `question~acts~letters~services~w`. What cannot be read allows nothing."""
        question, acts, letters, services, *_ = [*text.split("~"), "", "", "", ""]
        granted = frozenset(LETTERS[letter] for letter in letters if letter in LETTERS)
        number = int(acts) if acts.isascii() and acts.isdigit() and len(acts) < 10 else 0
        return cls(question, number, granted, frozenset(filter(None, services.split("+"))))

    def after(self, choice: Choice) -> str:
        """The mark of a choice that a server has signed, one act later."""
        letters = "".join(letter for letter, name in LETTERS.items() if name in choice.granted)
        return f"{choice.question}~{self.acts + 1}~{letters}~{'+'.join(sorted(choice.services))}~"

    def limit(self, choice: Choice) -> Choice:
        """`choice`, as far as this mark lets it count. One of another question lets nothing pass."""
        ours = self.question == choice.question
        return replace(
            choice,
            granted=choice.granted & self.granted if ours else frozenset(),
            services=choice.services & self.services if ours else frozenset(),
        )
