"""Tokens from one loaded model: a thread that decodes many requests side by side.

Requests that wait together are prefilled together and make a batch; batches take turns, a token each, so that
a short request does not wait for a long one. The model is the one that was benchmarked: the unmerged adapter
on the base, in the precision of the training.
"""

import asyncio
import queue
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from autodidact.models.logprob_identity import token_logprobs
from autodidact.serving.protocol import Sampling, Wrong

# Temperature below which the likeliest token is taken: logits divided by less than that are no numbers any
# more.
COLDEST = 1e-3


@dataclass
class Token:
    id: int
    logprob: float | None = None
    top: list[tuple[int, float]] = field(default_factory=list)


@dataclass(eq=False)
class Job:
    tokens: list[int]
    sampling: Sampling
    room: int  # tokens that the answer may have
    deadline: float
    send: Any  # (item) -> None, from the engine's thread: a Token, a finish reason, or an error
    score: bool = False  # only the log-probabilities of the prompt
    gone: bool = False  # nobody listens any more
    made: int = 0
    generator: Any = None


class Engine:
    """`rows` requests at a time, `waiting` more in line; one more is refused with status 429."""

    def __init__(
        self, model: Any, tokenizer: Any, *, rows: int = 16, waiting: int = 64, seconds: float = 120
    ):
        self.tokenizer, self.context = tokenizer, getattr(model.config, "max_position_embeddings", 4096)
        stops = model.generation_config.eos_token_id
        stops = [stops] if isinstance(stops, int) else list(stops or ())
        self._stops = {*stops, tokenizer.eos_token_id}
        self._model, self._rows, self._seconds = model, rows, seconds
        self._line: queue.Queue[Job | None] = queue.Queue(waiting)
        self._thread = threading.Thread(target=self._work, daemon=True, name="engine")
        self._thread.start()

    def close(self) -> None:
        """Ends the thread and lets the model go. Only when no request is left."""
        self._line.put(None)
        self._thread.join()
        self._model = None

    async def score(self, tokens: list[int]) -> list[float | None]:
        """The log-probability of each token after those before it; None for the first."""
        async for item in self._submit(tokens, Sampling(0), 0, score=True):
            return item
        raise Wrong("the model gave no answer", status=500, kind="server_error")

    async def stream(self, tokens: list[int], sampling: Sampling) -> AsyncGenerator[Token | str]:
        """Tokens, and at last why they end: `stop` or `length` (room or time is used up). Raises Wrong."""
        room = self.context - len(tokens)
        if room < max(1, sampling.max_tokens or 1):
            answer = f" and {sampling.max_tokens} of the answer" if sampling.max_tokens else ""
            raise Wrong(
                f"the context has {self.context} tokens; the prompt has {len(tokens)}{answer}",
                param="messages",
            )
        async for item in self._submit(tokens, sampling, min(room, sampling.max_tokens or room)):
            yield item

    async def _submit(
        self, tokens: list[int], sampling: Sampling, room: int, score: bool = False
    ) -> AsyncIterator[Any]:
        loop = asyncio.get_running_loop()
        inbox: asyncio.Queue[Any] = asyncio.Queue()

        def send(item: Any) -> None:
            try:
                loop.call_soon_threadsafe(inbox.put_nowait, item)
            except RuntimeError:
                job.gone = True  # the server has stopped

        job = Job(tokens, sampling, room, time.monotonic() + self._seconds, send, score)
        try:
            self._line.put_nowait(job)
        except queue.Full:
            raise Wrong("too many requests wait", status=429, kind="rate_limit_error") from None
        try:
            while True:
                item = await inbox.get()
                if isinstance(item, Exception):
                    raise item
                yield item
                if not isinstance(item, Token):
                    return
        finally:
            job.gone = True

    def _work(self) -> None:
        batches: list[_Batch] = []
        while True:
            jobs = self._admit(self._rows - sum(len(batch.jobs) for batch in batches), wait=not batches)
            if jobs is None:
                return
            try:
                for job in [job for job in jobs if job.score]:
                    job.send(token_logprobs(self._model, job.tokens))
                if new := [job for job in jobs if not job.score]:
                    batches.append(_Batch(self._model, self._stops, self.tokenizer.pad_token_id, new))
            except Exception as error:
                _fail(jobs, error)
            for batch in list(batches):
                try:
                    going = batch.step()
                except Exception as error:
                    going = False
                    _fail(batch.jobs, error)
                if not going:
                    batches.remove(batch)

    def _admit(self, room: int, wait: bool) -> list[Job] | None:
        """The jobs to begin now, at most `room`; None: there will be none any more. Waits for one if there is
        nothing else to do.
        """
        jobs: list[Job] = []
        while len(jobs) < room:
            try:
                job = self._line.get(block=wait and not jobs)
            except queue.Empty:
                break
            if job is None:
                return None
            if not job.gone:
                jobs.append(job)
        return jobs


def _fail(jobs: list[Job], error: Exception) -> None:
    message = (
        f"the model failed: {type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else ''}"
    )
    for job in jobs:
        job.send(Wrong(message, status=500, kind="server_error"))


class _Batch:
    """Requests that began together: the prompts padded on the left, one cache."""

    def __init__(self, model: Any, stops: set[int], pad: int, jobs: list[Job]):
        import torch

        self.jobs, self._model, self._stops = jobs, model, stops
        width = max(len(job.tokens) for job in jobs)
        ids = torch.full((len(jobs), width), pad)
        self._mask = torch.zeros_like(ids)
        for row, job in enumerate(jobs):
            ids[row, width - len(job.tokens) :] = torch.tensor(job.tokens)
            self._mask[row, width - len(job.tokens) :] = 1
        ids, self._mask = ids.to(model.device), self._mask.to(model.device)
        positions = (self._mask.cumsum(-1) - 1).clamp(min=0)
        with torch.inference_mode():
            out = model(
                input_ids=ids,
                attention_mask=self._mask,
                position_ids=positions,
                use_cache=True,
                logits_to_keep=1,
            )
        self._cache, self._logits, self._position = (
            out.past_key_values,
            out.logits[:, -1].float(),
            self._mask.sum(-1),
        )

    def step(self) -> bool:
        """One token for every request that has not ended; whether any is left."""
        import torch

        with torch.inference_mode():
            picked = [self._take(job, logits) for job, logits in zip(self.jobs, self._logits, strict=True)]
            going = [row for row, token in enumerate(picked) if token is not None]
            if not going:
                return False
            if len(going) < len(self.jobs):
                kept = torch.tensor(going, device=self._mask.device)
                self._cache.batch_select_indices(kept)
                self._mask, self._position = self._mask[kept], self._position[kept]
                self.jobs = [self.jobs[row] for row in going]
            ids = torch.tensor([[picked[row]] for row in going], device=self._mask.device)
            self._mask = torch.cat([self._mask, self._mask.new_ones(len(going), 1)], 1)
            out = self._model(
                input_ids=ids,
                attention_mask=self._mask,
                position_ids=self._position[:, None],
                past_key_values=self._cache,
                use_cache=True,
            )
            self._cache, self._logits, self._position = (
                out.past_key_values,
                out.logits[:, -1].float(),
                self._position + 1,
            )
        return True

    def _take(self, job: Job, logits: Any) -> int | None:
        """Sends the request's next token; None when that was its end."""
        import torch

        if job.gone:
            return None
        if job.made >= job.room or time.monotonic() > job.deadline:
            job.send("length")
            return None
        token = _pick(job, logits)
        if token in self._stops:
            job.send("stop")
            return None
        sent = Token(token)
        if job.sampling.top is not None:
            logprobs = torch.log_softmax(logits, -1)
            sent.logprob = float(logprobs[token])
            values, ids = logprobs.topk(job.sampling.top)
            sent.top = list(zip(ids.tolist(), values.tolist(), strict=True))
        job.made += 1
        job.send(sent)
        if job.made >= job.room:
            job.send("length")
            return None
        return token


def _pick(job: Job, logits: Any) -> int:
    import torch

    if job.sampling.temperature < COLDEST:
        return int(logits.argmax())
    if job.generator is None:
        job.generator = torch.Generator()
        job.generator.manual_seed(
            job.sampling.seed
        ) if job.sampling.seed is not None else job.generator.seed()
    shares = torch.softmax(logits.cpu() / job.sampling.temperature, -1)
    if job.sampling.top_p < 1:
        ordered, places = shares.sort(descending=True)
        ordered[ordered.cumsum(-1) - ordered >= job.sampling.top_p] = 0  # the first token always stays
        shares = torch.zeros_like(shares).scatter_(0, places, ordered)
    return int(torch.multinomial(shares, 1, generator=job.generator))
