"""Anchors: what the base model already does right, repeated to it, because fine-tuning damages what its data
do not mention.

An anchor is the base's own answer to a dev item of the benchmark that a rule scored 1.0, answered once a base
(`benchmark.dev_items`) and answered in its own words, so that training on it holds the model where it is.
Anchors are `training.anchors` of the rows; an organisation whose seven fine-tunes were all worse than their
base found 76 of 77 damaged abilities among those that the data never mentioned.
"""

import json
import random
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from autodidact.records import Example, ItemResult, call, from_messages

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle

GENERATOR = "anchor"


def anchors(
    results: Iterable[ItemResult], rows: int, share: float, *, level: int, scored: Iterable[Any], seed: int
) -> list[Example]:
    """So many anchors that they are `share` of `rows` and themselves, or as many as the base got right;
    families take turns.

    `results`: of the base on dev items; `scored`: the items that no one may train on. Raises
    AutodidactError when a dev item is not legal.
    """
    from autodidact.benchmark.items import find
    from autodidact.benchmark.leakage_index import SuiteIndex
    from autodidact.gate import leakage
    from autodidact.gate.rule import Context

    wanted = round(share / (1 - share) * rows)
    families: dict[str, list[ItemResult]] = defaultdict(list)
    for item in results:
        if item.score == 1.0:
            families[f"{item.category}/{item.family}"].append(item)
    rng = random.Random(f"{seed}/anchors")
    queues = [
        rng.sample(families[name], len(families[name]))
        for name in rng.sample(sorted(families), len(families))
    ]
    context = Context(settings=None, count=len, embed=None, suite=SuiteIndex(scored))
    found: list[Example] = []
    while queues and len(found) < wanted:
        for queue in list(queues):
            if not queue:
                queues.remove(queue)
            elif len(found) < wanted and (
                example := _anchor(find(queue[-1].id, level=level), queue.pop().answer, level)
            ):
                checked = leakage.check(example, context)
                if isinstance(checked, Example):
                    found.append(checked)
    return found


def _anchor(item: Any, answer: str, level: int) -> Example | None:
    """The example; None for an item that a judge scored, or an answer that cannot be put into a message."""
    if item.scorer == "judge" or not answer.strip():
        return None
    message: dict[str, Any] | None = {"role": "assistant", "content": answer}
    if item.reference.get("tool_calls"):
        message = _calls(answer)
    if message is None:
        return None
    source = {"kind": "model", "ref": item.id, "level": level}
    return from_messages(
        GENERATOR, item.category, [*item.messages, message], source, tools=item.tools, short=True
    )


def _calls(answer: str) -> dict[str, Any] | None:
    """The message whose calls a report shows as one JSON object a line."""
    try:
        made = [json.loads(line) for line in answer.splitlines() if line.strip()]
        return call(*((each["name"], each["arguments"]) for each in made))
    except (ValueError, KeyError, TypeError):
        return None


def write(cycle: "Cycle", runtime: Any, folder: str, kept_key: str, say) -> tuple[str, int]:
    """Has the base answer its dev items, once, and writes `<folder>/rows.jsonl`: what was kept, then
    the anchors. Returns its key and the number of anchors; the key of what was kept, and 0, where there are
    none.
    """
    from autodidact.benchmark.items import block
    from autodidact.benchmark.measure_model import measure_dev
    from autodidact.models.find_base_model import resolve_base
    from autodidact.scanning.scan_artifacts import require_clean

    settings, store = cycle.effective(runtime.settings), runtime.store
    if not settings.training.anchors or not settings.benchmark.dev_items:
        return kept_key, 0
    kept = list(store.read_lines(kept_key))
    results = measure_dev(store, cycle.system, settings, resolve_base(settings), say=say)
    level, week, salt = cycle.benchmark["level"], cycle.benchmark["week"], cycle.benchmark["salt"]
    scored = [item for k in cycle.benchmark["blocks"] for item in block(k, level=level, week=week, salt=salt)]
    made = anchors(results, len(kept), settings.training.anchors, level=level, scored=scored, seed=cycle.seed)
    if not made:
        say("train: the base got no dev item right, so that there are no anchors")
        return kept_key, 0
    lines = [example.line() for example in made]
    require_clean({"The anchors": lines})
    key = f"{folder}/rows.jsonl"
    store.write_text(key, "".join(f"{line}\n" for line in [*kept, *lines]))
    say(f"train: {len(kept)} examples and {len(made)} anchors")
    return key, len(made)
