"""Open-book questions about tools: what each takes and does is shown in words, the answer is the tool's name,
an argument or a value.
"""

import random
from collections import Counter
from collections.abc import Iterator

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.spelled_values import in_code
from autodidact.generators.writing import open_book
from autodidact.generators.writing.facts_into_words import Fact
from autodidact.generators.writing.relation_phrases import read_phrases
from autodidact.shipped_tables import read_table
from autodidact.sources.graphs.triple_graph import Triple

_TABLE = read_table(__file__)
_PHRASES, _NOUNS = read_phrases(_TABLE["relations"]), _TABLE["nouns"]


def questions(found: list[KnownTool], limit: int, rng: random.Random) -> Iterator[Fact]:
    """At most `limit`. What the arguments of two tools have in common in name alone is left out of types and
    values.
    """
    names, owners = (
        Counter(known.name for known in found),
        Counter(key for known in found for key in known.properties),
    )
    single = [known for known in found if names[known.name] == 1]
    parts = [(key, part) for known in single for key, part in known.properties.items() if owners[key] == 1]
    # A yes or no, and a list, need all arguments of a tool, and all that it requires without a condition.
    listed = [known for known in single if known.unread.whole("arguments")]
    required = [known for known in listed if known.unread.whole("required") and not known.arguments.when]
    facts: dict[str, list[tuple[str, str]]] = {
        "takes": [(known.name, key) for known in listed for key in known.properties],
        "needs": [(known.name, key) for known in required for key in known.required],
        "is_for": [
            (known.name, known.task)
            for known in single
            if len(known.task) <= open_book.LONGEST and known.task and known.name not in known.task
        ],
        "has_type": [(key, part["type"]) for key, part in parts if isinstance(part.get("type"), str)],
        "may_be": [(key, in_code(value)) for key, part in parts for value in _values(part)],
    }
    where = {known.name: known.source for known in single} | {
        key: known.source for known in single for key in known.properties
    }
    relations = [
        open_book.Relation(
            _PHRASES[relation],
            [Triple(name, relation, value) for name, value in pairs],
            lambda triples: where[triples[0].subject],
            _NOUNS.get(relation, "name"),
        )
        for relation, pairs in facts.items()
        if pairs
    ]
    return open_book.questions(relations, limit, rng)


def _values(part: dict) -> list:
    return [value for value in values_of(part) if isinstance(value, (str, int, float))][:10]
