"""The tools that MCP servers offer, listed by the servers themselves through the `mcp` SDK, or read from
schema files.

Servers are programs: only those of the file that `sources.mcp` names are started or contacted, never one that
a repository brings along. Each server has its own time limit, and its process ends with the question.
"""

import glob
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autodidact.errors import NoSource
from autodidact.records import canonical
from autodidact.sources.file_patterns import named
from autodidact.sources.json_of_expected_type import dict_of, list_of, parsed
from autodidact.sources.mcp import configuration, jsonc
from autodidact.sources.mcp.configuration import Server
from autodidact.sources.mcp.end_orphaned_processes import ended_orphans
from autodidact.sources.mcp.invalid_tools import ValidTools
from autodidact.sources.mcp.transport import http_client, stdio
from autodidact.sources.reading_limits import within
from autodidact.sources.table_files import shown

# Seconds for one server from its start to its last page; a busy machine takes ten to import an SDK.
TIMEOUT = 60.0
MAX_PAGES = 50
# Of one server or file.
MAX_TOOLS = 500
# Characters of one tool's schema.
MAX_SCHEMA = 100_000
# Bytes.
MAX_FILE = 20_000_000

# Under what names Gemini declares functions.
_DECLARED = ("function_declarations", "functionDeclarations")
# Under what names a tool has the schema of its arguments: MCP's, Anthropic's, function calling's, Gemini's.
_SCHEMAS = ("inputSchema", "input_schema", "parameters", "parametersJsonSchema", "parameters_json_schema")
# Numbers that Gemini's API, which has 64-bit ones as JSON texts, writes in quotation marks.
_COUNTS = ("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties")


@dataclass(frozen=True)
class Tool:
    """A tool with the JSON Schema of its arguments. `server` is the server's name, or that of the schema
    file.
    """

    server: str
    name: str
    description: str
    schema: dict[str, Any] = field(hash=False)
    # The JSON Schema of its result, where it has one.
    output: dict[str, Any] | None = field(default=None, hash=False)
    # What the server says of its effects: readOnlyHint, destructiveHint, and so on, as far as it says so.
    hints: dict[str, bool] = field(default_factory=dict, hash=False)


def tools(setting: str | None, troubles, cache=None, timeout: float = TIMEOUT) -> list[Tool]:
    """Every tool that `sources.mcp` leads to: an .mcp.json, a schema file, or a folder of such. Skipped when
    there is no such file.

    Servers are contacted at the same time; the result is in the order of files, servers and names. What fails
    is counted in `troubles`; of a server that is down the tools that it had last are used, where `cache`
    knows them.
    """
    if not setting:
        raise NoSource("no tools: sources.mcp names no file", setting="sources.mcp")
    path = Path(setting).expanduser().resolve()
    if not path.exists():
        raise NoSource(f"sources.mcp names {setting}, which is not there", setting="sources.mcp")
    servers: list[Server] = []
    found: list[Tool] = []
    for file in sorted(named(f"{glob.escape(str(path))}/*.json", troubles)) if path.is_dir() else [path]:
        more_servers, more_tools = read_configuration(file, troubles)
        servers += more_servers
        found += more_tools
    # A thread of its own: the caller may be inside an event loop.
    with ended_orphans(), ThreadPoolExecutor(max_workers=4) as pool:
        for server, (listed, reason, refused) in zip(
            servers, pool.map(lambda s: _ask(s, timeout), servers), strict=True
        ):
            for name, why in refused:
                troubles.add(why, f"{server.name}/{name}"[:200])
            listed = _remembered(server, listed, reason, troubles, cache)
            found += [tool for tool in listed if tool.name not in server.off]
    return _distinct(found, troubles)


def _distinct(found: list[Tool], troubles) -> list[Tool]:
    """Each tool once. Of two that a server gives one name neither: which one a call would reach is open."""
    unique: dict[tuple[str, str], Tool | None] = {}
    for tool in found:
        ref, key = f"{tool.server}/{tool.name}"[:200], (tool.server, tool.name)
        with within(troubles, ref):
            if len(json.dumps([tool.schema, tool.description, tool.output])) > MAX_SCHEMA:
                troubles.add("tool schema too large", ref)
            elif unique.setdefault(key, tool) != tool:
                troubles.add("two different tools of one name", ref)
                unique[key] = None
    return [tool for tool in unique.values() if tool]


def _remembered(server: Server, listed: list[Tool], reason: str | None, troubles, cache) -> list[Tool]:
    key = server.digest()
    if reason is None:
        if cache:
            rows = [[t.name, t.description, t.schema, t.output, t.hints] for t in listed]
            cache.put("mcp", key, canonical(rows).encode())
        return listed
    kept = cache.get("mcp", key) if cache else None
    if kept is None:
        troubles.add(reason, server.name)
        return listed
    troubles.add(f"{reason}; the tools it had last are used", server.name)
    return [Tool(server.name, *row) for row in json.loads(kept)]


def read_configuration(file: Path, troubles) -> tuple[list[Server], list[Tool]]:
    """The servers and the tools that a JSON file lists."""
    ref = shown(file)
    try:
        if file.stat().st_size > MAX_FILE:
            troubles.add("file too large", ref)
            return [], []
        content = jsonc.loads(file.read_text(encoding="utf-8-sig", errors="replace"))
    except (OSError, ValueError, RecursionError):
        troubles.add("file that is not JSON", ref)
        return [], []
    servers, there = configuration.servers(content, file, troubles)
    listed = _declared(content)
    if len(listed) > MAX_TOOLS:
        troubles.add("tools beyond the limit", ref, len(listed) - MAX_TOOLS)
    found = [tool for raw in listed[:MAX_TOOLS] if (tool := _tool(ref, raw, troubles))]
    if not there and not found:
        first = f": {', '.join(map(str, list(content)[:5]))}" if isinstance(content, dict) else ""
        troubles.add("file without servers or tools", f"{ref}{first}"[:200])
    return servers, found


def _declared(content: Any) -> list:
    """The tools that a file lists: as a list, under `tools`, there by name too, in a saved answer to
    `tools/list`, or as Gemini declares functions.
    """
    answer = content.get("result") if isinstance(content, dict) else None
    content = answer if isinstance(answer, dict) and isinstance(answer.get("tools"), list) else content
    given = content.get("tools", [content]) if isinstance(content, dict) else content
    if isinstance(given, dict):
        # A map from names to tools, as the Vercel AI SDK has; elsewhere `tools` holds settings.
        given = [{"name": name, **one} for name, one in given.items() if dict_of(one).keys() & set(_SCHEMAS)]
    listed: list[Any] = []
    for one in list_of(given):
        inner = dict_of(one)
        declared = next((inner[key] for key in _DECLARED if isinstance(inner.get(key), list)), None)
        listed += [one] if declared is None else map(_in_lower_case, declared)
    return [one for one in listed if one is not content]


def _in_lower_case(part: Any) -> Any:
    """A declaration as JSON Schema spells it: Gemini's API writes STRING, and "2" for 2."""
    if isinstance(part, list):
        return [_in_lower_case(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        key: value.lower()
        if key == "type" and isinstance(value, str)
        else int(value)
        if key in _COUNTS and isinstance(value, str) and value.isdecimal()
        else value
        if key in ("default", "enum", "example")
        else _in_lower_case(value)
        for key, value in part.items()
    }


def _tool(server: str, raw: Any, troubles) -> Tool | None:
    """A tool in MCP's form (inputSchema) or in that of function calling (parameters). None, counted, of one
    whose schema is there and is none, and of one without: which calls it takes is open.
    """
    # In function calling a function without parameters takes none.
    takes_none = isinstance(raw, dict) and raw.get("type") == "function"
    raw = raw.get("function", raw) if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or not isinstance(raw.get("name"), str):
        return None
    given = [raw[key] for key in _SCHEMAS if key in raw]
    schemas = [schema for one in given if (schema := _schema(one)) is not None]
    if given and not schemas:
        troubles.add("a schema that is not understood", f"{server}/{raw['name']}"[:200])
        return None
    if not given and not takes_none:
        # As of a service's own tools, which only its pages describe.
        troubles.add("a tool without a schema", f"{server}/{raw['name']}"[:200])
        return None
    schema = (schemas[0] if schemas else None) or {"type": "object"}
    output, hints = _schema(raw.get("outputSchema")), _hints(raw.get("annotations"))
    return Tool(server, raw["name"], str(raw.get("description") or ""), schema, output, hints)


def _schema(given: Any) -> dict[str, Any] | None:
    """A schema, or the one that a string holds as JSON; None of anything else."""
    found = parsed(given) if isinstance(given, str) and len(given) <= MAX_SCHEMA else given
    # The Vercel AI SDK wraps it.
    if isinstance(found, dict) and found.keys() <= {"jsonSchema", "validate"} and "jsonSchema" in found:
        found = found["jsonSchema"]
    return found if isinstance(found, dict) else None


def _hints(annotations: Any) -> dict[str, bool]:
    """The annotations of a tool that are true or false."""
    given = annotations if isinstance(annotations, dict) else {}
    return {key: value for key, value in given.items() if isinstance(value, bool) and key.endswith("Hint")}


def _ask(server: Server, timeout: float) -> tuple[list[Tool], str | None, list[tuple[str, str]]]:
    """What a server lists, why that is not everything, and (name, reason) of tools that are none. Never
    raises for what a server does.
    """
    import anyio

    # Imported here, so that the import does not count as the server's time.
    import mcp.client.streamable_http  # noqa: F401

    found: list[Tool] = []
    refused: list[tuple[str, str]] = []

    async def ask() -> str | None:
        with anyio.move_on_after(timeout) as limit:
            await _list(server, found, refused)
        return "server did not answer in time" if limit.cancelled_caught else None

    try:
        reason = anyio.run(ask)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:
        # An SDK task group wraps whatever a broken server causes.
        reason = "server failed"
    return sorted(found, key=lambda tool: tool.name), reason, refused


async def _list(server: Server, found: list[Tool], refused: list[tuple[str, str]]) -> None:
    from contextlib import AsyncExitStack

    from mcp import ClientSession
    from mcp.client.sse import sse_client
    from mcp.client.stdio import get_default_environment
    from mcp.client.streamable_http import streamable_http_client

    async with AsyncExitStack() as stack:
        if server.url and server.sse:
            streams = await stack.enter_async_context(
                sse_client(server.url, server.headers, httpx_client_factory=_counted_client)
            )
        elif server.url:
            client = await stack.enter_async_context(http_client(server.headers))
            streams = await stack.enter_async_context(streamable_http_client(server.url, http_client=client))
        else:
            environment = get_default_environment() | server.environment
            command = [server.command or "", *server.arguments]
            streams = await stack.enter_async_context(stdio(command, str(server.folder), environment))
        incoming = ValidTools(streams[0], refused)
        session = await stack.enter_async_context(ClientSession(incoming, streams[1]))
        await session.initialize()
        cursor = None
        for _ in range(MAX_PAGES):
            page = await session.list_tools(params=_page(cursor)) if cursor else await session.list_tools()
            for tool in page.tools[: MAX_TOOLS - len(found)]:
                schemas = tool.input_schema, tool.output_schema
                hints = _hints(tool.annotations.model_dump(by_alias=True) if tool.annotations else None)
                found.append(Tool(server.name, tool.name, tool.description or "", *schemas, hints))
            cursor = page.next_cursor
            if not cursor or len(found) >= MAX_TOOLS:
                return


def _counted_client(headers: dict | None = None, timeout: Any = None, auth: Any = None) -> Any:
    """As the SDK's own factory of clients, for which only headers are given here."""
    return http_client(headers or {})


def _page(cursor: str):
    from mcp.types import PaginatedRequestParams

    return PaginatedRequestParams(cursor=cursor)
