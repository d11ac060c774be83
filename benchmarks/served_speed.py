"""135 items through the server against vLLM's own batch of the same prompts.

    python -m benchmarks.served_speed --store STORE --system SYSTEM --url http://127.0.0.1:8000/v1 --pid PID
    python -m benchmarks.served_speed --store STORE --system SYSTEM --vllm .venv-vllm/bin/python

The first asks a running vLLM as the benchmark does with `benchmark.through = "server"`; the process id is the
server's. The second calls `LLM.generate` in a process of that Python, with the same steps of an adapter as
`make vllm` has (scripts/vllm_cpu). Both print seconds by the clock and CPU
seconds of each round, of which the last has the prompts in its cache. The version is the system's champion.
Wanted: at most 1.5 times.
"""

import argparse
import inspect
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

from autodidact.benchmark.ask_server_by_tokens import TokenEngine
from autodidact.benchmark.engines import Encoder, Prompt
from autodidact.benchmark.items import block
from autodidact.models.find_base_model import resolve_base
from autodidact.models.openai_client import OpenAIClient
from autodidact.records import Champion
from autodidact.settings import load_settings
from autodidact.store import Store

OFFLINE = """
import json, sys, time
from vllm import LLM, SamplingParams
from vllm.lora.request import LoRARequest

def main():
    with open(sys.argv[1]) as file:
        given = json.load(file)
    options = {"dtype": "bfloat16", "enforce_eager": True, "enable_lora": True, "max_lora_rank": 32}
    model = LLM(given["base"], worker_extension_cls="adapters_on_cpu.Extension", **options)
    lora = LoRARequest("adapter", 1, given["adapter"])

    def run(rows):
        wanted = [
            SamplingParams(temperature=0, max_tokens=row["max_tokens"], skip_special_tokens=False)
            for row in rows
        ]
        prompts = [{"prompt_token_ids": row["tokens"]} for row in rows]
        return model.generate(prompts, wanted, lora_request=lora, use_tqdm=False)

    seconds, cpu = [], []
    for _ in range(given["rounds"]):
        clock, used = time.perf_counter(), cpu_seconds(os.getpid())
        made = run(given["rows"])
        seconds.append(time.perf_counter() - clock)
        cpu.append(cpu_seconds(os.getpid()) - used)
    tokens = sum(len(one.outputs[0].token_ids) for one in made)
    print("RESULT " + json.dumps({"seconds": seconds, "cpu": cpu, "tokens": tokens}))

if __name__ == "__main__":
    main()
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


def through_the_server(options, prompts: list[Prompt], tokenizer, name: str) -> dict:
    """Seconds, CPU seconds and tokens of each round of the prompts."""
    client = OpenAIClient(options.url, what="vLLM", timeout=600)
    seconds, cpu = [], []
    for _ in range(options.rounds):
        engine = TokenEngine(client, name, tokenizer, 16)
        clock, used = time.perf_counter(), cpu_seconds(options.pid)
        answers = engine.answer(prompts)
        seconds.append(time.perf_counter() - clock)
        cpu.append(cpu_seconds(options.pid) - used)
    return {"seconds": seconds, "cpu": cpu, "tokens": sum(answer.tokens for answer in answers)}


def own_batch(options, prompts: list[Prompt], tokenizer, base: Path, adapter: Path) -> dict:
    """The same of vLLM's own batch."""
    encode = Encoder(tokenizer)
    rows = [{"tokens": encode(prompt), "max_tokens": prompt.max_tokens} for prompt in prompts]
    given = {"base": str(base), "adapter": str(adapter), "rows": rows, "rounds": options.rounds}
    more = {"VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_CPU_OMP_THREADS_BIND": "nobind", "HF_HUB_OFFLINE": "1"}
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1] / "scripts" / "vllm_cpu")}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "given.json").write_text(json.dumps(given))
        # A file: vLLM's worker starts the main module again.
        script = Path(folder) / "own_batch.py"
        script.write_text("import os\nfrom pathlib import Path\n" + inspect.getsource(cpu_seconds) + OFFLINE)
        out = subprocess.run(
            [options.vllm, str(script), "given.json"],
            env=environment | more | {"VLLM_NO_USAGE_STATS": "1"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            cwd=folder,
        ).stdout
    found: dict = json.loads(out.split("RESULT ", 1)[1].splitlines()[0])
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--store", required=True)
    arguments.add_argument("--system", required=True)
    arguments.add_argument("--url")
    arguments.add_argument("--pid", type=int)
    arguments.add_argument("--vllm")
    arguments.add_argument("--base", default="sprout")
    arguments.add_argument("--level", type=int, default=1)
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()
    store = Store(options.store)
    given = {"base_model": options.base, "store": options.store}
    base = resolve_base(load_settings(overrides=given, environ={}))
    champion = Champion.model_validate(store.read_json(f"{options.system}/champion.json"))
    if champion.adapter is None:
        raise SystemExit("The champion is the base: run a cycle first.")
    items = block(0, level=options.level)
    prompts = [Prompt(item.id, item.messages, item.tools, item.max_tokens) for item in items]
    if options.url:
        name = f"autodidact-{champion.adapter.sha256[:12]}"
        found = through_the_server(options, prompts, base.tokenizer(), name)
    else:
        adapter = store.local(champion.adapter.path)
        found = own_batch(options, prompts, base.tokenizer(), base.path, adapter)
    by_the_clock, cpu = ([round(value, 1) for value in found[key]] for key in ("seconds", "cpu"))
    print(f"{by_the_clock} s, {cpu} CPU s, {found['tokens']} tokens")


if __name__ == "__main__":
    main()
