"""The families of conciseness that make a text shorter: the same facts in fewer words, and nothing
invented."""

from random import Random

from autodidact.benchmark.family import Draw
from autodidact.benchmark.suite.vocabulary import (
    FUNCTIONS,
    MODULES,
    PEOPLE,
    PROJECTS,
    SERVICES,
    STORES,
    TEAMS,
    WEEKDAYS,
)

_STATES = [
    "is full",
    "is slow",
    "is down",
    "is empty",
    "is locked",
    "is late",
    "is broken",
    "is ready",
    "is back",
]
_OPENINGS = [
    "I just wanted to take a moment to let everyone know that, as things stand right now,",
    "For those of you who have not heard about it yet, it should be pointed out that",
    "After a rather long look at all of the figures it has by now become quite clear that",
    "Please allow me to mention in this message, for the sake of completeness, that",
]
_ENDINGS = [
    "and we will of course keep you posted about whatever happens next.",
    "which is something that we will all have to bear in mind from here on.",
    "so please do not hesitate to get in touch in case of any questions.",
]
_FILLER = [
    "I just wanted",
    "it should be pointed out",
    "quite clear",
    "Please allow me",
    "keep you posted",
    "bear in mind",
    "do not hesitate",
]


def shorten_sentence(rng: Random, level: int) -> Draw:
    """A wordy message in a third of its words or fewer: the subject, its state and when."""
    thing, state, time = (
        rng.choice([*STORES, *SERVICES]),
        rng.choice(_STATES),
        f"{rng.randint(6, 22)}:{rng.randint(10, 59)}",
    )
    fact = f"{thing} {state} since {time}"
    required, count = [thing, state.split()[1], time], 5
    if level >= 2:
        team = rng.choice(TEAMS)
        fact += f", and the {team} team works on it"
        required.append(team)
        count += 4
    if level == 3:
        person, n = rng.choice(PEOPLE), rng.randint(12, 90)
        fact += f"; {person} counted {n} errors"
        required += [person, str(n)]
        count += 4
    user = f'Shorten to at most {count} words: "{rng.choice(_OPENINGS)} {fact}, {rng.choice(_ENDINGS)}"'
    reference = (
        f"{thing} {state} since {time}"
        + (f", {required[3]} works on it" if level >= 2 else "")
        + (f"; {person}: {n} errors" if level == 3 else "")
    )
    target = {"required": required, "forbidden": _FILLER, "max_words": count}
    return Draw(user, target, f"{reference}.", "budget", slots={"fact": fact}, max_tokens=64)


_EVENTS = [
    "was restarted",
    "was rolled back",
    "was moved",
    "was deleted",
    "was restored",
    "was renamed",
    "was frozen",
    "was opened",
    "was closed",
    "was split",
    "was scaled",
    "was emptied",
]


def headline(rng: Random, level: int) -> Draw:
    """A title for a report: what happened to what, in a handful of words."""
    thing, event, day = rng.choice([*SERVICES, *STORES]), rng.choice(_EVENTS), rng.choice(WEEKDAYS)
    person, other = rng.sample(PEOPLE, 2)
    verb = event.split()[1]
    report = f"On {day} {thing} {event} by {person}."
    if level >= 2:
        report += (
            f" {other} had asked for that in the morning, and the {rng.choice(TEAMS)} team agreed after a"
            " short talk."
        )
    if level == 3:
        report += (
            f" Nothing else changed, though {rng.choice(PROJECTS)} had to wait for {rng.randint(5, 50)}"
            " minutes and was not amused."
        )
    user = f"Report: {report}\nWrite a title of at most 4 words that says what happened to what."
    target = {"required": [thing, verb], "forbidden": [day, other] if level > 1 else [day], "max_words": 4}
    return Draw(user, target, f"{thing} {verb}", "budget", slots={"report": report}, max_tokens=48)


_FILLERS = ["basically", "actually", "simply", "really", "just", "literally", "somehow", "obviously"]
_ORDERS = [
    "restart {s}",
    "stop {s}",
    "check {t}",
    "empty {t}",
    "ask {p}",
    "call {p}",
    "move {s} to {t}",
    "tell {p} about {s}",
    "let {p} restart {s}",
]


def drop_filler(rng: Random, level: int) -> Draw:
    """The same sentence without its filler words, and otherwise letter by letter."""
    n = {1: 1, 2: 2, 3: 4}[level]
    orders = rng.sample(_ORDERS, 1 if level < 3 else 2)
    text = " and then ".join(orders).format(
        s=rng.choice(SERVICES), t=rng.choice(STORES), p=rng.choice(PEOPLE)
    )
    words = ["We", rng.choice(["can", "should", "must", "could"]), *text.split()]
    right = f"{' '.join(words)}."
    fillers = rng.sample(_FILLERS, n)
    for filler in fillers:
        words.insert(rng.randrange(1, len(words)), filler)
    shown = f"{' '.join(words)}."
    named = fillers if level == 1 else _FILLERS
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


_CHANGES = {
    "Fix": "fixes",
    "Simplify": "simplifies",
    "Rename": "renames",
    "Document": "documents",
    "Test": "tests",
    "Move": "moves",
    "Remove": "removes",
    "Restore": "restores",
    "Check": "checks",
    "Log": "logs",
}
_PARTS = [
    "rounding",
    "cache",
    "argument",
    "loop",
    "result",
    "limit",
    "default",
    "message",
    "retry",
    "timeout",
    "return value",
    "sorting",
]


def commit_subject(rng: Random, level: int) -> Draw:
    """The subject line of a change, in the imperative, without what belongs in the body."""
    verb, part, function, module = (
        rng.choice(list(_CHANGES)),
        rng.choice(_PARTS),
        rng.choice(FUNCTIONS),
        rng.choice(MODULES),
    )
    person = rng.choice(PEOPLE)
    text = f"This change {_CHANGES[verb]} the {part} of {function}."
    forbidden = ["This change", "This commit"]
    if level >= 2:
        text += f" {person} found the need for it while working on {module}, and it took two attempts."
        forbidden.append(person)
    if level == 3:
        text += (
            f" It was tested on {rng.choice(WEEKDAYS)} with {rng.randint(100, 900)} rows; nothing else in"
            f" {module} is touched."
        )
        forbidden.append("tested")
    user = f"{text}\nWrite the commit subject: imperative, at most 7 words, no name of a person."
    target = {
        "required": [[f"{verb} the {part}", f"{verb} {part}"], function],
        "forbidden": forbidden,
        "max_words": 7,
    }
    return Draw(
        user, target, f"{verb} the {part} of {function}", "budget", slots={"text": text}, max_tokens=48
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


_CAUSES = [
    "the disk of {t} was full",
    "the password of {t} was changed",
    "{s} did not answer in time",
    "a column of {t} was renamed",
    "too many workers wrote to {t} at once",
    "the certificate of {s} ran out",
]


def brief_reason(rng: Random, level: int) -> Draw:
    """Why something failed, in at most ten words, out of a long account with other suspects."""
    service, second = rng.sample(SERVICES, 2)
    store, person = rng.choice(STORES), rng.choice(PEOPLE)
    cause = rng.choice(_CAUSES).format(t=store, s=second)
    subject = store if store in cause else second
    text = f"{service} failed because {cause}."
    forbidden = []
    if level >= 2:
        wrong = rng.choice([t for t in STORES if t != store])
        text = f"First {person} suspected {wrong}, but it was fine. In the end it was clear: {text}"
        forbidden = [person, wrong]
    if level == 3:
        text = (
            f"The outage took {rng.randint(20, 90)} minutes and kept the {rng.choice(TEAMS)} team busy."
            f" {text} A lesson was drawn from it."
        )
    user = f"{text}\nWhy did {service} fail? Answer in at most 10 words."
    reference = f"{cause[0].upper()}{cause[1:]}." if not cause.startswith(subject) else f"{cause}."
    target = {
        "checks": {"required": [subject], "forbidden": [*forbidden, f"why did {service}"], "max_words": 10},
        "rubric": [f"gives the cause: {cause}", "gives nothing but the cause", "invents nothing"],
    }
    return Draw(user, target, reference, "judge", slots={"text": text}, max_tokens=48)
