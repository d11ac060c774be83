"""How a training run survives `kill -9`: one run killed at many random moments, against one that was left
alone. CPU, same threads.

    python -m benchmarks.survival gated/kept.jsonl [--kills 20] [--steps 24] [--base sprout]

Of four kills one comes while the process starts (libraries, model, rows), one while it saves a checkpoint,
two at any moment between updates. A run that ends in spite of them is begun anew, so that every kill hits.
Prints where each kill hit and whether every adapter is byte for byte that of the undisturbed run; exit status
1 if one is not.

Measured with --steps 16 on two cores that others used: 20 kills (7 while saving), 2 of 2 runs end in the
undisturbed adapter.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from autodidact.digests import folder_digest
from autodidact.models import child_process
from autodidact.settings import load_settings
from autodidact.training import specification


class Worker:
    """One start of the process that trains; its events are read as they come."""

    def __init__(self, spec: dict, folder: Path):
        environment = os.environ | {
            "OMP_NUM_THREADS": str(spec["threads"]),
            "TOKENIZERS_PARALLELISM": "false",
        }
        self.process = subprocess.Popen(
            child_process.command("autodidact.training.worker", folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            text=True,
        )
        self.process.stdin.write(json.dumps(spec) + "\n")
        self.process.stdin.flush()
        self.step, self.updating = 0, threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout:
            message = json.loads(line)
            if message.get("event", {}).get("event") == "step":
                self.step = message["event"]["step"]
                self.updating.set()
            if "result" in message:
                self.process.stdin.close()  # there is no more work: it ends
        self.updating.set()

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


def strike(
    worker: Worker, kind: str, folder: Path, chance: random.Random, startup: float, update: float
) -> str:
    """Kills the worker at a random moment of this kind and says where it hit; "ended" when it was faster."""
    if kind == "starting":
        time.sleep(chance.uniform(0.1, startup))
        where = "while it started" if not worker.updating.is_set() else f"after update {worker.step}"
    else:
        worker.updating.wait()
        if kind == "saving":
            while worker.process.poll() is None and not [
                p for p in folder.glob("checkpoint-*") if not (p / "complete.json").exists()
            ]:
                time.sleep(0.0005)
            time.sleep(chance.uniform(0, 0.05))
        else:
            time.sleep(chance.uniform(0, 8 * update))
        half = [p.name for p in folder.glob("checkpoint-*") if not (p / "complete.json").exists()]
        where = f"while it saved {half[0]}" if half else f"after update {worker.step}"
    if worker.process.poll() is not None:
        return "ended"
    worker.kill()
    return where


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("kept", type=Path)
    arguments.add_argument("--kills", type=int, default=20)
    arguments.add_argument("--steps", type=int, default=24)
    arguments.add_argument("--base", default="sprout")
    asked = arguments.parse_args()
    training = {
        "max_steps": asked.steps,
        "threads": 1,
        "save_steps": 4,
        "max_length": 256,
        "dropout": 0.05,
        "batch_size": 2,
        "accumulation": 2,
    }
    settings = load_settings(
        overrides={"base_model": asked.base} | {f"training.{key}": value for key, value in training.items()}
    )
    chance, hits, digests = random.Random(0), [], []
    with tempfile.TemporaryDirectory() as root:
        alone = Path(root) / "alone"
        alone.mkdir()
        started = time.monotonic()
        worker = Worker(specification(asked.kept, alone, settings, seed=7), alone)
        worker.updating.wait()
        startup, first = time.monotonic() - started, time.monotonic()
        worker.process.wait()
        update = (time.monotonic() - first) / asked.steps
        expected = folder_digest(alone / "adapter")
        print(
            f"undisturbed: {asked.steps} updates, {update:.2f} s each, after {startup:.1f} s of starting;"
            f" adapter {expected[:12]}",
            flush=True,
        )
        run = 0
        while len(hits) < asked.kills or not digests:
            run += 1
            out = Path(root) / f"run-{run}"
            out.mkdir()
            while True:
                worker = Worker(specification(asked.kept, out, settings, seed=7), out)
                kind = ("starting", "saving", "updating", "updating")[len(hits) % 4]
                hit = (
                    "ended"
                    if len(hits) >= asked.kills
                    else strike(worker, kind, out / "checkpoints", chance, startup, update)
                )
                if hit == "ended":
                    worker.process.wait()
                    digests.append(folder_digest(out / "adapter"))
                    print(f"run {run} ended: adapter {digests[-1][:12]}", flush=True)
                    break
                hits.append(hit)
                print(f"kill {len(hits):>2}: {hit}", flush=True)
    same = sum(digest == expected for digest in digests)
    print(
        f"{len(hits)} kills ({sum('saved' in hit for hit in hits)} while saving): {same} of {len(digests)}"
        " runs end in the undisturbed adapter"
    )
    return 0 if same == len(digests) else 1


if __name__ == "__main__":
    sys.exit(main())
