"""Questions about docker-compose files: ports, images, dependencies, start order."""

import random
from collections.abc import Iterator

from autodidact.generators.architecture_docs.document_facts import FactsOf
from autodidact.generators.architecture_docs.prose import MOST
from autodidact.generators.writing import in_context
from autodidact.generators.writing.relation_phrases import KNOWN, read_phrases
from autodidact.generators.writing.tables import read_table
from autodidact.generators.writing.wording import Fact, listing
from autodidact.sources.documents.compose import Service
from autodidact.sources.documents.reader import Document
from autodidact.sources.graphs.graph import Graph, Triple

PHRASES = {"depends_on": KNOWN["depends_on"]} | read_phrases(read_table(__file__)["relations"])


def composed(services: list[Service], document: Document, rng: random.Random) -> Iterator[Fact]:
    """Ports, images, dependencies, networks and volumes of a compose file's services."""
    fact, name = FactsOf(document, rng), document.name
    linked = any(service.depends_on for service in services)
    for service in services:
        yield from _ports(service, services, fact)
        yield from _parts(service, services, fact)
        if linked:
            yield from _needs(service, services, fact)
    if 2 <= len(services) <= 3 * MOST:
        asks = [f"Which services does {name} define?", f"List the services of {name}."]
        yield fact(asks, f"{listing(service.name for service in services)}.", "services")
    names = {service.name for service in services}
    words = sorted({part for service in services for part in service.name.split("-")} - names)
    if words and services:
        made = f"{rng.choice(services).name}-{rng.choice(words)}"
        if made not in names:
            asks = [f"Which image does {made} run in {name}?", f"Which port does {made} publish in {name}?"]
            yield fact(asks, f"{name} has no service {made}.", "absent", made)


def _ports(service: Service, services: list[Service], fact: FactsOf) -> Iterator[Fact]:
    me, name = service.name, fact.name
    if not service.ports:
        if any(other.ports for other in services):
            asks = [f"Which port of the host does {me} publish in {name}?"]
            yield fact(asks, f"None: {me} publishes no fixed port.", "port", me)
        return
    source = fact.document.source | {"asks": ["port", me]}
    for ask in (
        f"Which port of the host does {me} publish in {name}?",
        f"Under which port do I reach {me} ({name})?",
    ):
        yield Fact(ask, listing(service.ports), source, fact.document.fresh, short=True)
    for port, inside in zip(service.ports, service.inside, strict=True):
        if [port in other.ports for other in services].count(True) == 1:
            asks = [
                f"Which service of {name} publishes port {port}?",
                f"Port {port} is taken on my machine. Which service of {name} wants it?",
            ]
            yield fact(asks, me, "publisher", port)
        if inside and inside != port and service.ports.count(port) == 1:
            asks = [f"Port {port} of the host leads to which port inside {me} ({name})?"]
            yield fact(asks, inside, "inside", me, port)


def _parts(service: Service, services: list[Service], fact: FactsOf) -> Iterator[Fact]:
    """The image, the folder that it is built from, volumes and networks."""
    me, name = service.name, fact.name
    if service.image:
        asks = [
            f"Which image does {me} run in {name}?",
            f"{name}: image of {me}?",
            f"I want to update {me}. Which image does {name} name?",
        ]
        yield fact(asks, f"`{service.image}`", "image", me)
    if service.build:
        yield fact((f"From which folder is {me} built in {name}?",), f"`{service.build}`", "build", me)
    for volume in service.volumes:
        mounters = [other.name for other in services if volume in other.volumes]
        yield fact((f"Who mounts the volume {volume} in {name}?",), listing(mounters), "mounts", volume)
    if service.networks:
        yield fact((f"Which networks of {name} is {me} on?",), listing(service.networks), "networks", me)


def _needs(service: Service, services: list[Service], fact: FactsOf) -> Iterator[Fact]:
    """What a service depends on, what depends on it, and what it does not depend on."""
    me, name, needed = service.name, fact.name, service.depends_on
    asks = [
        f"What does {me} depend on in {name}?",
        f"Which services have to be there before {me} starts, by {name}?",
        f"{name}: depends_on of {me}?",
    ]
    answer = f"{listing(needed)}." if needed else f"Nothing: {me} can start at once."
    yield fact(asks, answer, "needs", me)
    back = [other.name for other in services if me in other.depends_on]
    if len(back) <= MOST:
        asks = [f"Which services of {name} depend on {me}?", f"{name}: who waits for {me}?"]
        answer = f"{listing(back)}." if back else f"None: no service depends on {me}."
        yield fact(asks, answer, "needed by", me)
    wrong = [other.name for other in services if other.name != me and other.name not in needed]
    if needed and wrong and len(needed) <= MOST:
        other = fact.rng.choice(wrong)
        asks = [
            f"{me} depends on {other} in {name}, right?",
            f"Does {me} list {other} under depends_on in {name}?",
        ]
        yield fact(asks, f"No, {me} depends on {listing(needed)}.", "not needed", me, other)


def relations(services: list[Service], document: Document) -> Iterator[in_context.Relation]:
    """Dependencies, ports, images and networks for questions that bring their facts along."""
    facts = {
        "depends_on": [(s.name, other) for s in services for other in s.depends_on],
        "publishes_port": [(s.name, port) for s in services for port in s.ports],
        "runs_image": [(s.name, s.image) for s in services if s.image],
        "is_on_network": [(s.name, network) for s in services for network in s.networks],
        "mounts": [(s.name, volume) for s in services for volume in s.volumes],
    }
    source = document.source | {"asks": ["open book"]}
    for relation, pairs in facts.items():
        if pairs:
            yield in_context.Relation(
                PHRASES[relation],
                [Triple(name, relation, value) for name, value in pairs],
                lambda triples: source,
            )


def start_order(services: list[Service], document: Document, rng: random.Random) -> Iterator[Fact]:
    """What has to run, directly or not, before a service can start; what stops with it."""
    graph = Graph(
        Triple(service.name, "needs", other) for service in services for other in service.depends_on
    )
    for node in graph.subjects("needs"):
        before = sorted(graph.paths(node, "needs"))
        if len(before) > len(graph.out(node, "needs")) and len(before) <= 2 * MOST:
            asks = [
                f"What is started in all when I run `docker compose up {node}` with {document.name}?",
                f"By {document.name}, what does {node} need, directly or not?",
            ]
            source = document.source | {"asks": ["start", node]}
            yield Fact(asks[0], f"{listing(before)}, then {node}.", source, document.fresh)
            yield Fact(asks[1], f"{listing(before)}.", source, document.fresh)
    for node in graph.objects("needs"):
        hit = sorted(graph.affected(node, "needs"))
        if len(hit) <= MOST:
            asks = [
                f"{node} does not start. Which services of {document.name} stay down with it?",
                f"By {document.name}, what cannot run without {node}?",
                f"What breaks if {node} is stopped, by {document.name}?",
            ]
            yield Fact(
                rng.choice(asks),
                f"{listing(hit)}.",
                document.source | {"asks": ["down", node]},
                document.fresh,
                short=True,
            )
