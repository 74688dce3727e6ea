"""Appends `count` records, printing the number of each once it is acknowledged."""

import sys

from cookiegate.core.question import Question, text_hash
from cookiegate.ledger import Ledger, Record

QUESTION = Question()
TEXT = "We use cookies"


def record(number: int, **changes: object) -> Record:
    values = {
        "time": 1_795_392_000 + number,
        "question": QUESTION.hash,
        "text": text_hash(TEXT),
        "categories": {"preferences": True, "analytics": False, "marketing": False},
        "source": "banner",
        "language": "en",
        "action": "grant",
        "id": f"r{number}",
    }
    return Record(**{**values, **changes})  # type: ignore[arg-type]


if __name__ == "__main__":
    path, start, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    ledger = Ledger(path, patience=20)
    for number in range(start, start + count):
        ledger.append(record(number), question=QUESTION, text=TEXT)
        print(number, flush=True)
