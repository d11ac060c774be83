"""The register `full`: whole exchanges of somebody who wants something with an assistant that has several
tools in context.
"""

from collections.abc import Callable, Iterator

from autodidact.generators.tool_spec.drill_exchanges import NAME
from autodidact.generators.tool_spec.full import call_exchanges as full_calls
from autodidact.generators.tool_spec.full import no_call_exchanges as full_refusals
from autodidact.generators.tool_spec.full import result_exchanges as full_answers
from autodidact.generators.tool_spec.full import tool_explanations as full_explained
from autodidact.generators.tool_spec.full.cautions import caution
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
    full_answers.result_in_words,
    full_refusals.question_back,
    caution,
    full_calls.follow_up,
    full_explained.explained,
    full_answers.failure,
    full_refusals.confirmation,
    full_calls.two_calls,
    full_answers.result_in_words,
    full_explained.mistake,
    full_calls.chain,
    full_calls.one_call,
    full_refusals.no_tool,
    caution,
    full_calls.after_question,
    full_answers.two_results,
    full_calls.undone,
    full_calls.corrected,
)


def exchanges(snapshot: Snapshot, usable: list[KnownTool], budget: int) -> Iterator[Example]:
    """Exchanges about the tools, in rounds over the kinds and the tools, new and changed ones first; no two
    with the same request.
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
        if made and (key := canonical(made.messages[:-1])) not in prompts:
            prompts.add(key)
            yield made


def _kind(number: int, known: KnownTool) -> Callable[[Scene], Example | None]:
    """Whose turn it is; of what cannot be undone a confirmation comes before the call."""
    kind = KINDS[number % len(KINDS)]
    calls = kind in (full_calls.one_call, full_answers.result_in_words)
    return full_refusals.confirmation if calls and full_refusals.destructive(known) else kind
