"""Where a server holds one version at a time, nothing can be measured on it before it serves. So with
`benchmark.through = "server"` its answers are compared with the measured ones in the bake time.

45 items of block 0 are asked twice, as clients ask. How often the two answers are equal says how much the
server agrees with itself (A/A); the measured answers must be equal about as often, and score as much.
"""

from collections.abc import Sequence
from math import comb
from typing import Any

from autodidact.benchmark.engines import Answer, Prompt, ServerEngine
from autodidact.benchmark.items import Item, block
from autodidact.benchmark.scorers import score
from autodidact.benchmark.server_repeatability import AGAIN_EACH
from autodidact.errors import AutodidactError
from autodidact.models.chat_template import parse_answer
from autodidact.models.openai_client import OpenAIClient
from autodidact.promotion.deployers.deployer_base import KEY
from autodidact.promotion.statistical_bounds import tail
from autodidact.records import Champion, ItemResult, Report, response_text
from autodidact.settings import Settings
from autodidact.store import Store

# One-sided level of both tests; three looks in a row must fail before anything is rolled back. Of 45 answers
# of a server that agrees with itself 45 times, 36 equal to the measured ones pass, and 35 do not.
LEVEL = 0.001


def measured(store: Store, system: str, champion: Champion) -> Report | None:
    """What the version answered when it was measured; None for one that no cycle here measured."""
    key = f"{system}/cycles/{champion.cycle_id}/benchmark/report.json"
    if not champion.adapter or not champion.cycle_id or not store.exists(key):
        return None
    report = Report.model_validate(store.read_json(key))
    return report if report.model.get("adapter_sha256") == champion.adapter.sha256 else None


def compare(settings: Settings, champion: Champion, report: Report, url: str) -> dict[str, Any]:
    """{"n", "equal" (to the measured answers), "aa" (equal to each other), "worse", "better" (than measured),
    "trouble"}: the counts, and why the version must not stay (None: it may). Raises AutodidactError when the
    server does not answer.
    """
    items = _items(report)
    client = OpenAIClient(
        url, what="the server at deploy.url", key_variable=KEY, timeout=settings.deploy.timeout
    )
    engine = ServerEngine(client, [champion.version], settings.benchmark.batch)
    prompts = [Prompt(item.id, item.messages, item.tools, item.max_tokens) for item, _ in items]
    first, second = engine.answer(prompts), engine.answer(prompts)
    return verdict(
        [one for one in zip(items, first, second, strict=True) if not (one[1].error and one[2].error)]
    )


def _items(report: Report) -> list[tuple[Item, ItemResult]]:
    """The first items of each category, with what was measured of them."""
    known = {item.id: item for item in report.items if item.block == 0}
    taken: dict[str, int] = {}
    found = []
    for item in block(0, level=int(report.suite["level"])):
        there = known.get(item.id)
        if there and there.missing is None and taken.get(item.category, 0) < AGAIN_EACH:
            taken[item.category] = taken.get(item.category, 0) + 1
            found.append((item, there))
    if not found:
        raise AutodidactError("no measured item of block 0 is known", "Run the benchmark of its cycle again.")
    return found


def verdict(answered: Sequence[tuple[tuple[Item, ItemResult], Answer, Answer]]) -> dict[str, Any]:
    """The counts of `compare`, and what follows from them."""
    n = len(answered)
    if not n:
        return {"n": 0, "trouble": "the server refuses every item"}
    equal = sum(_text(first) == response_text(parse_answer(was.answer)) for (_, was), first, _ in answered)
    aa = sum(_text(first) == _text(second) for _, first, second in answered)
    worse, better = _scores(answered)
    found: dict[str, Any] = {
        "n": n,
        "equal": equal,
        "aa": aa,
        "worse": worse,
        "better": better,
        "trouble": None,
    }
    if fewer_than(equal, aa, n) < LEVEL:
        found["trouble"] = (
            f"{equal} of {n} served answers are those that were measured; asked twice, the server agrees with"
            f" itself on {aa}"
        )
    elif worse + better and tail(worse + better, better) < LEVEL:
        found["trouble"] = f"of {n} served answers {worse} score less than measured, and {better} more"
    return found


def _text(answer: Answer) -> str | None:
    return None if answer.error else answer.text


def _scores(answered: Sequence[tuple[tuple[Item, ItemResult], Answer, Answer]]) -> tuple[int, int]:
    """How many served answers score less and more than the measured ones, of those that a rule scores."""
    worse = better = 0
    for (item, was), first, _ in answered:
        if item.scorer == "judge" or was.score is None or first.message is None:
            continue
        value = score(item, first.message).value
        if value is not None:
            worse += value < was.score - 1e-9
            better += value > was.score + 1e-9
    return worse, better


def fewer_than(equal: int, aa: int, n: int) -> float:
    """Fisher's exact test: the probability of so few equal answers among `n`, or fewer, if the server agreed
    with the measured answers as often as with itself (`aa` of `n`).
    """
    total = equal + aa
    ways = sum(comb(n, k) * comb(n, total - k) for k in range(max(0, total - n), equal + 1))
    return ways / comb(2 * n, total)
