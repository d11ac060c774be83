"""Is what is measured what is served? A version's items measured through a real vLLM, asked again as clients
ask it, and answered by the engine of this package.

    python -m benchmarks.served --url http://127.0.0.1:8000/v1 --store STORE --system SYSTEM
                                [--blocks 0 1 2 3] [--engines nf4 none] [--out FOLDER]
                                [--vllm .venv-vllm/bin/python --pid OF_THE_SERVER]

The version is the system's champion, loaded into vLLM under its immutable name if it is not there.
`measured`: `benchmark.through = "server"`, token ids to /completions, many at a time. `again`: the same once
more, with nothing kept. `served`: chat completions with messages and tools, which vLLM renders and parses
itself, 16 at a time. `engine`: this package's own, in the precisions that are named. Printed of each: the
share of answers equal to the measured ones, and the scores.

With --vllm, 135 items are timed against vLLM's own batch of the same prompts (`LLM.generate` in a process of
that Python, which needs memory for a second vLLM): seconds by the clock, and CPU seconds.
"""

import argparse
import inspect
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

from autodidact.benchmark.engines import Encoder, Prompt
from autodidact.benchmark.items import block
from autodidact.benchmark.runner import measure
from autodidact.benchmark.through import agreement, in_words
from autodidact.benchmark.token_engine import TokenEngine
from autodidact.models.bases import resolve_base
from autodidact.models.chat_template import parse_answer
from autodidact.models.openai_client import OpenAIClient
from autodidact.promotion.trial import Trial
from autodidact.records import Champion, response_text
from autodidact.settings import load_settings
from autodidact.store import Store

OFFLINE = """
import json, os, sys, time
from pathlib import Path
from vllm import LLM, SamplingParams
from vllm.lora.request import LoRARequest
given = json.load(open(sys.argv[1]))
model = LLM(given["base"], dtype="bfloat16", enforce_eager=True, enable_lora=True, max_lora_rank=32,
            disable_log_stats=True)
lora = LoRARequest("adapter", 1, given["adapter"])
def run(rows):
    return model.generate([{"prompt_token_ids": r["tokens"]} for r in rows],
        [SamplingParams(temperature=0, max_tokens=r["max_tokens"], skip_special_tokens=False) for r in rows],
        lora_request=lora, use_tqdm=False)
run(given["rows"][:2])
seconds, cpu = [], []
for _ in range(given["rounds"]):
    clock, used = time.perf_counter(), cpu_seconds(os.getpid())
    made = run(given["rows"])
    seconds.append(time.perf_counter() - clock)
    cpu.append(cpu_seconds(os.getpid()) - used)
tokens = sum(len(m.outputs[0].token_ids) for m in made)
print("RESULT " + json.dumps({"seconds": seconds, "cpu": cpu, "tokens": tokens}))
"""


def cpu_seconds(pid: int) -> float:
    """CPU seconds of a process and of all that it started and that still run. Linux."""
    rows = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        rows[int(folder.name)] = (int(fields[1]), int(fields[11]) + int(fields[12]))
    family, more = {pid}, {pid}
    while more:
        more = {child for child, (parent, _) in rows.items() if parent in more} - family
        family |= more
    return sum(rows[each][1] for each in family if each in rows) / os.sysconf("SC_CLK_TCK")


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


def timed(options, base, champion: Champion, adapter: Path, through) -> None:
    """135 items through the server against vLLM's own batch of the same prompts, in turns."""
    items = block(0, level=options.level)
    prompts = [Prompt(item.id, item.messages, item.tools, item.max_tokens) for item in items]
    tokenizer = base.tokenizer()
    client = OpenAIClient(options.url, what="vLLM", timeout=600)
    seconds, cpu = [], []
    for _ in range(options.rounds):
        engine = TokenEngine(client, through.name, tokenizer, 16)
        clock, used = time.perf_counter(), cpu_seconds(options.pid)
        answers = engine.answer(prompts)
        seconds.append(time.perf_counter() - clock)
        cpu.append(cpu_seconds(options.pid) - used)
    tokens = sum(answer.tokens for answer in answers)
    show("through the server", {"seconds": seconds, "cpu": cpu, "tokens": tokens})
    encode = Encoder(tokenizer)
    rows = [{"tokens": encode(prompt), "max_tokens": prompt.max_tokens} for prompt in prompts]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "given.json"
        given = {"base": str(base.path), "adapter": str(adapter), "rows": rows, "rounds": options.rounds}
        file.write_text(json.dumps(given))
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        more = {"VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_CPU_OMP_THREADS_BIND": "nobind", "HF_HUB_OFFLINE": "1"}
        out = subprocess.run(
            [
                options.vllm,
                "-c",
                "import os\nfrom pathlib import Path\n" + inspect.getsource(cpu_seconds) + OFFLINE,
                str(file),
            ],
            env=environment | more | {"VLLM_NO_USAGE_STATS": "1"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            cwd=folder,
        ).stdout
    found = json.loads(out.split("RESULT ", 1)[1].splitlines()[0])
    show("vLLM's own batch", found)
    by_the_clock, by_cpu = min(seconds) / min(found["seconds"]), min(cpu) / min(found["cpu"])
    print(f"ratio {by_the_clock:.2f} by the clock, {by_cpu:.2f} in CPU seconds")


def show(name: str, found: dict) -> None:
    """One line of `timed`."""
    by_the_clock, cpu = ([round(value, 1) for value in found[key]] for key in ("seconds", "cpu"))
    print(f"{name}: {by_the_clock} s, {cpu} CPU s, {found['tokens']} tokens", flush=True)


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
    arguments.add_argument("--vllm")
    arguments.add_argument("--pid", type=int, default=0, help="of the server, for its CPU seconds")
    arguments.add_argument("--rounds", type=int, default=2)
    options = arguments.parse_args()
    chosen = {
        "base_model": options.base,
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
    if options.vllm:
        timed(options, base, champion, adapter, through)

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

    if not options.blocks:
        return
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
