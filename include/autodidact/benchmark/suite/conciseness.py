"""conciseness: the right answer in the fewest words. Every question has a budget, or accepts nothing but the
bare answer.
"""

from random import Random

from autodidact.benchmark.item_family import Draw, Family
from autodidact.benchmark.suite.family_files import shipped
from autodidact.benchmark.suite.item_building_blocks import bullets, choose, shuffled, table
from autodidact.benchmark.suite.made_up.vocabulary import (
    ENVIRONMENTS,
    FUNCTIONS,
    PEOPLE,
    PROJECTS,
    SERVICES,
    STORES,
    TEAMS,
    WEEKDAYS,
    path,
)

_WORDS = table("conciseness")

BRIEF = "Answer in as few words as possible."


def one_value(rng: Random, level: int) -> Draw:
    """The value of a setting, and only that; higher: among several services, and what holds after a
    change."""
    keys, service = rng.sample(_WORDS["settings"], {1: 3, 2: 4, 3: 5}[level]), rng.choice(SERVICES)
    values = [str(v) for v in rng.sample(range(2, 99), len(keys) + 1)]
    at = rng.randrange(len(keys))
    right, wrong = values[at], [v for i, v in enumerate(values[:-1]) if i != at]
    text = f"Settings of {service}: {', '.join(f'{k} {v}' for k, v in zip(keys, values, strict=False))}."
    if level == 2:
        other = rng.choice([s for s in SERVICES if s != service])
        text += f" {other} has {keys[at]} {values[-1]}."
        wrong.append(values[-1])
    if level == 3:
        text += (
            f" On {rng.choice(WEEKDAYS)} {rng.choice(PEOPLE)} changed {keys[at]} from {right} to {values[-1]}"
            " after a review that took all afternoon."
        )
        right, wrong = values[-1], [*wrong, right]
    user = f"{text}\nWhat is the {keys[at]} of {service}? {BRIEF}"
    target = {"required": [right], "forbidden": wrong, "max_words": 1}
    return Draw(user, target, right, "budget", slots={"text": text, "key": keys[at]}, max_tokens=48)


def yes_no(rng: Random, level: int) -> Draw:
    """Is somebody on the list? One word; higher: with a second condition."""
    answer = rng.choice(["yes", "no"])
    people, team = rng.sample(PEOPLE, {1: 4, 2: 6, 3: 8}[level]), rng.choice(TEAMS)
    members, others = people[: len(people) // 2 + 1], people[len(people) // 2 + 1 :]
    if level == 1:
        asked = rng.choice(members if answer == "yes" else others)
        text = f"The {team} team: {', '.join(shuffled(rng, members))}. Not in it: {', '.join(others)}."
        return choose(
            f"{text}\nIs {asked} in the {team} team? Reply with yes or no only.",
            ["yes", "no"],
            answer,
            text=text,
            asked=asked,
        )
    away = rng.sample(members, len(members) // 2)
    here = [p for p in members if p not in away]
    asked = rng.choice(here if answer == "yes" else away + (others if level == 3 else []))
    text = (
        f"The {team} team: {', '.join(shuffled(rng, members))}. On leave today:"
        f" {', '.join(shuffled(rng, away + others[:1]))}."
    )
    user = f"{text}\nCan {asked} take a task of the {team} team today? Reply with yes or no only."
    return choose(user, ["yes", "no"], answer, text=text, asked=asked)


def status_word(rng: Random, level: int) -> Draw:
    """What a chatty report says, in one of three words."""
    words = _WORDS["states"]
    n = {1: 1, 2: 2, 3: 3}[level]
    things, states = rng.sample(PROJECTS, n), [rng.choice(list(words)) for _ in range(n)]
    at = rng.randrange(n)
    phrases = [s if level == 1 else rng.choice(words[s]) for s in states]
    lines = [
        f"The import {t} {f'is {s}' if level == 1 and s == 'running' else f'has {s}' if level == 1 else s}."
        for t, s in zip(things, phrases, strict=True)
    ]
    frame = rng.choice(_WORDS["reports"])
    p, q = rng.sample(PEOPLE, 2)
    text = frame.format(x=" ".join(lines), p=p, q=q)
    user = f"{text}\nThe import {things[at]}: finished, running or failed? Reply with one word."
    return choose(user, ["finished", "running", "failed"], states[at], text=text, asked=things[at])


def how_many(rng: Random, level: int) -> Draw:
    """The number of things in a list; higher: of those with a property."""
    high = {1: 6, 2: 8, 3: 9}[level]
    n = rng.randint(2, high)
    names = rng.sample(SERVICES, n if level == 1 else high + 2)
    if level == 1:
        text, question = f"Services: {', '.join(names)}.", "How many services are there?"
    else:
        state = dict.fromkeys(names, "up")
        for s in rng.sample(names, n):
            state[s] = "down"
        if level == 3:
            for s in rng.sample([s for s in names if state[s] == "up"], 1):
                state[s] = "slow"
        text, question = (
            f"Services: {', '.join(f'{s} {x}' for s, x in state.items())}.",
            "How many services are down?",
        )
    user = f"{text}\n{question} Reply with the number only."
    return Draw(
        user, {"answer": n}, str(n), "number", slots={"text": text}, max_tokens=24, chance=1 / (high - 1)
    )


def name_only(rng: Random, level: int) -> Draw:
    """Who does something, out of a few sentences, without a sentence around it."""
    n = {1: 3, 2: 4, 3: 5}[level]
    people, services = rng.sample(PEOPLE, n), rng.sample(SERVICES, n)
    at = rng.randrange(n)
    lines = [f"{p} looks after {s}" for p, s in zip(people, services, strict=True)]
    question = f"Who looks after {services[at]}?"
    answer = people[at]
    if level >= 2:
        swap = rng.choice([i for i in range(n) if i != at])
        lines.append(f"from {rng.choice(WEEKDAYS)} on {people[swap]} takes over {services[at]}")
        question, answer = f"Who looks after {services[at]} in the end?", people[swap]
    if level == 3:
        lines.append(f"{people[at]} was asked to document {services[at]} and said that it would take a while")
    user = f"{'. '.join(lines)}.\n{question} Reply with the name only."
    return choose(user, people, answer, lines=sorted(lines), at=at)


def list_only(rng: Random, level: int) -> Draw:
    """The names that fit, and nothing around them."""
    while True:
        names = rng.sample(SERVICES, {1: 4, 2: 6, 3: 8}[level])
        places = {s: rng.choice(ENVIRONMENTS[: 2 if level == 1 else 3]) for s in names}
        place = rng.choice(list(places.values()))
        right = [s for s in names if places[s] == place]
        if len(right) <= len(names) // 2:
            break
    lines = [f"{s} was rolled out to {places[s]}" if level > 1 else f"{s}: {places[s]}" for s in names]
    user = f"{bullets(lines)}\nWhich services are in {place}? List the names only, with commas."
    target = {"items": right, "universe": names}
    return Draw(
        user, target, ", ".join(right), "set", slots={"places": places, "place": place}, max_tokens=48
    )


def amount_only(rng: Random, level: int) -> Draw:
    """A number with its unit, and no sentence."""
    jobs = rng.sample(PROJECTS, {1: 2, 2: 3, 3: 4}[level])
    amount = rng.choice(_WORDS["amounts"])
    verb, unit, short = amount["verb"], amount["unit"], amount["short"]
    values = rng.sample(range(3, 99), len(jobs) + 1)
    at = rng.randrange(len(jobs))
    text = " ".join(f"The job {j} {verb} {v} {unit}." for j, v in zip(jobs, values, strict=False))
    right = values[at]
    if level >= 2:
        text += (
            f" {jobs[at]} once was quicker to please, with {values[-1]} {unit}, but that was before the move."
        )
    if level == 3:
        text = f"{rng.choice(PEOPLE)} measured again on {rng.choice(WEEKDAYS)}, which took a while. {text}"
    user = f"{text}\nWhat does {jobs[at]} {verb.removesuffix('s')}? Reply with the number and the unit only."
    accept = [f"{right} {short}", f"{right}{short}"]
    others = [str(v) for v in values if v != right]
    target = {"answer": f"{right} {unit}", "accept": accept, "others": others}
    return Draw(user, target, f"{right} {unit}", "exact", slots={"text": text, "at": jobs[at]}, max_tokens=32)


def file_only(rng: Random, level: int) -> Draw:
    """The file in which it went wrong, out of a report that says much more."""
    paths: list[str] = []
    while len(paths) < {1: 2, 2: 3, 3: 4}[level]:
        paths += [p for p in [path(rng)] if p not in paths]
    lines, names = rng.sample(range(4, 400), len(paths)), rng.sample(FUNCTIONS, len(paths))
    if level == 1:
        at = rng.randrange(2)
        ask, text = names[at], " ".join(f"{n} failed in {p}." for n, p in zip(names, paths, strict=True))
        question = f"In which file did {ask} fail?"
    else:
        at = len(paths) - 1
        frames = [f'  File "{p}", line {k}, in {n}' for p, k, n in zip(paths, lines, names, strict=True)]
        text = "\n".join(["Traceback (most recent call last):", *frames, rng.choice(_WORDS["errors"])])
        ask, question = "", "In which file was the error raised?"
        if level == 3:
            at = rng.randrange(1, len(paths))
            ask, question = names[at], f"In which file is {names[at]}?"
    user = f"{text}\n{question} Reply with the path only."
    target = {"answer": paths[at], "others": [p for p in paths if p != paths[at]]}
    return Draw(user, target, paths[at], "exact", slots={"text": text, "ask": ask}, max_tokens=48)


def command_only(rng: Random, level: int) -> Draw:
    """The command to type, without explanation; higher: with an option that the case asks for."""
    verbs, service, tool = (
        rng.sample(_WORDS["commands"], {1: 2, 2: 3, 3: 4}[level]),
        rng.choice(SERVICES),
        rng.choice(PROJECTS).lower(),
    )
    commands = [f"{tool} {v} {service}" for v in verbs]
    at = rng.randrange(len(verbs))
    lines = [f"To {v}: `{c}`." for v, c in zip(verbs, commands, strict=True)]
    answer, goal = commands[at], f"{verbs[at]} {service}"
    if level >= 2:
        place = rng.choice(ENVIRONMENTS)
        lines.append("Add `--env` and the name of the environment at the end.")
        answer, goal = f"{answer} --env {place}", f"{goal} in {place}"
    if level == 3:
        store = rng.choice(STORES)
        lines.append(
            f"In production add `--ticket` and the ticket's number as well. {rng.choice(PEOPLE)} keeps a copy"
            f" in {store}."
        )
        number = rng.randint(100, 999)
        goal += f", ticket {number}"
        answer += f" --ticket {number}" if place == "production" else ""
    user = f"{' '.join(lines)}\nWhich command do I type to {goal}? Reply with the command only."
    target = {"answer": answer, "case": True, "others": [c for c in commands if not answer.startswith(c)]}
    return Draw(user, target, answer, "exact", slots={"lines": sorted(lines), "goal": goal}, max_tokens=48)


def drop_filler(rng: Random, level: int) -> Draw:
    """The same sentence without its filler words, and otherwise letter by letter."""
    n = {1: 1, 2: 2, 3: 4}[level]
    orders = rng.sample(_WORDS["orders"], 1 if level < 3 else 2)
    text = " and then ".join(orders).format(
        s=rng.choice(SERVICES), t=rng.choice(STORES), p=rng.choice(PEOPLE)
    )
    words = ["We", rng.choice(["can", "should", "must", "could"]), *text.split()]
    right = f"{' '.join(words)}."
    fillers = rng.sample(_WORDS["fillers"], n)
    for filler in fillers:
        words.insert(rng.randrange(1, len(words)), filler)
    shown = f"{' '.join(words)}."
    named = fillers if level == 1 else _WORDS["fillers"]
    user = (
        f"Write the sentence again without {'the word' if n == 1 else 'these words:'} {', '.join(named)}."
        f" Change nothing else.\n{shown}"
    )
    return Draw(
        user,
        {"answer": right},
        right,
        "exact",
        slots={"text": right, "fillers": sorted(fillers)},
        max_tokens=64,
    )


def two_facts(rng: Random, level: int) -> Draw:
    """Two of the facts of a report, and none of the others."""
    day, person, team, store = rng.choice(WEEKDAYS), rng.choice(PEOPLE), rng.choice(TEAMS), rng.choice(STORES)
    service, n, cost = rng.choice(SERVICES), rng.randint(11, 59), rng.randint(61, 99)
    parts = {
        "who": (person, f"{person} repaired it"),
        "when": (day, f"It happened on {day}"),
        "how long": (str(n), f"It lasted {n} minutes"),
        "which store": (store, f"{store} was affected"),
        "which team": (team, f"The {team} team was told"),
        "how many rows": (str(cost), f"{cost} rows were lost"),
    }
    keys = rng.sample(list(parts), {1: 3, 2: 4, 3: 6}[level])
    asked = rng.sample(keys, 2)
    report = " ".join(f"{parts[k][1]}." for k in keys)
    user = (
        f"Outage of {service}. {report}\nTell only these two facts: {asked[0]}, {asked[1]}. At most 4 words."
    )
    values = [parts[k][0] for k in asked]
    target = {"required": values, "forbidden": [parts[k][0] for k in keys if k not in asked], "max_words": 4}
    return Draw(
        user,
        target,
        ", ".join(values),
        "budget",
        slots={"report": report, "service": service, "asked": asked},
        max_tokens=48,
    )


FAMILIES = [
    Family("one_value", one_value),
    Family("yes_no", yes_no),
    Family("status_word", status_word),
    Family("how_many", how_many),
    Family("name_only", name_only),
    Family("list_only", list_only, hidden=True),
    Family("amount_only", amount_only),
    Family("file_only", file_only, hidden=True),
    Family("command_only", command_only),
    shipped("conciseness/shorten_sentence"),
    shipped("conciseness/headline"),
    Family("drop_filler", drop_filler, hidden=True),
    shipped("conciseness/commit_subject", hidden=True),
    Family("two_facts", two_facts),
    shipped("conciseness/brief_reason", hidden=True),
]
