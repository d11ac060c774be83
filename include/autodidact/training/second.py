"""A second process that takes a share of each update's rows: `python -m autodidact.training.second`, started
by the one that trains.

Two threads train a model of a few megabytes no faster than one (models.TINY); two processes do, since they
meet once an update. Both hold the model; the adapter's weights and the second one's gradients lie in memory
that they share. The rows of an update are cut in the same two shares whether one process computes them or
two, and their gradients are added in the same order: the adapter is the same, byte for byte.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

FREE = (
    2 * 2**30
)  # bytes of memory that must be free for it: libraries and model take 0.6 GB (measured, sprout)
# Updates from which it may start: it costs about 8 s of a core to load, and an update of sprout's is shorter
# by 0.1 s then (two cores)
PAYS = 50
# Bytes of an adapter's weight.
FLOAT = 4


def shares_of(recipe: Any, threads: int, asked: int | None) -> int:
    """In how many shares an update's rows are computed: 2 where a second process may help, else 1.

    Not with dropout, whose random numbers are one process's; not where a number of threads was asked for.
    """
    from autodidact.models.bases import cores

    helps = threads == 1 and asked is None and cores() > 1
    return 2 if helps and not recipe.dropout and recipe.accumulation == 1 and recipe.batch_size > 1 else 1


def start(spec: dict[str, Any]) -> "Second | None":
    """The second process for `spec`, if there are to be two shares, updates enough, and a core and the memory
    for it.
    """
    from autodidact.models.bases import cores
    from autodidact.training.memory import free_memory

    few = spec["recipe"]["max_steps"] is not None and spec["recipe"]["max_steps"] < PAYS
    return (
        Second(spec) if spec["shares"] > 1 and not few and cores() > 1 and free_memory("cpu") > FREE else None
    )


def shares(update: list[int], lengths: list[int]) -> tuple[list[int], list[int]]:
    """The rows of an update in two parts of as many tokens as can be had row by row, the longest first; of a
    single row the second is empty.
    """
    parts: tuple[list[int], list[int]] = ([], [])
    for row in sorted(update, key=lambda row: (-lengths[row], row)):
        min(parts, key=lambda part: sum(lengths[index] for index in part)).append(row)
    return parts


def trainable(model: Any) -> list[tuple[str, Any]]:
    """The adapter's parameters by name, in one order."""
    return sorted(
        (name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad
    )


def views(parameters: list[tuple[str, Any]], memory: Any) -> list[Any]:
    """A part of `memory` for each parameter, in its shape."""
    found, start = [], 0
    for _, parameter in parameters:
        found.append(memory[start : start + parameter.numel()].view_as(parameter))
        start += parameter.numel()
    return found


class Second:
    """The second process, seen from the first. One that breaks is done without: `take` then says so, and no
    update is lost.
    """

    def __init__(self, spec: dict[str, Any]):
        """Starts it: libraries and rows are loaded while this process loads its own."""
        self._folder, self._gradients = Path(spec["out"]) / "checkpoints", []
        file = self._folder / "second.json"
        file.write_text(json.dumps(spec | {"parent": os.getpid()}), encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autodidact.training.second", str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def load(self, quantization: str) -> None:
        """Has it load the model in this precision."""
        self._send({"quantization": quantization})

    def attach(self, model: Any) -> bool:
        """Moves the adapter of `model` into the shared memory and waits until the other has it too. False
        when it broke.
        """
        import torch

        parameters = trainable(model)
        size = sum(parameter.numel() for _, parameter in parameters)
        file = self._folder / "shared"
        with file.open("wb") as made:
            made.truncate(2 * size * FLOAT)
        memory = torch.from_file(str(file), shared=True, size=2 * size, dtype=torch.float32)
        for (_, parameter), view in zip(parameters, views(parameters, memory[:size]), strict=True):
            parameter.data = view.copy_(parameter.data)
        self._parameters, self._gradients = (
            [parameter for _, parameter in parameters],
            views(parameters, memory[size:]),
        )
        self._send({"file": str(file), "names": [name for name, _ in parameters]})
        ready = self._hear() is not None
        file.unlink()
        return ready

    def give(self, rows: list[int], trained: int) -> None:
        """Has it compute the gradients of these rows; `trained` is the number of labels of the whole
        update."""
        self._send({"rows": rows, "trained": trained})

    def take(self) -> float | None:
        """Adds its gradients to this process's and returns its part of the loss; None when it broke, and
        nothing is added.
        """
        told = self._hear()
        if told is None:
            return None
        for parameter, gradient in zip(self._parameters, self._gradients, strict=True):
            parameter.grad.add_(gradient)
        return told["loss"]

    @property
    def works(self) -> bool:
        """Whether it is there and shares this process's adapter."""
        return bool(self._gradients) and self._process.poll() is None

    def close(self) -> None:
        """Ends it; it has nothing to save."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                stream.close()

    def _send(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()

    def _hear(self) -> dict[str, Any] | None:
        try:
            return json.loads(self._process.stdout.readline())
        except (OSError, ValueError):
            self.close()
            return None


def main(path: str) -> None:
    """Computes what it is told on standard input, a line of JSON each, until that ends."""
    spec = json.loads(Path(path).read_text(encoding="utf-8"))
    for number in (
        signal.SIGINT,
        signal.SIGTERM,
    ):  # a whole group may be asked to stop; the first process then still ends its update
        signal.signal(number, signal.SIG_IGN)
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: dies with its parent
    if os.getppid() != spec["parent"]:
        return
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # what libraries print is no answer

    import torch

    from autodidact.models.four_bits import import_bitsandbytes
    from autodidact.training import qlora, trainer
    from autodidact.training.loss import answer_loss

    torch.set_num_threads(spec["threads"])
    import_bitsandbytes()
    run = qlora.prepare(spec)
    run.recipe = replace(run.recipe, quantization=json.loads(sys.stdin.readline())["quantization"])
    model, collate = trainer.adapted(run)
    parameters = trainable(model)
    told = json.loads(sys.stdin.readline())
    if told["names"] != [name for name, _ in parameters]:
        raise SystemExit("the two processes have different adapters")
    size = sum(parameter.numel() for _, parameter in parameters)
    memory = torch.from_file(told["file"], shared=True, size=2 * size, dtype=torch.float32)
    gradients = views(parameters, memory[size:])
    for (_, parameter), view in zip(parameters, views(parameters, memory[:size]), strict=True):
        parameter.data = view
    print(json.dumps({"ready": len(parameters)}), file=answers)
    model.train()
    for line in sys.stdin:
        told = json.loads(line)
        memory[size:].zero_()
        for (_, parameter), gradient in zip(parameters, gradients, strict=True):
            parameter.grad = gradient
        loss = answer_loss(model, collate([run.rows.rows[index] for index in told["rows"]]), told["trained"])
        loss.backward()
        print(json.dumps({"loss": loss.item()}), file=answers)


if __name__ == "__main__":
    main(sys.argv[1])
    os._exit(0)
