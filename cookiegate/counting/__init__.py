"""Counting at work: facts of a request become cells, cells a buffer, the buffer a store, and days are sealed."""

from .buffer import Buffer
from .calendar import Calendar
from .counter import Counter, Facts, Outcome
from .figures import Figures, figures
from .flusher import Flusher
from .sealer import Sealer

__all__ = ["Buffer", "Calendar", "Counter", "Facts", "Figures", "Flusher", "Outcome", "Sealer", "figures"]
