"""Questions about Kubernetes manifests: images, replicas, ports, what leads where."""

import random
from collections import Counter
from collections.abc import Iterator

from autodidact.generators.architecture_docs.facts_with_short_answers import FactsOf
from autodidact.generators.architecture_docs.text_and_table_questions import MOST
from autodidact.generators.writing.facts_into_words import Fact, listing
from autodidact.sources.documents.kubernetes_manifests import Cluster, Route, Service, Workload
from autodidact.sources.documents.reader import Document


def cluster(found: Cluster, document: Document, rng: random.Random) -> Iterator[Fact]:
    """Images, replicas, ports and needs of workloads; where services and ingresses lead."""
    fact = FactsOf(document, rng)
    # The same name in two namespaces: nobody could tell which is meant.
    works = Counter((work.kind, work.name) for work in found.workloads)
    services = Counter(service.name for service in found.services)
    for work in found.workloads:
        if works[work.kind, work.name] == 1:
            yield from _workload(work, found, fact)
    for service in found.services:
        if services[service.name] == 1:
            yield from _service(service, found, fact)
    for route in found.routes:
        if [(other.host, other.path) for other in found.routes].count((route.host, route.path)) == 1:
            yield from _route(route, found, fact)


def _workload(work: Workload, found: Cluster, fact: FactsOf) -> Iterator[Fact]:
    me, name, about = f"the {work.kind} {work.name}", fact.name, (work.kind, work.name)
    own = f"needs/{work.kind}/{work.name}"
    for container, image in work.images.items():
        part = me if len(work.images) == 1 else f"the container {container} of {me}"
        asks = [f"Which image does {part} run ({name})?", f"{name}: image of {part}?"]
        yield fact(asks, f"`{image}`", "image", *about, container)
    if work.replicas is not None:
        asks = [f"How many replicas does {me} ask for in {name}?", f"{name}: replicas of {me}?"]
        yield fact(asks, str(work.replicas), "replicas", *about)
    if work.ports:
        asks = [f"Which container ports does {me} open in {name}?"]
        answer = found.unread.closed(listing(map(str, dict.fromkeys(work.ports.values()))), own)
        yield fact(asks, answer, "ports", *about)
    if work.needs and len(work.needs) <= MOST:
        asks = [
            f"Which ConfigMaps, Secrets and volume claims does {me} need, by {name}?",
            f"What must exist before the pods of {me} start, by {name}?",
        ]
        yield fact(asks, found.unread.closed(f"{listing(work.needs)}.", own), "needs", *about)
    elif not work.needs:
        asks = [f"Which Secret does {me} use in {name}?"]
        answer = found.unread.closed(f"None: {me} names no Secret.", own)
        yield fact(asks, answer, "no secret", *about)


def _service(service: Service, found: Cluster, fact: FactsOf) -> Iterator[Fact]:
    me, name = f"the Service {service.name}", fact.name
    if service.ports:
        asks = [f"Which port does {me} offer in {name}?", f"{name}: port of {me}?"]
        yield fact(asks, listing(str(port) for port, _ in service.ports), "port", service.name)
    for port, target in service.ports:
        if [other for other, _ in service.ports].count(port) == 1:
            asks = [f"To which target port does {me} forward {port} ({name})?"]
            yield fact(asks, target, "target", service.name, str(port))
    behind = found.behind(service)
    if len(behind) == 1:
        asks = [f"Which workload is behind {me} in {name}?", f"{name}: who answers when I call {me}?"]
        answer = found.unread.closed(f"The {behind[0].kind} {behind[0].name}.", "workloads")
        yield fact(asks, answer, "behind", service.name)


def _route(route: Route, found: Cluster, fact: FactsOf) -> Iterator[Fact]:
    """Where a path of an Ingress leads, and the whole way to the workload."""
    name, about = fact.name, (route.host, route.path)
    host = f"{route.host}{route.path}" if route.host else route.path
    asks = [
        f"Which Service takes {host} by the Ingress {route.ingress} ({name})?",
        f"{name}: where does {host} lead?",
    ]
    answer = f"{route.service}, port {route.port}" if route.port else route.service
    yield fact(asks, answer, "route", *about)
    services = [service for service in found.services if service.name == route.service]
    behind = found.behind(services[0]) if len(services) == 1 else []
    if len(behind) == 1:
        answer = f"Ingress {route.ingress} -> Service {route.service} -> {behind[0].kind} {behind[0].name}."
        answer = found.unread.closed(answer, "workloads")
        yield fact((f"Trace a request for {host} through {name}.",), answer, "trace", *about)
