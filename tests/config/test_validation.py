import pytest

from cookiegate.config import Config, validate
from cookiegate.errors import ConfigError
from tests.config.known import SmallCatalogue

CATALOGUE = SmallCatalogue()


@pytest.mark.parametrize(
    ("settings", "key", "remedy"),
    [
        ({"services": ["google-analitics"]}, "services", 'did you mean "google-analytics"?'),
        ({"service": {"vimoe": {"name": "x"}}}, "service.vimoe.category", "has no service"),
        ({"service": {"own": {"category": "marketing"}}}, "service.own.hosts", "must be given"),
        (
            {"service": {"google-analytics": {"category": "necessary", "reason": "we want it"}}},
            "service.google-analytics.category",
            "Google Analytics is analytics, which is never necessary",
        ),
        (
            {"service": {"google-tag-manager": {"category": "necessary", "reason": "we want it"}}},
            "service.google-tag-manager.category",
            "never necessary",
        ),
        (
            {
                "service": {
                    "own": {"category": "necessary", "reason": "x", "hosts": ["www.google-analytics.com"]}
                }
            },
            "service.own.hosts",
            "Google Analytics",
        ),
        ({"services": ["big-host"]}, "service.big-host.category", "cannot say"),
        ({"services": ["big-cdn"]}, "service.big-cdn.category", "cannot say"),
        ({"service": {"big-cdn": {"name": "x"}}}, "service.big-cdn.category", "cannot say"),
        ({"service": {"vimeo": {"category": "necessary"}}}, "service.vimeo.reason", "say why"),
        (
            {"service": {"own": {"category": "necessary", "hosts": ["a.example"]}}},
            "service.own.reason",
            "say why",
        ),
    ],
)
def test_a_service_that_cannot_be_what_it_is_called_is_refused(settings, key, remedy):
    with pytest.raises(ConfigError) as caught:
        validate(Config(**settings), CATALOGUE)
    assert caught.value.key == key
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"services": ["google-analytics", "stripe"]},
        {"service": {"stripe": {"category": "necessary"}}},
        {"service": {"vimeo": {"category": "necessary", "reason": "The film is the page"}}},
        {"service": {"own": {"category": "necessary", "reason": "Sign-in", "hosts": ["login.example"]}}},
        {"service": {"google-analytics": {"category": "marketing"}}},
        {"services": ["own"], "service": {"own": {"category": "marketing", "hosts": ["a.example"]}}},
        {"services": ["big-cdn"], "service": {"big-cdn": {"category": "preferences"}}},
        {"service": {"gone-from-the-catalogue": {"enabled": False}}},
    ],
)
def test_a_service_that_says_what_it_is_passes(settings):
    config = Config(**settings)
    validate(config, CATALOGUE)
    assert config.cookie_days == 184
