"""`autodidact init`: what it finds, that it opens nobody's conversations, and the file that it writes."""

import json
import os
import re
import subprocess
import sys
import tomllib

import pytest

from autodidact.cli.given_settings import quoted
from autodidact.settings import load_settings
from tests.cli.test_cli import run

EVIL = "a\x1b[2J\x9b31m\u202eb"


@pytest.fixture
def person(tmp_path, sandbox):
    """A repository with servers, goals, a wiki beside it and an Aider history; a home with two assistants'
    conversations, which nobody may read.
    """
    sandbox.commit("Begin", {"a.py": "x = 1\n", "docs/a.md": "# A\n", "docs/goals.yaml": "goals: []\n"})
    (sandbox.path / "docs").mkdir(exist_ok=True)
    (sandbox.path / "docs/goals.yaml").write_text("goals: []\n")
    (sandbox.path / ".mcp.json").write_text('{"mcpServers": {}}')
    (sandbox.path / ".aider.chat.history.md").write_text("# aider chat started\n")
    wiki = tmp_path / "shop.wiki"
    wiki.mkdir()
    (wiki / "Home.md").write_text("# Home\n")
    home = tmp_path / "home"
    folder = re.sub(r"[^A-Za-z0-9]", "-", str(sandbox.path))
    for place in (f".claude/projects/{folder}", ".codex/sessions/2026"):
        (home / place).mkdir(parents=True)
        (home / place / "1.jsonl").write_text("private\n")
        (home / place / "1.jsonl").chmod(0)
    return {"cwd": sandbox.path, "HOME": str(home)}


def settings_of(folder):
    return load_settings(cwd=folder, environ={})


def test_it_writes_what_it_found_and_leaves_what_is_private_in_comments(person):
    done = run("init", **person)
    assert done.returncode == 0, done.stderr
    folder, home = person["cwd"], person["HOME"]
    text = (folder / "autodidact.toml").read_text()
    sources = tomllib.loads(text)["sources"]
    assert sources == {
        "repository": ".",
        "documents": [str(folder.parent / "shop.wiki")],
        "goals": "docs/goals.yaml",
    }
    claude = f"{home}/.claude/projects/{re.sub(r'[^A-Za-z0-9]', '-', str(folder))}"
    assert "# Found, and not read: Aider 1, Claude Code 1. Take the # away to let cycles read them." in text
    assert f'# sessions = [".aider.chat.history.md", "{claude}"]' in text
    assert f'# Of all your work, not of this repository alone: Codex 1, "{home}/.codex/sessions"' in text
    assert '# mcp = ".mcp.json"' in text
    settings = settings_of(folder)
    assert settings.sources.sessions == [] and settings.sources.mcp is None
    assert settings.sources.repository == str(folder)


def test_the_profile_that_was_named_is_written_and_an_unknown_one_is_an_error(person):
    wrong = run("init", "--profile", "prodution", **person)
    assert wrong.returncode == 2
    assert wrong.stderr == "autodidact: Unknown profile 'prodution'. Available: production, laptop.\n"
    assert run("init", "--profile", "production", **person).returncode == 0
    assert settings_of(person["cwd"]).profile == "production"


def test_settings_of_the_command_line_are_written_where_they_belong(person):
    given = {
        "base_model": "smollm2",
        "gate.cap": "300",
        "sources.goals": "mine.yaml",
        "sources.samples": "true",
    }
    given |= {"deploy.kind": "local", "training.pod.env": '{"A B": "1"}', "generators.only": '["ast_parser"]'}
    options = [word for key, value in given.items() for word in ("--set", f"{key}={value}")]
    done = run("init", "--store", "/srv/store", *options, **person)
    assert done.returncode == 0, done.stderr
    text = (person["cwd"] / "autodidact.toml").read_text()
    found = tomllib.loads(text)
    assert (found["store"], found["base_model"]) == ("/srv/store", "smollm2")
    assert (found["sources"]["goals"], found["sources"]["samples"]) == ("mine.yaml", True)
    assert (found["gate"], found["generators"]) == ({"cap": 300}, {"only": ["ast_parser"]})
    assert found["deploy"] == {"kind": "local"} and found["training"]["pod"]["env"] == {"A B": "1"}
    assert settings_of(person["cwd"]).gate.cap == 300


@pytest.mark.parametrize(
    ("assignment", "complaint"),
    [
        ("gate.cup=3", "Unknown setting 'gate.cup' in --set"),
        ("gate.cap=many", "Bad value for 'gate.cap' in --set"),
        ("judge.url=null", "judge.url is null, which a file cannot say"),
    ],
)
def test_a_setting_that_cannot_be_written_is_an_error_and_no_file(person, assignment, complaint):
    done = run("init", "--set", assignment, **person)
    assert done.returncode == 2 and done.stderr.startswith(f"autodidact: {complaint}")
    assert not (person["cwd"] / "autodidact.toml").exists()


def test_with_a_yes_conversations_of_this_repository_are_read_and_servers_started(person):
    run("init", "--transcripts", "--mcp", **person)
    settings = settings_of(person["cwd"])
    assert [re.sub(".*/", "", path) for path in settings.sources.sessions][0] == ".aider.chat.history.md"
    assert len(settings.sources.sessions) == 2 and "codex" not in str(settings.sources.sessions)
    assert settings.sources.mcp == str(person["cwd"] / ".mcp.json")


def test_every_line_that_is_commented_out_is_a_setting_that_there_is(person):
    run("init", **person)
    text = (person["cwd"] / "autodidact.toml").read_text()
    live = re.sub(r"(?m)^# (?=\[|\w+ = )", "", text)
    load_settings(overrides={}, cwd=person["cwd"], environ={})
    (person["cwd"] / "autodidact.toml").write_text(live)
    assert settings_of(person["cwd"]).judge.model == "Qwen/Qwen3-8B"


def test_it_never_overwrites_nor_follows_a_link(person):
    target = person["cwd"] / "autodidact.toml"
    target.write_text("mine\n")
    done = run("init", **person)
    assert (done.returncode, target.read_text()) == (2, "mine\n")
    assert done.stderr == f"autodidact: {target} is there already. Edit it, or move it away first.\n"
    target.unlink()
    target.symlink_to(person["cwd"] / "elsewhere")
    assert run("init", **person).returncode == 2 and not (person["cwd"] / "elsewhere").exists()


def test_as_json_nobody_is_asked_and_the_answer_is_no(person):
    found = json.loads(run("init", "--json", **person).stdout)
    assert (found["read_transcripts"], found["start_servers"]) == (False, False)
    assert [(each["what"], each["files"], each["own"]) for each in found["transcripts"]] == [
        ("Aider", 1, True),
        ("Claude Code", 1, True),
        ("Codex", 1, False),
    ]


@pytest.mark.parametrize(("answers", "read", "started"), [("y\ny\n", True, True), ("\n\n", False, False)])
def test_on_a_terminal_a_person_is_asked_and_the_default_is_no(person, answers, read, started):
    import pty

    ours, theirs = pty.openpty()
    os.write(ours, answers.encode())
    subprocess.run(
        [sys.executable, "-m", "autodidact.cli", "init"],
        cwd=person["cwd"],
        env=os.environ | {"HOME": person["HOME"], "TERM": "dumb"},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=True,
        timeout=100,
    )
    settings = settings_of(person["cwd"])
    assert (bool(settings.sources.sessions), bool(settings.sources.mcp)) == (read, started)
    os.close(ours)
    os.close(theirs)


def test_outside_a_repository_it_says_what_to_do(tmp_path):
    done = run("init", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        f"autodidact: {tmp_path} is in no git repository. Go to one, or name it: --repo PATH.\n",
    )


@pytest.mark.parametrize("name", [EVIL, 'a"b\\c', "a\nb", "\x7f", "Käse", "half \udc80"])
def test_any_name_is_one_value_in_one_line_that_steers_nothing(name):
    written = quoted(name)
    assert tomllib.loads(f"a = {written}")["a"] == name.encode("utf-8", "replace").decode()
    assert not {"\x1b", "\x9b", "\u202e", "\n", "\x7f"} & set(written)
