"""What the gate costs and what it finds, as ratios measured in one run.

    python -m benchmarks.gate speed EXAMPLES  each rule on its own and all but coherence, a core
    python -m benchmarks.gate coherence EXAMPLES [N]  coherence of N pairs (600); agreement with MiniLM
    python -m benchmarks.gate scale [N ...]  time, memory, and the same in 16 shards, of N made-up examples
    python -m benchmarks.gate leaks [EXAMPLES ...]  planted leaks of block 0, and honest examples lost
    python -m benchmarks.gate balance EXAMPLES  what the chosen cover, and how many a small change displaces

EXAMPLES is a folder made by `autodidact generate --out`. Times are of the process, so that what else the
machine does counts less.

Measured on what the generators make of httpx, all but coherence, the middle of three runs each: 898 examples
a second on an idle core, 711 on a busy one; on a busy one 531 before patterns were left out of texts that
hold no part of what they match. The line of injection has the loading of its patterns in it.

    made-up examples   time      each     memory    in 16 shards
              10,000     6 s   570 us     301 MB    the same are kept
             100,000    55 s   554 us     394 MB    the same are kept
           1,000,000   649 s   649 us   1,292 MB    not tried

280 MB are the models'; making them up takes 70 us of each. Of 600 pairs that coherence judges 393 have their
words from the prompt, and 64% of the rest are settled by word vectors; all of these decisions are MiniLM's.
Cold that costs 1.05x the bare encode, cached it is 580,000 pairs/s.
"""

import argparse
import json
import random
import re
import resource
import sys
import time
from functools import partial
from pathlib import Path

import numpy

from autodidact.benchmark.items import block, dev_items
from autodidact.benchmark.leakage_index import SuiteIndex
from autodidact.gate import (
    RULES,
    Context,
    balance,
    coherence,
    counter,
    form,
    injection,
    leakage,
    order_encoder,
    pass_shards,
)
from autodidact.gate.compact_examples import mark
from autodidact.gate.driver import CHUNK, batched
from autodidact.gate.rule import Drop, question
from autodidact.generators import DEV_ITEMS, PROBE_FILES
from autodidact.models.embedding import Embedder
from autodidact.models.find_base_model import resolve_base
from autodidact.records import example, from_messages
from autodidact.scanning.scan_artifacts import scan
from autodidact.settings import Settings
from autodidact.shingles import grams, hashes

SETTINGS = Settings(base_model="sprout")


class Memory(dict):
    """A cache of embeddings in memory."""

    def get(self, kind, key):
        return super().get((kind, key))

    def put(self, kind, key, data):
        self[kind, key] = data


class Agreeable:
    """In place of the embedding: all answers are about their question, and no question is like another."""

    def cosines(self, left, right):
        return numpy.ones(len(left))

    def near(self, texts, others, least):
        return [None] * len(texts)


def context(embed) -> Context:
    suite = SuiteIndex([item for k in range(5) for item in block(k, week="2026-W48", salt="benchmark")])
    return Context(SETTINGS.gate, counter(resolve_base(SETTINGS).tokenizer()), embed, suite)


def rows(folder: str) -> list[tuple[str, int, str]]:
    paths = [path for path in sorted(Path(folder).glob("*.jsonl")) if not path.name.endswith(PROBE_FILES)]
    return [
        (path.stem, n, line)
        for path in paths
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    ]


def examples(folder: str) -> list:
    return [one for _, _, line in rows(folder) if not isinstance(one := form.read(line), Drop)]


def speed(folder: str) -> None:
    around, given = context(Agreeable()), rows(folder)
    some = given[::3]
    started = time.process_time()
    for _, _, line in some:
        json.loads(line)
    unit = time.process_time() - started

    def say(name: str, started: float) -> None:
        seconds = time.process_time() - started
        print(f"{name:12} {1e6 * seconds / len(some):8.0f} us an example {seconds / unit:6.2f} x json.loads")

    started = time.process_time()
    sample = [one for _, _, line in some if not isinstance(one := form.read(line), Drop)]
    say("form", started)
    chunks = list(batched(sample, CHUNK))
    for rule in (rule for rule in RULES if hasattr(rule, "check")):
        hashes.cache_clear()
        started = time.process_time()
        for chunk in chunks:
            for one in chunk:
                rule.check(one, around)
        say(rule.NAME, started)
    started = time.process_time()
    injection.judge(chunks[0][:1], around)
    order_encoder.tokens(["loaded before the clock runs"])
    print(f"loading the models of the second look: {time.process_time() - started:.1f} s, once a process")
    started = time.process_time()
    for chunk in chunks:
        injection.judge(chunk, around)
    say("second look", started)
    hashes.cache_clear()
    started = time.process_time()
    marks = numpy.concatenate([mark(chunk, [one.line() for one in chunk]) for chunk in chunks])
    say("marks", started)
    started = time.process_time()
    balance.order(marks, 40)
    say("order", started)
    lines = [one.line() for one in sample]
    started = time.process_time()
    list(scan(lines))
    say("second scan", started)
    around = context(Agreeable())  # nothing cached
    started = time.process_time()
    pass_shards([given], around, lambda line: None, lambda record: None)
    seconds = time.process_time() - started
    each = seconds / len(given) / (unit / len(some))
    print(
        f"all but coherence: {len(given) / seconds:.0f} examples/s a core (wanted: 1,000), {each:.0f} x"
        " json.loads"
    )


def meaning(folder: str, count: str = "600") -> None:
    judged = [one for one in examples(folder) if coherence.applies(one)]
    judged = random.Random(0).sample(judged, min(int(count), len(judged)))
    said = [one for one in judged if coherence.covered(one.messages[-1]["content"], coherence.shown(one))]
    print(f"coherence: {len(said)} of {len(judged)} have their words from the prompt")
    judged = [one for one in judged if one not in said]
    left, right = [question(one) for one in judged], [one.messages[-1]["content"] for one in judged]
    cache = Memory()
    embed = Embedder(cache)
    embed.words(["warm"]), embed._encode(["loaded before the clock runs"] * 64)
    started = time.process_time()
    cosines = embed.cosines(left, right)
    cold = time.process_time() - started
    quick = embed.words([text for pair in zip(left, right, strict=True) for text in pair])
    clear = (quick[0::2] * quick[1::2]).sum(1) >= 0.5
    needed = list({text[:300] for i in numpy.flatnonzero(~clear) for text in (left[i], right[i])})
    started = time.process_time()
    embed._encode(needed)
    bare = time.process_time() - started
    full = (embed([text for text in left]) * embed([text for text in right])).sum(1)
    least = numpy.array([coherence.least(one.source.kind, SETTINGS.gate) for one in judged])
    agree = ((cosines >= least) == (full >= least)).mean()
    fresh = Embedder(cache)
    started = time.process_time()
    for _ in range(5):
        fresh.cosines(left, right)
    warm = (time.process_time() - started) / 5
    print(
        f"coherence: {clear.mean():.1%} of {len(judged)} settled by word vectors, {agree:.2%} of decisions as"
        " MiniLM's (wanted: 97%)"
    )
    print(
        f"  cold {cold / bare:.2f}x the bare encode of the {len(needed)} texts it needs (wanted: 1.15);"
        f" cached {len(judged) / warm:.0f}/s (5,000)"
    )


WORDS = (
    "queue store lease worker plan order agent cache token index route batch ticket ledger cabin deck harbour"
    " crane tide signal".split()
)


def made_up(count: int):
    """Rows of 14 generators: 5% said before, 3% nearly so."""
    rng = random.Random(0)
    categories = ("architecture", "reasoning", "code_review", "tool_use")
    before = None
    for n in range(count):
        text = " ".join(rng.choice(WORDS) + str(rng.randrange(900)) for _ in range(24))
        chance = rng.random()
        if before and chance < 0.08:
            text = before if chance < 0.05 else before + " too"
        before = text
        one = example(
            f"generator_{n % 14}",
            categories[n % 4],
            f"What is said of {text}?",
            f"{text[::-1]} is what the notes of day {n % 7} say of it.",
            {"kind": "document", "ref": f"notes/{n % 997}.md"},
        )
        yield one.generator, n, one.line()


def scale(*counts: str) -> None:
    """Each size is a process of its own, so that its memory is its own."""
    import subprocess

    if len(counts) != 1:
        for count in counts or ("10000", "100000", "1000000"):
            subprocess.run([sys.executable, "-m", "benchmarks.gate", "scale", count], check=True)
        return
    count, around = int(counts[0]), context(Agreeable())
    started, lost = time.process_time(), [0]
    kept: list[int] = []
    pass_shards(
        [made_up(count)],
        around,
        lambda line: kept.append(hash(line)),
        lambda record: lost.__setitem__(0, lost[0] + 1),
    )
    seconds = time.process_time() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:9,} examples {seconds:8.1f} s {1e6 * seconds / count:6.0f} us each {memory:7.0f} MB,"
        f" {len(kept)} kept, {lost[0]} dropped",
        flush=True,
    )
    if count <= 100_000:
        given, again = list(made_up(count)), []
        shards = [given[n * count // 16 : (n + 1) * count // 16] for n in range(16)]
        pass_shards(shards, around, lambda line: again.append(hash(line)), lambda record: None)
        print(
            f"{count:9,} in 16 shards: {'the same are kept' if kept == again else 'OTHERS ARE KEPT'}",
            flush=True,
        )


SAME = {
    "Which": "What",
    "Reply with": "Answer with",
    "only": "and nothing else",
    "How many": "What number of",
    "List": "Name",
    "fails": "breaks",
    "belongs to": "is owned by",
    "calls": "talks to",
    "needs": "depends on",
    "takes": "lasts",
    "services": "parts",
    "service": "part",
}


def planted(text: str, rng: random.Random) -> dict[str, str]:
    """An item's question as somebody might hide it."""
    pieces = [piece for piece in re.split(r"(?<=[.?!])\s+|\n", text) if piece.strip()]
    names = sorted(
        {
            word
            for word in re.findall(r"\b[a-z]+(?:_[a-z]+)*\b", text)
            if len(word) > 5 and text.count(word) > 1
        }
    )
    renamed = (
        re.sub(rf"\b{names[0]}\b", "walrus", text)
        if names
        else re.sub(r"\b([A-Z][a-z]{3,})\b(?!.*\1)", "Walrus", text, count=1)
    )
    rephrased = (
        "Please tell me this. "
        + re.sub(r"\b(?:" + "|".join(SAME) + r")\b", lambda match: SAME[match[0]], text)
        + " Thank you."
    )
    return {
        "verbatim": f"From the notes of Monday: {text}",
        "reordered": " ".join(rng.sample(pieces, len(pieces))),
        "renamed": renamed,
        "rephrased": rephrased,
    }


def leaks(*folders: str) -> None:
    around, rng = context(Embedder(Memory())), random.Random(0)
    found: dict[str, list[bool]] = {}
    for item in block(0):
        leaked = {
            how: example(
                "architecture_docs", item.category, text, "Nobody knows.", {"kind": "document", "ref": "x"}
            )
            for how, text in planted(item.messages[-1]["content"], rng).items()
        }
        verdicts = leakage.judge(list(leaked.values()), around)
        for (how, one), verdict in zip(leaked.items(), verdicts, strict=True):
            words = isinstance(leakage.check(one, around), Drop)
            found.setdefault(how, []).append((words, isinstance(verdict, Drop)))
    for how, hits in found.items():
        words, meaning = numpy.array(hits).T
        print(
            f"{how:10} found {(words | meaning).mean():6.1%} of {len(hits)}: by words {words.mean():.1%}, by"
            f" meaning {meaning.mean():.1%}"
        )
    drawn = [item for n in range(20) for item in dev_items(120, rng=random.Random(n))]
    targeted = [
        from_messages(
            "benchmark_targeted",
            item.category,
            [*item.messages, item.reference],
            {"kind": "template", "ref": item.id, "level": 1},
            tools=item.tools,
            short=True,
        )
        for item in drawn
    ]
    check = partial(leakage.check, context=around)
    print(
        "honest targeted examples lost:"
        f" {sum(isinstance(one, Drop) for one in map(check, targeted))} of {len(targeted)}"
    )
    honest = [one for folder in folders for one in examples(folder) if one.generator not in DEV_ITEMS]
    if honest:
        words = [one for one in map(check, honest) if isinstance(one, Drop)]
        asked = list({question(one): one for one in honest}.values())
        asked = random.Random(0).sample(asked, min(2000, len(asked)))
        meaning = [one for one in leakage.judge(asked, around) if isinstance(one, Drop)]
        print(
            f"honest others lost: by words {len(words)} of {len(honest)}, by meaning {len(meaning)} of"
            f" {len(asked)} questions"
        )
        for drop in (*words, *meaning):
            print(f"  {drop.reason}: {drop.value}")


def variety(folder: str, cap: int = 300) -> None:
    by_generator: dict[str, list] = {}
    for one in examples(folder):
        if not (one.model_extra or {}).get("probe"):
            by_generator.setdefault(one.generator, []).append(one)
    for name, members in by_generator.items():
        if len(members) < 2 * cap:
            continue
        said = [set(grams(hashes(question(one) + " " + one.response()), 3).tolist()) for one in members]
        marks = mark(members, [one.line() for one in members])

        def chosen(places, marks=marks):
            rank, _ = balance.order(marks[places], 40)
            return set(places[rank < cap].tolist())

        def covered(places, said=said):
            return len(set().union(*(said[place] for place in places)))

        everything, rng = numpy.arange(len(members)), numpy.random.default_rng(0)
        kept = chosen(everything)
        chance = numpy.mean([covered(rng.choice(len(members), cap, replace=False)) for _ in range(3)])
        fewer = numpy.sort(rng.choice(len(members), len(members) - 10, replace=False))
        moved = len((kept & set(fewer.tolist())) - chosen(fewer))
        sources = len(set(marks["group"][sorted(kept)].tolist())), len(set(marks["group"].tolist()))
        print(
            f"{name:20} {cap} of {len(members)}: {covered(kept) / chance:.2f}x the runs of three words of a"
            f" chance choice, {sources[0]} of {sources[1]} sources; 10 fewer displace {moved}"
        )


if __name__ == "__main__":
    commands = {"speed": speed, "coherence": meaning, "scale": scale, "leaks": leaks, "balance": variety}
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", nargs="?", choices=commands, default="leaks")
    parser.add_argument("arguments", nargs="*")
    chosen = parser.parse_args()
    commands[chosen.command](*chosen.arguments)
