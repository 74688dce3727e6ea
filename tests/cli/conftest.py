import pytest

from tests.cli.site_folder import SiteFolder


@pytest.fixture
def site(tmp_path):
    return SiteFolder(tmp_path)
