import multiprocessing

import pytest

from cookiegate.config import Config, plain_http_warning, read_or_make_secret, secret_keys_of
from cookiegate.config.secrets import is_exposed
from cookiegate.errors import ConfigError

LONG = "0123456789abcdef" * 2


def test_the_first_start_makes_its_own_secret(tmp_path):
    path = tmp_path / "state" / "secret"
    (key,) = read_or_make_secret(path)
    assert len(key) >= 43
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert read_or_make_secret(path) == (key,)
    assert [file.name for file in path.parent.iterdir()] == ["secret"]


def test_processes_that_start_at_once_agree(tmp_path):
    with multiprocessing.get_context("fork").Pool(4) as pool:
        keys = pool.map(read_or_make_secret, [tmp_path / "secret"] * 16, chunksize=1)
    assert len(set(keys)) == 1


def test_keys_are_one_a_line_newest_first(tmp_path):
    path = tmp_path / "secret"
    path.write_text(f"# rotated in March\nnew-{LONG}\n\nold-{LONG}\n")
    assert read_or_make_secret(path) == (f"new-{LONG}", f"old-{LONG}")


@pytest.mark.parametrize("content", ["", "\n# only a remark\n", "short\n", f"{LONG}\nshort\n"])
def test_a_damaged_secret_file_is_refused_without_being_shown(tmp_path, content):
    path = tmp_path / "secret"
    path.write_text(content)
    with pytest.raises(ConfigError) as caught:
        read_or_make_secret(path)
    assert "short" not in str(caught.value)


@pytest.mark.parametrize("place", ["/proc/nowhere", "file/state"])
def test_no_start_without_a_secret_that_lasts(tmp_path, place):
    (tmp_path / "file").touch()
    config = Config(state_dir=tmp_path / place)
    with pytest.raises(ConfigError, match="make state_dir writable"):
        secret_keys_of(config)
    assert secret_keys_of(Config(state_dir=tmp_path / place, secret_keys=(LONG,))) == (LONG,)


def test_a_secret_file_of_its_own_is_used(tmp_path):
    (tmp_path / "key").write_text(LONG)
    assert secret_keys_of(Config(state_dir=tmp_path, secret_file=tmp_path / "key")) == (LONG,)


@pytest.mark.parametrize(("mode", "exposed"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True)])
def test_exposure_is_seen(tmp_path, mode, exposed):
    path = tmp_path / "secret"
    path.touch()
    path.chmod(mode)
    assert is_exposed(path) is exposed


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("http://www.example.com", True),
        ("http://192.0.2.1:8000", True),
        ("https://www.example.com", False),
        ("http://localhost:8000", False),
        ("http://127.0.0.1", False),
        ("http://app.localhost", False),
        ("", False),
    ],
)
def test_plain_http_off_localhost_warns(url, warned):
    warning = plain_http_warning(Config(site={"public_url": url}))
    assert bool(warning) is warned
    if warning:
        assert "insecure_http" in warning
        assert "unprotected" in plain_http_warning(Config(site={"public_url": url}, insecure_http=True))
