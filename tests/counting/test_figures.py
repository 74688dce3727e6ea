"""What monitoring is told of counting."""

from __future__ import annotations

from cookiegate.config import Config
from cookiegate.core.counts import VISIT
from cookiegate.core.sealing import Rule
from cookiegate.core.sealing.periods import week_of
from cookiegate.counting import Buffer, Flusher, Sealer, figures
from cookiegate.counting.opening import open_counter
from cookiegate.errors import StoreError
from cookiegate.stores import MemoryStore

DAY = week_of(20_500)


class Down(MemoryStore):
    down = True

    def add(self, batch):
        if self.down:
            raise StoreError("down")
        return super().add(batch)


def test_they_tell_of_a_store_that_is_down_and_of_one_that_came_back():
    buffer, store = Buffer(most=3), Down()
    flusher = Flusher(buffer, store, "s", today=lambda: DAY)
    buffer.add(DAY, [("page", f"/{number}") for number in range(5)], VISIT)
    assert not flusher.flush()
    told = figures(buffer, flusher)
    assert (told.depth, told.errors, told.overflowed) == (4, 1, 2)
    store.down = False
    assert flusher.flush()
    told = figures(buffer, flusher)
    assert (told.depth, told.errors) == (0, 1)
    assert 0 <= told.flush_age < 60


def test_they_tell_how_far_it_is_sealed():
    store = MemoryStore()
    buffer, sealer = Buffer(), Sealer(store, "site", Rule(10), last_day=lambda: DAY)
    flusher = Flusher(buffer, store, "site", today=lambda: DAY, chores=sealer.run)
    assert figures(buffer, flusher, sealer).sealed_until == 0
    buffer.add(DAY, [("hour", "10")], VISIT)
    flusher.turn()
    told = figures(buffer, flusher, sealer)
    assert (told.sealed, told.sealed_until) == (1, 20260216)


def test_a_sealing_that_fails_is_told():
    def fails():
        raise StoreError("away")

    flusher = Flusher(Buffer(), MemoryStore(), "s", today=lambda: DAY, chores=fails)
    flusher.turn()
    assert figures(Buffer(), flusher).seal_errors == 1


def test_a_counter_of_settings_has_them(tmp_path):
    counter = open_counter(Config(state_dir=tmp_path), "question")
    assert counter is not None
    assert counter.figures is not None
    assert counter.figures().depth == 0
