"""The families of architecture that follow data through a system, compare a plan with what is there, and
explain in words.
"""

from random import Random

from autodidact.benchmark.item_family import Draw
from autodidact.benchmark.suite.item_building_blocks import bullets, choose, shuffled, table
from autodidact.benchmark.suite.made_up.service_call_graphs import callers, graph, prose, services
from autodidact.benchmark.suite.made_up.vocabulary import STORES

_WORDS = table("architecture")


def path_between(rng: Random, level: int) -> Draw:
    """The services that a request passes, from one end to the other; side ways lead nowhere."""
    n, aside = {1: (3, 1), 2: (4, 3), 3: (6, 5)}[level]
    names = services(rng, n + aside)
    way, others = names[:n], names[n:]
    edges = list(zip(way, way[1:], strict=False))
    for other in others:
        edges.append((rng.choice(way[:-1]), other))
    user = (
        f"{prose(rng, edges)}\nWhich way does a request take from {way[0]} to {way[-1]}? List the services in"
        " order, with commas."
    )
    target = {"items": way, "universe": names}
    return Draw(
        user, target, ", ".join(way), "order", slots={"edges": sorted(edges), "way": way}, max_tokens=72
    )


def flow_order(rng: Random, level: int) -> Draw:
    """The way of an event, in pieces and out of order."""
    way = services(rng, {1: 3, 2: 5, 3: 7}[level])
    form = rng.choice(_WORDS["event_steps"])
    pieces = [
        (form if level == 1 else rng.choice(_WORDS["event_steps"])).format(a=a, b=b)
        for a, b in zip(way, way[1:], strict=False)
    ]
    text = "; ".join(shuffled(rng, pieces))
    user = f"The way of an event: {text}.\nList the services in the order in which they see it, with commas."
    return Draw(
        user,
        {"items": way},
        ", ".join(way),
        "order",
        slots={"way": way, "text": sorted(pieces)},
        max_tokens=72,
    )


def broken_rule(rng: Random, level: int) -> Draw:
    """The one call that the layers do not allow."""
    depth, wide = {1: (2, 2), 2: (3, 2), 3: (4, 2)}[level]
    names = services(rng, depth * wide)
    layers = [names[i * wide : (i + 1) * wide] for i in range(depth)]
    titles = (
        ["edge", "core", "data"]
        if depth == 3
        else ["edge", "core"]
        if depth == 2
        else ["edge", "flow", "core", "data"]
    )
    allowed = [(a, b) for i in range(depth - 1) for a in layers[i] for b in layers[i + 1]]
    upward = [(b, a) for a, b in allowed]
    skipping = [(a, b) for i in range(depth - 2) for a in layers[i] for b in layers[i + 2]]
    bad = rng.choice(upward + skipping if level > 1 else upward)
    good = rng.sample([e for e in allowed if e != bad[::-1]], {1: 2, 2: 4, 3: 6}[level])
    shown = [f"{a} -> {b}" for a, b in shuffled(rng, [*good, bad])]
    where = "\n".join(f"{title}: {', '.join(layer)}" for title, layer in zip(titles, layers, strict=True))
    rule = "A service may only call services of the layer right below its own."
    user = (
        f"Layers from top to bottom:\n{where}\n{rule}\nCalls: {'; '.join(shown)}.\nWhich call breaks the"
        " rule? Reply with the call only."
    )
    return choose(user, shown, f"{bad[0]} -> {bad[1]}", layers=layers, calls=sorted(shown))


def missing_call(rng: Random, level: int) -> Draw:
    """A diagram and a description that differ: the call that the diagram forgot; higher: also the one it
    invented is no answer.
    """
    names = services(rng, {1: 4, 2: 5, 3: 7}[level])
    edges = list(zip(names, names[1:], strict=False)) if level == 1 else graph(rng, names, 3)
    gone = rng.choice(edges)
    drawn = [e for e in edges if e != gone]
    if level == 3:
        extra = rng.choice(
            [(a, b) for a in names for b in names if a != b and (a, b) not in edges and (b, a) not in edges]
        )
        drawn.append(extra)
    diagram = "\n".join(f"{a} -> {b}" for a, b in shuffled(rng, drawn))
    labels = [f"{a} -> {b}" for a, b in shuffled(rng, edges)]
    user = (
        f"Text: {prose(rng, edges)}\nDiagram:\n{diagram}\nWhich call of the text is missing in the diagram?"
        " Reply as caller -> called."
    )
    return choose(user, labels, f"{gone[0]} -> {gone[1]}", edges=sorted(edges), gone=gone)


def explain_flow(rng: Random, level: int) -> Draw:
    """Explain in a sentence or two how a request gets to its data: every station, in order, and no other."""
    n, aside = {1: (2, 1), 2: (3, 2), 3: (4, 3)}[level]
    names, stores = services(rng, n + aside), rng.sample(STORES, 2)
    way, others = names[:n], names[n:]
    edges = [*zip(way, way[1:], strict=False), *[(rng.choice(way[:-1]), s) for s in others]]
    tail = f"{way[-1]} writes to {stores[0]}. {others[0]} writes to {stores[1]}."
    chain = (
        [f"{way[0]} calls {way[1]}"]
        + [f"{a} calls {b}" for a, b in zip(way[1:], way[2:], strict=False)]
        + [f"{way[-1]} writes to {stores[0]}"]
    )
    reference = "; ".join(chain[:-1]) + f"; {chain[-1]}."
    user = (
        f"{prose(rng, edges)} {tail}\nExplain how data gets from {way[0]} to {stores[0]}, in one or two"
        " sentences."
    )
    target = {
        "checks": {
            "required": [*way[1:], stores[0]],
            "forbidden": [*others, stores[1]],
            "max_words": 12 + 8 * n,
        },
        "rubric": [
            "names every station from the first service to the store, in order",
            "names no service that lies aside",
            "invents nothing",
        ],
    }
    slots = {"edges": sorted(edges), "stores": stores, "way": way}
    return Draw(user, target, reference, "judge", slots=slots, max_tokens=96)


def explain_component(rng: Random, level: int) -> Draw:
    """Say what a component is for: its job, who calls it, where it keeps its data."""
    n = {1: 2, 2: 3, 3: 4}[level]
    names, stores, jobs = services(rng, n + 1), rng.sample(STORES, n), rng.sample(list(_WORDS["roles"]), n)
    edges = [(names[-1], names[0]), *[(names[i], names[i + 1]) for i in range(n - 1)]]
    at = rng.randrange(n)
    name = names[at]
    lines = [f"{s} {job} and writes to {store}" for s, job, store in zip(names, jobs, stores, strict=False)]
    caller = callers(edges, name)[0]
    user = (
        f"{bullets(shuffled(rng, lines))}\n{prose(rng, edges)}\nSay in one or two sentences what {name} does,"
        " who calls it and where it writes."
    )
    reference = f"{name} {jobs[at]}. It is called by {caller} and writes to {stores[at]}."
    strange = [t for t in stores if t != stores[at]]
    target = {
        "checks": {"required": [name, caller, stores[at]], "forbidden": strange, "max_words": 40},
        "rubric": [
            f"says that {name} {_WORDS['roles'][jobs[at]]}",
            f"says that {caller} calls it",
            f"says that it writes to {stores[at]}",
            "invents nothing",
        ],
    }
    return Draw(
        user,
        target,
        reference,
        "judge",
        slots={"lines": sorted(lines), "edges": sorted(edges), "name": name},
        max_tokens=80,
    )
