"""The page through Airflow's real API server application: closed without a login, readable with one, harmless
whatever its texts say, and changed only by those who may.
"""

import json
import re
from html.parser import HTMLParser

import pytest

from tests.airflow_ import page_data
from tests.airflow_.page_data import DONE, DROPPED, EVIL, EXAMPLE, REFUSED, RUNS, VERSION
from tests.airflow_.page_server import PageServer

SYSTEM = "shop-%3Cb%3E"
VIEWS = (
    "",
    "cycles",
    f"cycle/{DONE}",
    f"cycle/{RUNS}",
    f"cycle/{DONE}/examples",
    f"cycle/{DONE}/example/{EXAMPLE}",
    f"cycle/{DONE}/items",
    f"cycle/{RUNS}/items",
    f"cycle/{DONE}/files",
    f"versions?a=base-1&b={VERSION}",
    f"version/{VERSION}",
)


@pytest.fixture(scope="module")
def server(airflow_home, tmp_path_factory):
    own = airflow_home | page_data.fill(tmp_path_factory.mktemp("page"))
    server = PageServer(own)
    yield server
    server.close()


@pytest.fixture(scope="module")
def views(server) -> dict:
    """View to its answer, as a viewer."""
    return {path: server.get(path) for path in VIEWS}


class Tags(HTMLParser):
    """The tags of a page, each with its attributes."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_a_cycle_says_what_else_its_model_was_asked(views):
    text = views[f"cycle/{DONE}"]["text"]
    assert "Of the same 120 questions base-1, which it replaced, knows 2 (now 9)" in text
    assert "Fine-tuning is worth -3 [-9, +2] points over retrieval" in text


def test_every_route_wants_a_login(server):
    routes = server.do("routes")
    assert {("GET", "/"), ("GET", "/page.css"), ("POST", "/rollback")} <= {(m, path) for m, path in routes}
    asked = [(method, path.lstrip("/").translate({123: None, 125: None})) for method, path in routes]
    found = {path: server.ask(method=method, path=path, role=None)["status"] for method, path in asked}
    assert set(found.values()) == {401}


def test_every_view_opens_for_a_viewer_and_runs_and_loads_nothing_from_elsewhere(views):
    for path, answer in views.items():
        headers, text = answer["headers"], answer["text"]
        assert answer["status"] == 200, path
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert not re.search(r"https?://", text), path
        tags = Tags(text).found
        assert [attributes["src"] for tag, attributes in tags if tag == "script"] in (
            ["./page.js"],
            ["../page.js"],
            ["../../page.js"],
            ["../../../page.js"],
        )
        assert not [tag for tag, attributes in tags if tag == "style" or "style" in attributes], path
        assert not [name for _, attributes in tags for name in attributes if name.startswith("on")], path


def test_hostile_text_stands_there_as_text(views):
    for path in ("", f"cycle/{DONE}", f"cycle/{DONE}/examples", f"cycle/{DONE}/items", f"version/{VERSION}"):
        text = views[path]["text"]
        assert "<script>alert" not in text and "\u202e" not in text, path
        assert "&lt;script&gt;alert(1)&lt;/script&gt;\\u202egnp.exe" in text, path
        assert "shop-<b>" not in text


def test_the_overview_says_who_serves_what_it_knows_and_what_it_still_says(views):
    text = views[""]["text"]
    assert f'<a href="./version/{VERSION}">{VERSION}</a>' in text
    assert "it learned the system as it was at 2026-11-23 12:00 UTC" in text
    assert "4% to 15% of 300 facts" in text
    assert "<code>&lt;i&gt;mail</code>" in text and "it is gone" in text
    assert f'A cycle runs: <a href="./cycle/{RUNS}">' in text
    assert "It practises most: tool use (scored 0.25)." in text
    assert f'<a href="./cycle/{DONE}/examples?fate=kept">what it was taught</a>' in text
    assert "wrong: never true" in text and "stale: was true before" in text
    assert "Roll back" not in text, "a viewer may not roll back"
    assert 'class="promoted"' in text and 'class="floor"' in text


def test_a_cycle_shows_its_stages_its_rules_and_which_setting_gives_a_source(views):
    text = views[f"cycle/{DONE}"]["text"]
    assert "No source: <code>sources.goals</code> would give it one." in text
    assert "<title>gate: done</title>" in text and "61 s" in text
    assert re.search(
        r'<tr class="failed"><td class="t wide">better on suite</td><td>0.900</td><td>0.990</td>', text
    )
    assert "By the knowledge probe: better on probe (not with 3 fewer of 9 questions right or less)" in text
    assert '<th class="t">passed</th>' in text
    assert "What the gate kept: 1 of 2 examples" in text
    assert 'href="../cycle/2026-11-23T1200Z/examples?fate=dropped&amp;rule=length"' in text
    running = views[f"cycle/{RUNS}"]["text"]
    assert 'id="live" data-live="5"' in running and "<title>gate: waiting</title>" in running
    assert "No model has been measured yet in this cycle" in views[f"cycle/{RUNS}/items"]["text"]


def test_a_cycle_lists_what_the_model_in_service_still_said_and_leads_to_examples_by_category(views):
    text = views[f"cycle/{DONE}"]["text"]
    assert "What it still said, and what was true" in text and "<code>&lt;i&gt;mail</code>" in text
    assert 'href="../cycle/2026-11-23T1200Z/examples?fate=kept&amp;category=tool_use">examples</a>' in text
    assert '<th colspan="2">block 0</th><th colspan="2">this week\'s items</th>' in text


def test_a_refusal_begins_with_what_decided_wherever_it_stands(server, tmp_path):
    own = page_data.fill(tmp_path)
    name = page_data.refuse(own["AUTODIDACT_CHRONICLE__URL"])
    paths = ("", "cycles", f"cycle/{REFUSED}", "versions", f"version/{name}", f"version/{VERSION}")
    pages = {path: server.get(path, "user", environ=own)["text"] for path in paths}
    suite = (
        "better on suite (about 29 more of 512 right) and better on hidden families (as many gained as lost)"
    )
    probe = "better on probe (2 more of 80 questions right)"
    for path in ("", f"cycle/{REFUSED}"):
        assert (
            f"<ul><li>Either by the suite: {suite}</li><li>or by the knowledge probe: {probe}</li></ul>"
            in pages[path]
        )
        assert pages[path].index(probe) < pages[path].index(page_data.FLOOR)
    needed = f"needed either {suite}, or {probe}</td>"
    assert f'<td class="t why small weak">{needed}' in pages["cycles"]
    assert f'<td class="t why small">undecided: {needed}' in pages["versions"]
    assert f'<td class="t small">undecided: {needed}' in pages[f"version/{name}"]
    for path in paths[:-1]:
        assert "rejected</span>" not in pages[path]
        assert (
            '<span class="tag undecided">undecided</span>' in pages[path] and "kept</span>" not in pages[path]
        )
    assert (
        "Undecided: nothing shows clearly enough that the candidate is better than the champion."
        f" {VERSION} stays in service."
    ) in pages[""]
    assert 'examples?fate=kept">what the candidate was taught</a>' in pages[""]
    assert '<a href="./rollback?version=base-1">Roll back to base-1…</a>' in pages[""]
    assert pages["versions"].count("the version before") == 1
    assert "overall 0.2559</td>" in pages[f"version/{name}"]
    assert "It learned the system as it was at 2026-11-24 12:00 UTC" in pages[f"version/{name}"]
    assert "Compare it with the model in service" in pages[f"version/{name}"]
    assert "Compare it with the model in service" not in pages[f"version/{VERSION}"]
    assert "knowledge probe, when it was trained" in pages[f"version/{VERSION}"]


def test_an_example_stands_beside_the_lines_that_it_was_made_from(views):
    text = views[f"cycle/{DONE}/example/{EXAMPLE}"]["text"]
    assert "It is three." in text
    assert '<tr class="named"><td>3</td><td class="t"><code>line_3 = 3</code></td></tr>' in text
    assert '<tr><td>5</td><td class="t"><code>line_5 = 5</code></td></tr>' in text


def test_the_card_and_the_logs_of_a_cycle_are_listed_and_a_log_can_be_saved(server, views):
    text = views[f"cycle/{DONE}/files"]["text"]
    assert "<pre>base_model: sprout\n&lt;script&gt;" in text
    assert re.findall(r'href="[./]*/cycle/\S+/log/(\w+)\.eval"', text) == ["candidate", "champion"]
    log = server.get(f"cycle/{DONE}/log/champion.eval")
    assert (log["status"], log["text"]) == (200, "champion")
    assert log["headers"]["content-disposition"] == 'attachment; filename="champion.eval"'
    for name in ("nobody.eval", "..%2F..%2Fcard.md", "card.md"):
        assert server.get(f"cycle/{DONE}/log/{name}")["status"] == 404
    away = server.get(f"cycle/{DONE}/files", environ={"AUTODIDACT_STORE": "/proc/no/such/store"})
    assert away["status"] == 200 and "This cycle has no card." in away["text"]


def test_two_versions_side_by_side(views):
    text = views[f"versions?a=base-1&b={VERSION}"]["text"]
    assert "How the versions followed each other" in text
    assert re.search(r"overall</td><td>–</td><td>0.667</td>", text)
    assert "Roll back to it" not in text, "a viewer may not roll back"


def test_filters_of_items_and_examples(server):
    def found(path: str, table: str, column: str) -> list[str]:
        answer = json.loads(server.get(f"cycle/{DONE}/{path}&format=json")["text"])
        return [row[column] for row in answer[table]]

    assert found("items?show=lost", "items", "item") == ["tool_use/one/0"]
    assert found("items?show=won", "items", "item") == ["tool_use/two/0"]
    assert found("items?show=stale", "items", "item") == ["f" * 64]
    assert found("items?q=two", "items", "item") == ["tool_use/two/0"]
    assert found("items?category=probe", "items", "item") == ["f" * 64]
    assert found("examples?fate=dropped", "examples", "id") == [DROPPED]
    assert found("examples?q=three&generator=ast_parser", "examples", "id") == [EXAMPLE, DROPPED]
    assert found("examples?rule=length&q=it", "examples", "id") == []
    text = server.get(f"cycle/{DONE}/examples?fate=dropped")["text"]
    assert ">ast parser (2)</option>" in text and ">dropped (1)</option>" in text
    text = server.get(f"cycle/{DONE}/items?category=tool_use&show=stale")["text"]
    assert 'were asked apart: see <a href="../../cycle/2026-11-23T1200Z#knowledge">the cycle</a>' in text
    assert "candidate not fully right: it scores less than 1 (2)" in text
    assert "No example fits." in server.get(f"cycle/{DONE}/examples?q=nowhere")["text"]


def test_tables_can_be_downloaded_and_what_is_not_there_is_said(server):
    stale = "kind,subject,says,is,since\r\nport,<i>mail,25,,2026-11-20T12:00:00Z\r\n"
    assert server.get("?format=csv&table=stale")["text"] == stale
    overview = json.loads(server.get("?format=json")["text"])
    assert overview["scores"][0]["cycle"] == DONE
    assert [row["cycle_id"] for row in overview["cycles"]] == [RUNS, DONE]
    missing = ["?format=csv&table=nothing", "cycle/never", "run/other/x", "?system=nobody"]
    missing += [f"cycle/{DONE}/example/{'9' * 64}", f"version/{EVIL}"]
    for path in missing:
        answer = server.get(path)
        assert answer["status"] == 404 and "<script>alert" not in answer["text"], path


def test_only_who_may_edit_rolls_back_and_only_by_the_form_of_the_page(server):
    form = {"version": "base-1", "reason": "it broke"}
    before = server.do("runs")  # another test on the same database may have started one
    assert server.get("rollback?version=base-1", "viewer")["status"] == 403
    assert server.post("rollback", "viewer", **form, token="any")["status"] == 403
    shown = server.get("rollback?version=base-1", "user")
    token = re.search('name="token" value="([^"]+)"', shown["text"])[1]
    assert server.post("rollback", "user", **form)["status"] == 422
    assert server.post("rollback", "user", **form, token="x" + token)["status"] == 403
    assert server.post("rollback", "user", name="eve", **form, token=token)["status"] == 403
    assert server.post("rollback", "user", **form | {"reason": " "}, token=token)["status"] == 422
    assert server.post("rollback", "user", **form | {"version": VERSION}, token=token)["status"] == 409
    assert server.do("runs") == before
    done = server.post("rollback", "user", **form, token=token)
    assert done["status"] == 303
    assert done["headers"]["location"].startswith("./versions?started=manual__")
    assert server.do("runs") == [*before, [form, "ada"]]


def test_what_airflow_knows_of_a_cycle_that_it_runs(server):
    run = server.do("a_run", system="shop-<b>", cycle_id=RUNS)
    text = server.get(f"cycle/{RUNS}")["text"]
    assert "<title>train: running</title>" in text and "<title>gate: failed</title>" in text
    assert f'href="../../dags/autodidact_cycle/runs/{run.replace(":", "%3A").replace("+", "%2B")}"' in text
    assert "Now: <b>train</b>" in server.get("")["text"]
    place = f"run/autodidact_cycle/{run}".replace("+", "%2B")
    assert server.get(place)["headers"]["location"] == f"../../cycle/{RUNS}?system={SYSTEM}"
    lost = server.get(place + "?view=lost")["headers"]["location"]
    assert lost == f"../../cycle/{RUNS}/items?system={SYSTEM}&show=lost"
    assert server.get(place + "?view=gate")["headers"]["location"].endswith("#gate")
    assert server.get(place.replace("autodidact_cycle", "another"))["status"] == 404


def test_without_a_cycle_it_says_what_to_do(server, tmp_path):
    empty = {"AUTODIDACT_CHRONICLE__URL": f"sqlite:///{tmp_path}/chronicle.db"}
    answer = server.get("", environ=empty)
    assert answer["status"] == 200 and "Trigger the DAG <code>autodidact_cycle</code>" in answer["text"]


def test_a_run_that_has_opened_no_cycle_is_there_while_it_runs_and_when_it_failed(server, tmp_path):
    empty = {"AUTODIDACT_CHRONICLE__URL": f"sqlite:///{tmp_path}/chronicle.db"}
    server.do("bare_run", state="running")
    for text in (server.get("", environ=empty)["text"], server.get("")["text"]):
        assert "A run has begun" in text and 'data-live="5"' in text
        assert 'href="./../dags/autodidact_cycle/runs/bare-running" target="_top"' in text
    assert "has not opened its cycle yet" in server.get("run/autodidact_cycle/bare-running")["text"]
    server.do("bare_run", state="failed")
    assert "failed before it opened a cycle" in server.get("run/autodidact_cycle/bare-failed")["text"]
    for text in (server.get("", environ=empty)["text"], server.get("")["text"]):
        assert "The newest run of <code>autodidact_cycle</code> failed before it opened a cycle." in text
        assert "A run has begun" not in text
    server.do("bare_run", state=None)


def test_a_chronicle_that_is_down_is_one_sentence(server):
    down = {"AUTODIDACT_CHRONICLE__URL": "postgresql://me:hunter2@127.0.0.1:1/none"}
    page, data = server.get("", environ=down), server.get("?format=json", environ=down)
    assert page["status"] == data["status"] == 503
    assert "hunter2" not in page["text"] + data["text"]
    assert "\n" not in json.loads(data["text"])["detail"]


def test_a_store_that_is_away_costs_only_what_it_has(server):
    away = {"AUTODIDACT_STORE": "/proc/no/such/store"}
    for path in VIEWS[:3]:
        assert server.get(path, environ=away)["status"] == 200
    assert "tool use" in server.get(f"cycle/{DONE}", environ=away)["text"]


def test_every_system_of_the_chronicle_is_there_and_the_newest_comes_first(server, tmp_path):
    from autodidact.chronicle import Chronicle
    from tests.cycles import a_cycle

    more = page_data.fill(tmp_path)
    with Chronicle(more["AUTODIDACT_CHRONICLE__URL"]) as chronicle:
        bakery = a_cycle(system="bakery", cycle_id="2026-01-01T1200Z")
        chronicle.record_cycle(bakery.model_dump(mode="json"))
    first, chosen = (server.get(path, environ=more)["text"] for path in ("", f"?system={SYSTEM}"))
    assert "<b>bakery</b>" in first and "2026-01-01T1200Z" in first
    assert f'<a href="./?system={SYSTEM}">' in first
    assert DONE in chosen and f'href="./cycles?system={SYSTEM}"' in chosen and EVIL not in chosen
