import json
import re
from pathlib import Path

import pytest

from tests.cli.site_folder import CLEAN

DOC = Path(__file__).parents[2].joinpath("docs/checks.md").read_text("utf-8")


def ids(result):
    return [finding["id"] for finding in json.loads(result.stdout)["findings"]]


def checked(site):
    return ids(site.run("check", "--json"))


def test_a_complete_configuration_is_clean(site):
    result = site.run("check")
    assert result.output == "cookiegate.toml: 0 errors, 0 warnings\n"
    assert result.exit_code == 0


SPOILT = [
    ("CG002", 1, {"text": CLEAN.replace('name = "Cats Ltd"', "")}),
    ("CG003", 1, {"text": CLEAN.replace("contact =", "address =")}),
    ("CG004", 1, {"text": CLEAN.replace('privacy_url = "/privacy"', "")}),
    ("CG005", 0, {"text": CLEAN.replace("complaint_url =", "registration =")}),
    ("CG006", 0, {"text": CLEAN.replace("public_url =", "name =")}),
    ("CG007", 1, {"text": CLEAN.replace("https://www.cats", "http://www.cats")}),
    ("CG008", 0, {"top": "insecure_http = true"}),
    ("CG009", 1, {"top": "cookie_domain = 'dogs.example'"}),
    ("CG009", 1, {"top": "cookie_domain = 'co.uk'"}),
    ("CG016", 0, {"text": CLEAN.replace('"google-analytics", "youtube"', "")}),
    ("CG017", 0, {"tables": "[service.google-fonts]\ncategory = 'necessary'\nreason = 'We like them'"}),
    ("CG018", 0, {"tables": "[service.own]\ncategory = 'marketing'\nhosts = ['ads.example']"}),
    ("CG019", 0, {"top": "allow = ['www.google-analytics.com']"}),
    ("CG020", 0, {"top": "allow = ['*.cloudfront.net']"}),
    ("CG020", 0, {"top": "allow = ['github.io']"}),
    ("CG021", 0, {"top": "allow = ['img.cats.example']"}),
    ("CG021", 0, {"top": "allow = ['x.example']", "tables": "[classify]\n'x.example' = 'marketing'"}),
    ("CG022", 1, {"site": "own = ['co.uk']"}),
    ("CG023", 0, {"tables": "[[cookie]]\nname = '_ga'\npurpose = 'ours'\nlifetime = 'a day'"}),
    ("CG024", 0, {"tables": "[[cookie]]\nname = 'units'"}),
    ("CG025", 0, {"top": "trusted_proxies = ['0.0.0.0/0']"}),
]


def spoil(site, change):
    change = dict(change)
    text = change.pop("text", None)
    if text is None:
        site.write(**change)
    else:
        site.write(text.format(top="", site="", tables=""))


@pytest.mark.parametrize(("id", "status", "change"), SPOILT)
def test_what_is_spoilt_is_found_and_nothing_else(site, id, status, change):
    spoil(site, change)
    result = site.run("check", "--json")
    assert ids(result) == [id]
    assert result.exit_code == status


def test_check_makes_nothing(site):
    assert site.run("check").exit_code == 0
    assert [path.name for path in site.folder.iterdir()] == ["cookiegate.toml"]


@pytest.mark.parametrize(("mode", "found"), [(0o644, ["CG026"]), (0o600, [])])
def test_keys_in_a_file_that_others_can_read_are_a_warning(site, mode, found):
    site.write(top=f"secret_keys = ['{'0123456789abcdef' * 2}']")
    site.file.chmod(mode)
    assert checked(site) == found


def test_a_short_secret_is_an_error(site):
    site.state.mkdir()
    (site.state / "secret").write_text("short\n")
    (site.state / "secret").chmod(0o600)
    assert checked(site) == ["CG010"]


def test_a_secret_that_others_can_read_is_an_error(site):
    site.state.mkdir()
    (site.state / "secret").write_text("0123456789abcdef" * 2)
    (site.state / "secret").chmod(0o644)
    assert checked(site) == ["CG011"]


def test_a_state_folder_that_cannot_be_made_is_an_error(site):
    site.write(top="state_dir = '/proc/nowhere'")
    assert checked(site) == ["CG010", "CG012"]


def test_a_damaged_ledger_is_an_error(site):
    site.state.mkdir()
    (site.state / "ledger.sqlite").write_text("no database")
    assert checked(site) == ["CG013"]


def test_a_damaged_question_is_an_error(site):
    site.state.mkdir()
    (site.state / "question.json").write_text("{}")
    assert checked(site) == ["CG014"]


def test_an_unpublished_change_is_said_in_words(site):
    assert site.run("publish").exit_code == 0
    site.write(top="revision = 2")
    result = site.run("check")
    assert "CG015" in result.output
    assert "revision 1 becomes 2" in result.output
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": "cookie_dayz = 200"}, 'did you mean "cookie_days"?'),
        ({"text": "services = ['google-analytic']"}, 'did you mean "google-analytics"?'),
        ({"tables": "[service.google-tag-manager]\ncategory='necessary'\nreason='x'"}, "never necessary"),
        ({"tables": "[service.own]\ncategory='necessary'\nhosts=['x.example']"}, "say why"),
        (
            {"tables": "[service.own]\ncategory='necessary'\nreason='x'\nhosts=['connect.facebook.net']"},
            "never necessary",
        ),
    ],
)
def test_an_unusable_configuration_is_one_line_and_status_2(site, change, said):
    spoil(site, change)
    result = site.run("check")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert re.fullmatch(r"CG001 error: cookiegate\.toml: .*\n", result.stderr)
    assert said in result.stderr
    as_json = site.run("check", "--json")
    assert (ids(as_json), as_json.exit_code) == (["CG001"], 2)


def test_a_missing_file_is_one_line_too(site):
    result = site.run("check", "--config", "elsewhere.toml")
    assert result.exit_code == 2
    assert "elsewhere.toml" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_flask_application_is_checked_by_its_own_settings(site):
    (site.folder / "catshop.py").write_text(
        "from flask import Flask\n"
        "def create_app():\n"
        "    app = Flask('catshop')\n"
        "    app.config['COOKIEGATE_CONFIG'] = 'cookiegate.toml'\n"
        "    return app\n"
        "app = create_app()\n"
        "nothing = 3\n"
    )
    for name in ("catshop", "catshop:app", "catshop:create_app()"):
        assert site.run("check", "--app", name).exit_code == 0
    for name in ("catshop:nope", "nowhere:app", "catshop:nothing", ":", "catshop:app.x"):
        result = site.run("check", "--app", name)
        assert result.exit_code == 2
        assert "--app" in result.stderr


def test_every_id_is_explained():
    folder = Path(__file__).parents[2] / "cookiegate" / "cli"
    source = "".join((folder / name).read_text("utf-8") for name in ("findings.py", "live.py"))
    used = {"CG001", *re.findall(r'"(CG\d{3})"', source)}
    levels = set(re.findall(r'"(CG\d{3})", "(\w+)"', re.sub(r"\(\s+", "(", source)))
    explained = re.findall(r"^### `(CG\d{3})`\n\*(Error|Warning)\.\*", DOC, re.MULTILINE)
    assert [id for id, _ in explained] == sorted(used)
    assert {(id, level.lower()) for id, level in explained} == levels | {("CG001", "error")}
