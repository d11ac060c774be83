"""A Connection with a git address: fetched before a cycle, and on every worker that reads it."""

import json
import os
import shutil
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest

from autodidact_airflow import tasks
from autodidact_airflow.system_of_dag import System
from tests.sandbox import NOON, Sandbox
from tests.sources.git.git_server import certificate, git_server

RUN = SimpleNamespace(run_type="manual", run_after=NOON + timedelta(hours=5))


@pytest.fixture
def remote(tmp_path, monkeypatch):
    """The repository `shop`, which a server gives to who has the key; the Connections to it, right and wrong."""
    sandbox = Sandbox(tmp_path / "served" / "shop.git")
    sandbox.first = sandbox.commit("Sell", {"shop.py": "PRICE = 3\n"})
    with git_server(tmp_path / "served", "ada", "k1") as server:
        sandbox.server = server
        right = {"conn_type": "generic", "login": "ada", "password": "k1"}
        right["extra"] = {"url": f"{server.root}/shop.git"}
        monkeypatch.setenv("AIRFLOW_CONN_SHOP_GIT", json.dumps(right))
        monkeypatch.setenv("AIRFLOW_CONN_LOCKED_GIT", json.dumps(right | {"password": "k2"}))
        monkeypatch.setenv("AUTODIDACT_MIRRORS", str(tmp_path / "mirrors"))
        monkeypatch.setenv("AUTODIDACT_STORE", str(tmp_path / "store"))
        monkeypatch.setenv("AUTODIDACT_CHRONICLE__URL", f"sqlite:///{tmp_path}/chronicle.db")
        monkeypatch.setenv("AUTODIDACT_BASE_MODEL", "sprout")
        yield sandbox


def test_the_repository_of_a_connection_is_fetched_before_each_cycle_and_names_the_system(remote):
    shop = System(connections={"git": "shop_git"})
    ids = shop.within(tasks.open_cycle)({}, RUN)
    assert ids["system"] == f"shop-{remote.first[:8]}"
    cycle, _ = shop.within(tasks.load)(ids)
    assert cycle.repositories[0]["commit"] == remote.first
    second = remote.commit("Raise", {"shop.py": "PRICE = 4\n"}, hours=6)
    later = SimpleNamespace(run_type="manual", run_after=datetime(2026, 3, 2, tzinfo=timezone.utc))
    cycle, _ = shop.within(tasks.load)(shop.within(tasks.open_cycle)({"again": True}, later))
    assert cycle.repositories[0]["commit"] == second
    assert "AUTODIDACT_SOURCES__REPOSITORY" not in os.environ


def test_a_worker_that_has_no_mirror_fetches_it_and_one_that_has_it_asks_nobody(remote, tmp_path):
    shop = System("shop", connections={"git": "shop_git"})
    ids = shop.within(tasks.open_cycle)({}, RUN)
    remote.server.asked.clear()
    shop.within(tasks.load)(ids)
    assert remote.server.asked == []
    shutil.rmtree(tmp_path / "mirrors")
    shop.within(tasks.load)(ids)
    assert remote.server.asked != []


def test_a_connection_that_opens_nothing_fails_the_task_without_its_key(remote):
    locked = System("shop", connections={"git": "locked_git"})
    with pytest.raises(Exception, match="^The repository could not be fetched: ") as caught:
        locked.within(tasks.open_cycle)({}, RUN)
    assert "k2" not in str(caught.value)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_a_connection_by_https_is_fetched_where_its_certificate_is_trusted(remote, tmp_path, monkeypatch):
    made = certificate(tmp_path)
    shop = System("shop", connections={"git": "secure_git"})
    with git_server(tmp_path / "served", "ada", "k1", made) as server:
        right = {"conn_type": "generic", "login": "ada", "password": "k1"}
        right["extra"] = {"url": f"{server.root}/shop.git"}
        monkeypatch.setenv("AIRFLOW_CONN_SECURE_GIT", json.dumps(right))
        with pytest.raises(Exception, match="The server's certificate is not trusted here"):
            shop.within(tasks.open_cycle)({}, RUN)
        monkeypatch.setenv("GIT_SSL_CAINFO", str(made))
        cycle, _ = shop.within(tasks.load)(shop.within(tasks.open_cycle)({}, RUN))
        assert cycle.repositories[0]["commit"] == remote.first


def test_the_connection_autodidact_git_serves_the_shipped_dags_unless_a_variable_names_a_repository(
    remote, tmp_path, monkeypatch
):
    from autodidact_airflow.runtime_from_connections import fill_environment

    monkeypatch.setenv("AIRFLOW_CONN_AUTODIDACT_GIT", os.environ["AIRFLOW_CONN_SHOP_GIT"])
    found: dict[str, str] = {}
    fill_environment(found)
    assert found["AUTODIDACT_SOURCES__REPOSITORY"].endswith("/shop.git")
    assert found["AUTODIDACT_GIT_CONNECTION"] == "autodidact_git"
    own = {"AUTODIDACT_SOURCES__REPOSITORY": "/srv/shop"}
    fill_environment(own)
    assert own == {"AUTODIDACT_SOURCES__REPOSITORY": "/srv/shop"}
