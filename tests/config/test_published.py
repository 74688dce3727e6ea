import json
import multiprocessing
import os
from dataclasses import replace

import pytest

from cookiegate.config import Config, changes, publish, published_question, question_from
from cookiegate.core.question import AskedService, Question
from cookiegate.errors import ConfigError
from tests.config.known import SmallCatalogue

CATALOGUE = SmallCatalogue()
IN_USE = {"services": ["vimeo", "google-analytics", "stripe"]}


@pytest.fixture
def config(tmp_path):
    return Config(state_dir=tmp_path / "state", **IN_USE)


def test_the_question_names_every_service_that_is_not_necessary():
    question = question_from(Config(**IN_USE), CATALOGUE)
    assert question.services == (
        AskedService("google-analytics", "analytics", "Counts visits"),
        AskedService("vimeo", "preferences", "Plays videos"),
    )


def test_the_operator_s_own_words_and_services_are_asked():
    service = {
        "vimeo": {"purpose": "Shows our films", "category": "marketing"},
        "own-chat": {"category": "preferences", "hosts": ["chat.example"], "purpose": "Lets you ask us"},
        "google-analytics": {"enabled": False},
    }
    config = Config(
        services=["google-analytics"], service=service, purposes={"analytics": "We count."}, revision=3
    )
    assert question_from(config, CATALOGUE) == Question(
        services=(
            AskedService("own-chat", "preferences", "Lets you ask us"),
            AskedService("vimeo", "marketing", "Shows our films"),
        ),
        purposes=(("analytics", "We count."),),
        revision=3,
    )


@pytest.mark.parametrize(
    "cosmetic",
    [
        {"allow": ["cdn.example"]},
        {"classify": {"img.example": "marketing"}},
        {"site": {"name": "Dogs"}},
        {"theme": {"accent": "red"}},
        {"service": {"vimeo": {"name": "Films"}}},
        {"services": ["stripe", "google-analytics", "vimeo"]},
    ],
)
def test_wording_and_allow_lists_ask_nobody_again(cosmetic):
    assert (
        question_from(Config(**{**IN_USE, **cosmetic}), CATALOGUE).hash
        == question_from(Config(**IN_USE), CATALOGUE).hash
    )


def test_the_first_start_publishes_and_later_ones_keep_it(config):
    first = published_question(config, CATALOGUE)
    assert first == question_from(config, CATALOGUE)
    later = replace(config, services=("vimeo",))
    assert published_question(later, CATALOGUE) == first
    assert config.question_path.read_text() == first.canonical() + "\n"


def _hash_at_start(state_dir):
    return published_question(Config(state_dir=state_dir, **IN_USE), CATALOGUE).hash


def test_processes_and_nodes_that_start_at_once_agree(config):
    with multiprocessing.get_context("fork").Pool(4) as pool:
        hashes = pool.map(_hash_at_start, [config.state_dir] * 8, chunksize=1)
    assert set(hashes) == {question_from(config, CATALOGUE).hash}


def test_publishing_replaces_the_question_and_leaves_nothing_else(config):
    published_question(config, CATALOGUE)
    wanted = question_from(replace(config, revision=2), CATALOGUE)
    publish(config, wanted)
    assert published_question(config, CATALOGUE) == wanted
    assert [file.name for file in config.state_dir.iterdir()] == ["question.json"]
    assert config.question_path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"categories": [], "services": [[]]}', "\xff"])
def test_a_damaged_question_is_refused(config, content):
    config.state_dir.mkdir()
    config.question_path.write_text(content)
    with pytest.raises(ConfigError, match="damaged"):
        published_question(config, CATALOGUE)


def test_a_question_about_unknown_categories_is_refused(config):
    config.state_dir.mkdir()
    question = json.loads(question_from(config, CATALOGUE).canonical())
    config.question_path.write_text(json.dumps({**question, "categories": ["necessary"]}))
    with pytest.raises(ConfigError, match="damaged"):
        published_question(config, CATALOGUE)


@pytest.mark.parametrize(
    "act", [lambda c: published_question(c, CATALOGUE), lambda c: publish(c, Question())]
)
@pytest.mark.parametrize("place", ["file/state", "/proc/nowhere"])
def test_a_place_that_cannot_hold_it_is_refused(tmp_path, act, place):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="state_dir"):
        act(Config(state_dir=tmp_path / place))


@pytest.mark.parametrize("again", [False, True])
def test_what_root_publishes_belongs_to_the_site_s_account(config, again):
    account = 65534 if os.geteuid() == 0 else os.geteuid()
    config.state_dir.mkdir()
    os.chown(config.state_dir, account, -1)
    published_question(config, CATALOGUE)
    if again:
        publish(config, Question())
    assert config.question_path.stat().st_uid == account


def test_a_failed_publication_leaves_nothing_behind(config):
    config.question_path.mkdir(parents=True)
    with pytest.raises(ConfigError, match="state_dir"):
        publish(config, Question())
    assert [file.name for file in config.state_dir.iterdir()] == ["question.json"]


def test_changes_say_the_substance_in_words():
    old = Question(
        services=(
            AskedService("a", "analytics"),
            AskedService("b", "marketing"),
            AskedService("c", "marketing", "x"),
        )
    )
    new = Question(
        categories=("analytics", "marketing"),
        services=(
            AskedService("b", "analytics"),
            AskedService("c", "marketing", "y"),
            AskedService("d", "analytics"),
        ),
        purposes=(("analytics", "We count."),),
        revision=2,
    )
    assert changes(old, new) == [
        "no longer asks about preferences",
        "purpose of analytics: '(ours)' becomes 'We count.'",
        "adds d (analytics)",
        "removes a (analytics)",
        "moves b from marketing to analytics",
        "purpose of c: 'x' becomes 'y'",
        "revision 1 becomes 2",
    ]
    assert changes(new, old)[0] == "asks about preferences"
    assert changes(old, old) == []
