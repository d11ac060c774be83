r"""The whole cycle in plain Python: the file to read first.

    open_cycle -> generators -> gate -> train -> benchmark -> decide -> promote       -> close_cycle
                            \        \-> measure_champion -/         \-> keep_champion /
                             \-> knowledge -------------------------------------------/

Between the last two, `ask_ledger` asks the model that serves now what it knows of the system.

Airflow runs the same functions as tasks, one by one, on as many machines as you like; `run` runs them here,
in order. Every stage is done when its manifest is there, so that an interrupted cycle resumes where it
stopped, here or there. Up to the benchmark they touch only the store, and with `benchmark.through = "server"`
the server that they measure on; what follows (decide.py, close.py) also writes the Chronicle.
"""

from collections.abc import Callable
from typing import Any

from autodidact.benchmark.stage import benchmark as benchmark_candidates
from autodidact.benchmark.stage import measure_champion as measuring_champion
from autodidact.cycle.close import close_cycle, keep_champion, promote
from autodidact.cycle.decide import decide
from autodidact.cycle.log_training_of_cycle import report_training
from autodidact.cycle.open import require_no_approval
from autodidact.cycle.record import Cycle
from autodidact.cycle.summary import as_card, summarize
from autodidact.errors import Skipped, UsageError
from autodidact.gate.stage import make as make_gate
from autodidact.gate.stage import make_shard
from autodidact.generators.facts_stage import KNOWLEDGE
from autodidact.generators.stage import make as make_generator
from autodidact.generators.stage import make_part
from autodidact.ledger.stage import ask_ledger as asking_the_ledger
from autodidact.promotion.trial_on_server import on_the_server
from autodidact.promotion.verdict import verdict
from autodidact.records import Manifest, Report
from autodidact.runtime import Runtime
from autodidact.training.stage import TRAIN


def run(
    runtime: Runtime,
    cycle: Cycle,
    *,
    promote_historical: bool = False,
    on_stage: Callable[[str], None] = lambda stage: None,
) -> dict[str, Any]:
    """The rest of an open cycle, in order, in this process. Returns the summary that `close_cycle` made.

    A generator that fails costs itself; more than `generators.max_failed` of them fail the gate. Raises
    UsageError for a cycle that wants consent.
    """
    require_no_approval(cycle.effective(runtime.settings).approval)

    def step(name: str, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        on_stage(name)
        try:
            return work(*args, cycle, runtime, **kwargs)
        except Skipped as skip:
            runtime.say(f"{name}: skipped, {skip}")
            return None

    for name in cycle.generators():
        try:
            step(f"generate.{name}", generate, name)
        except UsageError:
            raise
        except Exception as error:
            runtime.say(f"generate.{name}: failed, {error}")
    step("knowledge", knowledge)
    step("gate", gate)
    step("measure_champion", measure_champion)
    step("train", train)
    step("benchmark", benchmark)
    if step("decide", decide, promote_historical=promote_historical) == "promote":
        step("promote", promote)
    else:
        step("keep_champion", keep_champion)
    step("ask_ledger", ask_ledger)
    summary: dict[str, Any] = step("close_cycle", close_cycle)
    return summary


def generate(name: str, cycle: Cycle, runtime: Runtime, *, force: bool = False) -> Manifest:
    """One generator's examples, and its questions for the knowledge probe."""
    return make_generator(name, cycle, runtime, force=force)


def generate_part(name: str, part: str, cycle: Cycle, runtime: Runtime) -> Manifest:
    """What a generator makes of one of several repositories; `generate` makes those that are missing."""
    return make_part(name, part, cycle, runtime)


def knowledge(cycle: Cycle, runtime: Runtime, *, force: bool = False) -> Manifest:
    """Every fact that a question could be asked about, and since when it is true."""
    return KNOWLEDGE.run(cycle, runtime, force=force)


def gate(cycle: Cycle, runtime: Runtime, *, force: bool = False) -> Manifest:
    """What is worth training on."""
    return make_gate(cycle, runtime, force=force)


def gate_shard(name: str, cycle: Cycle, runtime: Runtime) -> Manifest:
    """What the gate's rules that look at one example at a time leave of a shard; `gate` makes those that are
    missing, where there are any.
    """
    return make_shard(name, cycle, runtime)


def measure_champion(cycle: Cycle, runtime: Runtime, *, force: bool = False) -> Manifest:
    """The report of the model in service."""
    return measuring_champion(on_the_server).run(cycle, runtime, force=force)


def train(cycle: Cycle, runtime: Runtime, *, force: bool = False) -> Manifest:
    """The adapter and its card, which `close_cycle` writes again with the verdict."""
    manifest = TRAIN.run(cycle, runtime, force=force)
    report_training(cycle, runtime)
    if not TRAIN.sealed(runtime.store, cycle.folder):
        runtime.store.write_text(f"{cycle.folder}/card.md", as_card(summarize(cycle, runtime)))
    return manifest


def benchmark(cycle: Cycle, runtime: Runtime, *, force: bool = False) -> Manifest:
    """The reports of candidate, champion and base, on as many blocks as the verdict asks for."""
    return benchmark_candidates(cycle, runtime, undecided=undecided, on_the_server=on_the_server, force=force)


def ask_ledger(cycle: Cycle, runtime: Runtime, *, force: bool = False) -> Manifest:
    """What the model in service, after the decision, knows of the system."""
    return asking_the_ledger(on_the_server).run(cycle, runtime, force=force)


def undecided(cycle: Cycle, runtime: Runtime, candidate: Report, champion: Report, base: Report) -> bool:
    """Whether the verdict on these reports asks for another block."""
    settings, looks = cycle.effective(runtime.settings), cycle.benchmark.get("looks", 0)
    last = max(cycle.benchmark["blocks"])
    return verdict(candidate, champion, settings, looks, base, last).more_evidence
