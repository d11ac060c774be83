"""The servers of a configuration file, as the clients that own such files read them: Claude, Cursor,
Windsurf, Roo and Cline (`mcpServers`), VS Code (`servers`, or `mcp` in its settings), Zed (`context_servers`)
and opencode (`mcp`).

Nobody is there to be asked: a server with a variable or an input that has no value is left out and counted.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autodidact.records import canonical, sha256
from autodidact.sources.json_of_expected_type import dict_of, dicts_of, list_of
from autodidact.sources.table_files import shown

# Bytes of an envFile, or of a file whose content is the value of a variable.
MAX_VALUES = 100_000
NOT_SPOKEN = "server of a transport that is not spoken (stdio, streamable HTTP and SSE are)"
UNREADABLE = "server that cannot be read"

_SPOKEN = ("", "stdio", "local", "http", "streamable-http", "streamablehttp", "remote", "sse")
_PYTHON = {"python", "python3"}
# Folders in which editors keep the configuration of the project around them.
_EDITORS = {".vscode", ".cursor", ".roo", ".zed", ".windsurf", ".gemini", ".kiro", ".claude"}
# `${NAME}`, `${NAME:-default}`, `${env:NAME}`, `${input:id}`, `${file:path}`.
_VARIABLE = re.compile(r"\$\{(?:(\w+):(?!-))?([^{}:]*)(?::-([^}]*))?\}")
# opencode's `{env:NAME}`, `{file:path}`.
_BARE = re.compile(r"(?<!\$)\{((?:env|file):[^{}:]*)\}")
_NAME = re.compile(r"[A-Za-z_]\w*")
_ASSIGNMENT = re.compile(r"\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*=\s*(.*?)\s*$")
_QUOTED = re.compile(r"""(["'])(.*?)\1\s*(?:#.*)?$""")


@dataclass(frozen=True)
class Server:
    """An entry of a configuration: a `command` to start, or the `url` of a server that speaks streamable
    HTTP, or SSE. Neither environment nor headers are ever written.
    """

    name: str
    folder: Path
    command: str | None = None
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict, repr=False)
    url: str | None = None
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    sse: bool = False
    # Tools that are switched off.
    off: frozenset[str] = frozenset()

    def digest(self) -> str:
        """What tells this configuration from every other: what a server lists may depend on all of it."""
        what = [self.name, str(self.folder), self.command, self.arguments, self.url, self.sse]
        return sha256(canonical([*what, self.environment, self.headers]))


class _LeftOut(Exception):
    """Why a server is not asked, and what its entry lacks."""

    def __init__(self, reason: str, what: str = ""):
        super().__init__(reason)
        self.reason, self.what = reason, what


def servers(content: Any, file: Path, troubles) -> tuple[list[Server], bool]:
    """The servers to ask, and whether the file lists any. The others are counted, but for those that are
    switched off.
    """
    found, there = [], False
    inputs = {str(one.get("id")): one for one in _inputs(content)}
    for client, name, entry in _entries(content):
        there = True
        if isinstance(entry, dict) and (entry.get("disabled") is True or entry.get("enabled") is False):
            continue
        try:
            found.append(_Entry(client, file, inputs).server(name, entry))
        except _LeftOut as left:
            what = f": {left.what}" if left.what else ""
            troubles.add(left.reason, f"{shown(file)}#{name}{what}"[:200])
    return found, there


def _entries(content: Any) -> Iterator[tuple[str, str, Any]]:
    """(the section of the client, name, entry) of each server."""
    content = dict_of(content)
    mcp = dict_of(content.get("mcp"))
    sections = {
        "mcpServers": content.get("mcpServers"),
        "servers": content.get("servers") or mcp.get("servers"),
        "context_servers": content.get("context_servers"),
        "mcp": {name: entry for name, entry in mcp.items() if name not in ("servers", "inputs")},
    }
    for client, listed in sections.items():
        for name, entry in dict_of(listed).items():
            yield client, name, entry


def _inputs(content: Any) -> list[dict]:
    content = dict_of(content)
    return dicts_of(content.get("inputs")) or dicts_of(dict_of(content.get("mcp")).get("inputs"))


class _Entry:
    """Reads one entry. Relative paths are relative to the project: the folder of the file, or the one around
    an editor's own folder.
    """

    def __init__(self, client: str, file: Path, inputs: dict[str, dict]):
        self.client, self.inputs = client, inputs
        self.project = file.parent.parent if file.parent.name in _EDITORS else file.parent

    def server(self, name: str, entry: Any) -> Server:
        """Raises _LeftOut."""
        if not isinstance(entry, dict):
            raise _LeftOut(UNREADABLE)
        kind = str(entry.get("type") or entry.get("transport") or "").lower()
        if kind not in _SPOKEN:
            raise _LeftOut(NOT_SPOKEN)
        url = next((entry[key] for key in ("url", "serverUrl", "httpUrl") if entry.get(key)), None)
        if isinstance(url, str) and kind not in ("stdio", "local"):
            headers = self._values(entry.get("headers"))
            server = Server(name, self.project, url=self._filled(url), headers=headers, sse=kind == "sse")
        else:
            server = self._started(name, entry)
        off = [*list_of(entry.get("disabledTools")), *list_of(entry.get("excludeTools"))]
        return replace(server, off=frozenset(str(one) for one in off))

    def _started(self, name: str, entry: dict) -> Server:
        command: Any
        command, arguments = entry.get("command"), entry.get("args") or []
        given = entry.get("env", entry.get("environment"))
        if isinstance(command, dict):
            command, arguments, given = command.get("path"), command.get("args") or [], command.get("env")
        elif isinstance(command, list) and command:
            command, arguments = command[0], [*command[1:], *list_of(arguments)]
        if not isinstance(command, str) or not command or not isinstance(arguments, list):
            raise _LeftOut(UNREADABLE)
        folder = self.project
        if isinstance(entry.get("cwd"), str):
            folder = folder / self._filled(entry["cwd"])
            if not folder.is_dir():
                raise _LeftOut("server left out: its folder is not there", str(folder))
        environment = self._file_of_values(entry.get("envFile")) | self._values(given)
        command = self._filled(command)
        if command in _PYTHON:
            command = sys.executable
        elif not os.path.isabs(command) and (self.project / command).is_file():
            command = str(self.project / command)
        words = tuple(self._filled(_as_text(argument)) for argument in arguments)
        return Server(name, folder, command=command, arguments=words, environment=environment)

    def _values(self, given: Any) -> dict[str, str]:
        return {
            str(key): self._filled(_as_text(value))
            for key, value in dict_of(given).items()
            if value is not None
        }

    def _filled(self, text: str) -> str:
        if self.client == "mcp":
            text = _BARE.sub(r"${\1}", text)
        return _VARIABLE.sub(self._value, text)

    def _value(self, match: re.Match) -> str:
        space, name, default = match.groups()
        folder = str(self.project)
        known = {"workspaceFolder": folder, "workspaceRoot": folder, "userHome": str(Path.home())}
        known |= {"workspaceFolderBasename": self.project.name, "pathSeparator": os.sep, "/": os.sep}
        if space is None and name in known or space == "workspaceFolder":
            return known[space or name]
        if space == "env" or space is None and _NAME.fullmatch(name):
            value = os.environ.get(name, default)
            if value is None and space is None and self.client == "servers":
                # VS Code knows no `${NAME}`: the shell of a command may.
                return match[0]
            return self._there(value, f"the variable {name} is not set")
        if space == "input":
            value = self.inputs.get(name, {}).get("default")
            lacks = f"the input {name} would be asked of a person; write ${{env:NAME}} instead"
            return self._there(value if isinstance(value, str) and value else None, lacks)
        if space == "file":
            return self._file(name).strip()
        return self._there(None if space in ("config", "command") else match[0], f"nothing gives {match[0]}")

    def _there(self, value: str | None, otherwise: str) -> str:
        if value is None:
            raise _LeftOut("server left out: a value of its entry is missing", otherwise)
        return value

    def _file(self, name: str) -> str:
        path = self.project / Path(name).expanduser()
        try:
            if not path.is_file() or path.stat().st_size > MAX_VALUES:
                raise _LeftOut("server left out: a file of values cannot be read", str(path))
            return path.read_text(encoding="utf-8-sig")
        except (OSError, ValueError):
            raise _LeftOut("server left out: a file of values cannot be read", str(path)) from None

    def _file_of_values(self, name: Any) -> dict[str, str]:
        """The assignments of an envFile, one a line, in quotes or not."""
        if not isinstance(name, str):
            return {}
        found = {}
        for line in self._file(self._filled(name)).splitlines():
            if assignment := _ASSIGNMENT.match(line):
                key, value = assignment.groups()
                quoted = _QUOTED.match(value)
                found[key] = quoted[2] if quoted else re.sub(r"(?:^|\s+)#.*$", "", value)
        return found


def _as_text(value: Any) -> str:
    """An argument or the value of a variable: `true` and 8080 as JSON spells them."""
    return value if isinstance(value, str) else json.dumps(value)
