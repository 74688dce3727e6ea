from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cookiegate.web import build
from tests.web.standing import StandingGate


@pytest.fixture
def gate(tmp_path: Path) -> StandingGate:
    return StandingGate(tmp_path)


@pytest.fixture
def client(gate: StandingGate) -> FlaskClient:
    return visit(gate)


def visit(gate: StandingGate) -> FlaskClient:
    return build(gate).test_client()
