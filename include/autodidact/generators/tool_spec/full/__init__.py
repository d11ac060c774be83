"""The register `full`: whole exchanges of somebody who wants something with an assistant that has several
tools in context.
"""

from collections import Counter
from collections.abc import Callable, Iterator

from autodidact.generators.tool_spec.drill_exchanges import NAME
from autodidact.generators.tool_spec.full import call_exchanges as full_calls
from autodidact.generators.tool_spec.full import no_call_exchanges as full_refusals
from autodidact.generators.tool_spec.full import tool_explanations as full_explained
from autodidact.generators.tool_spec.full.exchange_context import Scene
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.knowledge.new_since_earlier_cycles import Compared
from autodidact.records import Example, canonical
from autodidact.sources.reading_limits import Allowance, within
from autodidact.sources.snapshot import Snapshot

# Tries of each kind that a tool gets at most, and of these those that new and changed tools get first.
ROUNDS, FIRST_ROUNDS = 6, 2

# The kinds, with what they are about, and the most exchanges about that which a tool gets: more of them are
# near doubles.
KINDS: tuple[tuple[Callable[[Scene], Example | None], str, int], ...] = (
    (full_calls.one_call, "call", 2),
    (full_explained.whole, "explained", 1),
    (full_calls.question_back, "question", 1),
    (full_explained.misspelled, "misspelled", 1),
    (full_explained.incomplete, "incomplete", 1),
    (full_refusals.no_tool, "no tool", 1),
    (full_calls.after_question, "answer", 1),
    (full_explained.completed, "completed", 1),
    (full_explained.in_brief, "explained", 1),
)


def exchanges(snapshot: Snapshot, usable: list[KnownTool], budget: int) -> Iterator[Example]:
    """Exchanges about the tools, in rounds over the kinds and the tools, new and changed ones first; no two
    in which people say the same.
    """
    compared = Compared(
        snapshot, "tools", {known.ref: [known.purpose, known.tool.schema] for known in usable}
    )
    fresh = [known for known in usable if compared.fresh(known.ref)]
    turns = [(number, known) for number in range(FIRST_ROUNDS * len(KINDS)) for known in fresh]
    turns += [(number, known) for number in range(ROUNDS * len(KINDS)) for known in usable]
    prompts: set[str] = set()
    made_of: Counter[tuple[str, str]] = Counter()
    allowances = {known.ref: Allowance() for known in usable}
    for number, known in turns:
        kind, about, most = KINDS[(number + usable.index(known)) % len(KINDS)]
        rng, made = snapshot.rng(NAME, "full", known.ref, str(number)), None
        if allowances[known.ref].left > 0 and made_of[known.ref, about] < most:
            with within(snapshot.troubles, known.ref, allowances[known.ref]):
                made = kind(Scene.begin(known, usable, budget, rng, snapshot.system, snapshot.until.date()))
        if made and not (keys := _keys(made)) & prompts:
            prompts |= keys
            made_of[known.ref, about] += 1
            yield made


def _keys(made: Example) -> set[str]:
    """What the person says in an exchange, and the call in it."""
    called = made.messages[-1].get("tool_calls")
    said = canonical([turn["content"] for turn in made.messages if turn["role"] == "user"])
    return {said, canonical(called)} if called else {said}
