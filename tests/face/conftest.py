from pathlib import Path

import pytest

from cookiegate.face import Face
from tests.web.standing import StandingGate


@pytest.fixture
def gate(tmp_path: Path) -> StandingGate:
    return StandingGate(tmp_path)


@pytest.fixture
def face(gate: StandingGate) -> Face:
    return gate.face
