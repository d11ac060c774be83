"""The services of a docker-compose file. Values of the environment are not read."""

import re
from dataclasses import dataclass
from typing import Any

from autodidact.sources.documents.compose_values import Port, Text, interpolated, on_free_port, published
from autodidact.sources.documents.merge_compose_files import Files, model
from autodidact.sources.unread import Unread
from autodidact.stage import Troubles

# Keys by which a service needs another one without `depends_on`.
_LINKS = ("links", "volumes_from")
_SHARED = ("network_mode", "ipc", "pid")


@dataclass(frozen=True)
class Dependency:
    """A service that another one waits for. Not `required`: it starts without, too."""

    name: str
    required: bool = True
    condition: str = "service_started"


@dataclass(frozen=True)
class Service:
    """A service of a compose file."""

    name: str
    image: Text = Text("")
    ports: tuple[Port, ...] = ()
    depends_on: tuple[Dependency, ...] = ()
    # Named ones.
    volumes: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    build: str = ""
    profiles: tuple[str, ...] = ()
    # Of the build, where it is not called `Dockerfile`.
    dockerfile: str = ""
    # Whether the image is made by a build, or must be there: it is not pulled.
    local: bool = False
    # Of the container, published on ports of the host that are free at that time: "81", "9090-9091".
    on_free_ports: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """The services without which it does not start."""
        return tuple(one.name for one in self.depends_on if one.required)


@dataclass
class Composition:
    """The services by name, those that included files bring along, and what was not read of them (the scopes
    of merge_compose_files.py).
    """

    services: list[Service]
    included: list[Service]
    unread: Unread


def compose(text: str, path: str, troubles: Troubles, files: Files = lambda path: None) -> Composition:
    """The services of a docker-compose file at `path`. Whatever has another shape than the compose
    specification's is left out. `files`: what the file names lies there.
    """
    unread = Unread(troubles)
    found = model(text, path, files, unread)
    reader = _Services(path, found.variables, unread, found.internal)
    services = [reader.service(name, body) for name, body in sorted(found.services.items())]
    included = [reader.service(name, body) for name, body in sorted(found.included.items())]
    if _wait_in_a_ring([*services, *included]):
        # Compose starts nothing of such a file.
        unread.add("services", "services that wait for one another in a ring", path)
        return Composition([], [], unread)
    named = {one.name for service in services for one in service.depends_on}
    if named - found.services.keys() - found.included.keys():
        unread.add("services", "a service that another file defines", path)
        unread.note("depends", "a service that another file defines", path)
    return Composition(services, included, unread)


def _wait_in_a_ring(services: list[Service]) -> bool:
    """Whether a service waits for itself, be it through others."""
    waits = {service.name: {one.name for one in service.depends_on} for service in services}
    while free := {name for name, others in waits.items() if not others & waits.keys()}:
        waits = {name: others for name, others in waits.items() if name not in free}
    return bool(waits)


class _Services:
    """Services as values, from the mappings of the model."""

    def __init__(
        self, path: str, variables: frozenset[str], unread: Unread, internal: frozenset[str] = frozenset()
    ):
        """`internal`: the networks that cannot be reached from the machine."""
        self.path, self.variables, self.unread, self.internal = path, variables, unread, internal

    def service(self, name: str, body: dict) -> Service:
        image, build = body.get("image"), body.get("build")
        local = build is not None or body.get("pull_policy") in ("build", "never")
        dockerfile = build.get("dockerfile") if isinstance(build, dict) else ""
        build = build.get("context") if isinstance(build, dict) else build
        return Service(
            name,
            (interpolated(image, self.variables) if isinstance(image, str) else None) or Text(""),
            self._ports(name, body),
            self._depends_on(name, body),
            self._volumes(name, body),
            tuple(sorted(str(network) for network in self._listed(body, "networks", f"networks/{name}"))),
            build if isinstance(build, str) and "$" not in build else "",
            tuple(str(one) for one in self._listed(body, "profiles", f"profiles/{name}")),
            dockerfile if isinstance(dockerfile, str) and "$" not in dockerfile else "",
            local,
            self._on_free_ports(body),
        )

    def _lost(self, scope: str, reason: str) -> None:
        self.unread.add(scope, reason, f"{self.path}#{scope.partition('/')[2]}")

    def _listed(self, body: dict, key: str, scope: str) -> list:
        value = body.get(key)
        if isinstance(value, (list, dict)) and not any(str(one).startswith("!") for one in value):
            return list(value)
        if value is not None:
            self._lost(scope, "a part of a service of another shape")
        return []

    def _ports(self, name: str, body: dict) -> tuple[Port, ...]:
        scope = f"ports/{name}"
        found: dict[Port, None] = {}
        for entry in self._listed(body, "ports", scope):
            ports = published(entry, self.variables)
            if ports is None:
                self._lost(scope, "a port whose number the Compose file does not say")
            found |= dict.fromkeys(ports or ())
        # Docker publishes nothing of a container that is on internal networks alone.
        on = {str(one) for one in _names(body.get("networks"))} or {"default"}
        if found and on <= self.internal:
            self._lost(scope, "a port that is published on an internal network only")
            return ()
        if body.get("network_mode") is not None:
            self._lost(scope, "a service on the network of the host or of another")
        return tuple(found)

    def _on_free_ports(self, body: dict) -> tuple[str, ...]:
        entries = body["ports"] if isinstance(body.get("ports"), list) else []
        return tuple(on_free_port(entry) for entry in entries if published(entry, self.variables) == [])

    def _depends_on(self, name: str, body: dict) -> tuple[Dependency, ...]:
        scope, value = f"depends/{name}", body.get("depends_on")
        found = []
        for other in self._listed(body, "depends_on", scope):
            how: Any = value.get(other) if isinstance(value, dict) else None
            how = how if isinstance(how, dict) else {}
            required, condition = how.get("required", True), how.get("condition", "service_started")
            if not isinstance(required, bool) or not isinstance(condition, str):
                self._lost(scope, "a part of a service of another shape")
                continue
            found.append(Dependency(str(other), required, condition))
        shares = [str(body.get(key)).startswith(("service:", "container:", "$")) for key in _SHARED]
        if any(body.get(key) for key in _LINKS) or any(shares):
            self._lost(scope, "a service that needs another by a link")
        return tuple(sorted(found, key=lambda one: one.name))

    def _volumes(self, name: str, body: dict) -> tuple[str, ...]:
        scope, found = f"volumes/{name}", []
        for entry in self._listed(body, "volumes", scope):
            named = _named_volume(entry)
            if named is None:
                self._lost(scope, "a volume whose name the Compose file does not say")
            elif named:
                found.append(named)
        if body.get("volumes_from"):
            self._lost(scope, "volumes of another service")
        return tuple(dict.fromkeys(found))


def _named_volume(volume: Any) -> str | None:
    """The name of a volume, "" for a folder or one without a name, None for one that a variable names."""
    if isinstance(volume, dict):
        source = str(volume.get("source") or "")
        return None if "$" in source else source if volume.get("type") == "volume" else ""
    name = re.split(r":(?![-?+])", str(volume))[0]
    if "$" in name:
        return "" if re.match(r"\$\{?(PWD|HOME)\b|.*/", name) else None
    return name if ":" in str(volume) and re.fullmatch(r"[\w-][\w.-]*", name) else ""


def _names(value: Any) -> list:
    return list(value) if isinstance(value, (list, dict)) else []
