"""No sentence frame in more than a small share of a generator's examples: a model learns a frame that it
meets often before it learns what stands in it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from autodidact.records import Example
from autodidact.stage import Troubles

# First and last words of a question and of an answer.
WORDS = 5
# Largest share of a generator's examples with the same frame. The aim is 2% of what the gate keeps, which is
# less than what is made.
SHARE = 0.016
# So many may have a frame in any case.
LEAST = 2


def frames(example: Example) -> list[tuple[str, str]]:
    """(where, words) of the first and the last words of the last question and of the answer, in lower case. A
    tool call without text has none.
    """
    question = next((m["content"] for m in reversed(example.messages[:-1]) if m["role"] == "user"), "")
    found = []
    for side, text in (("question", question), ("answer", example.messages[-1]["content"])):
        if words := text.lower().split():
            found += [(f"{side} begins", " ".join(words[:WORDS])), (f"{side} ends", " ".join(words[-WORDS:]))]
    return found


def without_common_frames(rows: Iterable[Example], troubles: Troubles) -> Iterator[Example]:
    """The examples less those whose frame is there too often already, which are counted in `troubles`.
    Examples that are `short` by purpose stay: their answers are labels.
    """
    counts: Counter[tuple[str, str]] = Counter()
    kept = 0
    for row in rows:
        found = [] if (row.model_extra or {}).get("short") else frames(row)
        if any(counts[frame] >= max(LEAST, SHARE * kept) for frame in found):
            troubles.add("its first or last words are those of many others", row.source.ref)
            continue
        counts.update(found)
        kept += 1
        yield row
