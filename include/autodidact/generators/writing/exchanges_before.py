"""Rows that continue a conversation: a question is put after another one on the same matter and its answer.

Both exchanges are rows that a generator made, so each answer states what its source says; a training goes by
the last answer alone. So a model learns to answer a second question in the light of a first, and not to
answer the first once more.
"""

import random
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator

from autodidact.generators.writing.conversations import is_general, names_file, system_prompt
from autodidact.records import Example, from_messages

# Of the rows that could go on a conversation, those that do. With the conversations that generators make
# themselves a fifth of all rows has several turns.
SHARE = 0.3
# Rows of a matter that are looked through for one to go before.
LOOKED_AT = 8
# Characters of a message of the exchange before, and of the question that follows.
LONGEST_BEFORE, LONGEST_AFTER = 500, 1500
# Of the words of an answer that may stand in the exchange before: with more it would be said twice.
SAME_WORDS = 0.4
# A template of the suite stands alone, and a transcript has its own turns.
ALONE = ("template", "transcript")

# How a diff begins that a question shows.
_DIFF = "```diff\n"
_WORD = re.compile(r"\w{4,}")
_CODE = re.compile(r"`([^`]+)`")


def with_exchanges_before(rows: Iterable[Example], system: str) -> Iterator[Example]:
    """The rows in their order, a share of them behind an earlier row of the same source; `system` names the
    system. Rows of the knowledge probe, which are asked without any context, stay as they are.
    """
    earlier: defaultdict[str, deque[Example]] = defaultdict(lambda: deque(maxlen=LOOKED_AT))
    for row in rows:
        if not _stands_alone(row, system):
            yield row
            continue
        near, extra = earlier[_matter(row)], row.model_extra or {}
        before = None
        if not extra.get("probe") and int(row.id[:8], 16) % 100 < 100 * SHARE:
            before = next((one for one in near if _goes_before(one, row)), None)
        if before is not None:
            near.remove(before)
            yield _after(before, row, system)
        else:
            yield row
        near.append(row)


def _stands_alone(row: Example, system: str) -> bool:
    """Whether a row is one question and its answer, in words, without a system prompt of its own: that may
    hold what the answer needs, or want a form.
    """
    extra = row.model_extra or {}
    roles = [message["role"] for message in row.messages if message["role"] != "system"]
    plain = roles == ["user", "assistant"] and not row.tools and not row.messages[-1].get("tool_calls")
    short = extra.get("short") or len(row.messages[-2]["content"]) > LONGEST_AFTER
    own = [
        m["content"] for m in row.messages if m["role"] == "system" and not is_general(m["content"], system)
    ]
    return plain and not short and not own and row.source.kind not in ALONE


def _matter(row: Example) -> str:
    """What rows are of that people ask in one conversation: a file, a table, an article, a server."""
    source = row.source.model_extra or {}
    return str(source.get("path") or source.get("server") or row.source.ref.partition("#")[0])


def _goes_before(one: Example, row: Example) -> bool:
    """Whether `one` leaves open what the row asks: it is another question, and says little of the answer."""
    asked, said = one.messages[-2]["content"], one.messages[-1]["content"]
    # A diff with its review, which is a row already, would be read twice.
    if max(len(asked), len(said)) > LONGEST_BEFORE or _DIFF in asked:
        return False
    question, answer = _words(row.messages[-2]["content"]), _words(row.messages[-1]["content"])
    known = _words(asked) | _words(said)
    fact, earlier = ((each.model_extra or {}).get("states") for each in (row, one))
    # Somebody who has just read where it is does not look for it elsewhere.
    subjects = {*_CODE.findall(asked)} & {*_CODE.findall(row.messages[-2]["content"])}
    if earlier and subjects - {earlier} and str(earlier) in row.messages[-1]["content"]:
        return False
    return (
        len(answer & known) <= SAME_WORDS * len(answer)
        and len(question & _words(asked)) <= SAME_WORDS * max(1, len(question))
        and not (fact and str(fact) in said)
    )


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}


def _after(before: Example, row: Example, system: str) -> Example:
    said = [before.messages[-1]["content"], row.messages[-1]["content"]]
    prompts = [message for message in row.messages if message["role"] == "system"]
    if not prompts:
        plain = next((text for text in said if not names_file(text)), said[-1])
        prompt = system_prompt(system, random.Random(row.id), False, plain)
        prompts = [{"role": "system", "content": prompt}]
    messages = [*prompts, *before.messages[-2:], *row.messages[-2:]]
    return from_messages(
        row.generator,
        row.category,
        messages,
        row.source.model_dump(),
        time=row.time,
        **(row.model_extra or {}),
    )
