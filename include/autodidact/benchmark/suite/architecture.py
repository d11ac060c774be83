"""architecture: read a topology and its data flow, answer questions on it, and explain it. The prompt has the
whole system.
"""

from random import Random

from autodidact.benchmark.item_family import Draw, Family
from autodidact.benchmark.suite.architecture_flows import (
    broken_rule,
    explain_component,
    explain_flow,
    flow_order,
    missing_call,
    path_between,
)
from autodidact.benchmark.suite.item_building_blocks import bullets, choose, shuffled, table
from autodidact.benchmark.suite.made_up.service_call_graphs import (
    called_by,
    callers,
    graph,
    prose,
    reached,
    services,
)
from autodidact.benchmark.suite.made_up.vocabulary import PEOPLE, REGIONS, STORES, TEAMS

_WORDS = table("architecture")

ONLY = "Reply with the name only."


def who_calls(rng: Random, level: int) -> Draw:
    """The caller of a service; higher: all of them, and those that reach it by way of others."""
    names = services(rng, {1: 4, 2: 6, 3: 7}[level])
    if level == 1:
        pairs = [(names[0], names[1]), (names[2], names[3])]
        caller, called = rng.choice(pairs)
        return choose(
            f"{prose(rng, pairs)}\nWhich service calls {called}? {ONLY}",
            names,
            caller,
            edges=sorted(pairs),
            called=called,
        )
    edges = graph(rng, names, 3)
    called = rng.choice(names[2:])
    right = callers(edges, called) if level == 2 else [s for s in names if called in reached(edges, s)]
    how = "" if level == 2 else ", directly or through others"
    user = f"{prose(rng, edges)}\nWhich services call {called}{how}? List all, with commas."
    target = {"items": right, "universe": names}
    return Draw(
        user, target, ", ".join(right), "set", slots={"edges": sorted(edges), "called": called}, max_tokens=64
    )


def store_of(rng: Random, level: int) -> Draw:
    """Where a service keeps its data; higher: among what it only reads, and by way of another service."""
    n = {1: 3, 2: 3, 3: 4}[level]
    names, stores = services(rng, n), rng.sample(STORES, n)
    at = rng.randrange(n)
    if level == 1:
        lines = [f"{s} writes to {t}" for s, t in zip(names, stores, strict=True)]
        question, answer = f"Where does {names[at]} write?", stores[at]
    else:
        lines = [
            f"{s} writes to {t} and reads {stores[(i + 1) % n]}"
            for i, (s, t) in enumerate(zip(names, stores, strict=True))
        ]
        question, answer = f"Where does {names[at]} write?", stores[at]
        if level == 3:
            reader = rng.choice([s for i, s in enumerate(names) if i != (at - 1) % n and i != at])
            lines.append(f"{reader} sends its results to {names[at]}, which stores them")
            question = f"Where do the results of {reader} end up?"
    return choose(
        f"{bullets(shuffled(rng, lines))}\n{question} {ONLY}",
        stores,
        answer,
        lines=sorted(lines),
        question=question,
    )


def owner(rng: Random, level: int) -> Draw:
    """Which team owns a service; higher: the service that another one calls, and whom to wake there."""
    n = {1: 3, 2: 3, 3: 4}[level]
    names, teams, people = services(rng, n), rng.sample(TEAMS, n), rng.sample(PEOPLE, n)
    lines = [f"{s} belongs to the {t} team" for s, t in zip(names, teams, strict=True)]
    at = rng.randrange(n)
    if level == 1:
        user = f"{'. '.join(shuffled(rng, lines))}.\nWhich team owns {names[at]}? {ONLY}"
        return choose(user, teams, teams[at], lines=sorted(lines), at=names[at])
    turn = rng.randrange(1, n)
    calls = [f"{s} calls {names[(i + turn) % n]}" for i, s in enumerate(names)]
    asker = names[(at - turn) % n]
    if level == 2:
        user = (
            f"{bullets(shuffled(rng, lines + calls))}\nWhich team owns the service that {asker} calls? {ONLY}"
        )
        return choose(user, teams, teams[at], lines=sorted(lines + calls), asker=asker)
    duty = [f"{p} is on call for the {t} team" for p, t in zip(people, teams, strict=True)]
    user = (
        f"{bullets(shuffled(rng, lines + calls + duty))}\n{asker} reports errors of the service it calls. Who"
        f" is on call for that service? {ONLY}"
    )
    return choose(user, people, people[at], lines=sorted(lines + calls + duty), asker=asker)


def protocol(rng: Random, level: int) -> Draw:
    """How one service talks to another."""
    n = {1: 3, 2: 4, 3: 6}[level]
    links, names = rng.sample(_WORDS["links"], min(n, 5)), services(rng, {1: 4, 2: 5, 3: 6}[level])
    pairs = (
        rng.sample([(a, b) for a in names for b in names if a < b], n)
        if level > 1
        else list(zip(names, names[1:], strict=False))
    )
    how = {pair: links[i % len(links)] for i, pair in enumerate(pairs)}
    ask = rng.choice(pairs)
    lines = [f"{a} reaches {b} over {how[a, b]}" for a, b in shuffled(rng, pairs)]
    if level == 3:
        # What holds unless a line says otherwise.
        default = rng.choice([x for x in _WORDS["links"] if x not in links])
        links = [*links, default]
        lines.append(f"all other calls go over {default}")
        if rng.random() < 0.4:
            ask = rng.choice([(a, b) for a in names for b in names if a < b and (a, b) not in how])
            how[ask] = default
    a, b = ask
    return choose(
        f"{bullets(lines)}\nHow does {a} reach {b}? Reply with the way only.",
        links,
        how[ask],
        lines=sorted(lines),
        ask=[a, b],
    )


def entry_point(rng: Random, level: int) -> Draw:
    """The service that nobody calls: where requests come in."""
    while True:
        names = services(rng, {1: 3, 2: 5, 3: 7}[level])
        edges = list(zip(names, names[1:], strict=False)) if level == 1 else graph(rng, names, 3)
        if called_by(edges, names[0]):
            break
    user = f"{prose(rng, edges)}\nWhich service is called by none of the others? {ONLY}"
    return choose(user, shuffled(rng, names), names[0], edges=sorted(edges))


def ends(rng: Random, level: int) -> Draw:
    """The services that call nothing."""
    while True:
        names = services(rng, {1: 4, 2: 6, 3: 8}[level])
        edges = graph(rng, names, 3)
        right = [s for s in names if not called_by(edges, s)]
        if len(right) < len(names) - 1:
            break
    user = (
        f"Services: {', '.join(shuffled(rng, names))}.\n{prose(rng, edges)}\nWhich of the services call no"
        " other? List all, with commas."
    )
    return Draw(
        user,
        {"items": right, "universe": names},
        ", ".join(right),
        "set",
        slots={"edges": sorted(edges)},
        max_tokens=48,
    )


def single_point(rng: Random, level: int) -> Draw:
    """The one service in the middle that every way from the entrance to the store passes."""
    n = {1: 2, 2: 3, 3: 3}[level]
    names, store = services(rng, 2 + 2 * n), rng.choice(STORES)
    front, neck, left = names[0], names[1], names[2:]
    before, after = left[:n], left[n:]
    edges = [(front, s) for s in before] + [(s, neck) for s in before]
    if level == 1:
        edges += [(neck, store)]
        others = before
    else:
        edges += [(neck, s) for s in after] + [(s, store) for s in after]
        others = before + after
    if level == 3:
        edges.append((before[0], before[1]))
        edges.append((after[1], after[0]))
    labels = shuffled(rng, [neck, *others])
    user = f"{prose(rng, edges)}\nWhich service lies on every way from {front} to {store}? {ONLY}"
    return choose(user, labels, neck, edges=sorted(edges))


def call_kind(rng: Random, level: int) -> Draw:
    """Does one service reach another directly, through others, or not at all? Each as often."""
    answer = rng.choice(["direct", "indirect", "none"])
    while True:
        names = services(rng, {1: 4, 2: 6, 3: 8}[level])
        edges = list(zip(names, names[1:], strict=False)) if level == 1 else graph(rng, names, 3)
        a, b = rng.sample(names, 2)
        found = "direct" if (a, b) in edges else "indirect" if b in reached(edges, a) else "none"
        if found == answer:
            break
    user = (
        f"{prose(rng, edges)}\nHow does {a} reach {b}? direct: it calls it. indirect: only through others."
        " none: not at all. Reply with one word."
    )
    return choose(user, ["direct", "indirect", "none"], answer, edges=sorted(edges), ask=[a, b])


def region_of(rng: Random, level: int) -> Draw:
    """Where something runs; higher: where the data of a caller goes, and after a fail-over."""
    n = {1: 3, 2: 4, 3: 4}[level]
    names, regions = services(rng, n), rng.sample(REGIONS, n)
    at = rng.randrange(n)
    lines = [f"{s} runs in {r}" for s, r in zip(names, regions, strict=True)]
    if level == 1:
        user = f"{bullets(lines)}\nIn which region does {names[at]} run? {ONLY}"
        return choose(user, regions, regions[at], lines=sorted(lines), at=at)
    turn = rng.randrange(1, n)
    lines += [f"{s} copies its data to {names[(i + turn) % n]}" for i, s in enumerate(names)]
    source = names[(at - turn) % n]
    question, answer = f"In which region is the copy of the data of {source}?", regions[at]
    if level == 3:
        lost = regions[at] if rng.random() < 0.5 else regions[(at + 1) % n]
        spare = rng.choice([r for r in regions if r != lost])
        lines.append(f"what runs in {lost} moves to {spare} while {lost} is down")
        question, answer = f"{lost} is down. {question}", spare if lost == regions[at] else answer
    return choose(
        f"{bullets(shuffled(rng, lines))}\n{question} {ONLY}",
        regions,
        answer,
        lines=sorted(lines),
        question=question,
    )


FAMILIES = [
    Family("who_calls", who_calls),
    Family("store_of", store_of),
    Family("owner", owner),
    Family("protocol", protocol),
    Family("entry_point", entry_point),
    Family("ends", ends, hidden=True),
    Family("single_point", single_point, hidden=True),
    Family("call_kind", call_kind),
    Family("region_of", region_of, hidden=True),
    Family("path_between", path_between),
    Family("flow_order", flow_order),
    Family("broken_rule", broken_rule, hidden=True),
    Family("missing_call", missing_call),
    Family("explain_flow", explain_flow),
    Family("explain_component", explain_component, hidden=True),
]
