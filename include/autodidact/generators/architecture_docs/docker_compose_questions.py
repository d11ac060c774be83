"""Questions about docker-compose files: ports, images, dependencies, start order."""

import random
from collections.abc import Iterator

from autodidact.generators.architecture_docs.facts_with_short_answers import FactsOf
from autodidact.generators.architecture_docs.text_and_table_questions import MOST
from autodidact.generators.writing import open_book
from autodidact.generators.writing.facts_into_words import Fact, listing
from autodidact.generators.writing.relation_phrases import KNOWN, read_phrases
from autodidact.shipped_tables import read_table
from autodidact.sources.documents.compose import Composition, Service
from autodidact.sources.documents.compose_values import Port
from autodidact.sources.documents.reader import Document
from autodidact.sources.graphs.triple_graph import Graph, Triple

PHRASES = {"depends_on": KNOWN["depends_on"]} | read_phrases(read_table(__file__)["relations"])


def composed(found: Composition, document: Document, rng: random.Random) -> Iterator[Fact]:
    """Ports, images, dependencies, networks and volumes of a compose file's services."""
    fact, name, unread = FactsOf(document, rng), document.name, found.unread
    every = [*found.services, *found.included]
    linked = any(service.depends_on for service in every)
    for service in found.services:
        yield from _ports(service, found, fact)
        yield from _parts(service, found, fact)
        if linked:
            yield from _needs(service, found, fact)
    if 2 <= len(found.services) <= 3 * MOST and not found.included:
        asks = [f"Which services does {name} define?", f"List the services of {name}."]
        answer = f"{listing(service.name for service in found.services)}."
        yield fact(asks, unread.closed(answer, "services"), "services")
    names = {service.name for service in every}
    words = sorted({part for service in found.services for part in service.name.split("-")} - names)
    if words and found.services:
        made = f"{rng.choice(found.services).name}-{rng.choice(words)}"
        if made not in names:
            asks = [f"Which image does {made} run in {name}?", f"Which port does {made} publish in {name}?"]
            yield fact(asks, unread.closed(f"{name} has no service {made}.", "services"), "absent", made)


def ports_of_host(ports: tuple[Port, ...]) -> str:
    """The ports of the host as an answer: those that a variable may change, last."""
    fixed = [port.host for port in ports if not port.unless]
    open_ones = [f"{port.host} unless {port.unless} is set" for port in ports if port.unless]
    return "; and ".join(part for part in (listing(fixed), listing(open_ones)) if part)


def _ports(service: Service, found: Composition, fact: FactsOf) -> Iterator[Fact]:
    me, name, unread = service.name, fact.name, found.unread
    if not service.ports:
        if any(other.ports for other in found.services):
            asks = [f"Which port of the host does {me} publish in {name}?"]
            answer = unread.closed(f"None: {me} publishes no fixed port.", f"ports/{me}")
            yield fact(asks, answer, "port", me)
        return
    source = fact.document.source | {"asks": ["port", me]}
    for ask in (
        f"Which port of the host does {me} publish in {name}?",
        f"Under which port do I reach {me} ({name})?",
    ):
        answer = unread.closed(ports_of_host(service.ports), f"ports/{me}")
        yield Fact(ask, answer, source, fact.document.fresh, short=True)
    every = [port.host for other in (*found.services, *found.included) for port in other.ports]
    for port in service.ports:
        if port.unless or [other.host for other in service.ports].count(port.host) > 1:
            continue
        if every.count(port.host) == 1:
            asks = [
                f"Which service of {name} publishes port {port.host}?",
                f"Port {port.host} is taken on my machine. Which service of {name} wants it?",
            ]
            yield fact(asks, unread.closed(me, "ports", "services"), "publisher", port.host)
        if port.inside and port.inside != port.host:
            asks = [f"Port {port.host} of the host leads to which port inside {me} ({name})?"]
            yield fact(asks, port.inside, "inside", me, port.host)


def _parts(service: Service, found: Composition, fact: FactsOf) -> Iterator[Fact]:
    """The image, the folder that it is built from, volumes and networks."""
    me, name, unread = service.name, fact.name, found.unread
    if service.image.text:
        asks = [
            f"Which image does {me} run in {name}?",
            f"{name}: image of {me}?",
            f"I want to update {me}. Which image does {name} name?",
        ]
        unless = f", unless {service.image.unless} is set" if service.image.unless else ""
        yield fact(asks, f"`{service.image.text}`{unless}", "image", me)
    if service.build:
        yield fact((f"From which folder is {me} built in {name}?",), f"`{service.build}`", "build", me)
    for volume in service.volumes:
        mounters = [other.name for other in (*found.services, *found.included) if volume in other.volumes]
        answer = unread.closed(listing(mounters), "volumes", "services")
        yield fact((f"Who mounts the volume {volume} in {name}?",), answer, "mounts", volume)
    if service.networks:
        answer = unread.closed(listing(service.networks), f"networks/{me}")
        yield fact((f"Which networks of {name} is {me} on?",), answer, "networks", me)


def _needs(service: Service, found: Composition, fact: FactsOf) -> Iterator[Fact]:
    """What a service depends on, what depends on it, and what it does not depend on."""
    me, name, unread = service.name, fact.name, found.unread
    needed, own = [one.name for one in service.depends_on], f"depends/{me}"
    asks = [
        f"What does {me} depend on in {name}?",
        f"Which services have to be there before {me} starts, by {name}?",
        f"{name}: depends_on of {me}?",
    ]
    if not needed:
        yield fact(asks, unread.closed(f"Nothing: {me} can start at once.", own), "needs", me)
    elif any(other.profiles for other in (*found.services, *found.included) if other.name in needed):
        # Without the profile the service is not started, it is refused.
        yield fact(asks[::2], unread.closed(f"{listing(needed)}.", own), "needs", me)
    elif len(service.needs) == len(needed):
        yield fact(asks, unread.closed(f"{listing(needed)}.", own), "needs", me)
    else:
        optional = listing(one.name for one in service.depends_on if not one.required)
        answer = "; ".join(part for part in (listing(service.needs), f"{optional} (not required)") if part)
        yield fact(asks[:1], unread.closed(f"{answer}.", own), "needs", me)
    every = [*found.services, *found.included]
    back = [other.name for other in every if me in [one.name for one in other.depends_on]]
    if len(back) <= MOST:
        asks = [f"Which services of {name} depend on {me}?", f"{name}: who waits for {me}?"]
        answer = f"{listing(back)}." if back else f"None: no service depends on {me}."
        yield fact(asks, unread.closed(answer, "depends", "services"), "needed by", me)
    wrong = [other.name for other in found.services if other.name != me and other.name not in needed]
    if needed and wrong and len(needed) <= MOST:
        other = fact.rng.choice(wrong)
        asks = [
            f"{me} depends on {other} in {name}, right?",
            f"Does {me} list {other} under depends_on in {name}?",
        ]
        answer = unread.closed(f"No, {me} depends on {listing(needed)}.", own)
        yield fact(asks, answer, "not needed", me, other)


def relations(found: Composition, document: Document) -> Iterator[open_book.Relation]:
    """Dependencies, ports, images and networks for questions that bring their facts along."""
    services = found.services
    facts = {
        "depends_on": [(s.name, other) for s in services for other in s.needs],
        "publishes_port": [(s.name, port.host) for s in services for port in s.ports if not port.unless],
        "runs_image": [(s.name, s.image.text) for s in services if s.image.text and not s.image.unless],
        "is_on_network": [(s.name, network) for s in services for network in s.networks],
        "mounts": [(s.name, volume) for s in services for volume in s.volumes],
    }
    source = document.source | {"asks": ["open book"]}
    for relation, pairs in facts.items():
        if pairs:
            yield open_book.Relation(
                PHRASES[relation],
                [Triple(name, relation, value) for name, value in pairs],
                lambda triples: source,
            )


def start_order(found: Composition, document: Document, rng: random.Random) -> Iterator[Fact]:
    """What has to run, directly or not, before a service can start; what stops with it."""
    every, unread = [*found.services, *found.included], found.unread
    graph = Graph(Triple(service.name, "needs", other) for service in every for other in service.needs)
    optional = {service.name for service in every if len(service.needs) < len(service.depends_on)}
    profiled = {service.name for service in every if service.profiles}
    for node in graph.subjects("needs"):
        before = sorted(graph.paths(node, "needs"))
        if len(before) > len(graph.out(node, "needs")) and len(before) <= 2 * MOST:
            scopes = ["services", *(f"depends/{one}" for one in (node, *before))]
            source = document.source | {"asks": ["start", node]}
            # A service with a profile is started only with that, an optional one if it can be.
            if not profiled & set(before) and not optional & {node, *before}:
                ask = f"What is started in all when I run `docker compose up {node}` with {document.name}?"
                answer = unread.closed(f"{listing(before)}, then {node}.", *scopes, "profiles")
                yield Fact(ask, answer, source, document.fresh)
            ask = f"By {document.name}, what does {node} need, directly or not?"
            yield Fact(ask, unread.closed(f"{listing(before)}.", *scopes), source, document.fresh)
    for node in graph.objects("needs"):
        hit = sorted(graph.affected(node, "needs"))
        if len(hit) <= MOST and node not in profiled:
            asks = [
                f"{node} does not start. Which services of {document.name} does Compose not start either?",
                f"By depends_on in {document.name}, what needs {node}, directly or not?",
            ]
            yield Fact(
                rng.choice(asks),
                unread.closed(f"{listing(hit)}.", "depends", "services"),
                document.source | {"asks": ["down", node]},
                document.fresh,
                short=True,
            )
