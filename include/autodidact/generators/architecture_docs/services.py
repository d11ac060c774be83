"""Questions about docker-compose files and Kubernetes manifests: ports, images, dependencies, what leads
where.
"""

import random
from collections.abc import Iterator

from autodidact.generators.architecture_docs.prose import MOST
from autodidact.generators.writing import in_context
from autodidact.generators.writing.relation_phrases import KNOWN, Phrase
from autodidact.generators.writing.wording import Fact, listing
from autodidact.sources.documents.compose import Service
from autodidact.sources.documents.kubernetes_manifests import Cluster
from autodidact.sources.documents.reader import Document
from autodidact.sources.graphs.graph import Graph, Triple

WORDS = {
    "depends_on": KNOWN["depends_on"],
    "publishes_port": Phrase(
        "publishes port",
        "publish port",
        "ports",
        "services",
        ("Under which port do I reach {0}?", "Which port does {0} publish?", "{0}: port?"),
        ("Which service publishes port {0}?", "Who answers on port {0}?", "What is behind port {0}?"),
        "Does {0} publish port {1}?",
    ),
    "runs_image": Phrase(
        "runs",
        "run",
        "images",
        "services",
        ("Which image does {0} run?", "What is {0} made of: which image?", "{0}: image?"),
        ("What runs {0}?", "Which service is to be updated with {0}?", "Where does the image {0} run?"),
        "Does {0} run {1}?",
    ),
    "is_on_network": Phrase(
        "is on the network",
        "are on the network",
        "networks",
        "services",
        ("Which network is {0} on?", "{0}: network?"),
        ("What is on the network {0}?", "Which service can be reached on {0}?"),
        "Is {0} on the network {1}?",
    ),
    "mounts": Phrase(
        "mounts",
        "mount",
        "volumes",
        "services",
        ("What does {0} mount?", "Which volume does {0} use?"),
        ("What mounts {0}?", "Who keeps data in {0}?"),
        "Does {0} mount {1}?",
    ),
    "stands_in": Phrase(
        "stands in",
        "stand in",
        "documents",
        "sections",
        ("Where do I read about {0}?", "Which document has the section {0}?", "{0}: which document?"),
        ("Which section stands in {0}?", "What does {0} tell about?"),
        "Does {0} stand in {1}?",
    ),
}


def composed(services: list[Service], document: Document, rng: random.Random) -> Iterator[Fact]:
    """Ports, images, dependencies, networks and volumes of a compose file's services."""
    name = document.name
    used = {other for service in services for other in service.depends_on}

    def fact(asks: tuple[str, ...], answer: str, *about: str) -> Fact:
        return Fact(
            rng.choice(asks), answer, document.source | {"asks": list(about)}, document.fresh, short=True
        )

    for service in services:
        me = service.name
        if service.ports:
            asks = (
                f"Which port of the host does {me} publish in {name}?",
                f"Under which port do I reach {me} ({name})?",
            )
            for ask in asks:
                yield Fact(
                    ask,
                    listing(service.ports),
                    document.source | {"asks": ["port", me]},
                    document.fresh,
                    short=True,
                )
            for port, inside in zip(service.ports, service.inside, strict=True):
                if [port in other.ports for other in services].count(True) == 1:
                    asks = (
                        f"Which service of {name} publishes port {port}?",
                        f"Port {port} is taken on my machine. Which service of {name} wants it?",
                    )
                    yield fact(asks, me, "publisher", port)
                if inside and inside != port and service.ports.count(port) == 1:
                    asks = (f"Port {port} of the host leads to which port inside {me} ({name})?",)
                    yield fact(asks, inside, "inside", me, port)
        elif any(other.ports for other in services):
            asks = (f"Which port of the host does {me} publish in {name}?",)
            yield fact(asks, f"None: {me} publishes no fixed port.", "port", me)
        if service.image:
            asks = (
                f"Which image does {me} run in {name}?",
                f"{name}: image of {me}?",
                f"I want to update {me}. Which image does {name} name?",
            )
            yield fact(asks, f"`{service.image}`", "image", me)
        if service.build:
            yield fact((f"From which folder is {me} built in {name}?",), f"`{service.build}`", "build", me)
        for volume in service.volumes:
            mounters = [other.name for other in services if volume in other.volumes]
            yield fact((f"Who mounts the volume {volume} in {name}?",), listing(mounters), "mounts", volume)
        if service.networks:
            yield fact((f"Which networks of {name} is {me} on?",), listing(service.networks), "networks", me)
        if used:
            answer = (
                f"{listing(service.depends_on)}."
                if service.depends_on
                else f"Nothing: {me} can start at once."
            )
            asks = (
                f"What does {me} depend on in {name}?",
                f"Which services have to be there before {me} starts, by {name}?",
                f"{name}: depends_on of {me}?",
            )
            yield fact(asks, answer, "needs", me)
            back = [other.name for other in services if me in other.depends_on]
            if len(back) <= MOST:
                answer = f"{listing(back)}." if back else f"None: no service depends on {me}."
                yield fact(
                    (f"Which services of {name} depend on {me}?", f"{name}: who waits for {me}?"),
                    answer,
                    "needed by",
                    me,
                )
            wrong = [
                other.name for other in services if other.name != me and other.name not in service.depends_on
            ]
            if service.depends_on and wrong and len(service.depends_on) <= MOST:
                other = rng.choice(wrong)
                asks = (
                    f"{me} depends on {other} in {name}, right?",
                    f"Does {me} list {other} under depends_on in {name}?",
                )
                yield fact(
                    asks, f"No, {me} depends on {listing(service.depends_on)}.", "not needed", me, other
                )
    if 2 <= len(services) <= 3 * MOST:
        yield fact(
            (f"Which services does {name} define?", f"List the services of {name}."),
            f"{listing(s.name for s in services)}.",
            "services",
        )
    words = sorted(
        {part for service in services for part in service.name.split("-")}
        - {service.name for service in services}
    )
    if words and services:
        made = f"{rng.choice(services).name}-{rng.choice(words)}"
        if made not in {service.name for service in services}:
            yield fact(
                (f"Which image does {made} run in {name}?", f"Which port does {made} publish in {name}?"),
                f"{name} has no service {made}.",
                "absent",
                made,
            )


def sheets(services: list[Service], document: Document) -> Iterator[in_context.Relation]:
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
                WORDS[relation],
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
            asks = (
                f"What is started in all when I run `docker compose up {node}` with {document.name}?",
                f"By {document.name}, what does {node} need, directly or not?",
            )
            source = document.source | {"asks": ["start", node]}
            yield Fact(asks[0], f"{listing(before)}, then {node}.", source, document.fresh)
            yield Fact(asks[1], f"{listing(before)}.", source, document.fresh)
    for node in graph.objects("needs"):
        hit = sorted(graph.affected(node, "needs"))
        if len(hit) <= MOST:
            asks = (
                f"{node} does not start. Which services of {document.name} stay down with it?",
                f"By {document.name}, what cannot run without {node}?",
                f"What breaks if {node} is stopped, by {document.name}?",
            )
            yield Fact(
                rng.choice(asks),
                f"{listing(hit)}.",
                document.source | {"asks": ["down", node]},
                document.fresh,
                short=True,
            )


def cluster(found: Cluster, document: Document, rng: random.Random) -> Iterator[Fact]:
    """Images, replicas, ports and needs of workloads; where services and ingresses lead."""
    name = document.name

    def fact(asks: tuple[str, ...], answer: str, *about: str) -> Fact:
        return Fact(
            rng.choice(asks), answer, document.source | {"asks": list(about)}, document.fresh, short=True
        )

    for work in found.workloads:
        me = f"the {work.kind} {work.name}"
        for container, image in work.images.items():
            part = me if len(work.images) == 1 else f"the container {container} of {me}"
            yield fact(
                (f"Which image does {part} run ({name})?", f"{name}: image of {part}?"),
                f"`{image}`",
                "image",
                work.kind,
                work.name,
                container,
            )
        if work.replicas is not None:
            yield fact(
                (f"How many replicas does {me} ask for in {name}?", f"{name}: replicas of {me}?"),
                str(work.replicas),
                "replicas",
                work.kind,
                work.name,
            )
        if work.ports:
            yield fact(
                (f"Which container ports does {me} open in {name}?",),
                listing(map(str, work.ports.values())),
                "ports",
                work.kind,
                work.name,
            )
        if work.needs and len(work.needs) <= MOST:
            asks = (
                f"Which ConfigMaps, Secrets and volume claims does {me} need, by {name}?",
                f"What must exist before the pods of {me} start, by {name}?",
            )
            yield fact(asks, f"{listing(work.needs)}.", "needs", work.kind, work.name)
        elif not work.needs:
            yield fact(
                (f"Which Secret does {me} use in {name}?",),
                f"None: {me} names no Secret.",
                "no secret",
                work.kind,
                work.name,
            )
    for service in found.services:
        me = f"the Service {service.name}"
        if service.ports:
            yield fact(
                (f"Which port does {me} offer in {name}?", f"{name}: port of {me}?"),
                listing(str(port) for port, _ in service.ports),
                "port",
                service.name,
            )
        for port, target in service.ports:
            if [p for p, _ in service.ports].count(port) == 1:
                yield fact(
                    (f"To which target port does {me} forward {port} ({name})?",),
                    target,
                    "target",
                    service.name,
                    str(port),
                )
        behind = found.behind(service)
        if len(behind) == 1:
            asks = (f"Which workload is behind {me} in {name}?", f"{name}: who answers when I call {me}?")
            yield fact(asks, f"The {behind[0].kind} {behind[0].name}.", "behind", service.name)
    for route in found.routes:
        host = f"{route.host}{route.path}" if route.host else route.path
        same = [other for other in found.routes if (other.host, other.path) == (route.host, route.path)]
        if len(same) == 1:
            asks = (
                f"Which Service takes {host} by the Ingress {route.ingress} ({name})?",
                f"{name}: where does {host} lead?",
            )
            yield fact(
                asks,
                f"{route.service}, port {route.port}" if route.port else route.service,
                "route",
                route.host,
                route.path,
            )
            services = [service for service in found.services if service.name == route.service]
            behind = found.behind(services[0]) if len(services) == 1 else []
            if len(behind) == 1:
                asks = (f"Trace a request for {host} through {name}.",)
                answer = (
                    f"Ingress {route.ingress} -> Service {route.service} -> {behind[0].kind}"
                    f" {behind[0].name}."
                )
                yield fact(asks, answer, "trace", route.host, route.path)
