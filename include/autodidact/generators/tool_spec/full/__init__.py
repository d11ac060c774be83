"""The register `full`: whole exchanges of somebody who wants something with an assistant that has several
tools in context.
"""

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

KINDS: tuple[Callable[[Scene], Example | None], ...] = (
    full_calls.one_call,
    full_refusals.question_back,
    full_explained.explained,
    full_refusals.confirmation,
    full_calls.two_calls,
    full_explained.mistake,
    full_calls.one_call,
    full_refusals.no_tool,
    full_calls.after_question,
    full_explained.mistake,
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
    allowances = {known.ref: Allowance() for known in usable}
    for number, known in turns:
        rng, made = snapshot.rng(NAME, "full", known.ref, str(number)), None
        if allowances[known.ref].left > 0:
            with within(snapshot.troubles, known.ref, allowances[known.ref]):
                scene = Scene.begin(known, usable, budget, rng, snapshot.system, snapshot.until.date())
                made = _kind(number + usable.index(known), known)(scene)
        if (
            made
            and (key := canonical([turn["content"] for turn in made.messages if turn["role"] == "user"]))
            not in prompts
        ):
            prompts.add(key)
            yield made


def _kind(number: int, known: KnownTool) -> Callable[[Scene], Example | None]:
    """Whose turn it is; of what cannot be undone a confirmation comes before the call."""
    kind = KINDS[number % len(KINDS)]
    is_call = kind is full_calls.one_call
    return full_refusals.confirmation if is_call and full_refusals.destructive(known) else kind
