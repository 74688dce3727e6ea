import pytest

from cookiegate.face.dates import written
from cookiegate.face.messages import TEMPLATE, extract
from cookiegate.face.texts import direction, how_long, negotiate, translations

TEXTS = translations("en")


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ([], "en"),
        (["de-AT", "fr"], "de"),
        (["fr-CA"], "fr"),
        (["ja"], "en"),
        (["EN-us"], "en"),
        (["*"], "en"),
    ],
)
def test_the_first_wanted_language_that_is_offered(wanted, language):
    assert negotiate(wanted, ("en", "de", "fr")) == language


@pytest.mark.parametrize(
    ("offered", "wanted", "language"),
    [
        (("en", "pt", "pt-BR"), "pt-BR", "pt-BR"),
        (("en", "pt", "pt-BR"), "PT-br", "pt-BR"),
        (("en", "pt", "pt-BR"), "pt-PT", "pt"),
        (("en", "pt-BR", "pt"), "pt-PT", "pt"),
        (("en", "pt-BR", "pt-PT"), "pt", "pt-BR"),
        (("en", "pt-BR", "pt-PT"), "pt-AO", "pt-BR"),
        (("en", "pt-BR", "pt-PT"), "pt-PT", "pt-PT"),
        (("en", "pt-BR"), "de-DE", "en"),
    ],
)
def test_a_whole_tag_goes_before_its_first_part(offered, wanted, language):
    assert negotiate([wanted], offered) == language


@pytest.mark.parametrize(
    ("days", "words"), [(184, "6 months"), (395, "12 months"), (30, "30 days"), (1, "1 day")]
)
def test_lifetimes_in_words(days, words):
    assert how_long(days, TEXTS) == words


def test_a_day_is_written_in_full():
    assert written(20_780, TEXTS) == "23 November 2026"


def test_direction():
    assert (direction("ar-EG"), direction("en")) == ("rtl", "ltr")


def test_the_translation_template_is_up_to_date():
    """Remedy: `python -m cookiegate.face.messages`."""
    assert TEMPLATE.read_text("utf-8") == extract()


def test_the_template_has_texts_of_templates_and_modules():
    text = TEMPLATE.read_text("utf-8")
    for message in ("We use cookies", "You have rejected all optional cookies.", "%(count)s third parties"):
        assert f'"{message}"' in text
