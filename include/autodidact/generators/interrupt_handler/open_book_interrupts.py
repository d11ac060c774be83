"""Open-book questions about interrupts: the rules are shown, the answer is the response, to whom it goes, or
which rule it is.
"""

import random
from collections.abc import Iterator
from typing import Any

from autodidact.generators.writing import open_book
from autodidact.generators.writing.facts_into_words import Fact
from autodidact.generators.writing.prompt_layouts import NAME, ending, put
from autodidact.generators.writing.relation_phrases import read_phrases
from autodidact.shipped_tables import read_table
from autodidact.sources.graphs.triple_graph import Triple
from autodidact.sources.interrupts import Interrupt, Pattern
from autodidact.sources.unread import Unread

_TABLE = read_table(__file__)
_ROUTE, _PHRASES = _TABLE["route"], read_phrases(_TABLE["relations"])


def questions(
    patterns: list[Pattern],
    log: list[Interrupt],
    source: dict,
    limit: int,
    unread: Unread,
    rng: random.Random,
) -> Iterator[tuple[str, Fact]]:
    """(category, question), at most `limit`: which rule or person takes something is routing, what is done
    about it orchestration.
    """
    facts = {
        "leads_to": [(p.when, p.response) for p in patterns],
        "goes_to": [(p.when, p.to) for p in patterns if p.to],
        "is_called": [(p.when, p.id) for p in patterns],
    }
    relations = [
        open_book.Relation(
            _PHRASES[name],
            [Triple(when, name, value) for when, value in pairs if len(when) <= open_book.LONGEST],
            lambda triples: source,
            complete=unread.whole("patterns", "to"),
        )
        for name, pairs in facts.items()
        if pairs
    ]
    relations = [relation for relation in relations if relation.triples]
    for fact in open_book.mixed(
        open_book.questions(relations, limit, rng), _logged(patterns, log, limit, rng), 0.3
    ):
        routing = fact.source["open_book"][0] == "rule" or any(
            t[1] in ("goes_to", "is_called") for t in fact.source["triples"]
        )
        yield "intent_classification" if routing else "orchestration", fact


def _logged(patterns: list[Pattern], log: list[Interrupt], limit: int, rng: random.Random) -> Iterator[Fact]:
    """What came in, and which of some rules it was filed under."""
    filed = [(entry, entry.pattern) for entry in log if entry.pattern]
    prompts: set[str] = set()
    for _ in range(2 * limit if filed and len(patterns) > 2 else 0):
        entry, pattern = rng.choice(filed)
        others = rng.sample([p for p in patterns if p.id != pattern.id], rng.randint(1, 2))
        some = rng.sample([pattern, *others], len(others) + 1)
        rules = "\n".join(f"- {p.id}: {p.when}" for p in some)
        comes = rng.choice(("Comes in: {}", "Interrupt: {}", "This happens: {}")).format(entry.text)
        user = put(f"{rules}\n{comes}", f"{rng.choice(_ROUTE)} {ending(NAME, rng)}", rng)
        if user not in prompts:
            prompts.add(user)
            where: dict[str, Any] = {
                "kind": "table",
                "ref": entry.ref,
                "ask": "open book",
                "open_book": ["rule", *(p.id for p in some)],
                "triples": [],
            }
            yield Fact(user, pattern.id, where, short=True, time=entry.time)
