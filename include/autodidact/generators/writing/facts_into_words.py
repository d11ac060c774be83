"""How generators put facts into words, and how they choose among more facts than they may tell."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from autodidact.records import Example, example
from autodidact.sources.documents.sentences import sentences as sentences


@dataclass(frozen=True)
class Fact:
    """A question and its answer before they are an example. `fresh`: new or changed since the last cycle;
    such facts come first.

    `short`: the right answer is a label, a name or a number. `also`: further fields of the record.
    """

    user: str
    answer: str
    source: dict
    fresh: bool = True
    short: bool = False
    system: str | None = None
    time: str | None = None
    also: dict = field(default_factory=dict)


def choose(
    groups: Mapping[str, Sequence[Fact]],
    limit: int,
    rng: random.Random,
    origin: Callable[[Fact], str] | None = None,
) -> Iterator[Fact]:
    """At most `limit` facts, evenly from all groups, fresh ones first and the rest in random order; no two
    with the same question, and none without an answer (`sources/unread.py`).

    `origin`: what a fact was read from; a group takes its origins in turn, so that none crowds out the
    others.
    """
    queues = []
    for name in sorted(groups):
        facts = rng.sample(list(groups[name]), len(groups[name]))
        queues.append(
            iter(sorted(_in_turns(facts, origin) if origin else facts, key=lambda fact: not fact.fresh))
        )
    prompts: set[tuple[str | None, str]] = set()
    while queues and limit > 0:
        for queue in list(queues):
            fact = next((f for f in queue if f.answer and (f.system, f.user) not in prompts), None)
            if fact is None:
                queues.remove(queue)
                continue
            prompts.add((fact.system, fact.user))
            yield fact
            limit -= 1
            if limit == 0:
                return


def _in_turns(facts: Sequence[Fact], origin: Callable[[Fact], str]) -> list[Fact]:
    """The first fact of every origin, then the second of each, and so on."""
    turns: Counter[tuple[bool, str]] = Counter()
    placed = []
    for fact in facts:
        key = fact.fresh, origin(fact)
        placed.append((turns[key], fact))
        turns[key] += 1
    return [fact for _, fact in sorted(placed, key=lambda pair: pair[0])]


def to_examples(generator: str, category: str, facts: Iterable[Fact]) -> Iterator[Example]:
    """The facts as examples. A blank answer is left out: a table may hold blanks where a name belongs, and
    what was not read whole is not stated (`sources/unread.py`).
    """
    for fact in facts:
        if not fact.answer.strip():
            continue
        also = fact.also | ({"short": True} if fact.short else {})
        yield example(
            generator,
            category,
            fact.user,
            fact.answer,
            fact.source,
            system=fact.system,
            time=fact.time,
            **also,
        )


def listing(names: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}" if names else ""


def code(names: Iterable[str]) -> str:
    """Names as code: `a`, `b` and `c`."""
    return listing(f"`{name}`" for name in names)


def capital(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def lower(text: str) -> str:
    """The text with its first letter in lower case, unless its first word is a name (`URL`, `I`, `I'm`,
    `timeIt`, `W103`, `B-12`, `X-ray`)."""
    first = text.split(" ", 1)[0].rstrip(",.;:")
    name = any(letter.isupper() or letter.isdigit() for letter in first[1:]) or first[1:2] in ("-", "'", "’")
    return text if first == "I" or name else text[:1].lower() + text[1:]


def opening(paragraphs: Iterable[str], characters: int) -> str:
    """The first whole sentences, as many as fit into so many characters and stand in one paragraph; "" when
    not even the first does.
    """
    for paragraph in paragraphs:
        taken = ""
        for sentence in sentences(paragraph):
            if len(taken) + len(sentence) + 1 > characters:
                break
            taken = f"{taken} {sentence}".strip()
        if taken:
            return taken
    return ""
