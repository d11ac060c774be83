"""Is what is measured what is served? A version's items measured through a real vLLM, asked again as clients
ask it, and answered by the engine of this package.

    python -m benchmarks.served --url http://127.0.0.1:8000/v1 --store STORE --system SYSTEM
                                [--blocks 0 1 2 3] [--engines nf4 none] [--out FOLDER]

The version is the system's champion, loaded into vLLM under its immutable name if it is not there.
`measured`: `benchmark.through = "server"`, token ids to /completions, many at a time. `again`: the same once
more, with nothing kept. `served`: chat completions with messages and tools, which vLLM renders and parses
itself, 16 at a time. `engine`: this package's own, in the precisions that are named. Printed of each: the
share of answers equal to the measured ones, and the scores. Measured with sprout: docs/serving.md.
"""

import argparse
import tempfile
import time
from pathlib import Path

from autodidact.benchmark.measure_model import measure
from autodidact.benchmark.server_repeatability import agreement, in_words
from autodidact.models.chat_template import parse_answer
from autodidact.models.find_base_model import resolve_base
from autodidact.promotion.trial_on_server import Trial
from autodidact.records import Champion, response_text
from autodidact.settings import load_settings
from autodidact.store import Store


def plain(text: str) -> str:
    """An answer without what only one way of asking shows of it."""
    return response_text(parse_answer(text))


def compare(name: str, measured, other, raw: bool = True) -> None:
    """A line: how many answers of `other` are the measured ones, and both scores."""
    second = [
        item.model_copy(update={"answer": plain(item.answer) if raw else item.answer}) for item in other.items
    ]
    first = [item.model_copy(update={"answer": plain(item.answer)}) for item in measured.items]
    found = agreement(first, second)
    scores = " -> ".join(f"{score:.4f}" for score in found["scores"])
    equal = round(found["equal"] * found["n"])
    print(
        f"{name:<16}{equal} of {found['n']} answers as measured ({found['equal']:.1%}); scores {scores},"
        f" difference {found['difference']:+.4f}",
        flush=True,
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--url", required=True)
    arguments.add_argument("--store", required=True)
    arguments.add_argument("--system", required=True)
    arguments.add_argument("--base", default="sprout")
    arguments.add_argument("--level", type=int, default=1)
    arguments.add_argument("--blocks", type=int, nargs="*", default=[0, 1, 2, 3])
    arguments.add_argument("--engines", nargs="*", default=["nf4", "none"])
    arguments.add_argument("--out")
    options = arguments.parse_args()
    chosen = {
        "base_model": options.base,
        "store": options.store,
        "benchmark.level": options.level,
        "benchmark.through": "server",
        "deploy.kind": "vllm",
        "deploy.url": options.url,
        "deploy.tolerance": None,
        "deploy.latency": 600,
    }
    settings, store = load_settings(overrides=chosen, environ={}), Store(options.store)
    base = resolve_base(settings)
    champion = Champion.model_validate(store.read_json(f"{options.system}/champion.json"))
    nothing = champion.model_copy(update={"version": f"base-{base.sha256[:12]}", "adapter": None})
    through = Trial(settings, store, options.system, "none", [champion, nothing]).bring(champion)
    if champion.adapter is None:
        raise SystemExit("The champion is the base: run a cycle first.")
    adapter, digest = store.local(champion.adapter.path), champion.adapter.sha256
    print(through.shown(), flush=True)

    def run(folder: str, chosen=settings, quantization=champion.quantization, **also):
        out = Path(options.out or tempfile.mkdtemp()) / folder
        clock = time.perf_counter()
        report = measure(
            Store(out),
            options.system,
            chosen,
            base,
            adapter,
            adapter_sha256=digest,
            quantization=quantization,
            blocks=options.blocks,
            week="2026-W48",
            **also,
        )
        print(f"  ({folder}: {time.perf_counter() - clock:.0f} s)", flush=True)
        return report

    measured = run("measured", through=through)
    print(f"A/A: {in_words(measured.aa)}")
    compare("again", measured, run("again", through=through))
    by_chat = {"benchmark.engine_url": options.url, "benchmark.through": "engine"}
    compare(
        "served", measured, run("served", load_settings(overrides=chosen | by_chat, environ={})), raw=False
    )
    for quantization in options.engines:
        here = load_settings(overrides=chosen | {"benchmark.through": "engine"}, environ={})
        compare(f"engine, {quantization}", measured, run(f"engine-{quantization}", here, quantization))


if __name__ == "__main__":
    main()
