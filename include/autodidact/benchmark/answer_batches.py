"""Answers of a model, asked in fixed batches, each of which is asked once and kept.

The batches are fixed by the prompts alone: sorted by room for the answer and by length, then cut. Whoever
asks for an answer gets it out of its whole batch, which is computed once and written down; so a run that was
killed redoes at most the batch it was in, and padding, which moves a logit in its last digits,
is the same in every run. A batch is known by its prompts and the decoding: whoever asks a model the same
again, with another judge or other scorers, gets the answers that are there.
"""

import json
import os
import threading
import uuid
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autodidact.benchmark.engines import Answer, Engine, Prompt
from autodidact.records import canonical, sha256


def plan(prompts: list[Prompt], length: Callable[[Prompt], int], size: int) -> list[list[Prompt]]:
    """The prompts in batches of at most `size`. Those with the same room for their answer stand together,
    because a batch takes as long as its longest answer; among them those of the same length, because
    padding is work too.
    """
    lengths = [length(prompt) for prompt in prompts]
    order = sorted(range(len(prompts)), key=lambda place: (prompts[place].max_tokens, lengths[place], place))
    return [[prompts[place] for place in order[start : start + size]] for start in range(0, len(order), size)]


class Batches:
    """Answers by prompt id. Each batch is computed once and kept in `folder`, under a name made of its
    prompts and `decoding`.

    `on_batch(done, batches, new, file)` is called when a batch is there; `new` tells whether it had to be
    computed.
    """

    def __init__(
        self,
        prompts: list[Prompt],
        engine: Engine,
        size: int,
        folder: Path,
        on_batch: Callable[..., None] = lambda *_: None,
        decoding: str = "",
    ):
        self._batches, self._folder = plan(prompts, engine.length, size), Path(folder)
        self._engine = engine
        self._on_batch, self._decoding = on_batch, decoding
        self._number = {prompt.id: number for number, batch in enumerate(self._batches) for prompt in batch}
        self._answers: dict[str, Answer] = {}
        self._done, self._counting = 0, threading.Lock()
        # Made in the event loop that asks: as many batches at a time as the engine takes, each one once.
        self._room: Any = None
        self._locks: dict[int, Any] = {}

    async def answer(self, prompt_id: str) -> Answer:
        """The answer to a prompt, computed with its batch if need be: in a thread, as many batches at a time
        as the engine takes.
        """
        import anyio

        number = self._number[prompt_id]
        self._room = self._room or anyio.CapacityLimiter(self._engine.side_by_side)
        async with self._locks.setdefault(number, anyio.Lock()):
            if prompt_id not in self._answers:
                self._answers |= await anyio.to_thread.run_sync(self._batch, number, limiter=self._room)
        return self._answers[prompt_id]

    def _batch(self, number: int) -> dict[str, Answer]:
        batch = self._batches[number]
        digest = sha256(canonical([self._decoding, *(asdict(prompt) for prompt in batch)]))
        file = self._folder / f"{digest[:32]}.json"
        kept = _read(file, digest)
        answers = kept or self._engine.answer(batch)
        if not kept:
            _write(
                file,
                {
                    "prompts": digest,
                    "ids": [prompt.id for prompt in batch],
                    "answers": [asdict(answer) for answer in answers],
                },
            )
        with self._counting:
            self._done += 1
            self._on_batch(self._done, len(self._batches), not kept, file)
        return {prompt.id: answer for prompt, answer in zip(batch, answers, strict=True)}


def _read(file: Path, digest: str) -> list[Answer] | None:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return [Answer(**answer) for answer in kept["answers"]] if kept["prompts"] == digest else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(file: Path, value: Any) -> None:
    """Atomic: the file is there whole or not at all, whenever this process is killed."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # Not the process's number: on a shared disk two containers have the same.
    temporary = file.with_name(f".writing-{uuid.uuid4().hex}-{file.name}")
    with temporary.open("w", encoding="utf-8") as sink:
        json.dump(value, sink, ensure_ascii=False)
        sink.flush()
        os.fsync(sink.fileno())
    os.replace(temporary, file)
