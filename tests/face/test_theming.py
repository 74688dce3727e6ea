import re
from pathlib import Path

from cookiegate.face.folders import packaged_folder
from cookiegate.face.squeeze import squeeze_css, squeeze_markup, squeeze_script
from tests.web.standing import StandingGate

DOC = Path(__file__).resolve().parents[2] / "docs" / "theming.md"


def test_every_custom_property_is_documented_and_every_documented_one_is_used():
    sheets = "".join(path.read_text("utf-8") for path in (packaged_folder("static") / "css").glob("*.css"))
    assert set(re.findall(r"--gate-[a-z-]+", sheets)) == set(
        re.findall(r"`(--gate-[a-z-]+)`", DOC.read_text("utf-8"))
    )


def test_a_theme_changes_the_name_of_its_sheets(tmp_path):
    plain, themed = StandingGate(tmp_path), StandingGate(tmp_path, theme={"accent": "#0a5"})
    assert plain.face.statics.url("pages.css") != themed.face.statics.url("pages.css")
    assert plain.face.statics.url("settings.js") == themed.face.statics.url("settings.js")


def test_squeezing_keeps_what_means_something():
    assert (
        squeeze_css("/* a */ .a > .b { color: red;\n margin: 0 auto; }") == ".a>.b{color:red;margin:0 auto}"
    )
    assert squeeze_script("// gone\n  a('//kept');\n\n/* gone */b()") == "a('//kept');\nb()"
    assert squeeze_markup("<p>a\n b</p>\n <p> c</p>") == "<p>a b</p><p> c</p>"
