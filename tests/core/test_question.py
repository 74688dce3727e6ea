import json
from dataclasses import replace

import pytest

from cookiegate.core.question import AskedService, Question, text_hash

ASKED = (AskedService("vimeo", "preferences", "video"), AskedService("matomo", "analytics", "counting"))
QUESTION = Question(services=ASKED, purposes=(("analytics", "We count."),))


def test_order_of_services_is_not_substance():
    assert replace(QUESTION, services=ASKED[::-1]).hash == QUESTION.hash


@pytest.mark.parametrize(
    "change",
    [
        {"revision": 2},
        {"categories": ("analytics", "marketing")},
        {"services": ASKED[:1]},
        {"services": (*ASKED, AskedService("hotjar", "analytics"))},
        {"services": (AskedService("vimeo", "marketing", "video"), ASKED[1])},
        {"services": (AskedService("vimeo", "preferences", "adverts"), ASKED[1])},
        {"purposes": (("analytics", "We profile."),)},
    ],
)
def test_substance_changes_the_hash(change):
    assert replace(QUESTION, **change).hash != QUESTION.hash


def test_canonical_form_reads_back():
    again = Question.from_mapping(json.loads(QUESTION.canonical()))
    assert again.hash == QUESTION.hash == text_hash(QUESTION.canonical())
    assert again.service_ids == {"vimeo", "matomo"}


@pytest.mark.parametrize(
    "damaged", [{}, {"categories": 1}, {"categories": [], "services": [[]], "revision": 1}]
)
def test_a_damaged_form_is_refused(damaged):
    with pytest.raises((KeyError, TypeError, ValueError)):
        Question.from_mapping(damaged)
