"""`autodidact doctor`: a row a check, ok, warning or failed, with what to do; real servers on loopback."""

import json

import pytest

from autodidact.cli import doctor, doctor_services, doctor_sources
from autodidact.cli.doctor_row import Warned, row
from autodidact.errors import AutodidactError
from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from autodidact.terminal.view import plain
from tests.cli.test_cli import here, run
from tests.loopback import Handler, Server

EVIL = "a\x1b[2J\x9b31m\u202eb"


def runtime(tmp_path, **settings) -> Runtime:
    given = {"store": str(tmp_path / "store"), **{key.replace("__", "."): v for key, v in settings.items()}}
    return Runtime(load_settings(overrides=given, cwd=tmp_path, environ={}))


def rows_of(checks, here: Runtime) -> dict[str, tuple[str, str, str]]:
    found = (row(name, lambda work=work: work(here)) for name, work in checks)
    return {each["name"]: (each["state"], each["message"], each["remedy"]) for each in found}


def test_a_check_is_ok_a_warning_or_failed():
    def fail(error):
        raise error

    assert row("a", lambda: "12 files") == {
        "name": "a",
        "ok": True,
        "state": "ok",
        "message": "12 files",
        "remedy": "",
    }
    warned = row("a", lambda: fail(Warned("no card", "Read it.")))
    assert (warned["ok"], warned["state"], warned["message"]) == (True, "warning", "no card. Read it.")
    failed = row("a", lambda: fail(AutodidactError("away", "Start it.")))
    assert (failed["ok"], failed["state"], failed["remedy"]) == (False, "failed", "Start it.")
    assert row("a", lambda: fail(OSError("http://me:pass@host/ is away")))["message"] == (
        "OSError: http://***@host/ is away"
    )


def test_sources_are_counted_and_one_that_has_nothing_is_a_warning(tmp_path):
    (tmp_path / "chats").mkdir()
    for n in range(3):
        (tmp_path / "chats" / f"{n}.jsonl").write_text("{}\n")
    (tmp_path / "goals.yaml").write_text("goals:\n- {name: a, status: open}\n- {name: b, status: done}\n")
    (tmp_path / "mcp.json").write_text('{"mcpServers": {"shop": {"command": "/bin/false"}}}')
    (tmp_path / "graph.csv").write_text("subject,relation,object\nmail,uses,queue\n")
    found = runtime(
        tmp_path,
        sources__sessions=[f"{tmp_path}/chats"],
        sources__goals=f"{tmp_path}/goals.yaml",
        sources__mcp=f"{tmp_path}/mcp.json",
        sources__knowledge_graph=f"{tmp_path}/graph.csv",
        sources__documents=[f"{tmp_path}/nowhere"],
        sources__affect=f"{tmp_path}/gone.yaml",
    )
    rows = rows_of(doctor_sources.checks(found), found)
    assert rows["sources.sessions"] == ("ok", "3 transcripts", "")
    assert rows["sources.goals"] == ("ok", "2 goals", "")
    assert rows["sources.mcp"] == ("ok", "1 server, not started here", "")
    assert rows["sources.knowledge_graph"] == ("ok", "1 relation", "")
    assert rows["sources.documents"][0] == "warning" and "0 documents in" in rows["sources.documents"][1]
    assert rows["sources.affect"][0] == "warning" and "which is not there" in rows["sources.affect"][1]
    assert rows["other sources"][1].startswith("not named: sources.interrupts. ")


def test_a_repository_is_counted(sandbox):
    sandbox.commit("Begin", {"a.py": "x = 1\n", "b/c.md": "# C\n"})
    sandbox.commit("More", {"d.txt": "d\n"})
    assert doctor_sources.size_of(str(sandbox.path), None) == "3 files, 2 commits"


class Judge(Handler):
    """Serves `m`, and says of every answer the same."""

    says = '{"verdict": "correct", "reason": "right"}'

    def do_GET(self):
        self.reply({"data": [{"id": "m"}]})

    def do_POST(self):
        self.body()
        self.reply({"model": "m", "choices": [{"message": {"role": "assistant", "content": self.says}}]})


class Mumbling(Judge):
    says = EVIL


def test_the_judge_is_asked_one_real_question(tmp_path):
    with Server(Judge) as judge:
        here = runtime(tmp_path, judge__url=judge.url, judge__model="m")
        rows = rows_of(doctor_services.checks(here), here)
    assert rows["judge"] == ("ok", f"{judge.url} serves m", "")
    assert rows["judge's answer"][0] == "ok"
    assert rows["judge's answer"][1].startswith("asked one question: correct, where a person says ")


def test_a_judge_that_cannot_be_read_fails_and_its_words_steer_nothing(tmp_path):
    with Server(Mumbling) as judge:
        here = runtime(tmp_path, judge__url=judge.url, judge__model="m")
        made = [row(name, lambda work=work: work(here)) for name, work in doctor_services.checks(here)]
    assert made[1]["state"] == "failed"
    assert made[1]["remedy"] == "Choose a model that answers with the JSON it is asked for."
    assert not {"\x1b", "\x9b", "\u202e"} & set(plain(doctor.view(made)))


def test_the_server_answers_one_question(tmp_path):
    with Server(Judge) as server:
        here = runtime(tmp_path, system="shop", deploy__kind="local", deploy__url=server.url)
        state, message, _ = rows_of(doctor_services.checks(here), here)["server"]
    assert state == "ok" and message.startswith("local: serves m; m answered a question in ")


@pytest.mark.parametrize(
    ("card", "state", "message"),
    [
        ("---\nlicense: mit\n---\n", "ok", "mit, as the model's card says"),
        (None, "warning", "the card of {base} here names none. Read its licence before you serve what it learns."),
        ("---\nlicense: " + EVIL + "\n---\n", "warning", "the card of {base} here names none. Read its licence"
         " before you serve what it learns."),
    ],
)  # fmt: skip
def test_the_licence_is_the_one_of_the_models_card(tmp_path, monkeypatch, card, state, message):
    class Base:
        id, path = str(tmp_path), tmp_path

    if card:
        (tmp_path / "README.md").write_text(card)
    monkeypatch.setattr(doctor, "_resolved", lambda _: Base)
    found = row("licence", lambda: doctor._licence(runtime(tmp_path)))
    assert (found["state"], found["message"]) == (state, message.format(base=tmp_path))


def test_the_table_has_a_row_a_check_with_what_to_do_and_counts_at_its_end():
    rows = [row("store", lambda: "there"), row("judge", lambda: doctor_services.airflow(1 / 0))]
    rows[1] |= {"message": "away. Start it.", "remedy": "Start it."}
    assert plain(doctor.view(rows)) == (
        "What a cycle needs\n"
        "check  state   what was found  what to do\n"
        "store  ok      there\n"
        "judge  failed  away.           Start it.\n"
        "1 failed, 0 warning, 1 ok"
    )


def test_the_exit_status_is_one_where_something_failed(tmp_path, sandbox):
    sandbox.commit("Begin", {"a.py": "x = 1\n"})
    away = ["--set", "judge.url=http://127.0.0.1:9/v1", "--set", "judge.model=m"]
    done = run("doctor", *away, "--json", *here(tmp_path, sandbox.path), cwd=tmp_path)
    found = json.loads(done.stdout)
    states = {each["name"]: each["state"] for each in found["checks"]}
    assert (done.returncode, found["ok"], states["judge"], states["store"]) == (1, False, "failed", "ok")


def test_of_a_base_model_that_is_not_there_nothing_else_is_checked(tmp_path):
    absent = runtime(tmp_path, base_model=f"{tmp_path}/absent")
    rows = {each["name"]: each["state"] for each in doctor.check(lambda: absent)}
    assert rows["base model"] == "failed" and rows["accelerator"] == "ok"
    assert not {"template", "licence", "memory"} & set(rows)
