"""Configurations of MCP servers as Claude, Cursor, Windsurf, Roo, VS Code, Zed and opencode keep them."""

import json
import sys
from pathlib import Path

import pytest

from autodidact.sources.mcp import configuration, jsonc
from autodidact.sources.mcp.list_tools import tools
from autodidact.stage import Troubles
from autodidact.store import Cache, Store
from tests.bounded import bounded

CASES = Path(__file__).parents[2] / "data" / "tools" / "configurations"
MISSING = "server left out: a value of its entry is missing"


@pytest.fixture(autouse=True)
def no_values(monkeypatch):
    for name in ("MY_TOKEN", "HERE", "LACKING"):
        monkeypatch.delenv(name, raising=False)


def read(tmp_path, content, at: str = "mcp.json") -> tuple[dict, dict]:
    """(server by name, reference by reason) of a configuration."""
    troubles = Troubles()
    file = tmp_path / at
    file.parent.mkdir(exist_ok=True)
    found, _ = configuration.servers(content, file, troubles)
    refs = {one.reason: (one.ref or "").partition("#")[2] for one in troubles.list()}
    return {server.name: server for server in found}, refs


def started(tmp_path, entry: dict, **more):
    found, refs = read(tmp_path, {"mcpServers": {"one": {"command": "x"} | entry}} | more)
    return found.get("one") or refs


@pytest.mark.parametrize(
    ("name", "said", "left_out"),
    [
        (
            "a-env.json",
            ["Say the value of default-word."],
            {"server failed": "old", MISSING: "#remote: the variable MY_TOKEN is not set"},
        ),
        (
            "b-vscode.json",
            [],
            {MISSING: "#one: the input key would be asked of a person; write ${env:NAME} instead"},
        ),
        ("c-claude-desktop.json", [], {"server left out: its folder is not there": "#one: /nonexistent"}),
        ("d-relative.json", ["Say the value of unset."], {}),
        ("e-zed.json", ["Say the value of unset."], {}),
        ("f-opencode.json", ["Say the value of unset."], {}),
        ("g-names.json", ["Say the value of unset."], {}),
        (
            "h-vscode-plain.json",
            [],
            {MISSING: "#one: the input key would be asked of a person; write ${env:NAME} instead"},
        ),
        ("i-roo-env.json", [], {MISSING: "#one: the variable MY_TOKEN is not set"}),
    ],
)
def test_files_of_several_clients(tmp_path, name, said, left_out):
    for file in CASES.iterdir():
        text = file.read_text().replace("@HERE@", str(tmp_path)).replace("@PYTHON@", sys.executable)
        (tmp_path / file.name).write_text(text)
    troubles = Troubles()
    found = tools(str(tmp_path / name), troubles, timeout=20)
    assert [tool.description for tool in found] == [*said, *(["Get the tide."] if said else [])]
    assert {one.reason for one in troubles.list()} == set(left_out)
    assert all((one.ref or "").endswith(left_out[one.reason]) for one in troubles.list())


def test_a_variable_is_filled_in_every_form_that_clients_have(tmp_path, monkeypatch):
    monkeypatch.setenv("MY_TOKEN", "word")
    forms = ["${MY_TOKEN}", "${MY_TOKEN:-other}", "${env:MY_TOKEN}", "${LACKING:-other}", "${LACKING:-}"]
    assert started(tmp_path, {"args": forms}).arguments == ("word", "word", "word", "other", "")
    folders = ["${workspaceFolder}/a", "${workspaceFolderBasename}", "${/}", "${ARR[@]}", "${}"]
    assert started(tmp_path, {"args": folders}).arguments == (
        f"{tmp_path}/a",
        tmp_path.name,
        "/",
        "${ARR[@]}",
        "${}",
    )
    (tmp_path / "token.txt").write_text("kept\n")
    opencode = {"mcp": {"one": {"type": "local", "command": ["x", "{env:MY_TOKEN}", "{file:token.txt}"]}}}
    assert read(tmp_path, opencode)[0]["one"].arguments == ("word", "kept")


@pytest.mark.parametrize(
    ("entry", "lacks"),
    [
        ({"args": ["${LACKING}"]}, "the variable LACKING is not set"),
        ({"env": {"KEY": "a ${env:LACKING} b"}}, "the variable LACKING is not set"),
        ({"command": None, "url": "https://${LACKING}/mcp"}, "the variable LACKING is not set"),
        ({"args": ["${command:pick.one}"]}, "nothing gives ${command:pick.one}"),
    ],
)
def test_a_server_whose_value_is_missing_is_left_out(tmp_path, entry, lacks):
    assert started(tmp_path, entry) == {MISSING: f"one: {lacks}"}


def test_an_input_has_the_value_that_it_offers(tmp_path):
    content = {
        "inputs": [{"id": "level", "type": "pickString", "default": "low"}],
        "servers": {"one": {"command": "x", "args": ["${input:level}", "${SHELLS_OWN}"]}},
    }
    assert read(tmp_path, content)[0]["one"].arguments == ("low", "${SHELLS_OWN}")


def test_values_are_spelled_as_in_json(tmp_path):
    found = started(tmp_path, {"args": [8080, True], "env": {"DEBUG": True, "PORT": 1, "GONE": None}})
    assert found.arguments == ("8080", "true") and found.environment == {"DEBUG": "true", "PORT": "1"}


def test_an_env_file_gives_values_and_the_entry_overrides_them(tmp_path):
    (tmp_path / ".env").write_text("# ours\nexport A=1\nB = 'two # words'\nC=3 # three\nD=\nno line\n")
    found = started(tmp_path, {"envFile": "${workspaceFolder}/.env", "env": {"A": "9"}})
    assert found.environment == {"A": "9", "B": "two # words", "C": "3", "D": ""}
    gone = started(tmp_path, {"envFile": "absent.env"})
    assert gone == {"server left out: a file of values cannot be read": f"one: {tmp_path}/absent.env"}


def test_transports_switches_and_folders(tmp_path):
    entries = {
        "off": {"command": "x", "disabled": True},
        "not-on": {"command": "x", "enabled": False},
        "http": {"type": "streamableHttp", "url": "http://127.0.0.1:9/mcp"},
        "plain": {"serverUrl": "http://127.0.0.1:9/mcp"},
        "sse": {"type": "sse", "url": "http://127.0.0.1:9/sse"},
        "stdio": {"type": "stdio", "command": "x", "url": "ignored"},
        "socket": {"type": "ws", "url": "ws://127.0.0.1:9"},
    }
    found, refs = read(tmp_path, {"mcpServers": entries}, at=".cursor/mcp.json")
    assert {name: server.sse for name, server in found.items()} == {
        "http": False,
        "plain": False,
        "sse": True,
        "stdio": False,
    }
    # The project is the folder around the editor's.
    assert {server.folder for server in found.values()} == {tmp_path}
    assert refs == {configuration.NOT_SPOKEN: "socket"}
    settings = {"mcp": {"inputs": [], "servers": {"one": {"command": "x"}}}, "editor.fontSize": 14}
    assert list(read(tmp_path, settings)[0]) == ["one"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1, // one\n "b": [1, 2,],}', {"a": 1, "b": [1, 2]}),
        ('/* two\n lines */ {"url": "http://a/*b*/", "c": "1,]"}', {"url": "http://a/*b*/", "c": "1,]"}),
        ('{"quote": "\\"//", }', {"quote": '"//'}),
    ],
)
def test_comments_and_trailing_commas(text, value):
    assert jsonc.loads(text) == value


@pytest.mark.parametrize("text", ["{torn", "[1 /*", '"\\"\\"' * 200_000, "/*" * 200_000, "," * 400_000])
def test_what_is_no_json_is_refused_in_time(text):
    with bounded(5.0), pytest.raises(ValueError):
        jsonc.loads(text)


@pytest.mark.parametrize(
    "other",
    [
        {"env": {"KEY": "other"}},
        {"cwd": "elsewhere"},
        {"args": ["absent.py"]},
        {"env": {"KEY": "${MY_TOKEN:-k}"}},
    ],
)
def test_kept_tools_belong_to_the_configuration_they_came_from(tmp_path, other):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "srv.py").write_text((CASES / "srv.py").read_text())
    entry = {"command": sys.executable, "args": [str(tmp_path / "srv.py")], "env": {"KEY": "one"}}
    path = tmp_path / "mcp.json"
    path.write_text(json.dumps({"mcpServers": {"one": entry}}))
    cache = Cache(Store(str(tmp_path / "store")))
    assert len(tools(str(path), Troubles(), cache)) == 2
    (tmp_path / "srv.py").write_text("raise SystemExit")
    assert len(tools(str(path), Troubles(), cache)) == 2
    path.write_text(json.dumps({"mcpServers": {"one": entry | other}}))
    troubles = Troubles()
    assert tools(str(path), troubles, cache) == []
    assert [one.reason for one in troubles.list()] == ["server failed"]


def test_tools_that_are_switched_off_are_not_offered(tmp_path):
    (tmp_path / "srv.py").write_text((CASES / "srv.py").read_text())
    entry = {"command": sys.executable, "args": ["srv.py"], "disabledTools": ["echo_env"]}
    (tmp_path / "mcp.json").write_text(json.dumps({"mcpServers": {"one": entry}}))
    assert [tool.name for tool in tools(str(tmp_path / "mcp.json"), Troubles())] == ["get_tide"]


def test_two_different_tools_of_one_name_are_both_left_out(tmp_path):
    path, troubles = tmp_path / "tools.json", Troubles()
    path.write_text(
        json.dumps(
            [{"name": "a", "description": text, "inputSchema": {}} for text in "xy"]
            + [{"name": "b", "inputSchema": {}}] * 2
        )
    )
    assert [tool.name for tool in tools(str(path), troubles)] == ["b"]
    assert [(one.reason, one.count) for one in troubles.list()] == [("two different tools of one name", 1)]
