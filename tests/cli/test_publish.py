import json


def question(site):
    return json.loads((site.state / "question.json").read_text())


def published(site):
    return (site.state / "question.json").read_bytes() if (site.state / "question.json").exists() else None


def test_the_first_question_is_published_without_asking(site):
    result = site.run("publish")
    assert result.exit_code == 0
    assert "google-analytics (analytics)" in result.output
    assert [row[0] for row in question(site)["services"]] == ["google-analytics", "youtube"]


def test_nothing_changed_is_said(site):
    site.run("publish")
    before = published(site)
    assert "Nothing changed" in site.run("publish").output
    assert published(site) == before


def test_a_change_is_shown_and_asked_for(site):
    site.run("publish")
    before = published(site)
    site.write(top="revision = 2")
    refused = site.run("publish", answer="n\n")
    assert "revision 1 becomes 2" in refused.output
    assert refused.exit_code == 1
    assert published(site) == before
    assert site.run("publish", answer="y\n").exit_code == 0
    assert question(site)["revision"] == 2


def test_without_a_terminal_nothing_is_published_unasked(site):
    site.run("publish")
    before = published(site)
    site.write(top="revision = 2")
    assert site.run("publish", answer="").exit_code == 1
    assert published(site) == before
    assert site.run("publish", "--yes").exit_code == 0
    assert question(site)["revision"] == 2


def test_a_dry_run_changes_nothing(site):
    assert site.run("publish", "--dry-run").exit_code == 0
    assert published(site) is None
    site.run("publish")
    before = published(site)
    site.write(top="revision = 2")
    assert "revision 1 becomes 2" in site.run("publish", "--dry-run").output
    assert published(site) == before


def test_a_mere_removal_need_not_be_published(site):
    site.run("publish")
    site.write(tables="[service.youtube]\nenabled = false")
    output = site.run("publish", "--dry-run").output
    assert "removes youtube (marketing)" in output
    assert "nobody need be asked again" in output


def test_a_damaged_question_is_replaced(site):
    site.state.mkdir()
    (site.state / "question.json").write_text("{")
    result = site.run("publish")
    assert "damaged" in result.stderr
    assert result.exit_code == 0
    assert question(site)["revision"] == 1


def test_an_unusable_configuration_publishes_nothing(site):
    site.write("services = ['nobody-knows']")
    result = site.run("publish")
    assert result.exit_code == 2
    assert "no such service" in result.stderr
    assert published(site) is None
