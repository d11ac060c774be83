"""Services of Compose files in prose: what one is, who stands on it, what it waits for, where to reach it."""

import random
import re
from collections.abc import Collection, Iterator
from typing import Any

from autodidact.generators.architecture_docs.full.addresses_in_values import addresses
from autodidact.generators.architecture_docs.full.quoting_answers import Pair
from autodidact.generators.writing.facts_into_words import capital, listing
from autodidact.generators.writing.template_rotation import Row
from autodidact.sources.documents.compose import Composition, Service
from autodidact.sources.documents.reader import Document
from autodidact.sources.graphs.graph import Graph, Triple
from autodidact.sources.table_files import load_yaml
from autodidact.sources.untrusted_json import dict_of
from autodidact.stage import Troubles

# Names in an answer; how many services more depend on the more critical one of two.
MOST, APART = 8, 2
# The names under which Compose finds a file by itself.
_FOUND = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
_CONDITIONS = {
    "service_healthy": "to be healthy",
    "service_completed_successfully": "to finish successfully",
    "service_started": "to be started",
}


def code(names) -> str:
    """Names as code: `a`, `b` and `c`."""
    return listing(f"`{name}`" for name in names)


class ComposeRows:
    """The rows of one Compose file. `shared`: names of services that other files have, too."""

    def __init__(
        self,
        found: Composition,
        document: Document,
        shapes: Pair,
        rng: random.Random,
        shared: Collection[str] = (),
    ):
        self.shared = shared
        self.found, self.document, self.shapes, self.rng = found, document, shapes, rng
        self.every = {one.name: one for one in (*found.services, *found.included)}
        self.graph = Graph(
            Triple(one.name, "needs", other.name) for one in self.every.values() for other in one.depends_on
        )
        body = load_yaml(document.text, document.path, Troubles())
        self.raw: dict[str, Any] = dict_of(dict_of(body).get("services"))
        self.whole = found.unread.whole
        # Some service also starts without one that it names.
        self.optional = any(len(one.needs) < len(one.depends_on) for one in self.every.values())
        self.ended = {
            other.name
            for one in self.every.values()
            for other in one.depends_on
            if other.condition.endswith("completed_successfully")
        }

    def rows(self) -> Iterator[tuple[str, Row]]:
        """(kind, row) for every service, and of the file."""
        if len(self.every) > 60:
            return
        for service in self.found.services:
            yield from self._one(service)
        yield from self._compare()
        if 2 <= len(self.found.services) <= 20 and not self.found.included and self.whole("services"):
            yield "compose", self._row("whole", "whole", "", self._overview())

    def _row(self, kind: str, say: str, s: str, body: str, /, **fields: str) -> Row:
        fields |= {"s": f"`{s}`", "n": s, "path": self.document.path}
        asked = fields
        if s in self.shared:
            asked = fields | {"path": "", "n": "", "s": f"`{s}` (in `{self.document.path}`)"}
        ask = self.shapes.ask.draw(kind, **asked)
        answer = capital(self.shapes.say.draw(say, body=body, **fields)) if body else ""
        source = self.document.source | {"asks": [f"compose {kind}", s]}
        return Row(ask, answer, source, self.document.fresh, self.document.path)

    def _one(self, service: Service) -> Iterator[tuple[str, Row]]:
        me = service.name
        yield "compose", self._row("brief", "brief", me, self.brief(service))
        yield "compose down", self._row("down", "down", me, self._down(me))
        yield "compose", self._row("start", "start", me, self._start(service))
        yield "compose", self._row("waits", "plain", me, self._waited(service))
        for port in service.ports[:1]:
            if not port.unless and port.inside:
                yield "compose port", self._row("taken", "plain", me, self._taken(service), port=port.host)
                yield "compose port", self._row("reach", "plain", me, self._reach(service))
        if service.volumes and self.whole(f"volumes/{me}"):
            yield "compose data", self._row("data", "plain", me, self._data(service))
        for other, body in self._chains(me):
            yield "compose why", self._row("why", "plain", me, body, other=f"`{other}`")
        if wired := self.wired(me):
            body = f"through its environment: {wired}. Host names there are the names of the services."
            yield "compose", self._row("wired", "plain", me, body)
        if check := self.health(me):
            yield "compose", self._row("health", "plain", me, f"the health check of `{me}` runs `{check}`.")

    def brief(self, service: Service) -> str:
        """Image, ports, data, needs and dependents in sentences."""
        me = service.name
        image = service.image.text
        parts = []
        if service.build and image:
            parts.append(f"is built from the folder `{service.build}` and tagged `{image}`")
        elif service.build:
            parts.append(f"is built from the folder `{service.build}`")
        elif image:
            unless = f" unless `{service.image.unless}` is set" if service.image.unless else ""
            parts.append(f"runs the image `{image}`{unless}")
        if service.ports and self.whole(f"ports/{me}") and len(service.ports) <= 3:
            parts.append(f"publishes {listing(map(published, service.ports))}")
        if service.volumes and self.whole(f"volumes/{me}"):
            word = "volume" if len(service.volumes) == 1 else "volumes"
            parts.append(f"keeps data in the named {word} {code(service.volumes)}")
        if not parts:
            return ""
        text = [f"`{me}` {listing(parts)}."]
        if waits := self._waits(service):
            text.append(f"It waits for {waits}.")
        elif not service.depends_on and self.whole(f"depends/{me}") and self._stated_here(me):
            text.append("It waits for no other service.")
        if check := self.health(me):
            text.append(f"Its health check runs `{check}`.")
        back = self.graph.back(me, "needs")
        if back and len(back) <= MOST:
            text.append(f"{code(back)} {'depends' if len(back) == 1 else 'depend'} on it.")
        elif wired := self.wired(me):
            text.append(f"Its environment points it at other services: {wired}.")
        # An image alone is a line of the file and no description.
        return " ".join(text) if len(parts) + len(text) > 2 else ""

    def _stated_here(self, me: str) -> bool:
        """Whether what the file does not say of a service does not hold: another file that has the service,
        too, may say it where this one is laid over it (`docker-compose.dev.yml`).
        """
        return len(self.every) > 1 and (me not in self.shared or self.document.path.endswith(_FOUND))

    def _waits(self, service: Service) -> str:
        """What it waits for, by condition; "" where nothing is known to be needed."""
        groups: dict[str, list[str]] = {}
        for one in service.depends_on:
            if one.condition not in _CONDITIONS:
                return ""
            groups.setdefault(one.condition, []).append(one.name)
        if not self.whole(f"depends/{service.name}") or sum(map(len, groups.values())) > MOST:
            return ""
        return listing(f"{code(names)} {_CONDITIONS[how]}" for how, names in groups.items())

    def _down(self, me: str) -> str:
        """Who depends on it, directly and through others."""
        if not self.whole("depends", "services") or me in self.ended:
            return ""
        reached = self.graph.affected(me, "needs")
        direct = sorted(name for name, steps in reached.items() if steps == 1)
        far = sorted(name for name, steps in reached.items() if steps > 1)
        if not direct or len(direct) > MOST or len(far) > MOST:
            return ""
        verb = "depends" if len(direct) == 1 else "depend"
        text = f"{code(direct)} {verb} on `{me}` directly"
        if far:
            text += f", and through {'it' if len(direct) == 1 else 'them'} {code(far)}"
            name = far[0]
            way = self.graph.paths(name, "needs")[me]
            text += f" (for example {' -> '.join(f'`{step}`' for step in way)})"
        them = "it" if len(direct) + len(far) == 1 else "them"
        return f"{text}." if self.optional else f"{text}: Compose does not start {them} without `{me}`."

    def _start(self, service: Service) -> str:
        """What is started with it, as commands would show."""
        me = service.name
        before = sorted(self.graph.paths(me, "needs"))
        known = self.whole("services", "profiles", *(f"depends/{one}" for one in (me, *before)))
        if (
            not known
            or self.optional
            or len(before) > MOST
            or any(self.every[b].profiles for b in before if b in self.every)
        ):
            return ""
        name = self.document.path.rpartition("/")[2]
        given = "" if name in _FOUND else f" -f {name}"
        command = f"```bash\ndocker compose{given} up -d {me}\n```"
        if not before:
            if not self._stated_here(me):
                return ""
            text = f"`{me}` has no `depends_on`, so it starts alone and waits for no other container."
            return f"{text}\n\n{command}"
        them = "it" if len(before) == 1 else "them"
        alone = f"With `--no-deps` it comes up without {them}."
        return f"`{me}` needs {code(before)}, which Compose starts with it.\n\n{command}\n\n{alone}"

    def _waited(self, service: Service) -> str:
        """What it waits for, what that waits for in turn, and how it is found to be healthy."""
        waits = self._waits(service)
        if not waits:
            return ""
        text = [f"`{service.name}` waits for {waits}."]
        for one in service.depends_on:
            if other := self.every.get(one.name):
                turn, check = self._waits(other), self.health(one.name)
                text += [f"`{one.name}` in turn waits for {turn}."] if turn else []
                if check and one.condition == "service_healthy":
                    text.append(f"`{one.name}` counts as healthy once `{check}` succeeds.")
        return " ".join(text)

    def _taken(self, service: Service) -> str:
        port = service.ports[0]
        if sum(p.host == port.host for one in self.every.values() for p in one.ports) > 1:
            return ""
        free = str(int(port.host) + 10_000 if int(port.host) < 50_000 else int(port.host) - 10_000)
        example = f'```yaml\nservices:\n  {service.name}:\n    ports:\n      - "{free}:{port.inside}"\n```'
        return (
            f"port {port.host} of the host belongs to `{service.name}`, which maps it to {port.inside} in the"
            f" container. Change the left number only; other containers are not affected, as they use"
            f" {port.inside}:\n\n{example}\n\nThen connect to `localhost:{free}`."
        )

    def _reach(self, service: Service) -> str:
        port, me = service.ports[0], service.name
        text = f"from your machine it is `localhost:{port.host}`, as {port.host} is published"
        text += f" and leads to {port.inside} in the container." if port.inside != port.host else "."
        return (
            f"{text} A container on the same Compose network uses the service name and the inner port:"
            f" `{me}:{port.inside}`. `localhost` in another container would be that container itself."
        )

    def _data(self, service: Service) -> str:
        me, volume = service.name, service.volumes[0]
        others = sorted(o.name for o in self.every.values() if o.name != me and volume in o.volumes)
        text = f"`{me}` mounts the named volume `{volume}`"
        if where := self._mounted(me, volume):
            text += f" at `{where}`"
        text += ", so its data outlives the container: `docker compose down` keeps it,"
        text += " `docker compose down -v` deletes it."
        if others and self.whole("volumes", "services"):
            text += f" The volume is shared with {code(others)}."
        return text

    def _mounted(self, me: str, volume: str) -> str:
        listed = dict_of(self.raw.get(me)).get("volumes")
        for one in listed if isinstance(listed, list) else ():
            if isinstance(one, str) and one.startswith(f"{volume}:") and "$" not in one:
                return one.split(":")[1]
        return ""

    def _chains(self, me: str) -> Iterator[tuple[str, str]]:
        """(what is needed through others, how) of at most two such services."""
        ways = self.graph.paths(me, "needs")
        far = [
            end
            for end, steps in sorted(ways.steps.items())
            if steps > 1 and end not in self.graph.out(me, "needs")
        ]
        if not self.whole(f"depends/{me}") or self.optional:
            return
        for end in self.rng.sample(far, min(2, len(far))):
            way = ways[end]
            steps = [f"`{a}` depends on `{b}`" for a, b in zip(way, way[1:], strict=False)]
            direct = self.graph.out(me, "needs")
            if len(direct) > MOST:
                continue
            yield (
                end,
                f"`{me}` itself lists {code(direct)} under `depends_on`. It needs `{end}` all the same, as"
                f" {listing(steps)}: without `{end}`, `{way[-2]}` is not started, and neither is `{me}`.",
            )

    def _compare(self) -> Iterator[tuple[str, Row]]:
        """Two services that others need, by how many."""
        if not self.whole("depends", "services"):
            return
        needed = {name: len(self.graph.affected(name, "needs")) for name in self.graph.objects("needs")}
        names = sorted(needed, key=lambda name: (-needed[name], name))
        for one, other in zip(names, names[len(names) // 2 :], strict=False):
            if abs(needed[one] - needed[other]) < APART or len(self.graph.back(one, "needs")) > MOST:
                continue
            more, less = (one, other) if needed[one] > needed[other] else (other, one)
            direct = {name: code(self.graph.back(name, "needs")) for name in (more, less)}
            body = (
                f"more stands on `{more}`: {needed[more]} services depend on it, directly or through others"
                f" ({direct[more]} directly), against {needed[less]} for `{less}` ({direct[less]} directly)."
                f" So fewer services feel a restart of `{less}`."
            )
            yield "compose", self._row("compare", "plain", one, body, other=f"`{other}`")

    def _overview(self) -> str:
        """Entry points, what is behind them, and what stands at the end of `depends_on`."""
        names = [one.name for one in self.found.services]
        ends = [n for n in names if not self.graph.out(n, "needs") and self.graph.back(n, "needs")]
        tops = [n for n in names if self.graph.out(n, "needs") and not self.graph.back(n, "needs")]
        ports = [
            f"`{s.name}` ({listing(port.host for port in s.ports)})" for s in self.found.services if s.ports
        ]
        if len(names) > 14 or not self.whole("depends"):
            return ""
        text = f"there are {len(names)} services: {code(names)}."
        if tops and ends:
            text += f" {self._needs_of_all(names)} Nothing waits for {code(tops)}."
        alone = [n for n in names if n not in (*tops, *ends) and not self.graph.out(n, "needs")]
        if alone and ends:
            text += f" {code(alone)} {'stands' if len(alone) == 1 else 'stand'} alone."
        if ports and self.whole("ports"):
            text += f" Published on the host: {listing(ports)}."
        return text

    def _needs_of_all(self, names: list[str]) -> str:
        """Who depends on whom, services with the same needs together."""
        groups: dict[tuple[str, ...], list[str]] = {}
        for name in names:
            if needs := tuple(sorted(self.graph.out(name, "needs"))):
                groups.setdefault(needs, []).append(name)
        return " ".join(
            f"{code(of)} depend{'s' * (len(of) == 1)} on {code(to)}." for to, of in groups.items()
        )

    def wired(self, me: str) -> str:
        """Which variables of a service hold the address of another one."""
        given = dict_of(self.raw.get(me)).get("environment")
        if isinstance(given, list):
            given = dict(str(one).split("=", 1) for one in given if "=" in str(one))
        values = {str(k): str(v) for k, v in dict_of(given).items() if v is not None and "$" not in str(v)}
        found = addresses(values, set(self.every) - {me})
        phrases = [
            f"`{name}` names `{host}`{f' (port {port})' if port else ''}"
            for name, (host, port) in sorted(found.items())
        ]
        return listing(phrases) if 0 < len(phrases) <= 5 else ""

    def health(self, me: str) -> str:
        """The command of a health check; "" where there is none that a reader can follow."""
        test = dict_of(dict_of(self.raw.get(me)).get("healthcheck")).get("test")
        if isinstance(test, list) and test and test[0] in ("CMD", "CMD-SHELL"):
            test = " ".join(str(one) for one in test[1:])
        if not isinstance(test, str) or not 0 < len(test) <= 160 or test == "NONE":
            return ""
        return "" if re.search(r"[`\n]|pass|secret", test, re.IGNORECASE) else " ".join(test.split())


def published(port) -> str:
    """`port 8080 of the host (80 in the container)`, and until which variable changes it."""
    unless = f" unless `{port.unless}` is set" if port.unless else ""
    inside = f" ({port.inside} in the container)" if port.inside not in ("", port.host) else ""
    return f"port {port.host} of the host{unless}{inside}"
