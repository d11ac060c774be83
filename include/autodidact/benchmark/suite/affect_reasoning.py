"""affect_reasoning: read a mood, choose the tone for it, and keep the facts the same in every tone. Each
style guide is in the prompt.
"""

from random import Random

from autodidact.benchmark.item_family import Draw, Family
from autodidact.benchmark.suite.affect_replies import (
    calm_reply,
    keep_facts,
    opening_line,
    pick_reply,
    say_without,
    state_report,
)
from autodidact.benchmark.suite.family_files import shipped
from autodidact.benchmark.suite.item_building_blocks import bullets, choose, shuffled, table
from autodidact.benchmark.suite.made_up.messages_in_moods import MOODS, feels, guide, message
from autodidact.benchmark.suite.made_up.vocabulary import PEOPLE, PROJECTS, SERVICES

_WORDS = table("affect_reasoning")

ONE = "Reply with one word."


def name_mood(rng: Random, level: int) -> Draw:
    """The mood of a message. Level 1 lists words that show each; level 3 hides it behind polite facts."""
    moods = rng.sample(list(MOODS), {1: 3, 2: 4, 3: 6}[level])
    mood = rng.choice(moods)
    text = message(rng, mood, level)
    listed = bullets([f"{m}: {', '.join(MOODS[m].cues)}" for m in moods]) if level == 1 else ", ".join(moods)
    return choose(f"Moods:\n{listed}\n\nMessage: {text}\nWhich mood is it? {ONE}", moods, mood, text=text)


def tone_for(rng: Random, level: int) -> Draw:
    """Mood to tone by a style guide. Level 1 names the mood; level 2 shows it; level 3 has an exception."""
    moods = rng.sample(list(MOODS), {1: 3, 2: 4, 3: 5}[level])
    tones, mood, person = guide(rng, len(moods) + 1), rng.choice(moods), rng.choice(PEOPLE)
    spare = tones.pop()
    by_mood = dict(zip(moods, tones, strict=True))
    rules, answer = [f"{m}: {t}" for m, t in by_mood.items()], by_mood[mood]
    service = rng.choice(SERVICES)
    if level == 1:
        text = f"{feels(person, mood, service)}."
    else:
        text = f'{person} writes: "{message(rng, mood, level)}"'
    if level == 3:
        rules.append(f"whoever writes for the third time or more, in any mood: {spare}")
        times = rng.randint(1, 4)
        text += f" It is message number {times} from {person}."
        tones = [*tones, spare]
        answer = spare if times >= 3 else answer
    user = f"Tone for each mood:\n{bullets(rules)}\n\n{text}\nWhich tone fits? {ONE}"
    return choose(user, shuffled(rng, tones), answer, rules=sorted(rules), text=text)


def mood_change(rng: Random, level: int) -> Draw:
    """Did it get better, worse, or stay the same? Each as often."""
    answer = rng.choice(["better", "worse", "same"])
    good = [m for m in MOODS if MOODS[m].pleasant]
    bad = [m for m in MOODS if not MOODS[m].pleasant]
    person, when = rng.choice(PEOPLE), rng.choice(["in the morning", "yesterday", "last week", "an hour ago"])
    if answer == "same":
        mood = rng.choice(good + bad)
        first, second = mood, mood
    else:
        first, second = rng.choice(bad), rng.choice(good)
        if answer == "worse":
            first, second = second, first
    if level == 1:
        text = f"{person} was {first} {when}. Now {person} is {second}."
        rule = f"Pleasant: {', '.join(good)}. Unpleasant: {', '.join(bad)}."
    else:
        a, b = message(rng, first, level), message(rng, second, level)
        lines = [f'{person} {when}: "{a}"', f'{person} now: "{b}"']
        if level == 3:
            noise = rng.choice([p for p in PEOPLE if p != person])
            lines.insert(1, f'{noise} at the same time: "{message(rng, rng.choice(good + bad), level)}"')
        text = "\n".join(lines)
        rule = ""
    labels = ["better", "worse", "same"]
    user = f"{rule}\n{text}\nHow did the mood of {person} change: better, worse or same? {ONE}".strip()
    return choose(user, labels, answer, text=text)


def whose_mood(rng: Random, level: int) -> Draw:
    """Several people, one of whom is in the mood of the question."""
    n = {1: 3, 2: 3, 3: 5}[level]
    people, moods = rng.sample(PEOPLE, n), rng.sample(list(MOODS), n)
    at = rng.randrange(n)
    lines = [
        feels(p, m, s) if level == 1 else f'{p}: "{message(rng, m, level)}"'
        for p, m, s in zip(people, moods, rng.sample(SERVICES, n), strict=True)
    ]
    return choose(
        f"{bullets(lines)}\nWho is {moods[at]}? Reply with the name only.",
        people,
        people[at],
        lines=sorted(lines),
        mood=moods[at],
    )


def answer_first(rng: Random, level: int) -> Draw:
    """Whose message is answered first, by an order of moods; higher: and by how long they have waited."""
    n = {1: 3, 2: 3, 3: 5}[level]
    people, moods = rng.sample(PEOPLE, n), rng.sample(list(MOODS), n)
    ranking = shuffled(rng, moods)
    if level == 3:
        moods = [rng.choice(ranking[:3]) for _ in people]
    waits = rng.sample(range(2, 60), n)
    rule = f"Answer in this order of moods: {', '.join(ranking)}."
    if level == 1:
        lines = [f"{p} is {m}" for p, m in zip(people, moods, strict=True)]
        keys: list[tuple[int, ...]] = [(ranking.index(mood),) for mood in moods]
    else:
        rule += " Among equals, who has waited longest comes first." if level == 3 else ""
        lines = [
            f'{p} ({w} min ago): "{message(rng, m, 2)}"' for p, w, m in zip(people, waits, moods, strict=True)
        ]
        keys = [(ranking.index(mood), -wait) for mood, wait in zip(moods, waits, strict=True)]
    first = people[keys.index(min(keys))]
    return choose(
        f"{rule}\n{bullets(lines)}\nWho is answered first? Reply with the name only.",
        people,
        first,
        lines=sorted(lines),
        ranking=ranking,
    )


def trigger(rng: Random, level: int) -> Draw:
    """What a person's mood is about, among things that are only mentioned."""
    n = {1: 3, 2: 3, 3: 4}[level]
    things, person, other = rng.sample(SERVICES, n), *rng.sample(PEOPLE, 2)
    at, mood = rng.randrange(n), rng.choice(list(MOODS))
    lines = [
        feels(person, mood, t)
        if i == at
        else f"{person} {rng.choice(['has read about', 'works on', 'was asked about'])} {t}"
        for i, t in enumerate(things)
    ]
    if level >= 2:
        another = rng.choice([m for m in MOODS if m != mood])
        swap = rng.choice([i for i in range(n) if i != at])
        lines[swap] += f", and {feels(other, another, 'it')}"
    if level == 3:
        gone = rng.choice([i for i in range(n) if i not in (at, swap)])
        lines[gone] = f"last week {person} was {mood} {MOODS[mood].link} {things[gone]}, which is settled"
    text = ". ".join(shuffled(rng, lines))
    text = f"{text[0].upper()}{text[1:]}."
    user = f"{text}\nWhich service is {person} {mood} {MOODS[mood].link} now? Reply with the name only."
    return choose(user, things, things[at], text=text, mood=mood)


def intensity(rng: Random, level: int) -> Draw:
    """How strong a feeling is, by the words for it."""
    degrees = _WORDS["degrees"]
    degree, person = rng.choice(list(degrees)), rng.choice(PEOPLE)
    mood = rng.choice(list(MOODS))
    service = rng.choice(SERVICES)
    word = rng.choice(degrees[degree])
    text = (
        f"{feels(person, f'{word} {mood}', service)}."
        if degree != "extreme"
        else f"{feels(person, mood, service)}, {word}."
    )
    if level >= 2:
        other = rng.choice([d for d in degrees if d != degree])
        text += f" Last month it was {rng.choice(degrees[other])} so."
    if level == 3:
        text += (
            f" {rng.choice([p for p in PEOPLE if p != person])} shares that,"
            f" {rng.choice(degrees[rng.choice(list(degrees))])}."
        )
    scale = "\n".join(f"{d}: {', '.join(w)}" for d, w in degrees.items())
    user = (
        f"Scale:\n{scale}\n\n{text}\nHow strong is the feeling of {person} now: mild, strong or extreme?"
        f" {ONE}"
    )
    return choose(user, list(degrees), degree, text=text)


def same_facts(rng: Random, level: int) -> Draw:
    """Three replies in three tones: which one changed a fact?"""
    n = {1: 3, 2: 3, 3: 4}[level]
    service, project, hours = rng.choice(SERVICES), rng.choice(PROJECTS), rng.randint(2, 40)
    person = rng.choice(PEOPLE)
    forms = rng.sample(_WORDS["replies"], n)
    at = rng.randrange(n)
    wrong_hours = rng.choice([h for h in range(2, 50) if h != hours])
    wrong_person, wrong_service = (
        rng.choice([p for p in PEOPLE if p != person]),
        rng.choice([s for s in SERVICES if s != service]),
    )
    slip = rng.choice(["h", "p", "s"] if level > 1 else ["h"])
    right = {"s": service, "h": hours, "p": person}
    wrong = right | {slip: {"h": wrong_hours, "p": wrong_person, "s": wrong_service}[slip]}
    letters = "ABCD"[:n]
    lines = [
        f"{letter}: {form.format(**(wrong if i == at else right))}"
        for i, (letter, form) in enumerate(zip(letters, forms, strict=True))
    ]
    facts = f"Facts: {service} is back in {hours} hours; {person} works on it."
    if level == 3:
        facts += f" The code name of the repair is {project}, which replies need not mention."
    text = "\n".join(lines)
    user = f"{facts}\n{text}\nWhich reply changes a fact? Reply with the letter only."
    return choose(user, list(letters), letters[at], text=text)


FAMILIES = [
    Family("name_mood", name_mood),
    Family("tone_for", tone_for),
    Family("mood_change", mood_change),
    Family("whose_mood", whose_mood),
    Family("answer_first", answer_first),
    Family("trigger", trigger, hidden=True),
    Family("intensity", intensity, hidden=True),
    Family("same_facts", same_facts),
    Family("pick_reply", pick_reply),
    Family("opening_line", opening_line, hidden=True),
    Family("keep_facts", keep_facts),
    Family("say_without", say_without),
    Family("state_report", state_report, hidden=True),
    Family("calm_reply", calm_reply),
    shipped("affect_reasoning/bad_news", hidden=True),
]
