"""What the ledger adds to the time of asking: its questions through the engine, against a bare batched
`generate` of the same model, the same prompts and the same batches.

    python -m benchmarks.ask_speed REPOSITORY [--adapter DIR] [--questions 5000] [--batch 16]

The questions are about the facts of the repository at its newest commit, and about their use. Both sides
run in processes of their own, one after the other; loading the model is timed apart. The engine keeps each
batch in a store, as after a cycle. Prints seconds, questions a second, and the processor time of the whole
process (loading included), which other work on the machine disturbs less. Wanted: at least 80% of the bare
speed.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from autodidact.benchmark.answer_batches import plan
from autodidact.benchmark.engines import Encoder, Prompt
from autodidact.benchmark.knowledge_probe import MAX_TOKENS
from autodidact.generators.facts_at_time import facts_at
from autodidact.knowledge.fact import Fact
from autodidact.ledger.kept_answers import WORKER, Answers, Model, model_of
from autodidact.models.child_process import Child
from autodidact.models.find_base_model import check_adapter
from autodidact.models.loading import cpu_threads, load_model
from autodidact.records import Adapter
from autodidact.settings import Settings, load_settings
from autodidact.store import Store


def questions(settings: Settings, number: int) -> list[Prompt]:
    """So many questions: about all facts, then about their use."""
    made = facts_at(settings, datetime.now(timezone.utc))
    facts = [Fact.model_validate(row) for row in made["facts"]]
    asked = {fact.id: fact.reserved for fact in facts}
    asked |= {fact.use.id: fact.use.reserved for fact in facts if fact.use}
    rows = list(asked.items())[:number]
    return [Prompt(key, [{"role": "user", "content": text}], [], MAX_TOKENS) for key, text in rows]


def bare(settings: Settings, model: Model, prompts: list[Prompt], adapter: Path | None) -> dict[str, float]:
    """Seconds of loading, and of `generate` over all batches."""
    import torch

    begin = time.perf_counter()
    torch.set_num_threads(cpu_threads(model.base, settings.training.threads))
    loaded, tokenizer = load_model(model.base, adapter, model.quantization)
    encode = Encoder(tokenizer)
    batches = plan(prompts, lambda prompt: len(encode(prompt)), settings.benchmark.batch)
    ready, tokens = time.perf_counter(), 0
    for batch in batches:
        rows = [encode(prompt) for prompt in batch]
        width = max(map(len, rows))
        pad = tokenizer.pad_token_id
        ids = torch.tensor([[pad] * (width - len(row)) + row for row in rows])
        mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows])
        with torch.inference_mode():
            made = loaded.generate(
                input_ids=ids,
                attention_mask=mask,
                max_new_tokens=MAX_TOKENS,
                do_sample=False,
                eos_token_id=tokenizer.eos_token_id,
                pad_token_id=pad,
            )
        tokens += int((made[:, width:] != pad).sum())
    return {
        "load": ready - begin,
        "seconds": time.perf_counter() - ready,
        "tokens": tokens,
        "processors": time.process_time(),
    }


def engine(settings: Settings, model: Model, prompts: list[Prompt], adapter: Path | None) -> dict[str, float]:
    """Seconds until the process that answers has loaded the model (and answered one question), and of all."""
    used = _children()
    with tempfile.TemporaryDirectory() as folder, Child(WORKER) as worker:
        if adapter:
            shutil.copytree(adapter, Path(folder) / "adapter")
        answers = Answers(Store(folder), "speed", settings, model)
        begin = time.perf_counter()
        answers.ask([Prompt("first", [{"role": "user", "content": "Are you there?"}], [], 1)], worker=worker)
        ready = time.perf_counter()
        found = answers.ask(prompts, worker=worker)
        seconds = time.perf_counter() - ready
    missing = sum(answer is None for answer in found.values())
    if missing:
        raise SystemExit(f"{missing} questions were not answered")
    return {"load": ready - begin, "seconds": seconds, "processors": _children() - used}


def _children() -> float:
    """Processor seconds of the children that ended."""
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


def _settings(options: argparse.Namespace) -> Settings:
    given: dict[str, Any] = {
        "sources.repository": str(options.repository.resolve()),
        "benchmark.batch": options.batch,
    }
    return load_settings("laptop", given, cwd=Path(tempfile.gettempdir()), environ={})


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository", type=Path)
    parser.add_argument("--adapter", type=Path)
    parser.add_argument("--questions", type=int, default=5000)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--bare", type=Path, help=argparse.SUPPRESS)  # the prompts, in a process of its own
    options = parser.parse_args()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    settings = _settings(options)
    adapter = options.adapter.resolve() if options.adapter else None
    model = model_of(settings, Adapter(path="adapter", sha256=check_adapter(adapter)) if adapter else None)
    if options.bare:
        prompts = [Prompt(**row) for row in json.loads(options.bare.read_text(encoding="utf-8"))]
        print(json.dumps(bare(settings, model, prompts, adapter)))
        return
    prompts = questions(settings, options.questions)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump([vars(prompt) for prompt in prompts], file)
        file.flush()
        command = [sys.executable, "-m", "benchmarks.ask_speed", *sys.argv[1:], "--bare", file.name]
        plain = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    through = engine(settings, model, prompts, adapter)
    print(f"{len(prompts)} questions, batches of {options.batch}")
    for name, found in (("bare generate", plain), ("through the engine", through)):
        print(
            f"{name:<20}{found['seconds']:>8.1f} s{len(prompts) / found['seconds']:>8.1f} a second;"
            f" {found['load']:.1f} s to load, {found['processors']:.1f} s of processors in all"
        )
    clock, processors = (plain[name] / through[name] for name in ("seconds", "processors"))
    print(f"through the engine at {clock:.0%} of the bare speed, by processor time {processors:.0%}")


if __name__ == "__main__":
    main()
