import sqlite3
import threading

import pytest

from cookiegate.core.question import text_hash
from cookiegate.errors import LedgerError
from cookiegate.ledger import Ledger, prune_before
from tests.ledger.appender import QUESTION, TEXT, record


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "ledger.sqlite"


@pytest.fixture
def ledger(path):
    ledger = Ledger(path)
    yield ledger
    ledger.close()


def append(ledger, number, **changes):
    ledger.append(record(number, **changes), question=QUESTION, text=TEXT)


def rows(path):
    connection = sqlite3.connect(path)
    try:
        return connection.execute("SELECT * FROM choice").fetchall()
    finally:
        connection.close()


def test_a_receipt_tells_a_visitor_everything_that_was_recorded(ledger):
    append(ledger, 7, id="mine", services=("youtube", "vimeo"))
    append(ledger, 8, id="other")
    append(ledger, 9, id="mine", action="withdrawal", source="settings", categories={"analytics": False})
    receipt = ledger.receipt("mine")
    first, last = receipt["choices"]
    assert receipt["record"] == "mine"
    assert first["time"] == "2026-11-23T00:00:07Z"
    assert first["categories"] == {"preferences": True, "analytics": False, "marketing": False}
    assert first["services"] == ["vimeo", "youtube"]
    assert first["question"]["hash"] == QUESTION.hash
    assert first["question"]["categories"] == list(QUESTION.categories)
    assert first["text"] == {"hash": text_hash(TEXT), "body": TEXT}
    assert (last["action"], last["source"], last["categories"]) == (
        "withdrawal",
        "settings",
        {"analytics": False},
    )


def test_an_unknown_receipt_is_none(ledger):
    append(ledger, 1, id=None)
    assert ledger.receipt("nobody") is None
    assert ledger.receipt("") is None


def test_texts_are_kept_once(ledger, path):
    for number in range(5):
        append(ledger, number)
    with sqlite3.connect(path) as connection:
        counts = [
            *connection.execute("SELECT (SELECT count(*) FROM question), (SELECT count(*) FROM shown_text)")
        ]
    connection.close()
    assert counts == [(1, 1)]


def test_a_record_without_its_text_is_refused(ledger):
    with pytest.raises(LedgerError):
        ledger.append(record(1), question=QUESTION)
    append(ledger, 1)
    ledger.append(record(2))
    assert ledger.receipt("r2")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE choice SET analytics = 1",
        "DELETE FROM choice",
        "INSERT OR REPLACE INTO choice SELECT * FROM choice",
        "REPLACE INTO choice (number, time, question, shown_text, services, source, language, action) "
        "SELECT number, 0, question, shown_text, '', '', '', '' FROM choice",
        "UPDATE question SET body = ''",
        "UPDATE shown_text SET body = ''",
        "UPDATE retention SET before = -1",
        "DELETE FROM retention",
    ],
)
def test_the_file_itself_refuses_to_forget(ledger, path, statement):
    append(ledger, 1)
    connection = sqlite3.connect(path, isolation_level=None)
    before = connection.execute("SELECT * FROM choice").fetchall()
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    assert connection.execute("SELECT * FROM choice").fetchall() == before
    connection.close()


def test_pruning_removes_what_is_old_and_nothing_else(ledger):
    append(ledger, 0)
    ledger.append(record(100, text=text_hash("new words")), text="new words")
    assert ledger.prune(record(100).time) == 1
    assert ledger.receipt("r0") is None
    assert ledger.receipt("r100")["choices"][0]["text"]["body"] == "new words"
    assert ledger.prune(0) == 0, "an earlier time brings nothing back and opens nothing"
    append(ledger, 101)


def test_records_are_kept_for_the_choice_and_twelve_months():
    assert prune_before(86_400 * 1000, 184) == 86_400 * (1000 - 184 - 365)


def test_the_first_record_of_a_day_prunes_what_is_over(path):
    ledger = Ledger(path, cookie_days=184)
    day, end = 86_400, 1_795_392_000 + 549 * 86_400
    for number in (0, 1, day):
        append(ledger, number)
    append(ledger, end - 1_795_392_000 + 1)
    assert [ledger.receipt(f"r{number}") is None for number in (0, 1, day)] == [True, False, False]
    append(ledger, end - 1_795_392_000 + 2)
    assert ledger.receipt("r1"), "once a day is enough"
    append(ledger, end - 1_795_392_000 + day)
    assert ledger.receipt("r1") is None
    assert ledger.receipt(f"r{day}")
    ledger.close()


def test_commits_are_synced_and_the_file_is_private(ledger, path):
    append(ledger, 1)
    with ledger._connection.read() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_threads_share_one_ledger(ledger, path):
    def work(start):
        for number in range(start, start + 10):
            append(ledger, number)

    threads = [threading.Thread(target=work, args=(start,)) for start in (0, 10, 20, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rows(path)) == 40


def test_nothing_personal_has_a_column(ledger, path):
    append(ledger, 1)
    with sqlite3.connect(path) as connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(choice)")]
    connection.close()
    assert names == [
        *("number", "time", "question", "shown_text", "preferences", "analytics", "marketing"),
        *("services", "source", "language", "action", "record"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "en; 192.0.2.1"},
        {"language": ""},
        {"services": ("https://example.com/?id=1",)},
        {"services": ("Mozilla/5.0 (X11)",)},
        {"source": "192.0.2.1"},
        {"action": "seen"},
        {"id": "192.0.2.1"},
        {"id": "x" * 23},
        {"text": "We use cookies"},
        {"question": "?"},
        {"categories": {"necessary": True}},
        {"categories": {"analytics": "192.0.2.1"}},
        {"time": -1},
    ],
)
def test_a_record_cannot_hold_anything_else(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        record(1, **wrong)
