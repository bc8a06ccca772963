"""Settings: each default, each check, and the key that is made once."""

from __future__ import annotations

import stat
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from bookclub.app import create_app
from bookclub.config import SettingError, Settings, kept_secret
from bookclub.extensions import db
from bookclub.schema import close
from tests.processes import run_at_once

pytestmark = pytest.mark.databases("sqlite", "postgresql")

KEY = "a key of sixteen letters or more"


def read(tmp_path, **environ: str) -> Settings:
    """What these variables make of the settings, BOOKCLUB_ left out of their names."""
    named = {f"BOOKCLUB_{name.upper()}": value for name, value in environ.items()}
    return Settings.from_environ({"BOOKCLUB_DATA": str(tmp_path), **named})


# Defaults


def test_every_setting_has_a_default_that_works(tmp_path):
    settings = read(tmp_path)

    assert settings.data == tmp_path
    assert settings.database_url == f"sqlite:///{tmp_path}/bookclub.sqlite3"
    assert settings.secret_key == (tmp_path / "secret_key").read_text()
    assert settings.htmx == "cdn"
    assert settings.url is None
    assert settings.trusted_proxies == 0
    assert settings.open_library == "https://openlibrary.org"
    assert not settings.secure
    assert not settings.testing


def test_without_a_folder_the_club_lives_in_instance(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert Settings.from_environ({}).data == tmp_path / "instance"
    assert (tmp_path / "instance").is_dir()


def test_a_variable_that_is_set_to_nothing_counts_as_not_set(tmp_path):
    names = (
        "database_url",
        "secret_key",
        "htmx",
        "url",
        "trusted_proxies",
        "open_library",
        "open_library_url",
        "open_library_covers_url",
    )

    assert read(tmp_path, **dict.fromkeys(names, "")) == read(tmp_path)


def test_settings_are_read_from_the_environment_of_the_process(tmp_path, monkeypatch):
    monkeypatch.setenv("BOOKCLUB_DATA", str(tmp_path))
    monkeypatch.setenv("BOOKCLUB_HTMX", "local")

    assert Settings.from_environ().htmx == "local"


def test_settings_cannot_be_changed_afterwards(tmp_path):
    with pytest.raises(FrozenInstanceError):
        read(tmp_path).htmx = "local"


# The folder


def test_the_data_folder_is_made_with_all_above_it(tmp_path):
    settings = read(tmp_path, data=str(tmp_path / "deep" / "down"))

    assert settings.data == tmp_path / "deep" / "down"
    assert settings.data.is_dir()


def test_a_folder_named_from_here_is_kept_as_a_full_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = read(tmp_path, data="club")

    assert settings.data == tmp_path / "club"
    assert settings.database_url == f"sqlite:///{tmp_path}/club/bookclub.sqlite3"


def test_a_folder_that_cannot_be_made_is_refused_in_words(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(SettingError, match=r"^BOOKCLUB_DATA: cannot make the folder .*file/club"):
        read(tmp_path, data=str(tmp_path / "file" / "club"))


@pytest.mark.parametrize("name", ["question?mark", "hash#tag", "per%20cent", "two words", "書"])
def test_a_folder_may_be_called_anything(tmp_path, name):
    app = create_app(read(tmp_path, data=str(tmp_path / name)))
    with app.app_context(), db.engine.connect() as connection:
        file = connection.exec_driver_sql("PRAGMA database_list").one().file
    close(app)

    assert file == str(tmp_path / name / "bookclub.sqlite3")


# The database


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:////srv/club.sqlite3", "sqlite:////srv/club.sqlite3"),
        ("postgresql+psycopg://me@host/club", "postgresql+psycopg://me@host/club"),
        ("postgresql://me:secret@host:5432/club", "postgresql+psycopg://me:secret@host:5432/club"),
        ("postgres://me@host/club?sslmode=require", "postgresql+psycopg://me@host/club?sslmode=require"),
    ],
)
def test_a_database_may_be_named_in_the_usual_forms(tmp_path, given, used):
    assert read(tmp_path, database_url=given).database_url == used


@pytest.mark.parametrize(
    "given",
    [
        "mysql://me@host/club",
        "postgresql+psycopg2://me@host/club",
        "/srv/club.sqlite3",
        "sqlite://",
        "nonsense",
    ],
)
def test_another_kind_of_database_is_refused_in_words(tmp_path, given):
    with pytest.raises(SettingError, match=r"^BOOKCLUB_DATABASE_URL: use sqlite:///FILE or postgresql"):
        read(tmp_path, database_url=given)


@pytest.mark.parametrize("given", ["postgresql://me@host:notaport/club", "postgresql://[::1/club"])
def test_an_address_that_cannot_be_read_is_refused_in_words(tmp_path, given):
    with pytest.raises(SettingError, match=r"^BOOKCLUB_DATABASE_URL: "):
        read(tmp_path, database_url=given)


def test_a_database_file_named_from_here_is_kept_as_a_full_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert read(tmp_path, database_url="sqlite:///club.db").database_url == f"sqlite:///{tmp_path}/club.db"


def test_the_words_about_a_database_do_not_repeat_its_password(tmp_path):
    with pytest.raises(SettingError) as refused:
        read(tmp_path, database_url="mysql://me:hunter2hunter2@host/club")

    assert "hunter2" not in str(refused.value)


def test_postgresql_is_told_not_to_wait_for_ever(tmp_path):
    options = read(tmp_path, database_url="postgresql://host/club").flask()["SQLALCHEMY_ENGINE_OPTIONS"]

    assert "lock_timeout=4000" in options["connect_args"]["options"]
    assert "statement_timeout=15000" in options["connect_args"]["options"]
    assert options["pool_pre_ping"]


# The secret key


def test_a_secret_key_of_ones_own_is_used_and_none_is_made(tmp_path):
    assert read(tmp_path, secret_key=KEY).secret_key == KEY
    assert not (tmp_path / "secret_key").exists()


def test_a_short_secret_key_is_refused_in_words(tmp_path):
    with pytest.raises(SettingError, match=r"^BOOKCLUB_SECRET_KEY: give at least 16 random characters"):
        read(tmp_path, secret_key="fifteen letters")


def test_the_kept_secret_is_long_and_the_same_the_next_time(tmp_path):
    first = kept_secret(tmp_path)

    assert len(first) == 64
    assert kept_secret(tmp_path) == first


def test_the_kept_secret_can_be_read_by_its_owner_alone(tmp_path):
    kept_secret(tmp_path)

    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_two_clubs_have_two_secrets(tmp_path):
    (tmp_path / "other").mkdir()

    assert kept_secret(tmp_path) != kept_secret(tmp_path / "other")


def test_making_a_secret_leaves_nothing_else_behind(tmp_path):
    kept_secret(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def keep_secret(wait, folder: Path) -> str:
    wait()
    return kept_secret(folder)


def test_eight_processes_that_start_at_once_agree_on_one_secret(tmp_path):
    said = run_at_once(keep_secret, *[(tmp_path,)] * 8)

    assert set(said) == {(tmp_path / "secret_key").read_text()}
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_an_empty_secret_is_refused_in_words(tmp_path):
    (tmp_path / "secret_key").write_text("\n")

    with pytest.raises(SettingError, match="secret_key"):
        read(tmp_path)


def test_a_folder_that_takes_no_secret_is_refused_in_words(tmp_path):
    (tmp_path / "secret_key").mkdir()

    with pytest.raises(SettingError, match=r"^BOOKCLUB_DATA: .*secret_key"):
        read(tmp_path)


# htmx, the public address, proxies


@pytest.mark.parametrize("where", ["cdn", "local"])
def test_htmx_comes_from_its_cdn_or_from_here(tmp_path, where):
    assert read(tmp_path, htmx=where).htmx == where


@pytest.mark.parametrize("where", ["CDN", "elsewhere", "local "])
def test_htmx_from_elsewhere_is_refused_in_words(tmp_path, where):
    with pytest.raises(SettingError, match=r"^BOOKCLUB_HTMX: .* is not one of cdn, local\."):
        read(tmp_path, htmx=where)


@pytest.mark.parametrize(
    ("given", "used", "secure"),
    [
        ("https://books.example.org", "https://books.example.org", True),
        ("https://books.example.org/", "https://books.example.org", True),
        ("https://books.example.org:8443", "https://books.example.org:8443", True),
        ("http://192.168.1.5:5000/", "http://192.168.1.5:5000", False),
        ("http://[::1]:5000", "http://[::1]:5000", False),
        ("HTTPS://books.example.org", "https://books.example.org", True),
    ],
)
def test_the_public_address_says_whether_the_club_is_reached_over_https(tmp_path, given, used, secure):
    settings = read(tmp_path, url=given)

    assert settings.url == used
    assert settings.secure is secure
    assert settings.flask()["SESSION_COOKIE_SECURE"] is secure
    assert settings.flask()["REMEMBER_COOKIE_SECURE"] is secure


@pytest.mark.parametrize(
    "given",
    [
        "books.example.org",
        "ftp://books.example.org",
        "https://",
        "https://books.example.org/club",
        "https://books.example.org?a=b",
        "https://books.example.org#top",
        "https://me:secret@books.example.org",
        "https://books.example.org:port",
        "https://books.example.org:99999",
        "https://[::1",
        "https://books example.org",
        "https://books.example.org\n",
        "javascript:alert(1)",
    ],
)
def test_a_public_address_that_is_none_is_refused_in_words(tmp_path, given):
    with pytest.raises(SettingError, match=r"^BOOKCLUB_URL: .* is not an address such as https://"):
        read(tmp_path, url=given)
    with pytest.raises(
        SettingError, match=r"^BOOKCLUB_OPEN_LIBRARY_URL: .* is not an address such as https://"
    ):
        read(tmp_path, open_library_url=given)


def test_open_library_can_be_elsewhere_or_off(tmp_path):
    elsewhere = {"open_library_url": "https://library.example.org/"}

    assert read(tmp_path, **elsewhere).open_library == "https://library.example.org"
    assert read(tmp_path, **elsewhere, open_library="on").open_library == "https://library.example.org"
    assert read(tmp_path, **elsewhere, open_library="off").open_library is None
    with pytest.raises(SettingError, match=r"^BOOKCLUB_OPEN_LIBRARY: 'no' is not one of on, off[.]"):
        read(tmp_path, open_library="no")


def test_covers_come_from_where_open_library_is_unless_it_is_said(tmp_path):
    elsewhere = {"open_library_url": "https://library.example.org/"}
    covers = {"open_library_covers_url": "https://covers.example.org/"}

    assert read(tmp_path).open_library_covers == "https://covers.openlibrary.org"
    assert read(tmp_path, **elsewhere).open_library_covers == "https://library.example.org"
    assert read(tmp_path, **covers).open_library_covers == "https://covers.example.org"
    assert read(tmp_path, **elsewhere, **covers).open_library_covers == "https://covers.example.org"
    with pytest.raises(SettingError, match=r"^BOOKCLUB_OPEN_LIBRARY_COVERS_URL: "):
        read(tmp_path, open_library_covers_url="javascript:alert(1)")


@pytest.mark.parametrize("given", ["0", "1", "10"])
def test_proxies_are_counted(tmp_path, given):
    assert read(tmp_path, trusted_proxies=given).trusted_proxies == int(given)


@pytest.mark.parametrize("given", ["-1", "11", "two", "1.5", " 1", "²", "9" * 5000])
def test_proxies_that_cannot_be_counted_are_refused_in_words(tmp_path, given):
    with pytest.raises(SettingError, match=r"^BOOKCLUB_TRUSTED_PROXIES: .* is not a whole number"):
        read(tmp_path, trusted_proxies=given)


# What Flask is told


def test_cookies_are_kept_from_scripts_and_from_other_sites(tmp_path):
    flask = read(tmp_path).flask()

    for cookie in ("SESSION", "REMEMBER"):
        assert flask[f"{cookie}_COOKIE_HTTPONLY"] is True
        assert flask[f"{cookie}_COOKIE_SAMESITE"] == "Lax"
