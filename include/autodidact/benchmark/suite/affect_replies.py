"""The families of affect_reasoning that are about replies: which one fits, how to begin, and writing one with
the facts kept.
"""

from random import Random

from autodidact.benchmark.item_family import Draw
from autodidact.benchmark.suite.item_building_blocks import bullets, choose, shuffled, table
from autodidact.benchmark.suite.made_up.messages_in_moods import MOODS, message
from autodidact.benchmark.suite.made_up.vocabulary import PEOPLE, PROJECTS, SERVICES, TEAMS, WEEKDAYS, ticket

_WORDS = table("affect_reasoning")


def pick_reply(rng: Random, level: int) -> Draw:
    """Replies with the same facts in different tones: which one is in the tone that is wanted?"""
    tones = rng.sample(list(_WORDS["styles"]), {1: 3, 2: 3, 3: 4}[level])
    at, service, day = rng.randrange(len(tones)), rng.choice(SERVICES), rng.choice(WEEKDAYS)
    person, finder = rng.sample(PEOPLE, 2)
    fact = (
        f"{service} is back on {day}."
        if level < 3
        else f"{service} is back on {day}, as {finder} of {rng.choice(TEAMS)} has found."
    )
    letters = "ABCD"[: len(tones)]
    lines = [
        f"{x}: {rng.choice(_WORDS['styles'][t]).format(f=fact)}" for x, t in zip(letters, tones, strict=True)
    ]
    wanted = f"{person} wants a reply in a tone that is {tones[at]}."
    if level >= 2:
        # The tone by way of the mood.
        moods = rng.sample(list(MOODS), len(tones))
        rules = [f"{m}: {t}" for m, t in zip(moods, tones, strict=True)]
        wanted = (
            f"Tone for each mood: {'; '.join(shuffled(rng, rules))}.\n{person} waits for"
            f" {service} and writes:"
            f' "{message(rng, moods[at], level)}"'
        )
    text = "\n".join(lines)
    return choose(
        f"{wanted}\n{text}\nWhich reply fits? Reply with the letter only.",
        list(letters),
        letters[at],
        text=text,
        wanted=wanted,
    )


def opening_line(rng: Random, level: int) -> Draw:
    """The opening that the guide prescribes for the mood, word for word."""
    n = {1: 3, 2: 3, 3: 5}[level]
    moods, service = rng.sample(list(MOODS), n), rng.choice(SERVICES)
    lines = [
        f"{start} {rng.choice(['the', 'your', 'this'])} {service}."
        for start in rng.sample(_WORDS["openings"], n)
    ]
    at, person = rng.randrange(n), rng.choice(PEOPLE)
    rules = bullets([f"{m}: {line}" for m, line in zip(moods, lines, strict=True)])
    text = (
        f"{person} is {moods[at]}." if level == 1 else f'{person} writes: "{message(rng, moods[at], level)}"'
    )
    user = f"Opening for each mood:\n{rules}\n\n{text}\nWrite the opening, word for word and nothing else."
    target = {"answer": lines[at], "others": [line for line in lines if line != lines[at]]}
    return Draw(user, target, lines[at], "exact", slots={"rules": rules, "text": text}, max_tokens=40)


def keep_facts(rng: Random, level: int) -> Draw:
    """A reply in a given tone with every fact in it, and no word of another tone."""
    tones = _WORDS["tone_words"]
    tone, person, number = rng.choice(list(tones)), rng.choice(PEOPLE), ticket(rng)
    service, hours = rng.choice(SERVICES), rng.randint(2, 60)
    facts, required = (
        [f"ticket {number}", f"ready in {hours} hours"],
        [number, [f"{hours} hours", f"{hours} h"]],
    )
    sentence = f"ticket {number} is ready in {hours} hours"
    if level >= 2:
        facts.append(f"{person} works on it")
        required.append(person)
        sentence += f", {person} works on it"
    if level == 3:
        facts.append(f"{service} stays open meanwhile")
        required.append(service)
        sentence += f", and {service} stays open meanwhile"
    words, start = tones[tone]["words"], tones[tone]["start"]
    others = [w for t in tones if t != tone for w in tones[t]["words"]]
    choice = f"Use one of these words: {', '.join(words)}."
    user = (
        f"Facts: {'; '.join(shuffled(rng, facts))}.\nWrite one sentence with these facts in a tone that is"
        f" {tone}. {choice}"
    )
    target = {"required": [words, *required], "forbidden": [*others, "Facts"], "max_words": 16 + 8 * level}
    return Draw(
        user,
        target,
        f"{start} {sentence}.",
        "facts",
        slots={"tone": tone, "facts": sorted(facts)},
        max_tokens=72,
    )


def say_without(rng: Random, level: int) -> Draw:
    """The facts without the words that upset: each has a gentler one, given with it."""
    n = {1: 1, 2: 2, 3: 3}[level]
    sore_words = rng.sample(list(_WORDS["gentler"]), n + level - 1)
    pairs = {sore: rng.choice(_WORDS["gentler"][sore]) for sore in sore_words}
    used = list(pairs)[:n]
    thing, day, team = rng.sample(SERVICES, n), rng.sample(WEEKDAYS, n), rng.choice(TEAMS)
    sentences = [f"the {w} of {s} ended on {d}" for w, s, d in zip(used, thing, day, strict=True)]
    text = f"{'; '.join(sentences)}."
    right = text
    for sore, gentle in pairs.items():
        right = right.replace(f"the {sore} of", f"the {gentle} of")
    rules = "; ".join(f"{gentle} instead of {sore}" for sore, gentle in shuffled(rng, list(pairs.items())))
    user = (
        f"The {team} team is upset. Say {rules}.\nWrite this again with the gentler words, otherwise"
        f" unchanged: {text}"
    )
    required = [f"{pairs[w]} of {s} ended on {d}" for w, s, d in zip(used, thing, day, strict=True)]
    target = {"required": required, "forbidden": list(pairs), "max_words": 14 * n}
    return Draw(
        user,
        target,
        right,
        "facts",
        slots={"text": text, "rules": sorted(pairs.items()), "team": team},
        max_tokens=72,
    )


def state_report(rng: Random, level: int) -> Draw:
    """The system's own state decides its tone: thresholds in the prompt; higher: two meters, and the worse
    one counts.
    """
    tones = rng.sample(_WORDS["state_tones"], 3)
    low, high = rng.randint(20, 45), rng.randint(55, 85)
    meters = rng.sample(_WORDS["meters"], level)
    want = rng.randrange(3)
    ranges = [(1, low - 1), (low, high - 1), (high, 99)]
    values = [rng.randint(*ranges[want])] + [rng.randint(*ranges[rng.randint(0, want)]) for _ in meters[1:]]
    shown = dict(zip(meters, shuffled(rng, values), strict=True))
    rule = f"Below {low}: {tones[0]}. From {low} to {high - 1}: {tones[1]}. {high} and more: {tones[2]}."
    if level > 1:
        rule += " The highest of the meters decides."
    name = rng.choice(PROJECTS)
    user = (
        f"State of {name}: {', '.join(f'{m} {v}' for m, v in shown.items())}.\n{rule}\nIn which tone does"
        f" {name} report? Reply with one word."
    )
    return choose(user, tones, tones[want], shown=shown, bounds=[low, high], name=name)


def calm_reply(rng: Random, level: int) -> Draw:
    """Answer somebody who is upset in one or two sentences: the facts, a kind word, no blame and no
    promise."""
    mood = rng.choice(list(_WORDS["sympathy"]))
    person, service, hours = rng.choice(PEOPLE), rng.choice(SERVICES), rng.randint(2, 60)
    text = (
        f"{person} is {mood}: {service} is down."
        if level == 1
        else f'{person} waits for {service} and writes: "{message(rng, mood, level)}"'
    )
    facts, required = f"{service} is back in {hours} hours.", [service, [f"{hours} hours", f"{hours} h"]]
    helper = rng.choice([p for p in PEOPLE if p != person])
    if level >= 2:
        facts += f" {helper} is working on it."
        required.append(helper)
    if level == 3:
        team = rng.choice(TEAMS)
        facts += f" Until then the {team} team can help by hand."
        required.append(team)
    user = (
        f"{text}\nFacts: {facts}\nReply to {person} in one or two kind sentences, with the facts, without"
        " blame."
    )
    extra = (f", {helper} is working on it" if level >= 2 else "") + (
        f", and the {team} team can help by hand until then" if level == 3 else ""
    )
    reference = f"{_WORDS['sympathy'][mood]}, {person}. {service} is back in {hours} hours{extra}."
    target = {
        "checks": {"required": required, "forbidden": _WORDS["no_comfort"], "max_words": 45},
        "rubric": [
            f"shows that it has understood that {person} is {mood}",
            "states the facts and no others",
            "blames nobody and promises nothing more",
        ],
    }
    return Draw(user, target, reference, "judge", slots={"text": text, "facts": facts}, max_tokens=80)
