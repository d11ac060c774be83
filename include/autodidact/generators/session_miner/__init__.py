"""Which handler takes a request, which call answers it, and how it was answered, from the conversations of
the window.

Source: transcripts that `sources.sessions` names (files, folders, globs): Claude Code, Codex, Gemini CLI,
Cline, OpenHands, SWE-agent, Aider, Pi, Session Trace Simple Format, OpenAI chat and responses, Anthropic
messages, ShareGPT, OpenTelemetry GenAI spans (OTLP JSON) and OpenInference; the format is recognised by the
content. An exchange belongs to the window in which it ended. Kinds: who takes the request (a sub-agent, a
skill, `transfer_to_x`; without any, the tool), the call that the request needs (with the declared schema,
else as the calls show it), the answer from a call's result, the answer without a call, and lessons: what was
done right after the person corrected it. Only what a person typed and what is known to have succeeded is
taught: nothing that a program wrote in a person's place, that failed, was refused, cut off, interrupted,
taken back or corrected, also where only another file (a fork) tells so.

Whether an answer was corrected is judged, in eight languages, by a linear model of the next turn's words, of
how the assistant replied to them, and of how far both repeat what was said before. Two writers wrote 48 whole
conversations each after it was fitted: it keeps out .92 of 138 corrected answers and loses .13 of 665 good
ones (95% intervals .86 to .96 and .11 to .16; `python -m benchmarks.corrections
tests/data/corrections/first_look/conversations_2.yaml
tests/data/corrections/first_look/conversations_3.yaml`).
Of eight writers who were to make it hard, each held back from the fit, it keeps out .91 and loses .16
(`python -m benchmarks.train_correction_model`); of sets of nothing but hard cases, half of whose good turns
are near misses, it keeps out .87 to 1.00 and loses up to .27 (`--by-set`; .33 of one of 100 turns).

In the register `full` a conversation is taught as it was: its system prompt, all exchanges before it (up to
three; of what comes later in it nothing is taught), all calls and what they gave, then the
accepted answer whole (10 to 800 tokens; none that claims a deed without a tool), or the call that was made.
Who takes a request is a label and what it is described as; the
reason stands there only where words of the request are in that description and in few requests that others
took: "`refunds`, because of "money" in the request. Its job is "Pay money back"." A call that names a file, a
folder or a constant which nothing before it shows is left out, or that passes on other words than those of
the conversation; so is a beginning that points back ("Fix that."). Of a call and the answer after it one is
taught.

    {"generator": "session_miner", "category": "intent_classification",
     "messages": [{"role": "user", "content": "Handlers: bookings, crew, notices, refunds.\\nRequest: B-2107
     missed the boat because our clock ..."},
                  {"role": "assistant", "content": "refunds"}],
     "source": {"kind": "transcript", "ref": "samples/sessions/desk-morning.jsonl:38", "file":
     "samples/sessions/desk-morning.jsonl",
                "lines": [38, 41], "line": 38}}
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autodidact.errors import NoSource, Skipped
from autodidact.generators.session_miner import exchange_selection
from autodidact.generators.session_miner.exchange_examples import ExamplesOf
from autodidact.generators.session_miner.exchange_selection import Sample, spoiled, telling
from autodidact.generators.session_miner.full import FULL_KINDS
from autodidact.generators.session_miner.full import full_examples as full_examples
from autodidact.generators.session_miner.full.earlier_turns import Chain
from autodidact.generators.session_miner.full.untaught import unfit
from autodidact.records import Example
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.transcripts import UNKNOWN_FORM, Exchange, Toolbox, exchanges, files
from autodidact.sources.transcripts.judgements import NOT_TRAINED

# Exchanges of one kind that are held while the files are read.
MOST_KEPT = 2_000
# Tools of one file that are remembered.
MOST_NAMES = 200
# Exchanges that went wrong which are remembered, so that no other file's telling of them is taught.
MOST_DISPROVED = 200_000

# Kinds of examples: which exchanges fit, and what is made of them.
_KINDS: dict[str, tuple[Callable[[Exchange], bool], Callable[[ExamplesOf, Exchange], Iterator[Example]]]] = {
    "intent": (exchange_selection.labelled, ExamplesOf.intent),
    "call": (exchange_selection.called_in_context, ExamplesOf.call),
    "result": (exchange_selection.uses_result, ExamplesOf.result),
    "reply": (exchange_selection.replies, ExamplesOf.reply),
    "lesson": (exchange_selection.corrects_usefully, ExamplesOf.lesson),
}


@dataclass
class Conversations:
    """A fair choice of the window's exchanges, by kind of example, all tools that occur, the tellings of
    exchanges that went wrong, and which tools were called in a file.
    """

    samples: dict[str, Sample]
    toolbox: Toolbox
    disproved: set[str]
    of_file: dict[str, set[str]]


def read(snapshot: Snapshot) -> Conversations:
    """The exchanges of the window. Skipped when no transcript is named or none lies in the window."""
    paths = files(snapshot.settings.sources.sessions, snapshot.troubles)
    if not paths:
        raise NoSource("no conversations: sources.sessions names no transcripts", setting="sources.sessions")
    most = min(snapshot.limit, MOST_KEPT)
    full = snapshot.register == "full"
    kinds = FULL_KINDS if full else {kind: fits for kind, (fits, _) in _KINDS.items()}
    samples = {kind: Sample(f"{snapshot.seed}/{kind}", most) for kind in kinds}
    toolbox, any_new, disproved = Toolbox(), False, set[str]()
    of_file: dict[str, set[str]] = {}
    for path in paths:
        chain = Chain()
        for exchange in exchanges(
            path, snapshot.until, snapshot.troubles, toolbox, since=snapshot.since, cache=snapshot.cache
        ):
            exchange = chain.joined(exchange) if full else exchange
            if snapshot.since is not None and (exchange.end is None or exchange.end <= snapshot.since):
                continue  # what has no time is of the first window
            any_new = True
            called = of_file.setdefault(exchange.file, set())
            called.update(made.name for made in exchange.calls[: MOST_NAMES - len(called)])
            if reason := spoiled(exchange):
                snapshot.troubles.add(f"turn {reason}", f"{exchange.file}:{exchange.line}")
                wrong = exchange.lost != NOT_TRAINED and (exchange.reply or exchange.calls)
                if wrong and len(disproved) < MOST_DISPROVED:
                    disproved.update(telling(exchange))
                continue
            fitting = [kind for kind, fits in kinds.items() if fits(exchange)]
            for kind in fitting:
                samples[kind].add(exchange)
            if full and not fitting:
                snapshot.troubles.add(unfit(exchange), f"{exchange.file}:{exchange.line}")
    if not any_new:
        unknown = [t for t in snapshot.troubles.list() if t.reason.startswith(UNKNOWN_FORM)]
        if unknown:
            count = sum(trouble.count for trouble in unknown)
            files_of = "1 file" if count == 1 else f"{count} files"
            raise Skipped(f"{files_of}{unknown[0].reason.removeprefix('file')}")
        raise Skipped("no conversations in the window")
    return Conversations(samples, toolbox, disproved, of_file)


def examples(facts: Conversations, snapshot: Snapshot) -> Iterator[Example]:
    """Examples of all kinds in turn."""
    of_exchange, prompts = ExamplesOf(snapshot, facts.toolbox, facts.of_file), set()
    queues = [
        _made(of_exchange, facts.samples[kind].chosen(facts.disproved), make)
        for kind, (_, make) in _KINDS.items()
    ]
    while queues:
        for queue in list(queues):
            row = next((r for r in queue if r.prompt() not in prompts), None)
            if row is None:
                queues.remove(queue)
            else:
                prompts.add(row.prompt())
                yield row


def _made(of_exchange: ExamplesOf, chosen: Iterator[Exchange], make: Callable) -> Iterator[Example]:
    return (row for exchange in chosen for row in make(of_exchange, exchange))
