"""Services of Compose files in prose: what one is, who stands on it, what it waits for, where to reach it."""

import random
import re
import shlex
from collections.abc import Collection, Iterator
from typing import Any

from autodidact.generators.architecture_docs.full.addresses_in_values import advertises
from autodidact.generators.architecture_docs.full.compose_ports import (
    on_free,
    published,
    reach,
    several,
    taken,
)
from autodidact.generators.architecture_docs.full.compose_volumes import kept
from autodidact.generators.architecture_docs.full.quoting_answers import Pair
from autodidact.generators.architecture_docs.full.services_named_in_environment import Environment
from autodidact.generators.writing.facts_into_words import capital, code, listing
from autodidact.generators.writing.template_rotation import Row
from autodidact.sources.documents.compose import Composition, Service
from autodidact.sources.documents.merge_compose_files import PARTS
from autodidact.sources.documents.reader import Document
from autodidact.sources.graphs.triple_graph import Graph, Triple
from autodidact.sources.json_of_expected_type import dict_of
from autodidact.sources.table_files import load_yaml
from autodidact.stage import Troubles

# Names in an answer; services that share a volume which is still called the data of one of them.
MOST, SHARERS = 8, 3
# The names under which Compose finds a file by itself.
_FOUND = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
_CONDITIONS = {
    "service_healthy": "to be healthy",
    "service_completed_successfully": "to finish successfully",
    "service_started": "to be started",
}


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
        self.body = dict_of(load_yaml(document.text, document.path, Troubles()))
        self.raw: dict[str, Any] = dict_of(self.body.get("services"))
        self.environment = Environment(self.raw, self.every)
        self.hosted = self.environment.on_host_network
        self.whole = found.unread.whole
        # Some service also starts without one that it names.
        self.optional = any(len(one.needs) < len(one.depends_on) for one in self.every.values())
        # What is there with a profile only, and what waits for that: it is refused, not started.
        profiled = [one.name for one in self.every.values() if one.profiles]
        self.off = {*profiled, *(name for one in profiled for name in self.graph.affected(one, "needs"))}
        self.ended = {
            other.name
            for one in self.every.values()
            for other in one.depends_on
            if other.condition.endswith("completed_successfully")
        }

    def rows(self) -> Iterator[tuple[str, Row]]:
        """(kind, row) for every service."""
        if len(self.every) > 60:
            return
        for service in self.found.services:
            yield from self._one(service)

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
        yield "compose down", self._row("down", "plain", me, self._down(me))
        yield "compose", self._row("start", "start", me, self._start(service))
        yield "compose", self._row("waits", "plain", me, self._waited(service))
        for port in service.ports[:1] if self.whole(f"ports/{me}") else ():
            if not port.unless and port.inside and not self._advertises(service):
                others = [one for one in self.every.values() if one.name != me]
                alone = not several(self.raw.get(me))
                moved = taken(service, others, self.environment) if alone else ""
                bound = "" if port.address else port.host
                yield "compose port", self._row("taken", "plain", me, moved, port=port.host, bound=bound)
                yield "compose port", self._row("reach", "plain", me, reach(service, self.hosted))
        if service.volumes and self.whole("services", "volumes", *(f"volumes/{one}" for one in self.every)):
            yield "compose data", self._row("data", "plain", me, self._data(service))
        for other, body in self._chains(me):
            yield "compose why", self._row("why", "plain", me, body, other=f"`{other}`")
        if wired := self.wired(me):
            body = f"in the environment of `{me}`, {wired}."
            yield "compose", self._row("wired", "plain", me, body)
        if check := self.health(me):
            yield "compose", self._row("health", "plain", me, f"the health check of `{me}` runs `{check}`.")

    def _data(self, service: Service) -> str:
        mounters = {
            volume: sorted(o.name for o in self.every.values() if o != service and volume in o.volumes)
            for volume in service.volumes
        }
        shared = {volume: names for volume, names in mounters.items() if names}
        if any(len(names) > SHARERS for names in shared.values()):
            return ""
        return kept(service, self.raw.get(service.name), self.body.get("volumes"), shared)

    def _advertises(self, service: Service) -> bool:
        """Whether a service tells its clients another address than the one they called."""
        return advertises(service.image.text, self.raw.get(service.name))

    def _own(self, me: str) -> bool:
        """Whether no other file lays something over the service."""
        return any(self.whole(f"{part}/{me}") for part in PARTS)

    def brief(self, service: Service) -> str:
        """Image, command, ports, data, needs and dependents in sentences."""
        me = service.name
        made, body = _image_or_build(service), dict_of(self.raw.get(me))
        # What a service runs is its command as well, where the file has one.
        run = _shown(body.get("command"))
        if "entrypoint" in body or "command" in body and not run:
            return ""
        waits, alone = self._waits(service), self._waits_for_none(service)
        # All that is asked for is told, or nothing.
        known = made and (waits or alone) and self.whole(f"ports/{me}") and len(service.ports) <= 3
        parts = [made, *([f"is started with the command `{run}`"] if run else [])]
        ports = listing([*map(published, service.ports), *map(on_free, service.on_free_ports)]) or "no port"
        parts.append(f"publishes {ports}")
        if service.volumes and self.whole(f"volumes/{me}"):
            word = "volume" if len(service.volumes) == 1 else "volumes"
            parts.append(f"mounts the named {word} {code(service.volumes)}")
        # Who depends on what is a part of it, and has to be known (`links` say it, too).
        off = bool(self.off & {*self._behind(me)})
        if not known or off or self.environment.may_be_local(me) or not self.whole(f"depends/{me}"):
            return ""
        text = [f"`{me}` {listing(parts)}.", f"It waits for {waits or 'no other service'}."]
        if me in self.hosted:
            text.append(
                "It is on the network of the host (`network_mode: host`), where services reach each other by"
                " `localhost` and a port; what their own configuration has of that is not in the file."
            )
        back = self.graph.back(me, "needs")
        if len(back) > MOST or not self.whole("depends", "services"):
            return ""
        who = f"{code(back)} {'depends' if len(back) == 1 else 'depend'}" if back else "No service depends"
        text += [f"{who} on it.", *filter(None, [self._without(me, back)])]
        # An image alone is a line of the file and no description.
        told = bool(service.ports or service.on_free_ports) + bool(service.volumes) + bool(waits) + bool(back)
        return " ".join(text) if told else ""

    def _waits_for_none(self, service: Service) -> bool:
        """Whether a service waits for no other, in a file that says of others for what they wait."""
        known = self.whole(f"depends/{service.name}") and self.graph.subjects("needs")
        return not service.depends_on and bool(known) and self._stated_here(service.name)

    def _stated_here(self, me: str) -> bool:
        """Whether what the file does not say of a service does not hold: another file that has the service,
        too, may say it where this one is laid over it (`docker-compose.dev.yml`).
        """
        return len(self.every) > 1 and (me not in self.shared or self.document.path.endswith(_FOUND))

    def _waits(self, service: Service) -> str:
        """What it waits for, by condition; "" where nothing is known to be needed."""
        groups: dict[tuple[bool, str], list[str]] = {}
        for one in sorted(service.depends_on, key=lambda one: not one.required):
            if one.condition not in _CONDITIONS:
                return ""
            groups.setdefault((one.required, one.condition), []).append(one.name)
        if not self.whole(f"depends/{service.name}") or sum(map(len, groups.values())) > MOST:
            return ""
        return listing(
            f"{code(names)} {_CONDITIONS[how]}{'' if required else ' (not required)'}"
            for (required, how), names in groups.items()
        )

    def _without(self, me: str, names: list[str]) -> str:
        """A sentence on the services among these that also start without it; "" where none does."""
        free = [one for one in names if one in self.every and me not in self.every[one].needs]
        them = "that service" if len(free) == 1 else "those services"
        return f"It is not required by {code(free)}: {them} can start without it." if free else ""

    def _behind(self, me: str) -> list[str]:
        """What it needs, directly or not, the nearest first."""
        steps = self.graph.paths(me, "needs").steps
        return sorted(steps, key=lambda name: (steps[name], name))

    def _down(self, me: str) -> str:
        """Who depends on it, directly and through others, and who is given its address."""
        reached = self.graph.affected(me, "needs")
        if not self.whole("depends", "services") or me in self.ended or self.off & {me, *reached}:
            return ""
        direct = sorted(name for name, steps in reached.items() if steps == 1)
        far = sorted(name for name, steps in reached.items() if steps > 1)
        called = self.called(me)
        if len(direct) > MOST or len(far) > MOST or (self.environment.callers(me) and not called):
            return ""
        # What another service can do without does not reach those behind it.
        if self.optional and far:
            return ""
        if not direct and not self.graph.subjects("needs"):
            return ""  # the file says of no service what it needs
        if not direct:
            return f"no service has `{me}` under `depends_on`. {called}" if called else ""
        verb = "depends" if len(direct) == 1 else "depend"
        text = f"{code(direct)} {verb} on `{me}` directly"
        if len(far) > 1:
            return f"{text}. {self._through_others(me, far)} {called}".strip()
        for needed, names in self.graph.through(me, "needs").items():
            text += f", and {code(names)} through {code(needed)}"
        them = "it" if len(direct) + len(far) == 1 else "them"
        if far:
            name = far[0]
            way = self.graph.paths(name, "needs")[me]
            text += f" (for example {' -> '.join(f'`{step}`' for step in way)})"
        else:
            text += f", and no other service through {them}"
        text = f"{text}." if self.optional else f"{text}: Compose starts `{me}` before {them}."
        return " ".join(filter(None, (text, self._without(me, direct), called)))

    def _through_others(self, me: str, far: list[str]) -> str:
        """Who depends on it only through others, one a line, each with a shortest way."""
        ways = (self.graph.paths(name, "needs")[me] for name in far)
        lines = "\n".join(f"- {' -> '.join(f'`{step}`' for step in way)}" for way in ways)
        end = f"Compose starts `{me}` before all of them."
        return f"Through others, each with a way on which it does:\n{lines}\n\n{end}"

    def _start(self, service: Service) -> str:
        """What is started with it, as commands would show."""
        me = service.name
        before = sorted(self.graph.paths(me, "needs"))
        known = self.whole("services", "profiles", *(f"depends/{one}" for one in (me, *before)))
        if not (known and before) or self.optional or len(before) > MOST or self.off & {*before}:
            return ""
        given = "" if self.document.path in _FOUND else f" -f {self.document.path}"
        command = f"```bash\ndocker compose{given} up -d {me}\n```"
        alone = f"With `--no-deps` Compose starts `{me}` alone."
        return f"`{me}` needs {code(before)}, which Compose starts with it.\n\n{command}\n\n{alone}"

    def _waited(self, service: Service) -> str:
        """What it waits for, what that waits for in turn, and how it is found to be healthy."""
        waits, behind = self._waits(service), self._behind(service.name)
        if not waits or len(behind) > MOST or self.off & {*behind}:
            return ""
        text = [f"`{service.name}` waits for {waits}."]
        checked = [one.name for one in service.depends_on if one.condition == "service_healthy"]
        for name in behind:
            other = self.every.get(name)
            if other is None or not self.whole(f"depends/{name}"):
                return ""
            if turn := self._waits(other):
                text.append(f"`{name}` in turn waits for {turn}.")
            if (check := self.health(name)) and name in checked:
                text.append(f"`{name}` counts as healthy once `{check}` succeeds.")
        return " ".join(text)

    def _chains(self, me: str) -> Iterator[tuple[str, str]]:
        """(what is needed through others, how) of at most two services to which one way is the shortest."""
        ways = self.graph.paths(me, "needs")
        far = [end for end, steps in sorted(ways.steps.items()) if steps > 1 and ways.only(end)]
        if not self.whole(f"depends/{me}") or self.optional:
            return
        for end in self.rng.sample(far, min(2, len(far))):
            way = ways[end]
            steps = [f"`{a}` depends on `{b}`" for a, b in zip(way, way[1:], strict=False)]
            direct = self.graph.out(me, "needs")
            # A service that ends is not missed, and one whose address it is given is no surprise.
            if len(direct) > MOST or self.ended & set(way) or self.off & set(way):
                continue
            if me in self.environment.callers(end):
                continue
            yield (
                end,
                f"`{me}` itself lists {code(direct)} under `depends_on`. `{end}` comes in like this:"
                f" {listing(steps)}. So Compose starts `{end}` before `{way[-2]}`, and that before `{me}`.",
            )

    def wired(self, me: str) -> str:
        """Which variables of a service hold the address of another one; "" where there may be more."""
        found = self.environment.addresses(me)
        if not self._own(me) or not self.environment.complete(me):
            return ""
        phrases = [
            f"`{one.variable}` names `{one.host}`{f' (port {one.port})' if one.port else ''}"
            for one in sorted(found)
        ]
        phrases += [
            f"`{one.variable}` holds `localhost` with port {one.port}, which is `{one.host}`"
            for one in sorted(self.environment.local.get(me, ()))
        ]
        return listing(phrases) if 0 < len(phrases) <= MOST else ""

    def called(self, me: str) -> str:
        """Which services are given its address, by which variables."""
        callers = self.environment.callers(me)
        if not callers or len(callers) > MOST or sum(map(len, callers.values())) > MOST:
            return ""
        listed = listing(f"`{name}` ({code(variables)})" for name, variables in callers.items())
        verb = "is" if len(callers) == 1 else "are"
        return f"By the environment in the file, {listed} {verb} given its address."

    def health(self, me: str) -> str:
        """The command of a health check; "" where there is none that a reader can follow."""
        if not self._own(me):
            return ""
        test = dict_of(dict_of(self.raw.get(me)).get("healthcheck")).get("test")
        if isinstance(test, list):
            how, *words = [*test, ""]
            test = {"CMD": words[:-1], "CMD-SHELL": " ".join(map(str, words))}.get(how)
        return "" if test == "NONE" else _shown(test)


def _shown(command: object) -> str:
    """A command as somebody types it; "" where it is long, or may hold a secret."""
    if isinstance(command, list):
        command = shlex.join(map(str, command))
    if not isinstance(command, str) or not 0 < len(command) <= 160:
        return ""
    hidden = re.search(r"[`\n]|(?i:pass|secret)|\s-[pPaA]\s*\S|://\S*@", command)
    return "" if hidden else " ".join(command.split())


def _image_or_build(service: Service) -> str:
    """`is built from the folder ...` or `runs the image ...`; "" of a service with neither."""
    image = service.image.text
    if service.build:
        with_file = f" with `{service.dockerfile}`" if service.dockerfile else ""
        tagged = f" and tagged `{image}`" if image else ""
        return f"is built from the folder `{service.build}`{with_file}{tagged}"
    unless = f" unless `{service.image.unless}` is set" if service.image.unless else ""
    return f"runs the image `{image}`{unless}" if image else ""
