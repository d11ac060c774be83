"""MCP servers asked for their tools: good, dead, hanging and loud ones, over standard input and over HTTP."""

import contextlib
import json
import os
import queue
import subprocess
import sys
import time

import pytest

from autodidact.errors import Skipped
from autodidact.settings import SAMPLES
from autodidact.sources.mcp.end_orphaned_processes import ended_orphans
from autodidact.sources.mcp.list_tools import tools
from autodidact.stage import Troubles
from autodidact.store import Cache, Store
from tests import loopback
from tests.bounded import bounded

CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {"name": "weather", "description": "Weather now.", "inputSchema": CITY}
CLOCK = {"name": "clock", "description": "The time.", "inputSchema": {"type": "object", "properties": {}}}

# A server of the protocol's bare minimum; two pages of tools. It starts much quicker than one made with the
# SDK.
SERVER = """
import json, os, sys
tools = json.loads(os.environ.get("TOOLS") or open("tools.txt").read())
open("started.txt", "w").write(str(os.getpid()))
for line in sys.stdin:
    request = json.loads(line)
    method, params = request.get("method"), request.get("params") or {}
    if "id" not in request:
        continue
    if method == "initialize":
        result = {"protocolVersion": params["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": {"name": "test", "version": "1"}}
    elif method == "tools/list":
        at = int(params.get("cursor") or 0)
        result = {"tools": tools[at : at + 1]}
        if at + 1 < len(tools):
            result["nextCursor"] = str(at + 1)
    else:
        print(json.dumps({"jsonrpc": "2.0", "id": request["id"], "error": {"code": -32601, "message": "no"}}), flush=True)
        continue
    print(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result}), flush=True)
"""
CRASHES = "import sys; sys.exit('no database')"
# It leaves a process behind that has left its group and session, is nobody's child, and knows nothing of its
# environment.
LEAVES = (
    "import os, subprocess, sys\nif os.fork() == 0:\n    os.setsid()\n    if os.fork():\n       "
    " os._exit(0)\n    os.setsid()\n    for end in (0, 1, 2):\n        os.close(end)\n    open('left.txt',"
    " 'w').write(str(os.getpid()))\n    os.execve(sys.executable, [sys.executable, '-c', 'import time;"
    " time.sleep(600)'], {})\nos.wait()\nimport time\nwhile not os.path.exists('left.txt') or not"
    " open('left.txt').read():\n    time.sleep(0.01)\n"
)
# It puts its keeper out of the way: dead, or stopped.
KILLS = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n"
STOPS = "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\n"
HANGS = "import os, time; open('started.txt', 'w').write(str(os.getpid())); time.sleep(600)"
ENDLESS = "import sys\nwhile True: sys.stdout.write('x' * 1_000_000)"
LOUD = "print('x' * 1_000_000, flush=True)\nprint('{}', flush=True)\n" + SERVER


def configured(folder, servers: dict[str, str], **more) -> str:
    """An mcp.json with these servers; each a Python program in a folder of its own."""
    entries = {}
    for name, program in servers.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "deployer_base.py").write_text(program)
        (folder / name / "tools.txt").write_text(json.dumps([WEATHER, CLOCK]))
        entries[name] = {"command": "python", "args": ["deployer_base.py"], "cwd": name}
    path = folder / "mcp.json"
    path.write_text(json.dumps({"mcpServers": entries | more}))
    return str(path)


def reasons(troubles: Troubles) -> dict[str, str | None]:
    return {t.reason: t.ref for t in troubles.list()}


def test_the_tools_of_a_server_page_by_page(tmp_path):
    troubles = Troubles()
    found = tools(configured(tmp_path, {"home": SERVER}), troubles)
    assert [(t.server, t.name, t.description, t.schema) for t in found] == [
        ("home", "clock", "The time.", CLOCK["inputSchema"]),
        ("home", "weather", "Weather now.", WEATHER["inputSchema"]),
    ]
    assert reasons(troubles) == {}


def test_an_invalid_tool_costs_itself_and_is_named(tmp_path):
    broken = {"type": "object", "properties": {"a": "string"}}
    listed = [WEATHER, {"name": "bad", "inputSchema": broken}, {"name": "bare"}, CLOCK]
    listed.append({"name": "odd", "inputSchema": CITY, "annotations": {"readOnlyHint": "maybe"}})
    path = configured(
        tmp_path, {"home": SERVER.replace("at + 1]", "at + 9]").replace("at + 1 <", "at + 9 <")}
    )
    (tmp_path / "home" / "tools.txt").write_text(json.dumps(listed))
    troubles = Troubles()
    assert [tool.name for tool in tools(path, troubles)] == ["clock", "weather"]
    assert reasons(troubles) == {
        "a schema that is not understood": "home/bad",
        "a tool without a schema": "home/bare",
        "a tool that is not as the protocol wants it": "home/odd",
    }


@pytest.mark.slow
def test_a_server_that_crashes_hangs_or_shouts_costs_itself(tmp_path):
    troubles = Troubles()
    path = configured(
        tmp_path,
        {"bad": CRASHES, "good": SERVER, "hung": HANGS, "loud": LOUD, "endless": ENDLESS},
        gone={"command": "no-such-program"},
        odd={"args": []},
        off=7,
    )
    began = time.monotonic()
    found = tools(path, troubles, timeout=9)
    assert time.monotonic() - began < 40
    assert {t.server for t in found} == {"good", "loud"}  # a megabyte that is no message is passed over
    assert {t.reason: t.count for t in troubles.list()} == {
        "server failed": 3,
        "server did not answer in time": 1,
        "server that cannot be read": 2,
    }
    pid = int((tmp_path / "hung" / "started.txt").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_message_that_stands_for_gigabytes_is_left_out(tmp_path):
    empty = 'sys.stdout.write(\'{"jsonrpc":"2.0","method":"x","params":{"a":[\' + \'{},\' * 8_000_000 + \'{}]}}\\n\')\n'
    troubles = Troubles()
    with bounded(10.0, megabytes=1_000):
        found = tools(configured(tmp_path, {"vast": f"import sys\n{empty}{SERVER}"}), troubles, timeout=20)
    assert [tool.name for tool in found] == ["clock", "weather"] and reasons(troubles) == {}


def test_of_a_server_that_is_down_its_last_tools_are_used(tmp_path):
    cache = Cache(Store(str(tmp_path / "store")))
    path = configured(tmp_path, {"home": SERVER})
    first = tools(path, Troubles(), cache)
    (tmp_path / "home" / "deployer_base.py").write_text(CRASHES)
    troubles = Troubles()
    assert tools(path, troubles, cache) == first
    assert reasons(troubles) == {"server failed; the tools it had last are used": "home"}


def test_variables_are_filled_and_a_server_is_started_in_its_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOP_TOOLS", json.dumps([CLOCK]))
    path = configured(tmp_path, {"home": SERVER})
    content = json.loads((tmp_path / "mcp.json").read_text())
    content["mcpServers"]["home"]["env"] = {"TOOLS": "${SHOP_TOOLS}", "OTHER": "${NOT_SET:-fallback}"}
    (tmp_path / "mcp.json").write_text(json.dumps(content))
    assert [t.name for t in tools(path, Troubles())] == ["clock"]
    assert (tmp_path / "home" / "started.txt").exists()


def test_a_server_that_is_switched_off_or_of_another_transport_is_not_asked(tmp_path):
    troubles = Troubles()
    assert (
        tools(
            configured(
                tmp_path,
                {},
                off={"command": "no-such-program", "disabled": True},
                old={"type": "ws", "url": "ws://127.0.0.1:9/mcp"},
            ),
            troubles,
        )
        == []
    )
    assert list(reasons(troubles)) == [
        "server of a transport that is not spoken (stdio, streamable HTTP and SSE are)"
    ]


class Web(loopback.Handler):
    """The same protocol over streamable HTTP; it wants a header."""

    def do_POST(self):
        request = self.body()
        result = {"tools": [WEATHER]}
        if request["method"] == "initialize":
            version = request["params"]["protocolVersion"]
            result = {
                "protocolVersion": version,
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "web", "version": "1"},
            }
        body = json.dumps({"jsonrpc": "2.0", "id": request.get("id"), "result": result}).encode()
        known = self.headers.get("X-Key") == "open sesame"
        if self.path == "/hang":
            time.sleep(30)
        if self.path == "/endless":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            with contextlib.suppress(OSError):
                while True:
                    self.wfile.write(b" " * 1_000_000)
            return
        self.send_response(401 if not known else 202 if "id" not in request else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) if known and "id" in request else 0))
        self.end_headers()
        if known and "id" in request:
            self.wfile.write(body)

    def do_GET(self):
        self.send_response(405)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_DELETE = do_GET


@pytest.fixture
def web():
    with loopback.Server(Web) as server:
        yield f"{server.root}/mcp"


def test_a_streamable_http_server_with_a_header_from_the_environment(tmp_path, web, monkeypatch):
    monkeypatch.setenv("WEB_KEY", "open sesame")
    path = configured(
        tmp_path,
        {},
        web={"type": "http", "url": web, "headers": {"X-Key": "${WEB_KEY}"}},
        shut={"type": "http", "url": web},
    )
    troubles = Troubles()
    assert [(t.server, t.name) for t in tools(path, troubles, timeout=20)] == [("web", "weather")]
    assert reasons(troubles) == {"server failed": "shut"}
    assert "sesame" not in repr(troubles.list())


class Events(loopback.Handler):
    """The protocol over SSE: requests are posted, and answered in the stream of events that was opened
    first.
    """

    answers: queue.SimpleQueue

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(b"event: endpoint\ndata: /post\n\n")
        for answer in iter(self.answers.get, None):
            self.wfile.write(f"event: message\ndata: {json.dumps(answer)}\n\n".encode())
            if answer["result"].get("tools"):
                return

    def do_POST(self):
        request = self.body()
        begin = {"capabilities": {"tools": {}}, "serverInfo": {"name": "old", "version": "1"}}
        if request["method"] == "initialize":
            result = begin | {"protocolVersion": request["params"]["protocolVersion"]}
        else:
            result = {"tools": [WEATHER]}
        if "id" in request:
            self.answers.put({"jsonrpc": "2.0", "id": request["id"], "result": result})
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()


def test_a_server_that_speaks_sse(tmp_path):
    handler = type("Handler", (Events,), {"answers": queue.SimpleQueue()})
    troubles = Troubles()
    with loopback.Server(handler) as server:
        entry = {"type": "sse", "url": f"{server.root}/sse"}
        found = tools(configured(tmp_path, {}, old=entry), troubles, timeout=20)
    assert [(t.server, t.name) for t in found] == [("old", "weather")] and reasons(troubles) == {}


def test_a_web_server_that_hangs_or_never_stops_costs_itself(tmp_path, web):
    urls = {name: {"type": "http", "url": web.replace("/mcp", f"/{name}")} for name in ("hang", "endless")}
    troubles = Troubles()
    assert tools(configured(tmp_path, {}, **urls), troubles, timeout=4) == []
    assert sum(t.count for t in troubles.list()) == 2 and "server did not answer in time" in reasons(troubles)


def test_schema_files_and_folders_of_them(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"tools": [WEATHER, {"no": "name"}]}))
    (tmp_path / "b.json").write_text(
        json.dumps([{"type": "function", "function": {"name": "add", "parameters": {"type": "object"}}}])
    )
    (tmp_path / "c.json").write_text("{torn")
    (tmp_path / "d.json").write_text("{}")
    large = {"type": "object", "description": "x" * 100_001}
    (tmp_path / "e.json").write_text(json.dumps([{"name": "large", "parameters": large}]))
    troubles = Troubles()
    assert [(t.name, t.schema) for t in tools(str(tmp_path), troubles)] == [
        ("weather", WEATHER["inputSchema"]),
        ("add", {"type": "object"}),
    ]
    assert sorted(reasons(troubles)) == [
        "file that is not JSON",
        "file without servers or tools",
        "tool schema too large",
    ]


@pytest.mark.parametrize("schema", [None, [CITY], "object", json.dumps([CITY]), 7])
@pytest.mark.parametrize("key", ["inputSchema", "parameters"])
def test_a_tool_whose_schema_is_none_is_left_out_and_counted(tmp_path, key, schema):
    (tmp_path / "a.json").write_text(json.dumps({"tools": [WEATHER, {"name": "odd", key: schema}]}))
    troubles = Troubles()
    assert [t.name for t in tools(str(tmp_path), troubles)] == ["weather"]
    ((reason, ref),) = reasons(troubles).items()
    assert (reason, ref[-11:]) == ("a schema that is not understood", "/a.json/odd")


def test_a_schema_that_stands_in_a_string_is_read(tmp_path):
    given = {"name": "a", "parameters": json.dumps(CITY), "outputSchema": json.dumps({"type": "object"})}
    (tmp_path / "a.json").write_text(json.dumps([given]))
    troubles = Troubles()
    assert [(t.schema, t.output) for t in tools(str(tmp_path), troubles)] == [(CITY, {"type": "object"})]
    assert reasons(troubles) == {}


def test_nothing_named_is_skipped(tmp_path):
    with pytest.raises(Skipped, match="names no file"):
        tools(None, Troubles())
    with pytest.raises(Skipped, match="not there"):
        tools(str(tmp_path / "absent.json"), Troubles())


@pytest.mark.slow
def test_the_sample_server():
    troubles = Troubles()
    assert [t.name for t in tools(str(SAMPLES / "mcp.json"), troubles)] == (
        "assign_shift figures hold_seats issue_refund open_incident release_hold search_sailings"
        " send_notice service_status tide_at"
    ).split()
    assert reasons(troubles) == {}


def _gone(process: int, seconds: float = 5.0) -> bool:
    """Whether a process has ended, or does within the time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with open(f"/proc/{process}/stat", encoding="utf-8") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no subreaper")
@pytest.mark.parametrize(
    ("program", "counted"),
    [
        (LEAVES + SERVER, {}),
        (LEAVES + CRASHES, {"server failed": 1}),
        (LEAVES + HANGS, {"server did not answer in time": 1}),
        (LEAVES + KILLS + SERVER, {}),
        (KILLS + LEAVES + HANGS, {"server did not answer in time": 1}),
        (LEAVES + STOPS + SERVER, {}),
    ],
)
def test_a_process_that_a_server_leaves_behind_ends_with_the_question(
    tmp_path, monkeypatch, program, counted
):
    monkeypatch.setattr("autodidact.sources.mcp.transport.GRACE", 0.3)
    troubles = Troubles()
    tools(configured(tmp_path, {"a": program}), troubles, timeout=4.0)
    assert {trouble.reason: trouble.count for trouble in troubles.list()} == counted
    started = [int(file.read_text()) for file in (tmp_path / "a").glob("*.txt") if file.name != "tools.txt"]
    assert started and all(_gone(process) for process in started)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no subreaper")
def test_what_is_no_server_s_lives_on():
    sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
    before = subprocess.Popen(sleep, start_new_session=True)
    with ended_orphans():
        during = subprocess.Popen(sleep)
    assert (before.poll(), during.poll()) == (None, None)
    for process in (before, during):
        process.kill()
        process.wait()


def test_a_command_that_is_not_there_is_a_server_that_failed(tmp_path):
    troubles = Troubles()
    path = tmp_path / "mcp.json"
    path.write_text(json.dumps({"mcpServers": {"a": {"command": "no-such-command-anywhere"}}}))
    assert tools(str(path), troubles) == [] and [trouble.reason for trouble in troubles.list()] == [
        "server failed"
    ]


def test_a_tool_without_a_schema_is_counted_and_a_function_without_parameters_takes_none(tmp_path):
    given = [
        {"type": "bash_20250124", "name": "bash"},
        {"name": "mail", "description": "Send the mail"},
        {"type": "function", "function": {"name": "stop", "description": "Stop"}},
        {"type": "function", "name": "go"},
        WEATHER,
    ]
    (tmp_path / "a.json").write_text(json.dumps(given))
    troubles = Troubles()
    found = {tool.name: tool.schema for tool in tools(str(tmp_path / "a.json"), troubles)}
    assert found == {"stop": {"type": "object"}, "go": {"type": "object"}, "weather": CITY}
    assert {t.reason: t.count for t in troubles.list()} == {"a tool without a schema": 2}


@pytest.mark.parametrize("key", ["function_declarations", "functionDeclarations"])
def test_functions_that_gemini_declares_are_read_with_its_types(tmp_path, key):
    given = {"type": "OBJECT", "properties": {"pier": {"type": "STRING", "enum": ["A", "B"]}}}
    declared = {key: [{"name": "tide", "description": "Get the tide", "parameters": given}]}
    read = {"type": "object", "properties": {"pier": {"type": "string", "enum": ["A", "B"]}}}
    for content in (declared, [declared], {"tools": [declared]}):
        (tmp_path / "a.json").write_text(json.dumps(content))
        troubles = Troubles()
        assert [(t.name, t.schema) for t in tools(str(tmp_path), troubles)] == [("tide", read)]
        assert troubles.list() == []


def test_geminis_counts_in_quotation_marks_and_its_newer_schemas_are_read(tmp_path):
    given = {"type": "OBJECT", "properties": {"piers": {"type": "ARRAY", "minItems": "2"}}}
    declared = [
        {"name": "tide", "description": "Get the tide", "parameters": given},
        {"name": "dim", "description": "Dim the lights", "parametersJsonSchema": CITY},
    ]
    (tmp_path / "a.json").write_text(json.dumps({"tools": [{"functionDeclarations": declared}]}))
    troubles = Troubles()
    read = {"type": "object", "properties": {"piers": {"type": "array", "minItems": 2}}}
    assert {t.name: t.schema for t in tools(str(tmp_path), troubles)} == {"tide": read, "dim": CITY}
    assert troubles.list() == []


@pytest.mark.parametrize(
    "content",
    [
        {"jsonrpc": "2.0", "id": 2, "result": {"tools": [{"name": "weather", "inputSchema": CITY}]}},
        {"tools": {"weather": {"parameters": CITY}}},
        {"tools": {"weather": {"inputSchema": {"jsonSchema": CITY}}}},
    ],
)
def test_a_saved_answer_of_a_server_and_a_map_of_tools_are_read(tmp_path, content):
    (tmp_path / "a.json").write_text(json.dumps(content))
    troubles = Troubles()
    assert [(t.name, t.schema) for t in tools(str(tmp_path), troubles)] == [("weather", CITY)]
    assert troubles.list() == []


def test_a_map_of_settings_is_no_map_of_tools(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"tools": {"write": False, "bash": {"allow": True}}}))
    troubles = Troubles()
    assert tools(str(tmp_path), troubles) == []
    assert [t.reason for t in troubles.list()] == ["file without servers or tools"]


def test_a_file_of_an_unknown_form_is_named_with_its_first_keys(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"openapi": "3.1.0", "paths": {}}))
    troubles = Troubles()
    assert tools(str(tmp_path), troubles) == []
    ((_, ref),) = reasons(troubles).items()
    assert ref.endswith("/a.json: openapi, paths")
