"""The services of a docker-compose file as Compose puts them together: `extends`, `include`, `!reset` and
`!override`, an override file in the same folder. What is not read is noted by service (`sources/unread.py`):
`ports/booking`, `depends/booking`, `volumes/booking`, `networks/booking`, and `services` for the names.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from autodidact.sources.table_files import load_yaml
from autodidact.sources.unread import Unread

# The text of a file by its path, from where the document is from; None where it is not there.
Files = Callable[[str], str | None]

# Services that extend one another, and files that include one another.
MAX_CHAIN = 20
# Files that one compose file may lead to.
MAX_FILES = 50

PARTS = ("ports", "depends", "volumes", "networks")
# What is joined when a service is put on another; everything else is replaced.
_LISTS = ("ports", "expose", "links", "volumes_from", "profiles", "volumes")
_MAPPINGS = ("depends_on", "networks")
_REPLACING = frozenset(("!override", "!reset"))
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*|0x[0-9a-fA-F]+|0o?[0-7]+)\Z")
_MAIN = re.compile(r"(docker-)?compose\.ya?ml", re.IGNORECASE)
_OVERRIDE = re.compile(r"(docker-)?compose\.override\.ya?ml", re.IGNORECASE)


@dataclass
class Model:
    """Services by name, as mappings without tags. `included`: those that other files bring along."""

    services: dict[str, dict] = field(default_factory=dict)
    included: dict[str, dict] = field(default_factory=dict)
    # Networks of the file without a way out (`internal: true`).
    internal: frozenset[str] = frozenset()
    # Variables that the env file of its folder sets.
    variables: frozenset[str] = frozenset()


def model(text: str, path: str, files: Files, unread: Unread) -> Model:
    """The services of a file. A part that is not a service costs itself."""
    return _Reader(files, unread).model(text, path, ())


@cache
def _loader() -> Any:
    """YAML as Compose reads it: with tags of its own (as `{"!reset": value}`), and 22:22 is no number of
    minutes.
    """
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        pass

    def tagged(loader: Any, suffix: str, node: Any) -> dict:
        if isinstance(node, yaml.MappingNode):
            return {f"!{suffix}": loader.construct_mapping(node, deep=True)}
        if isinstance(node, yaml.SequenceNode):
            return {f"!{suffix}": loader.construct_sequence(node, deep=True)}
        return {f"!{suffix}": loader.construct_scalar(node)}

    Loader.yaml_implicit_resolvers = {
        letter: [(tag, _WHOLE if tag.endswith(":int") else form) for tag, form in forms]
        for letter, forms in Loader.yaml_implicit_resolvers.items()
    }
    Loader.add_multi_constructor("!", tagged)
    return Loader


class _Reader:
    def __init__(self, files: Files, unread: Unread):
        self.files, self.unread = files, unread
        # By path: a file is parsed once, and included once.
        self.contents: dict[str, dict | None] = {}
        self.models: dict[str, Model] = {}

    def model(self, text: str, path: str, chain: tuple[str, ...]) -> Model:
        content = self.contents[path] = self._parsed(text, path)
        found = Model(internal=_internal(content or {}), variables=self._variables(path))
        services = content.get("services") if content else None
        if content and services is not None and not isinstance(services, dict):
            self.unread.add("services", "not services", path)
        for name, body in sorted((services if isinstance(services, dict) else {}).items()):
            if not isinstance(body, dict):
                self._lose(name, "not a service", f"{path}#{name}")
                self.unread.note("services", "not a service", path)
                continue
            found.services[name] = self._resolved(name, body, path, ())
        for included in self._included(content or {}, path, (*chain, path)):
            found.included |= {**included.included, **included.services}
            found.internal |= included.internal
        self._layers(found, path)
        return found

    def _parsed(self, text: str, path: str) -> dict | None:
        content = load_yaml(text, path, self.unread.counting("services"), _loader())
        return content if isinstance(content, dict) else None

    def _read(self, path: str) -> dict | None:
        """The content of another file, None when it is not there or cannot be read."""
        if path not in self.contents:
            text = self.files(path) if len(self.contents) < MAX_FILES else None
            self.contents[path] = None if text is None else self._parsed(text, path)
        return self.contents[path]

    def _lose(self, name: str, reason: str, ref: str) -> None:
        """A service of which something was not read, counted once."""
        self.unread.add(f"{PARTS[0]}/{name}", reason, ref)
        for part in PARTS[1:]:
            self.unread.note(f"{part}/{name}", reason, ref)

    def _resolved(self, name: str, body: dict, path: str, chain: tuple[tuple[str, str], ...]) -> dict:
        """The service with what it extends below it."""
        own = merged({}, {key: value for key, value in body.items() if key != "extends"})
        given = body.get("extends")
        if given is None:
            return own
        base = self._base(given, path, (*chain, (path, name)))
        if base is None:
            reason = "a service that extends one that is not read"
            self._lose((chain[0][1] if chain else name), reason, f"{path}#{name}")
            return own
        return merged(base, {key: value for key, value in body.items() if key != "extends"})

    def _base(self, given: Any, path: str, chain: tuple[tuple[str, str], ...]) -> dict | None:
        name, file = given, path
        if isinstance(given, dict):
            name, other = given.get("service"), given.get("file")
            file = relative(path, other) if isinstance(other, str) else path
        if not isinstance(name, str) or not file or (file, name) in chain or len(chain) > MAX_CHAIN:
            return None
        content = self._read(file)
        services = content.get("services") if content else None
        body = services.get(name) if isinstance(services, dict) else None
        if not isinstance(body, dict):
            return None
        found = self._resolved(name, body, file, chain)
        # Its folders are those of its own file.
        moved = posixpath.dirname(file) != posixpath.dirname(path)
        return {key: {} if moved and key == "build" else value for key, value in found.items()}

    def _included(self, content: dict, path: str, chain: tuple[str, ...]) -> Iterator[Model]:
        given = content.get("include")
        for entry in given if isinstance(given, list) else [] if given is None else [given]:
            named = entry.get("path") if isinstance(entry, dict) else entry
            for one in named if isinstance(named, list) else [named]:
                file = relative(path, one) if isinstance(one, str) else ""
                if file in self.models and file not in chain:
                    yield self.models[file]
                    continue
                text = self.files(file) if file and file not in chain and len(chain) <= MAX_CHAIN else None
                if text is None or len(self.contents) >= MAX_FILES:
                    self.unread.add("services", "an included file that is not read", path)
                    self.unread.note("depends", "an included file that is not read", path)
                    self.unread.note("volumes", "an included file that is not read", path)
                else:
                    self.models[file] = self.model(text, file, chain)
                    yield self.models[file]

    def _variables(self, path: str) -> frozenset[str]:
        """The names that `.env` in the file's folder sets; their values are not looked at."""
        text = self.files(relative(path, ".env")) or ""
        return frozenset(re.findall(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=", text, re.MULTILINE))

    def _layers(self, found: Model, path: str) -> None:
        """Notes what another file may change: its override, or the file that this one is put
        on.
        """
        folder, name = posixpath.split(path)
        part = _OVERRIDE.fullmatch(name) or not all(
            {"image", "build"} & body.keys() for body in found.services.values()
        )
        if part and not _MAIN.fullmatch(name):
            for service in found.services:
                self._lose(service, "a compose file that is put on another", f"{path}#{service}")
            self.unread.note("services", "a compose file that is put on another", path)
        if not _MAIN.fullmatch(name):
            return
        for suffix in ("yml", "yaml"):
            override = posixpath.join(folder, f"{name.rpartition('.')[0]}.override.{suffix}")
            text = self.files(override)
            if text is None:
                continue
            content = self._parsed(text, override)
            services = content.get("services") if content else None
            for service, body in services.items() if isinstance(services, dict) else ():
                if service not in found.services:
                    self.unread.note("services", "an override file that adds a service", override)
                    self._lose(service, "an override file that adds a service", f"{override}#{service}")
                else:
                    self._lose(service, "an override file that changes a service", f"{override}#{service}")
                    for key in _replaced(body, found.services[service]):
                        found.services[service].pop(key, None)


def _replaced(body: Any, base: dict) -> set[str]:
    """The keys of a service whose values an override file replaces: what the file below says of them does not
    hold once both are read, as Compose does by itself.
    """
    if not isinstance(body, dict):
        return set()
    tagged = {key for key, value in body.items() if isinstance(value, dict) and value.keys() & _REPLACING}
    if body.keys() & _REPLACING:
        return set(base)
    return tagged | {"image", "build"} & body.keys()


def _internal(content: dict) -> frozenset[str]:
    """The networks of a file that Docker cuts off from the machine and from everything outside."""
    networks = content.get("networks")
    given = networks.items() if isinstance(networks, dict) else ()
    return frozenset(
        str(name) for name, body in given if isinstance(body, dict) and body.get("internal") is True
    )


def relative(path: str, other: str) -> str:
    """The path of a file that is named relative to another one; "" for one that is not in the same tree."""
    if "$" in other or "://" in other or other.startswith(("oci:", "~")) or posixpath.isabs(other):
        return ""
    found = posixpath.normpath(posixpath.join(posixpath.dirname(path), other))
    return "" if found.startswith("..") else found


def merged(base: dict, over: dict) -> dict:
    """A service put on another, as Compose does: lists and mappings are joined, values replaced, and tags
    obeyed.
    """
    found = dict(base)
    for key, value in over.items():
        if isinstance(value, dict) and "!reset" in value:
            found.pop(key, None)
        elif isinstance(value, dict) and "!override" in value:
            found[key] = value["!override"]
        elif key in _LISTS and isinstance(value, list):
            old = found.get(key)
            old = old if isinstance(old, list) else []
            found[key] = [*old, *(one for one in value if one not in old)]
        elif key in _MAPPINGS and isinstance(value, (list, dict)):
            found[key] = merged(_mapping(found.get(key)), _mapping(value))
        elif key == "build" and isinstance(value, (str, dict)):
            found[key] = merged(_build(found.get(key)), _build(value))
        else:
            found[key] = value
    return found


def _mapping(value: Any) -> dict:
    if isinstance(value, list):
        return {str(one): None for one in value}
    return value if isinstance(value, dict) else {}


def _build(value: Any) -> dict:
    return {"context": value} if isinstance(value, str) else value if isinstance(value, dict) else {}
