"""A checkout's store, Chronicle and settings are found from any of its folders, as git finds its own."""

import pytest

from autodidact.default_and_relative_paths import absolute, checkout
from autodidact.settings import load_settings


def places_of(settings) -> tuple:
    return settings.store, settings.chronicle.url, settings.sources.repository


@pytest.fixture
def deep(tmp_path):
    """A folder two levels below the checkout `tmp_path/shop`."""
    folder = tmp_path / "shop" / "src" / "deep"
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize("mark", [".autodidact", "autodidact.toml"])
def test_a_folder_of_a_checkout_has_the_checkouts_store_chronicle_and_repository(tmp_path, deep, mark):
    shop = tmp_path / "shop"
    (shop / mark).mkdir() if mark == ".autodidact" else (shop / mark).write_text("")
    expected = (f"{shop}/.autodidact/store", f"sqlite:///{shop}/.autodidact/chronicle.db", str(shop))
    assert places_of(load_settings(cwd=deep, environ={})) == expected
    assert places_of(load_settings(cwd=shop, environ={})) == expected


def test_the_nearest_checkout_counts_and_without_one_the_working_directory(tmp_path, deep):
    assert checkout(deep) == deep
    (tmp_path / ".autodidact").mkdir()
    assert checkout(deep) == tmp_path
    (deep.parent / "autodidact.toml").write_text("")
    assert checkout(deep) == deep.parent


def test_the_file_of_the_checkout_is_read_from_its_folders_and_its_paths_start_there(tmp_path, deep):
    shop = tmp_path / "shop"
    (shop / "autodidact.toml").write_text(
        'store = "runs"\nchronicle.url = "sqlite:///log.db"\n[sources]\nrepository = "../code"\n'
        'sessions = ["talks/*.jsonl", "/srv/talks", "~/talks"]\nwikipedia.dump = "wiki.xml"\n'
    )
    settings = load_settings(cwd=deep, environ={})
    assert places_of(settings) == (f"{shop}/runs", f"sqlite:///{shop}/log.db", f"{shop}/../code")
    assert settings.sources.sessions == [f"{shop}/talks/*.jsonl", "/srv/talks", "~/talks"]
    assert settings.sources.wikipedia.dump == f"{shop}/wiki.xml"


def test_a_variable_and_an_option_say_what_they_say(deep):
    given = load_settings(
        cwd=deep, environ={"AUTODIDACT_STORE": "runs"}, overrides={"chronicle.url": "log.db"}
    )
    assert (given.store, given.chronicle.url) == ("runs", "log.db")


@pytest.mark.parametrize(
    "address", ["/srv/runs", "s3://bucket/runs", "file:///srv/runs", "git@host:team/shop", "~/runs"]
)
def test_an_address_or_a_whole_path_stays_as_it_is(tmp_path, address):
    assert absolute({"store": address}, tmp_path) == {"store": address}


@pytest.mark.parametrize("url", ["postgresql://me@host/log", "sqlite:////srv/log.db", "/srv/log.db"])
def test_a_chronicle_elsewhere_stays_where_it_is(tmp_path, url):
    assert absolute({"chronicle": {"url": url}}, tmp_path) == {"chronicle": {"url": url}}
    assert absolute({"chronicle": 3}, tmp_path) == {"chronicle": 3}
