"""Which handler takes a request, which call answers it, and how it was answered, from the conversations of
the window.

Source: transcripts that `sources.sessions` names (files, folders, globs): Claude Code, Codex, Pi, Session
Trace Simple Format, OpenAI chat, ShareGPT, OpenTelemetry GenAI spans (OTLP JSON) and OpenInference; the
format is recognised by the content. An exchange belongs to the window in which it ended. Kinds: who takes the
request (a sub-agent, a skill, `transfer_to_x`; without any, the tool), the call that the request needs (with
the declared schema, else as the calls show it), the answer from a call's result, the answer without a call,
and lessons: what was done right after the person corrected it. What failed, was interrupted, taken back or
corrected is never taught as good.

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
from autodidact.generators.session_miner import selection
from autodidact.generators.session_miner.exchange_examples import ExamplesOf
from autodidact.generators.session_miner.selection import Sample, spoiled
from autodidact.records import Example
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.transcripts import Exchange, Toolbox, exchanges, files

# Exchanges of one kind that are held while the files are read.
MOST_KEPT = 2_000


# Kinds of examples: which exchanges fit, and what is made of them.
_KINDS: dict[str, tuple[Callable[[Exchange], bool], Callable[[ExamplesOf, Exchange], Iterator[Example]]]] = {
    "intent": (selection.labelled, ExamplesOf.intent),
    "call": (selection.called_in_context, ExamplesOf.call),
    "result": (selection.uses_result, ExamplesOf.result),
    "reply": (selection.replies, ExamplesOf.reply),
    "lesson": (selection.corrects_usefully, ExamplesOf.lesson),
}


@dataclass
class Conversations:
    """A fair choice of the window's exchanges, by kind of example, and all tools that occur."""

    samples: dict[str, Sample]
    toolbox: Toolbox


def read(snapshot: Snapshot) -> Conversations:
    """The exchanges of the window. Skipped when no transcript is named or none lies in the window."""
    paths = files(snapshot.settings.sources.sessions, snapshot.troubles)
    if not paths:
        raise NoSource("no conversations: sources.sessions names no transcripts", setting="sources.sessions")
    most = min(snapshot.limit, MOST_KEPT)
    samples = {kind: Sample(f"{snapshot.seed}/{kind}", most) for kind in _KINDS}
    toolbox, any_new = Toolbox(), False
    for path in paths:
        for exchange in exchanges(
            path, snapshot.until, snapshot.troubles, toolbox, since=snapshot.since, cache=snapshot.cache
        ):
            if snapshot.since is not None and (exchange.end is None or exchange.end <= snapshot.since):
                continue  # what has no time is of the first window
            any_new = True
            if reason := spoiled(exchange):
                snapshot.troubles.add(f"turn {reason}", f"{exchange.file}:{exchange.line}")
                continue
            for kind, (fits, _) in _KINDS.items():
                if fits(exchange):
                    samples[kind].add(exchange)
    if not any_new:
        raise Skipped("no conversations in the window")
    return Conversations(samples, toolbox)


def examples(facts: Conversations, snapshot: Snapshot) -> Iterator[Example]:
    """Examples of all kinds in turn."""
    of_exchange, prompts = ExamplesOf(snapshot, facts.toolbox), set()
    queues = [_made(of_exchange, facts.samples[kind], make) for kind, (_, make) in _KINDS.items()]
    while queues:
        for queue in list(queues):
            row = next((r for r in queue if r.prompt() not in prompts), None)
            if row is None:
                queues.remove(queue)
            else:
                prompts.add(row.prompt())
                yield row


def _made(of_exchange: ExamplesOf, sample: Sample, make: Callable) -> Iterator[Example]:
    return (row for exchange in sample.chosen() for row in make(of_exchange, exchange))
