from dataclasses import replace

import pytest

from cookiegate.core.consent import OPTIONAL, Choice, consent_of
from cookiegate.core.question import AskedService, Question

QUESTION = Question(
    services=(
        AskedService("matomo", "analytics"),
        AskedService("vimeo", "preferences"),
        AskedService("youtube", "marketing"),
    )
)
ALL = frozenset(OPTIONAL)
DECLINED = Choice(question=QUESTION.hash, day=20000)
ACCEPTED = replace(DECLINED, granted=ALL)


def test_no_choice_is_undecided_and_asked():
    consent = consent_of(None, QUESTION)
    assert (consent.state, consent.asks, consent.granted) == ("undecided", True, frozenset())
    assert not any(consent.allows(category, "matomo") for category in OPTIONAL)
    assert consent.allows("necessary")


def test_a_refusal_is_denied_and_not_asked_again():
    consent = consent_of(DECLINED, QUESTION)
    assert (consent.state, consent.asks, consent.key) == ("denied", False, "0")


def test_everything_granted_lets_the_unnamed_pass_too():
    consent = consent_of(ACCEPTED, QUESTION)
    assert (consent.state, consent.everything, consent.key) == ("granted", True, "all")
    assert consent.allows("unclassified", "unknown.example")


def test_a_partial_grant_releases_its_category_and_only_what_was_asked():
    consent = consent_of(replace(DECLINED, granted=frozenset({"analytics"})), QUESTION)
    assert consent.state == "partial"
    assert consent.allows("analytics", "matomo")
    assert not consent.allows("analytics", "hotjar"), "visitors were never asked about this one"
    assert not consent.allows("analytics"), "nor about a host without a name"
    assert not consent.allows("marketing", "youtube")


def test_an_answer_to_another_question_counts_for_nothing():
    consent = consent_of(replace(ACCEPTED, question="0" * 12), QUESTION)
    assert (consent.state, consent.choice, consent.asks) == ("undecided", None, True)


@pytest.mark.parametrize("signal", ["gpc", "dnt"])
def test_a_signal_denies_analytics_and_marketing_over_a_stored_grant(signal):
    consent = consent_of(ACCEPTED, QUESTION, signal=signal)
    assert (consent.state, consent.granted, consent.signal) == ("partial", frozenset({"preferences"}), signal)
    assert not consent.allows("analytics", "matomo")
    assert not consent.allows("marketing", "youtube")
    assert consent.allows("preferences", "vimeo")


def test_nothing_is_ungated_altogether_under_a_signal():
    question = replace(QUESTION, categories=("preferences",))
    choice = Choice(question=question.hash, day=20000, granted=frozenset({"preferences"}))
    assert consent_of(choice, question).everything
    assert not consent_of(choice, question, signal="gpc").allows("unclassified", "unknown.example")


def test_a_later_grant_on_purpose_stands_over_the_signal():
    consent = consent_of(replace(ACCEPTED, over_signal=True), QUESTION, signal="gpc")
    assert consent.everything
    assert consent.signal is None


def test_a_signal_stands_for_the_answer_of_who_gave_none():
    consent = consent_of(None, QUESTION, signal="gpc")
    assert (consent.state, consent.asks) == ("denied", False)


def test_a_signal_denies_a_stored_always_of_a_marketing_service():
    always = replace(DECLINED, answered=False, services=frozenset({"youtube", "vimeo", "frames.example"}))
    assert consent_of(always, QUESTION).services == always.services
    assert consent_of(always, QUESTION, signal="gpc").services == {"vimeo"}


def test_load_once_is_an_act_of_its_own_under_a_signal():
    consent = consent_of(None, QUESTION, signal="gpc", once=frozenset({"youtube"}))
    assert consent.allows("marketing", "youtube")
    assert not consent.allows("analytics", "matomo")


def test_always_without_an_answer_leaves_the_banner():
    consent = consent_of(replace(DECLINED, answered=False, services=frozenset({"youtube"})), QUESTION)
    assert (consent.state, consent.asks) == ("partial", True)


def test_the_statistics_objection_shows():
    assert consent_of(replace(DECLINED, statistics_off=True), QUESTION).statistics_off
    assert not consent_of(None, QUESTION).statistics_off


def test_different_pages_have_different_keys():
    choices = [None, DECLINED, ACCEPTED]
    choices += [replace(DECLINED, granted=frozenset({name})) for name in OPTIONAL]
    choices += [replace(DECLINED, services=frozenset({"youtube"}))]
    choices += [replace(DECLINED, services=frozenset({"youtube"}), answered=False)]
    keys = [consent_of(choice, QUESTION).key for choice in choices]
    keys += [consent_of(None, QUESTION, signal="gpc").key, consent_of(None, QUESTION, signal="dnt").key]
    assert len(set(keys)) == len(keys)
    assert all(key.isascii() and not set(key) & set('", ') for key in keys)


def test_an_objection_to_statistics_outlasts_the_question():
    earlier = replace(ACCEPTED, question="0123456789ab", statistics_off=True)
    consent = consent_of(earlier, QUESTION)
    assert (consent.state, consent.asks, consent.statistics_off) == ("undecided", True, True)
    assert not consent_of(replace(earlier, statistics_off=False), QUESTION).statistics_off
