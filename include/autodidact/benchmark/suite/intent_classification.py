"""intent_classification: route a request to the right handler, and read what kind of request it is. The
answer is a label alone.
"""

from random import Random

from autodidact.benchmark.item_family import Draw, Family
from autodidact.benchmark.suite.item_building_blocks import bullets, choose, shuffled, table
from autodidact.benchmark.suite.made_up.log_lines import KINDS, NOISE
from autodidact.benchmark.suite.made_up.routing_handlers import Handler, ask, fill, listing, options
from autodidact.benchmark.suite.made_up.vocabulary import MODULES, PEOPLE, PROJECTS, TEAMS, WEEKDAYS

_WORDS = table("intent_classification")

ONLY = "Reply with the name only."
_THINGS = [f"the {which} {what}" for which in _WORDS["kinds_of_thing"] for what in MODULES]


def _names(handlers: list[Handler]) -> list[str]:
    return [h.name for h in handlers]


def route_request(rng: Random, level: int) -> Draw:
    """The usual case: handlers with what they are for, one request."""
    right, listed = options(rng, level)
    request = ask(rng, right, level, [h for h in listed if h != right])
    head = rng.choice(_WORDS["route_heads"])
    return choose(
        f"Request: {request}",
        _names(listed),
        right.name,
        system=f"{head} {ONLY}\n{listing(listed, level)}",
        request=request,
    )


def route_opaque(rng: Random, level: int) -> Draw:
    """Queue codes instead of names that speak for themselves: the descriptions must be read."""
    right, listed = options(rng, level)
    codes = [
        f"{letter}{rng.randint(10, 99)}" for letter in rng.sample("ABCDEFGHJKLMNPQRSTUVWXYZ", len(listed))
    ]
    request = ask(rng, right, level, [h for h in listed if h != right])
    queues = "\n".join(
        f"{code}: {', '.join(h.cues[:2]) if level == 1 else h.about}"
        for code, h in zip(codes, listed, strict=True)
    )
    user = f"Queues:\n{queues}\n\nTicket: {request}\nWhich queue? Reply with the code only."
    return choose(user, codes, codes[listed.index(right)], request=request)


def not_that_one(rng: Random, level: int) -> Draw:
    """The request names another handler's subject in order to set it aside."""
    right, listed = options(rng, level)
    decoy = rng.choice([h for h in listed if h != right])
    request = ask(rng, right, min(level, 2))
    aside = fill(rng, rng.choice(_WORDS["set_aside"]), cue=rng.choice(decoy.cues[:2]))
    text = f"{aside} {request}" if rng.random() < 0.7 else f"{request} {aside}"
    system = f"Find the handler for what the user wants now. {ONLY}\n{listing(listed, level)}"
    return choose(text, _names(listed), right.name, system=system, request=text)


def topic_switch(rng: Random, level: int) -> Draw:
    """A conversation that was about something else: only the last message counts."""
    right, listed = options(rng, level)
    others = [h for h in listed if h != right]
    history = []
    for earlier in rng.sample(others, min(level, 2)):
        history.append({"role": "user", "content": ask(rng, earlier, min(level, 2))})
        history.append({"role": "assistant", "content": earlier.name})
    request = ask(rng, right, level, others)
    lead = rng.choice(_WORDS["switches"])
    system = f"Name the handler for the last message. {ONLY}\n{listing(listed, level)}"
    before = [m["content"] for m in history]
    return choose(
        lead + request,
        _names(listed),
        right.name,
        system=system,
        history=history,
        request=request,
        before=before,
    )


def out_of_scope(rng: Random, level: int) -> Draw:
    """As likely as any other: none of the handlers is for it."""
    right, listed = options(rng, level)
    others = [h for h in listed if h != right]
    within = rng.random() < (len(listed) - 1) / len(listed)
    shown = listed[:] if within else others
    if within:
        shown.remove(rng.choice(others))
    request = ask(rng, right, level, [h for h in shown if h != right])
    answer = right.name if within else "none"
    system = (
        f"Handlers:\n{listing(shown, level)}\nReply with the handler's name only, or with none if no handler"
        " is for it."
    )
    return choose(f"Request: {request}", [*_names(shown), "none"], answer, system=system, request=request)


def first_of_two(rng: Random, level: int) -> Draw:
    """Two requests in one message, in either order: whose turn is it first?"""
    right, listed = options(rng, level)
    later = rng.choice([h for h in listed if h != right])
    a, b = ask(rng, right, min(level, 2)), ask(rng, later, min(level, 2))
    text = rng.choice(_WORDS["two_requests"]).format(a=a, b=b)
    user = f"Message: {text}\n\nHandlers:\n{listing(listed, level)}\n\nWhich handler has to act first? {ONLY}"
    return choose(user, _names(listed), right.name, request=text)


def all_needed(rng: Random, level: int) -> Draw:
    """Every handler that the message concerns, however many."""
    _, listed = options(rng, level)
    n = rng.randint(1, 1 + min(level, 2))
    needed = rng.sample(listed, n)
    text = " ".join(ask(rng, h, min(level, 2)) for h in needed)
    user = (
        f"Message: {text}\n\nHandlers:\n{listing(listed, level)}\n\nList each handler that is needed,"
        " separated by commas."
    )
    reference = ", ".join(h.name for h in needed)
    target = {"items": [h.name for h in needed], "universe": _names(listed)}
    return Draw(
        user,
        target,
        reference,
        "set",
        slots={"labels": sorted(_names(listed)), "request": text},
        max_tokens=48,
    )


def urgency(rng: Random, level: int) -> Draw:
    """A priority by a rule in the prompt: how many are affected, whether there is a way around it, whether
    money is lost.
    """
    grades = ["low", "medium", "high"]
    wanted = rng.choice(grades)
    while True:
        grade = base = rng.randrange(3)
        around, money = rng.random() < 0.5, rng.random() < 0.5
        if level >= 2:
            grade = max(0, grade - around)
        if level == 3 and money:
            grade = max(1, grade)
        if grades[grade] == wanted:
            break
    scope = fill(rng, rng.choice(_WORDS["scopes"][grades[base]]), team=rng.choice(TEAMS))
    trouble = f"{rng.choice(_WORDS['trouble'])} {rng.choice(PROJECTS)}"
    text = f"Affected: {scope}, who {trouble} since {rng.choice(WEEKDAYS)}."
    rule = "high: everybody is affected. medium: a team or an office. low: one person."
    if level >= 2:
        text += " There is a way around it." if around else " There is no way around it."
        rule += " If there is a way around it, one grade lower; low stays low."
    if level == 3:
        text += (
            f" We lose orders while it lasts, says {rng.choice(PEOPLE)}." if money else " It costs no orders."
        )
        rule += " Where orders are lost the grade is at least medium, whatever else holds."
    return choose(
        f"Grades: {rule}\nTicket: {text}\nWhich grade? Reply with the grade only.",
        grades,
        wanted,
        ticket=text,
    )


def speech_act(rng: Random, level: int) -> Draw:
    """What the message does, whatever it is about."""
    acts = rng.sample(list(_WORDS["acts"]), {1: 3, 2: 4, 3: 6}[level])
    act = rng.choice(acts)
    form = rng.choice(_WORDS["acts"][act]["says"])
    text = form.format(project=rng.choice(PROJECTS), thing=rng.choice(_THINGS))
    text = text[0].upper() + text[1:]
    if level == 3:
        text = _WORDS["acts"][act]["polite"] + text
    kinds = "\n".join(f"{act}: the writer {_WORDS['acts'][act]['means']}" for act in shuffled(rng, acts))
    return choose(
        f"{kinds}\n\nMessage: {text}\nWhich kind of message is it? Reply with one word.", acts, act, text=text
    )


def operation(rng: Random, level: int) -> Draw:
    """Which operation the user asks for, by its verb or by what should be the case afterwards."""
    operations = _WORDS["operations"]
    names = rng.sample(list(operations), {1: 4, 2: 5, 3: 8}[level])
    name = rng.choice(names)
    thing, project = rng.choice(_THINGS), rng.choice(PROJECTS)
    order = f"{rng.choice(operations[name]['verbs'])} {thing} of {project}"
    text = (
        fill(rng, operations[name]["result"], thing=thing, project=project)
        if level == 3 or (level == 2 and rng.random() < 0.5)
        else f"Please {order}"
    )
    text = text[0].upper() + text[1:] + "."
    shown = [f"{one}: {', '.join(operations[one]['verbs'])}" if level == 1 else one for one in names]
    user = f"Operations:\n{bullets(shown)}\n\nUser: {text}\nWhich operation is it? {ONLY}"
    return choose(user, names, name, text=text)


def path_owner(rng: Random, level: int) -> Draw:
    """Who owns a file, by an ownership table: the last line that fits wins."""
    n = {1: 3, 2: 4, 3: 5}[level]
    folders, teams = rng.sample(MODULES, n), rng.sample(TEAMS, n + level)
    rules = [(f"{folder}/", team) for folder, team in zip(folders, teams, strict=False)]
    if level >= 2:
        rules += [
            (f"{folders[i]}/{sub}/", teams[n + i]) for i, sub in enumerate(rng.sample(MODULES, level - 1))
        ]
    deep = level >= 2 and rng.random() < 0.6
    prefix, _ = rng.choice(rules[n:] if deep else rules[:n])
    path = f"{prefix}{rng.choice(_WORDS['file_verbs'])}_{rng.choice(MODULES)}.py"
    rows = shuffled(rng, rules[:n]) + rules[n:]
    if level == 3:
        rows.append((f"{rng.choice(folders)}/**/*.md", teams[-1]))
        if rng.random() < 0.3:
            path = f"{rows[-1][0].split('/')[0]}/{rng.choice(MODULES)}/{rng.choice(MODULES)}.md"
    owner = [
        team
        for rule, team in rows
        if path.startswith(rule) or (rule.endswith(".md") and path.endswith(".md"))
    ][-1]
    table = "\n".join(f"{rule} {team}" for rule, team in rows)
    how = "" if level == 1 else "The last line that matches wins. "
    user = f"Owners by path:\n{table}\n\n{how}Which team owns {path}? Reply with the team only."
    return choose(
        user, list(dict.fromkeys(team for _, team in rows)), owner, table=sorted(map(list, rows)), path=path
    )


def by_amount(rng: Random, level: int) -> Draw:
    """A rule with a limit decides between handlers."""
    limits = sorted(rng.sample(range(100, 5000, 50), {1: 1, 2: 3, 3: 4}[level]))
    desks = [f"{team}_desk" for team in rng.sample(TEAMS, len(limits) + 2)]
    amount = rng.randint(10, 2 * limits[-1])
    while amount in limits:
        amount += 1
    place = sum(amount > limit for limit in limits)
    kinds = rng.sample(_WORDS["payments"], 2)
    lines = [f"{kinds[0]} up to {limits[0]}: {desks[0]}"]
    lines += [
        f"{kinds[0]} above {a} and up to {b}: {desk}"
        for a, b, desk in zip(limits, limits[1:], desks[1:], strict=False)
    ]
    lines.append(f"{kinds[0]} above {limits[-1]}: {desks[-2]}")
    kind, answer = kinds[0], desks[place]
    rest = desks[-1]
    lines.append(f"any {kinds[1]}: {rest}")
    if rng.random() < 1 / len(desks):
        kind, answer = kinds[1], rest
    text = f"{rng.choice(PEOPLE)} asks for a {kind} of {amount} euros in {rng.choice(PROJECTS)}."
    user = f"{text}\n\nRules:\n{bullets(shuffled(rng, lines))}\n\nWhich desk decides? {ONLY}"
    return choose(user, desks, answer, text=text, rules=sorted(lines))


def by_examples(rng: Random, level: int) -> Draw:
    """No descriptions, only earlier requests and where they went."""
    right, listed = options(rng, min(level, 2), n={1: 3, 2: 4, 3: 6}[level])
    cue = {h.name: rng.choice(h.cues) for h in listed}
    codes = dict(zip(_names(listed), rng.sample(_WORDS["queues"], len(listed)), strict=True))
    label = codes if level == 3 else {h.name: h.name for h in listed}
    lines = [
        (
            f"{ask(rng, h, 1).rstrip('.?')} -> {label[h.name]}"
            if level > 1
            else f"{cue[h.name]} -> {label[h.name]}"
        )
        for h in listed
    ]
    request = (
        ask(rng, right, 2)
        if level > 1
        else fill(rng, "{person} asks about the {cue} for the {product}.", cue=cue[right.name])
    )
    user = (
        "Earlier requests and their queue:\n"
        + "\n".join(lines)
        + f"\n\nNew request: {request}\nWhich queue? {ONLY}"
    )
    return choose(user, list(label.values()), label[right.name], request=request, examples=sorted(lines))


def log_line(rng: Random, level: int) -> Draw:
    """Which part of the system a log complains about."""
    kinds = rng.sample(KINDS, {1: 3, 2: 5, 3: 8}[level])
    kind = rng.choice(kinds)
    line = fill(rng, rng.choice(kind.lines), host=f"{rng.choice(PROJECTS).lower()}-{rng.randint(1, 9)}")
    if level >= 2:
        around = [fill(rng, text, host=rng.choice(PROJECTS).lower()) for text in rng.sample(NOISE, level)]
        line = "\n".join(shuffled(rng, [*around, line]))
    parts = bullets(
        [f"{k.name}: {', '.join(k.cues)}" if level == 1 else f"{k.name}: {k.about}" for k in kinds]
    )
    user = f"Log:\n{line}\n\nAreas:\n{parts}\n\nWhich area has the fault? {ONLY}"
    return choose(user, [k.name for k in kinds], kind.name, line=line)


def by_attributes(rng: Random, level: int) -> Draw:
    """Which agent has everything the task asks for."""
    pools = {"skill": _WORDS["skills"], "language": _WORDS["languages"], "shift": _WORDS["shifts"]}
    wanted = {key: rng.choice(pool) for key, pool in pools.items()}
    keys = list(pools)[:level]
    names = rng.sample(PEOPLE, {1: 3, 2: 4, 3: 6}[level])
    rows = {names[0]: [wanted[key] for key in keys]}
    # Each other one lacks at least one, and most lack only that.
    for i, name in enumerate(names[1:]):
        lacks = keys[i % level]
        rows[name] = [
            rng.choice([x for x in pools[key] if x != wanted[key]]) if key == lacks else wanted[key]
            for key in keys
        ]
    order = shuffled(rng, names)
    table = "\n".join(f"{name}: {', '.join(rows[name])}" for name in order)
    need = " and ".join(wanted[key] for key in keys)
    user = f"{rng.choice(PROJECTS)} needs somebody for {need}.\n{table}\nWho fits? {ONLY}"
    return choose(user, names, names[0], table=sorted([name, *row] for name, row in rows.items()), need=need)


FAMILIES = [
    Family("route_request", route_request),
    Family("route_opaque", route_opaque, hidden=True),
    Family("not_that_one", not_that_one, hidden=True),
    Family("topic_switch", topic_switch, hidden=True),
    Family("out_of_scope", out_of_scope),
    Family("first_of_two", first_of_two),
    Family("all_needed", all_needed),
    Family("urgency", urgency),
    Family("speech_act", speech_act, hidden=True),
    Family("operation", operation),
    Family("path_owner", path_owner),
    Family("by_amount", by_amount, hidden=True),
    Family("by_examples", by_examples),
    Family("log_line", log_line),
    Family("by_attributes", by_attributes),
]
