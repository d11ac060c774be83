"""Open-book questions about tools: what each takes and does is shown in words, the answer is the tool's name,
an argument or a value.
"""

import random
from collections import Counter
from collections.abc import Iterator

from autodidact.generators.tool_spec.words import Known, said
from autodidact.generators.writing import in_context
from autodidact.generators.writing.relation_phrases import Phrase
from autodidact.generators.writing.wording import Fact
from autodidact.sources.graphs.graph import Triple

_WORDS = {
    "takes": Phrase(
        "takes",
        "take",
        "arguments",
        "tools",
        ("What does {0} take?", "Which arguments does {0} have?", "What do I pass to {0}?"),
        ("Which tool takes {0}?", "To which tool do I pass {0}?", "I have {0}. Which tool wants it?"),
        "Does {0} take {1}?",
        code=True,
    ),
    "needs": Phrase(
        "cannot be called without",
        "cannot be called without",
        "required arguments",
        "tools",
        ("Which argument must {0} have?", "What is required by {0}?", "{0} cannot do without what?"),
        ("Which tool requires {0}?", "Without {0}, which tool cannot be called?"),
        "Is it so that {0} cannot be called without {1}?",
        code=True,
    ),
    "is_for": Phrase(
        "is there to",
        "are there to",
        "tasks",
        "tools",
        ("What is {0} there for?", "{0}: its task?"),
        (
            "I want to {0}. Which tool is it?",
            "Which tool is there to {0}?",
            "Name the tool to {0}.",
            "Somebody asks to {0}. What is called?",
        ),
        "Is {0} there to {1}?",
    ),
    "has_type": Phrase(
        "is of type",
        "are of type",
        "types",
        "arguments",
        ("Of which type is {0}?", "{0}: type?", "What is passed as {0}, by its type?"),
        ("Which argument is of type {0}?", "What has to be of type {0}?"),
        "Is {0} of type {1}?",
        code=True,
    ),
    "may_be": Phrase(
        "may be",
        "may be",
        "values",
        "arguments",
        ("Which value may {0} have?", "What can I pass as {0}?"),
        ("Which argument may be {0}?", "Where do I pass {0}?", "{0} is a value of which argument?"),
        "May {0} be {1}?",
        code=True,
    ),
}
_NOUNS = {"is_for": "task", "has_type": "type", "may_be": "value"}


def questions(found: list[Known], limit: int, rng: random.Random) -> Iterator[Fact]:
    """At most `limit`. What the arguments of two tools have in common in name alone is left out of types and
    values.
    """
    names, owners = (
        Counter(known.name for known in found),
        Counter(key for known in found for key in known.properties),
    )
    single = [known for known in found if names[known.name] == 1]
    parts = [(key, part) for known in single for key, part in known.properties.items() if owners[key] == 1]
    facts: dict[str, list[tuple[str, str]]] = {
        "takes": [(known.name, key) for known in single for key in known.properties],
        "needs": [(known.name, key) for known in single for key in known.required],
        "is_for": [
            (known.name, known.task)
            for known in single
            if len(known.task) <= in_context.LONGEST and known.task and known.name not in known.task
        ],
        "has_type": [(key, part["type"]) for key, part in parts if isinstance(part.get("type"), str)],
        "may_be": [(key, said(value)) for key, part in parts for value in _values(part)],
    }
    where = {known.name: known.source for known in single} | {
        key: known.source for known in single for key in known.properties
    }
    sheets = [
        in_context.Relation(
            _WORDS[relation],
            [Triple(name, relation, value) for name, value in pairs],
            lambda triples: where[triples[0].subject],
            _NOUNS.get(relation, "name"),
        )
        for relation, pairs in facts.items()
        if pairs
    ]
    return in_context.questions(sheets, limit, rng)


def _values(part: dict) -> list:
    values = part.get("enum")
    return (
        [value for value in values if isinstance(value, (str, int, float))][:10]
        if isinstance(values, list)
        else []
    )
