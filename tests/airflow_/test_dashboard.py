"""The page through Airflow's real API server application: closed without a login, readable with one."""

import json
import os
import re
import subprocess
import sys
import textwrap

import pytest


def ask(environment: dict, code: str) -> dict:
    """Runs `code` in a process with its own Airflow; `client` is a test client of the API server, `token()`
    logs an admin in.
    """
    setup = """
        import json
        from fastapi.testclient import TestClient
        from airflow.api_fastapi.app import create_app
        from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
        app = create_app()
        client = TestClient(app, follow_redirects=False).__enter__()
        def token(role="admin"):
            user = SimpleAuthManagerUser(username="ada", role=role)
            return app.state.auth_manager.generate_jwt(user)
    """
    code = textwrap.dedent(setup) + textwrap.dedent(code)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=300
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert lines, done.stderr[-3000:]
    return json.loads(lines[-1])


@pytest.fixture
def environment(airflow_home, tmp_path):
    from autodidact.chronicle import Chronicle

    url = f"sqlite:///{tmp_path}/chronicle.db"
    with Chronicle(url) as chronicle:
        cycle = {
            "system": "shop-<b>",
            "cycle_id": "2026-11-23T1200Z",
            "kind": "live",
            "since": None,
            "until": "2026-11-23T12:00:00Z",
        }
        chronicle.record_cycle(cycle | {"settings": {}, "seed": 1})
        skipped = {
            "stage": "generate.goal_examples",
            "status": "skipped",
            "reason": "sources.goals names no file",
            "setting": "sources.goals",
        }
        chronicle.record_generator(
            "shop-<b>", cycle["cycle_id"], skipped | {"started": "2026-11-23T12:00:01Z", "seconds": 0.1}
        )
        stale = {
            "kind": "port",
            "subject": "<i>mail",
            "says": "25",
            "is": None,
            "since": "2026-11-20T12:00:00Z",
        }
        counts = {"asked": 120, "known": 9, "unknown": 100, "wrong": 10, "stale": 1, "stale_facts": [stale]}
        chronicle.event(
            "shop-<b>", "knowledge", "base-1 knows 8% [4, 15] of 300 facts", cycle["cycle_id"], counts
        )
        chronicle.close_cycle("shop-<b>", cycle["cycle_id"], "kept")
    return airflow_home | {"AUTODIDACT_CHRONICLE__URL": url}


def test_every_route_wants_a_login_and_the_page_escapes_what_it_shows(environment):
    told = ask(
        environment,
        """
        paths = ["/autodidact/", "/autodidact/data.json", "/autodidact/?system=shop"]
        closed = {path: client.get(path).status_code for path in paths}
        page = client.get("/autodidact/", headers={"Authorization": "Bearer " + token()})
        other = client.get("/autodidact/?system=nobody", headers={"Authorization": "Bearer " + token()})
        data = client.get("/autodidact/data.json", headers={"Authorization": "Bearer " + token()})
        policy = page.headers.get("content-security-policy")
        print(json.dumps({"closed": closed, "page": [page.status_code, page.text], "policy": policy,
                          "other": other.status_code, "data": data.json()}))
        """,
    )
    assert set(told["closed"].values()) == {401}
    assert told["page"][0] == 200
    assert "shop-&lt;b&gt;" in told["page"][1] and "shop-<b>" not in told["page"][1]
    assert not re.search(r"<script|https?://", told["page"][1])
    assert "No source: goal_examples (<code>sources.goals</code>)." in told["page"][1]
    assert told["data"]["no_source"] == {"goal_examples": "sources.goals"}
    assert "base-1 knows 8% [4, 15] of 300 facts" in told["page"][1]
    assert "port of <code>&lt;i&gt;mail</code>" in told["page"][1] and "it is gone" in told["page"][1]
    assert told["policy"].startswith("default-src 'none'")
    assert told["other"] == 404
    assert told["data"]["history"][0]["cycle_id"] == "2026-11-23T1200Z"


@pytest.mark.slow
def test_the_page_has_every_system_of_the_chronicle_and_opens_with_the_newest(environment):
    from autodidact.chronicle import Chronicle

    with Chronicle(environment["AUTODIDACT_CHRONICLE__URL"]) as chronicle:
        cycle = {
            "system": "bakery",
            "cycle_id": "2026-01-01T1200Z",
            "kind": "live",
            "since": None,
            "until": "2026-01-01T12:00:00Z",
        }
        chronicle.record_cycle(cycle | {"settings": {}, "seed": 1})
    told = ask(
        environment,
        """
        login = {"Authorization": "Bearer " + token()}
        paths = ("", "?system=shop-%3Cb%3E")
        pages = {path: client.get("/autodidact/" + path, headers=login).text for path in paths}
        print(json.dumps(pages))
        """,
    )
    assert "<strong>bakery</strong>" in told[""] and "2026-01-01T1200Z" in told[""]
    assert '<a href="?system=shop-%3Cb%3E">' in told[""]
    assert (
        "2026-11-23T1200Z" in told["?system=shop-%3Cb%3E"]
        and '<a href="?system=bakery">' in told["?system=shop-%3Cb%3E"]
    )


def test_a_chronicle_that_is_down_is_one_sentence(airflow_home):
    environment = airflow_home | {"AUTODIDACT_CHRONICLE__URL": "postgresql://me:hunter2@127.0.0.1:1/none"}
    told = ask(
        environment,
        """
        page = client.get("/autodidact/", headers={"Authorization": "Bearer " + token()})
        print(json.dumps({"status": page.status_code, "text": page.text}))
        """,
    )
    assert told["status"] == 503
    assert "hunter2" not in told["text"]
    assert os.linesep not in json.loads(told["text"])["detail"]


def test_the_page_says_why_a_cycle_ended_early_and_how_many_facts_are_new():
    from autodidact_airflow.dashboard import CATEGORIES, chart, pages

    why = (
        "there is no candidate: 0 new or changed examples since cycle 2026-11-23T0000Z; training.min_news"
        " is 1"
    )
    last = {
        "cycle_id": "2026-11-23T1200Z",
        "verdict": "undecided",
        "reasons": [why],
        "status": "closed",
        "kind": "live",
    }
    shown = {
        "systems": ["shop"],
        "system": "shop",
        "champion": None,
        "history": [],
        "last": last,
        "gate": None,
        "versions": [],
    }
    page = pages.get_template("page.html")
    ended = page.render(**shown, reports={}, categories=CATEGORIES, chart=chart([]))
    assert "2026-11-23T1200Z: undecided" in ended and why in ended
    probe = {"score": 0.25, "n": 120, "fresh": {"score": None, "n": 0}}
    reports = {"candidate": {"overall": 0.2, "categories": {}, "probe": probe}}
    assert "of it, 0 new facts" in page.render(
        **shown, reports=reports, categories=CATEGORIES, chart=chart([])
    )
