"""A Compose file as a whole in prose: its services, who depends on whom, which ports are published; what a
service is made of.
"""

from autodidact.generators.writing.facts_into_words import code, listing
from autodidact.sources.documents.compose import Composition, Service
from autodidact.sources.graphs.triple_graph import Graph

# Services of an overview: of more, who depends on whom is a list that nobody reads.
MOST = 8


def overview(found: Composition, graph: Graph) -> str:
    """Entry points, what is behind them, and what stands at the end of `depends_on`."""
    names = [one.name for one in found.services]
    ends = [n for n in names if not graph.out(n, "needs") and graph.back(n, "needs")]
    tops = [n for n in names if graph.out(n, "needs") and not graph.back(n, "needs")]
    ports = [f"`{s.name}` ({listing(port.host for port in s.ports)})" for s in found.services if s.ports]
    if len(names) > MOST or not found.unread.whole("depends", "profiles"):
        return ""
    # How they hang together is asked for as well.
    if not (tops and ends):
        return ""
    text = f"there are {len(names)} services: {code(names)}."
    text += f" {_needs_of_all(names, graph)} Nothing waits for {code(tops)}."
    alone = [n for n in names if n not in (*tops, *ends) and not graph.out(n, "needs")]
    if alone:
        text += f" {code(alone)} {'is' if len(alone) == 1 else 'are'} in no `depends_on` and"
        text += f" {'has' if len(alone) == 1 else 'have'} none."
    if profiled := [one.name for one in found.services if one.profiles]:
        verb = "starts" if len(profiled) == 1 else "start"
        text += f" {code(profiled)} {verb} only with a profile, or when named."
    if ports and found.unread.whole("ports"):
        text += f" Published on the host: {listing(ports)}."
    return text


def _needs_of_all(names: list[str], graph: Graph) -> str:
    """Who depends on whom, services with the same needs together."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        if needs := tuple(sorted(graph.out(name, "needs"))):
            groups.setdefault(needs, []).append(name)
    return " ".join(f"{code(of)} depend{'s' * (len(of) == 1)} on {code(to)}." for to, of in groups.items())


def image_or_build(service: Service) -> str:
    """`is built from the folder ...` or `runs the image ...`; "" of a service with neither."""
    image = service.image.text
    if service.build:
        with_file = f" with `{service.dockerfile}`" if service.dockerfile else ""
        tagged = f" and tagged `{image}`" if image else ""
        return f"is built from the folder `{service.build}`{with_file}{tagged}"
    unless = f" unless `{service.image.unless}` is set" if service.image.unless else ""
    return f"runs the image `{image}`{unless}" if image else ""
