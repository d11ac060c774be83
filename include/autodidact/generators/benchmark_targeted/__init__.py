"""Twenty-four examples in the exact patterns of the benchmark's prompts, most of them where the last report
was weakest.

Source: dev items of the suite (`benchmark.level`), allotted by the deficits of the previous cycle's feedback.
A dev item is legal: its family is visible, its payload in no scored block, its prompt that of no published
item (the decision blocks are secret to a generator: the gate's leakage rule compares with those). The
article: "24 examples matching exact eval prompt patterns", "refreshed based on last run's weak categories".

    {"generator": "benchmark_targeted", "category": "intent_classification",
     "messages": [{"role": "user", "content": "Owners by path:\\nemails/ support\\nprices/ search\\nworkers/
     research\\n\\n
                   Which team owns emails/format_emails.py? Reply with the team only."},
                  {"role": "assistant", "content": "support"}],
     "source": {"kind": "template", "ref": "intent_classification/path_owner/dev-57026", "suite": "autodidact
     1", "level": 1}, "short": true}
"""

import re
from collections.abc import Iterator, Mapping

from autodidact.benchmark.items import Item, block, dev_items, is_dev
from autodidact.benchmark.leakage_index import prompt_key
from autodidact.benchmark.suite import SUITE
from autodidact.records import CATEGORIES, Example, from_messages
from autodidact.sources.snapshot import Snapshot

NAME = "benchmark_targeted"
# Families left out of register `full`, with a pattern of those items: a message is sent, and the state of a
# job comes back; of two facts one is how long something took, and the answer is "44, 67", a number of
# nothing; "the stumble of wishlist ended on Friday", which nobody writes.
ODD = {
    "answer_from_result": "",
    "two_facts": "how long",
    "say_without": r"\bthe (?:mistake|bug|error|failure|loss|problem) of",
}
# The article.
A_CYCLE = 24


def read(snapshot: Snapshot) -> dict[str, int]:
    """How many examples each category gets, by the deficits of the previous cycle's feedback."""
    deficits = snapshot.feedback.get("deficits") if isinstance(snapshot.feedback, dict) else None
    return allot(deficits if isinstance(deficits, Mapping) else {}, min(A_CYCLE, snapshot.limit))


def examples(facts: dict[str, int], snapshot: Snapshot) -> Iterator[Example]:
    """One example a dev item, by category."""
    level = snapshot.settings.benchmark.level
    published = {prompt_key(item.messages) for item in block(0, level=level)}
    for category, count in facts.items():
        if not count:
            continue
        items = [
            item
            for item in dev_items(2 * count, category, rng=snapshot.rng(NAME, category), level=level)
            if legal(item, published) and not (snapshot.register == "full" and odd(item))
        ]
        if len(items) < count:
            snapshot.troubles.add("fewer dev items than allotted", category, count - len(items))
        for item in items[:count]:
            source = {
                "kind": "template",
                "ref": item.id,
                "suite": f"{SUITE['name']} {SUITE['version']}",
                "level": level,
            }
            yield from_messages(
                NAME, category, [*item.messages, item.reference], source, tools=item.tools, short=True
            )


def legal(item: Item, published: set[str]) -> bool:
    """Whether this item may be trained on. Two payloads may read the same (a slot that is not shown), so the
    prompt is looked at as well.
    """
    return (
        item.block < 0
        and not item.hidden
        and is_dev(item.payload)
        and prompt_key(item.messages) not in published
    )


def odd(item: Item) -> bool:
    """Whether an item is of a kind that is left out of register `full`."""
    return item.family in ODD and re.search(ODD[item.family], item.messages[-1]["content"] or "") is not None


def allot(deficits: Mapping[str, float], total: int = A_CYCLE) -> dict[str, int]:
    """How many examples each category gets: one each, the rest in proportion to the deficits, largest
    remainders first; even without deficits.

    A deficit is how far a category is from where it should be; what is no number or not above 0 counts as
    none. A larger deficit never gets less.
    """
    weights = {name: _weight(deficits.get(name)) for name in CATEGORIES}
    if not any(weights.values()):
        weights = dict.fromkeys(CATEGORIES, 1.0)
    by_weight = sorted(CATEGORIES, key=lambda name: (-weights[name], CATEGORIES.index(name)))
    if total <= len(CATEGORIES):
        return {name: int(name in by_weight[:total]) for name in CATEGORIES}
    rest, whole = total - len(CATEGORIES), sum(weights.values())
    exact = {name: rest * weights[name] / whole for name in CATEGORIES}
    shares = {name: int(exact[name]) for name in CATEGORIES}
    for name in sorted(by_weight, key=lambda name: shares[name] - exact[name])[: rest - sum(shares.values())]:
        shares[name] += 1
    given = sorted(
        shares.values(), reverse=True
    )  # remainders may favour a smaller deficit by one: hand them out again in order
    return {name: 1 + given[by_weight.index(name)] for name in CATEGORIES}


def _weight(value) -> float:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if number and 0 < value < float("inf") else 0.0
