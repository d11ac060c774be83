"""Leakage: no scored question of the benchmark is ever trained on, nor anything that gives it away.

Targeted examples and anchors are drawn from dev items on purpose, and share the template of their family with
scored ones. Theirs are legal when the family is visible, the payload is dev and the prompt is that of no
scored item; anything else means that the drawing is broken, and the gate fails instead of hiding it.

What other generators make is dropped when one of five looks finds a scored item in it:
- its words hold half or more of the item's runs of eight words that are the item's own, not its family's
  template;
- or 35% of its own runs of four words, which is what other names and another order leave;
- where fewer than five such runs are left, every slot value of the item occurs;
- three quarters of its different words occur, its slot values among them, in whatever order;
- MiniLM puts its question within 0.85 of the item's question. Only what would otherwise be kept is looked
  at, see `judge`.

Of 33,238 honest examples of three repositories the first four drop none, and of 2,000 questions of theirs the
last none. Of planted leaks are found verbatim 99%, reordered 100%, rephrased 97%, with another name in them
96%; by words alone 99%, 98%, 95% and 95%, by meaning alone 99%, 92%, 93% and 48%. What is missed asks hardly
anything without its history ("Track that order."). Of 2,400 targeted examples none is lost
(`benchmarks/gate.py leaks EXAMPLES`). The kept file is read again by `require_unleaked`, by another method.
"""

from collections.abc import Iterable, Sequence

from autodidact.benchmark.leakage_index import SuiteIndex, prompt_key, shown
from autodidact.errors import AutodidactError
from autodidact.gate.rule import Context, Drop, extra, question
from autodidact.generators import DEV_ITEMS
from autodidact.records import Example

NAME = "leakage"

# Cosine of two questions from which on they ask the same.
NEAR = 0.85


def check(example: Example, context: Context) -> Example | Drop:
    """Raises AutodidactError when a targeted example is not legal."""
    suite = context.suite
    if suite is None:
        return example
    if example.generator in DEV_ITEMS:
        if item := suite.same_prompt(example, exactly=True):
            _fail(example, f"asks the scored question {item}")
        return _legal(example, suite.level)
    if item := suite.same_prompt(example):
        return Drop("a scored question", item)
    found = suite.contained([example])[0]
    return Drop(*found) if found else example


def judge(examples: Sequence[Example], context: Context) -> list[Example | Drop]:
    """Looks for scored questions in other words."""
    results: list[Example | Drop] = list(examples)
    if context.suite is None:
        return results
    places = [
        place
        for place, example in enumerate(examples)
        if example.generator not in DEV_ITEMS and question(example)
    ]
    near = context.embed.near([question(examples[place]) for place in places], context.suite.questions, NEAR)
    for place, hit in zip(places, near, strict=True):
        if hit:
            results[place] = Drop("a scored question in other words", context.suite.ids[hit[0]])
    return results


def _legal(example: Example, level: int) -> Example | Drop:
    from autodidact.benchmark.items import find, is_dev
    from autodidact.errors import UsageError

    ref = str(extra(example, "item") or example.source.ref)
    level = (example.source.model_extra or {}).get("level", level)
    try:
        item = find(ref, level=level)
    except UsageError as error:
        if "is hidden from dev" in str(error):
            _fail(example, f"is of a family that is hidden: {ref}")
        return Drop("not traceable to a dev item", ref)
    if item.hidden or not is_dev(item.payload):
        _fail(example, f"is not of a dev item: {ref}")
    if not extra(example, "was") and prompt_key(item.messages) != prompt_key(example.messages[:-1]):
        return Drop("not the dev item that it names", ref)
    return example


def _fail(example: Example, what: str) -> None:
    raise AutodidactError(
        f"The example {example.id} of {example.generator} {what}: nothing of this cycle may be trained on",
        "Draw targeted examples from dev items only, then run the generator and the gate again.",
    )


def require_unleaked(examples: Iterable[Example], suite: SuiteIndex | None) -> None:
    """The second look at what is kept: text in text, without hashes. Raises AutodidactError that names both
    ids.
    """
    if suite is None:
        return
    for example in examples:
        targeted = example.generator in DEV_ITEMS
        item = (
            suite.same_prompt(example, exactly=True) if targeted else suite.verbatim(" ".join(shown(example)))
        )
        if item:
            _fail(example, f"holds the scored question {item}")
