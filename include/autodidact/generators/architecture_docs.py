"""What the documents say about how the system is built: sections, tables, Mermaid diagrams, docker-compose services.

Source: documents of the repository at the cycle's commit, and those that `sources.documents` names.

    {"generator": "architecture_docs", "category": "architecture",
     "messages": [{"role": "user", "content": "Which port of the host does payments publish in docker-compose.yaml?"},
                  {"role": "assistant", "content": "8103"}],
     "source": {"kind": "document", "ref": "samples/documents/docker-compose.yaml"}, "short": true}
"""

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from autodidact.errors import Skipped
from autodidact.generators.wording import Fact, choose, listing, opening, told
from autodidact.records import Example
from autodidact.snapshot import Snapshot
from autodidact.sources.diagrams import Diagram, Service, compose, mermaid
from autodidact.sources.documents import COMPOSE, Document, Section, documents, sections
from autodidact.sources.graph import Graph, Triple

NAME = "architecture_docs"
CATEGORY = "architecture"

EXPLAINED = 420  # characters of an explanation, about 100 tokens
LEAST = 40  # characters under which a section's opening explains nothing
CELL = 80  # characters of a table's cell that is asked for
CELLS = 60  # most cells asked for of one table
MOST = 8  # names in an answer

# Headings under which documents do not explain the system.
_ASIDE = re.compile(
    r"^(table of )?contents?$|licen[cs]e|contribut|acknowledg|credits|sponsor|donat|change ?log|what's new|authors|maintainers|badges|screenshots?|star history"
    r"|^(see also|references|links|community|support|download|installation|install)$",
    re.IGNORECASE,
)
_VAGUE = re.compile(r"^(usage|overview|introduction|example|examples|notes?|description|features|about|details|summary|basics|options|configuration)$", re.I)
_SOUND = re.compile(r"(?!Default|Note|https?:|Q:|A:|Answer)[A-Z`'\"(].*[^.]\.[)\"']?$", re.DOTALL)  # begins and ends as prose does
_ANCHORS = ("above", "below", "following", "this section", "this page", "this document", "this chapter", "see ", "here")


def generate(snapshot: Snapshot) -> Iterator[Example]:
    """Questions that the documents answer. Skipped without documents."""
    groups: dict[str, list[Fact]] = {"sections": [], "tables": [], "arrows": [], "ways": [], "steps": [], "compose": [], "start order": []}
    found = list(documents(snapshot))
    if not found:
        raise Skipped("there is no document in the repository, and sources.documents names none")
    names = Counter(document.path.rpartition("/")[2] for document in found)
    for document in found:
        document = replace(document, name=document.path if names[document.name] > 1 else document.name)  # a name alone must not be ambiguous
        rng = snapshot.rng(NAME, document.path)
        if COMPOSE.search(document.path):
            services = compose(document.text, document.path, snapshot.troubles)
            groups["compose"] += _services(services, document, rng)
            groups["start order"] += _order(services, document, rng)
            continue
        for section in sections(document):
            groups["sections"] += _explained(section, document, rng)
            for table in section.tables:
                groups["tables"] += _cells(table, section, document, rng)
            for text in section.mermaid:
                diagram = mermaid(text)
                if diagram and diagram.kind == "flowchart":
                    groups["arrows"] += _arrows(diagram, section, document, rng)
                    groups["ways"] += _ways(diagram, section, document, rng)
                elif diagram:
                    groups["steps"] += _messages(diagram, section, document)
    yield from told(NAME, CATEGORY, choose(groups, snapshot.limit, snapshot.rng(NAME)))


def _at(document: Document, section: Section) -> dict:
    return document.source | {"ref": f"{document.source['ref']}:{section.line}", "lines": [section.line, max(section.end, section.line)]}


def _explained(section: Section, document: Document, rng: random.Random) -> Iterator[Fact]:
    """The section's first sentences, when they can stand alone."""
    title = re.sub(r"[`\"*]", "", section.title).rstrip(":. ")
    text = opening(section.paragraphs[:1], EXPLAINED)
    if len(text) < LEAST or _ASIDE.search(title) or not _SOUND.match(text) or any(f"{word} " in f"{text.lower()} " for word in _ANCHORS):
        return
    if title == document.title or _VAGUE.match(title):
        asks = [f"What does {document.path} say first?" if title == document.title else f'What does the section "{title}" of {document.path} say?']
    else:
        asks = [f'Explain "{title}" as {document.name} does.', f'{document.name}, "{title}": what is it about?', f'What do the docs say about "{title}"?']
    for ask in rng.sample(asks, min(2, len(asks))):
        yield Fact(ask, text, _at(document, section), document.fresh)


def _cells(table: list[list[str]], section: Section, document: Document, rng: random.Random) -> Iterator[Fact]:
    """One question a cell: the row by its first cell, the column by its heading. Rows by the value of a cell where it is the only one."""
    header, *body = table
    body = [row for row in body if len(row) == len(header)]
    keys = [row[0] for row in body]
    cells = [(row, place) for row in body for place in range(1, len(header)) if keys.count(row[0]) == 1]
    for row, place in rng.sample(cells, min(CELLS, len(cells))):
        key, name, value = row[0], header[place], row[place]
        if not key or not name or not value or len(value) > CELL or len(key) > CELL:
            continue
        source = _at(document, section)
        where = f'{document.name}, table "{section.title}"'
        asks = (f'In {where}: what stands under "{name}" for {key}?', f"{where}, {header[0] or 'row'} {key}: {name}?")
        yield Fact(rng.choice(asks), _stop(value), source, document.fresh, short=True)
        if [other[place] for other in body].count(value) == 1 and rng.random() < 0.5:
            ask = f'In {where}: which {header[0] or "row"} has "{value}" under "{name}"?'
            yield Fact(ask, _stop(key), source, document.fresh, short=True)


def _stop(text: str) -> str:
    """Prose with its full stop; a name or a value as it is."""
    return f"{text}." if len(text.split()) > 3 and text[-1].isalnum() else text


def _graph(diagram: Diagram) -> Graph:
    return Graph(Triple(edge.start, "to", edge.end) for edge in diagram.edges)


def _arrows(diagram: Diagram, section: Section, document: Document, rng: random.Random) -> Iterator[Fact]:
    """Who points at whom, asked forwards, backwards and wrongly."""
    graph, source, where = _graph(diagram), _at(document, section), f'the diagram "{section.title}" of {document.name}'
    for node in graph.nodes("to"):
        after, before = graph.out(node, "to"), graph.back(node, "to")
        if len(after) <= MOST:
            answer = f"To {listing(after)}." if after else f"To nothing: no arrow starts at {node}."
            yield Fact(f"In {where}, where do the arrows of {node} lead?", answer, source, document.fresh, short=True)
        if len(before) <= MOST:
            answer = f"{listing(before)}." if before else f"Nothing: {node} is where the diagram begins."
            yield Fact(f"What points at {node} in {where}?", answer, source, document.fresh, short=True)
        others = [other for other in graph.nodes("to") if other != node and other not in after]
        if after and others and len(after) <= MOST:
            wrong = rng.choice(others)
            answer = f"No, the other way round: {wrong} points at {node}." if wrong in before else f"No, {node} points at {listing(after)}."
            yield Fact(f"Does {node} point at {wrong} in {where}?", answer, source, document.fresh, short=True)
    for edge in diagram.edges:
        if edge.text:
            ask = f"In {where}, what is written on the arrow from {edge.start} to {edge.end}?"
            yield Fact(ask, _stop(edge.text), source, document.fresh, short=True)


def _ways(diagram: Diagram, section: Section, document: Document, rng: random.Random) -> Iterator[Fact]:
    """How something gets from one node to another, and what is behind a node."""
    graph, source, where = _graph(diagram), _at(document, section), f'the diagram "{section.title}" of {document.name}'
    for node in graph.subjects("to"):
        ways = graph.paths(node, "to")
        far = sorted(end for end, way in ways.items() if len(way) > 2)
        for end in rng.sample(far, min(2, len(far))):
            ask = rng.choice((f"Trace the way from {node} to {end} in {where}.", f"How does {node} reach {end}, by {where}?"))
            yield Fact(ask, f"{' -> '.join(ways[end])}.", source, document.fresh, short=True)
    for node in graph.objects("to"):
        behind = sorted(graph.affected(node, "to"))
        if len(behind) <= MOST:
            yield Fact(f"By {where}, which parts need {node}, directly or not?", f"{listing(behind)}.", source, document.fresh, short=True)


def _messages(diagram: Diagram, section: Section, document: Document) -> Iterator[Fact]:
    """A sequence diagram's messages, one after the other."""
    source, where = _at(document, section), f'"{section.title}" in {document.name}'
    for number, edge in enumerate(diagram.edges):
        if [(e.start, e.end) for e in diagram.edges].count((edge.start, edge.end)) == 1:
            yield Fact(f"What does {edge.start} send to {edge.end} in {where}?", _stop(edge.text), source, document.fresh, short=True)
        if number:
            last = diagram.edges[number - 1]
            if [(e.start, e.end, e.text) for e in diagram.edges].count((last.start, last.end, last.text)) == 1:
                ask = f"In {where}, what happens after {last.start} has sent {last.end} \"{last.text}\"?"
                yield Fact(ask, f"{edge.start} sends {edge.end}: {_stop(edge.text)}", source, document.fresh)
    if 2 <= len(diagram.edges) <= MOST:
        steps = "\n".join(f"{n}. {edge.start} -> {edge.end}: {edge.text}" for n, edge in enumerate(diagram.edges, 1))
        yield Fact(f"List the steps of {where} in order.", steps, source, document.fresh)


def _services(services: list[Service], document: Document, rng: random.Random) -> Iterator[Fact]:
    """Ports, images, dependencies and volumes of a compose file's services."""
    source, name = document.source, document.name
    used = {other for service in services for other in service.depends_on}
    for service in services:
        if service.ports:
            asks = (f"Which port of the host does {service.name} publish in {name}?", f"Under which port do I reach {service.name} ({name})?")
            for ask in asks:
                yield Fact(ask, f"{listing(service.ports)}", source, document.fresh, short=True)
            for port in service.ports:
                if [port in other.ports for other in services].count(True) == 1:
                    yield Fact(f"Which service of {name} publishes port {port}?", f"{service.name}", source, document.fresh, short=True)
        elif any(other.ports for other in services):
            ask = f"Which port of the host does {service.name} publish in {name}?"
            yield Fact(ask, f"None: {service.name} publishes no fixed port.", source, document.fresh, short=True)
        if service.image:
            yield Fact(f"Which image does {service.name} run in {name}?", f"`{service.image}`", source, document.fresh, short=True)
        for volume in service.volumes:
            yield Fact(f"Who mounts the volume {volume} in {name}?", f"{service.name}", source, document.fresh, short=True)
        if used:
            answer = f"{listing(service.depends_on)}." if service.depends_on else f"Nothing: {service.name} can start at once."
            ask = rng.choice((f"What does {service.name} depend on in {name}?", f"Which services have to be there before {service.name} starts, by {name}?"))
            yield Fact(ask, answer, source, document.fresh, short=True)
            back = [other.name for other in services if service.name in other.depends_on]
            if len(back) <= MOST:
                answer = f"{listing(back)}." if back else f"None: no service depends on {service.name}."
                yield Fact(f"Which services of {name} depend on {service.name}?", answer, source, document.fresh, short=True)
    if 2 <= len(services) <= 3 * MOST:
        yield Fact(f"Which services does {name} define?", f"{listing(service.name for service in services)}.", source, document.fresh)


def _order(services: list[Service], document: Document, rng: random.Random) -> Iterator[Fact]:
    """What has to run, directly or not, before a service can start; what stops with it."""
    graph = Graph(Triple(service.name, "needs", other) for service in services for other in service.depends_on)
    for node in graph.subjects("needs"):
        before = sorted(graph.paths(node, "needs"))
        if len(before) > len(graph.out(node, "needs")) and len(before) <= 2 * MOST:
            ask = f"What is started in all when I run `docker compose up {node}` with {document.name}?"
            yield Fact(ask, f"{listing(before)}, then {node}.", document.source, document.fresh)
    for node in graph.objects("needs"):
        hit = sorted(graph.affected(node, "needs"))
        if len(hit) <= MOST:
            asks = (f"{node} does not start. Which services of {document.name} stay down with it?", f"By {document.name}, what cannot run without {node}?")
            yield Fact(rng.choice(asks), f"{listing(hit)}.", document.source, document.fresh, short=True)
