"""Open-book questions about itself: the record is shown as a card, the answer is a name, a number, yes or
no."""

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from autodidact.generators.consciousness.model_record import ModelRecord
from autodidact.generators.writing import open_book
from autodidact.generators.writing.facts_into_words import Fact
from autodidact.generators.writing.prompt_layouts import NAME, YES_NO, ending, put
from autodidact.generators.writing.relation_phrases import read_phrases
from autodidact.shipped_tables import read_table
from autodidact.sources.graphs.triple_graph import Triple

_TABLE = read_table(__file__)
_PHRASES, _WORDS = read_phrases(_TABLE["relations"]), _TABLE["reading"]
# Days between the end of the knowledge and a change that is asked about.
_DAYS = (-90, -40, -20, -5, -2, 2, 6, 15, 33, 80)


def questions(
    record: ModelRecord, taught: Sequence[tuple[str, str]], limit: int, rng: random.Random
) -> Iterator[Fact]:
    """At most `limit`. `taught`: generator and category."""
    scores = [(name, f"{score:.2f}") for name, score in record.categories.items()]
    ended = [
        (str(cycle["cycle_id"]), str(cycle["verdict"])) for cycle in record.cycles if cycle.get("verdict")
    ]
    source = record.source("card")
    relations = [
        open_book.Relation(
            _PHRASES[relation],
            [Triple(name, relation, value) for name, value in pairs],
            lambda triples: source,
            noun,
            scale,
        )
        for relation, pairs, noun, scale in (
            ("has_score", scores, "number", ("strongest", "weakest")),
            ("teaches", taught, "name", None),
            ("ended_with", ended, "word", None),
        )
        if pairs
    ]
    related = open_book.questions(relations, limit, rng)
    others = _others(_card(record), source, limit, rng)
    first = next(related, None)
    # Without sources there are too few generators to ask about.
    yield from open_book.mixed(itertools.chain([first], related), others, 0.5) if first else others


def _card(record: ModelRecord) -> dict[str, str]:
    card = {
        "base model": record.base,
        "cycle": record.cycle_id,
        "system": record.system,
        "knowledge until": record.until,
        "floor": f"{record.floor:.2f}",
    }
    return card | ({"version before": record.version} if record.version else {})


def _others(card: Mapping[str, str], source: dict, limit: int, rng: random.Random) -> Iterator[Fact]:
    """About the card itself, about what the model can and cannot do, and about a day before or after the end
    of its knowledge.
    """
    kinds = {"card": _about_card, "able": _about_ability, "since": _about_day}
    prompts: set[str] = set()
    for _ in range(3 * limit):
        kind = rng.choice(("card", "card", "able", "since"))
        user, answer, what = kinds[kind](card, rng)
        if user not in prompts:
            prompts.add(user)
            yield Fact(user, answer, source | {"open_book": [kind, what], "triples": []}, short=True)


def _about_card(card: Mapping[str, str], rng: random.Random) -> tuple[str, str, str]:
    """(prompt, answer, what is asked): one of a few lines of the card."""
    known = [name for name in card if name in _WORDS["card"]]
    shown = rng.sample(known, min(len(known), rng.randint(2, 4)))
    lines, name = "\n".join(f"- {line}: {card[line]}" for line in shown), rng.choice(shown)
    noun = _WORDS["nouns"].get(name, "name")
    ask = f"{rng.choice(_WORDS['card'][name])} {ending(NAME, rng, noun)}"
    return put(f"Your card:\n{lines}", ask, rng), card[name], name


def _about_ability(card: Mapping[str, str], rng: random.Random) -> tuple[str, str, str]:
    """(prompt, answer, what is asked): whether the model can do one of four things."""
    can, cannot = rng.sample(_WORDS["can"], 2), rng.sample(_WORDS["cannot"], 2)
    ability = rng.choice((*can, *cannot))
    lines = f"You can {' and '.join(can)}. You cannot {' or '.join(cannot)}."
    ask = f"{rng.choice(_WORDS['able']).format(ability)} {ending(YES_NO, rng)}"
    return put(lines, ask, rng), "yes" if ability in can else "no", ability


def _about_day(card: Mapping[str, str], rng: random.Random) -> tuple[str, str, str]:
    """(prompt, answer, what is asked): whether the model can know what changed on a day."""
    until = datetime.fromisoformat(card["knowledge until"].replace("Z", "+00:00"))
    day = (until + timedelta(days=rng.choice(_DAYS))).date()
    line = rng.choice(_WORDS["until"]).format(until.date())
    prompt = put(line, f"{rng.choice(_WORDS['since']).format(day)} {ending(YES_NO, rng)}", rng)
    return prompt, "yes" if day < until.date() else "no", str(day)
