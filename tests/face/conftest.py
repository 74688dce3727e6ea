import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "web"))

from standing import StandingGate

from cookiegate.face import Face


@pytest.fixture
def gate(tmp_path: Path) -> StandingGate:
    return StandingGate(tmp_path)


@pytest.fixture
def face(gate: StandingGate) -> Face:
    return gate.face
