"""Asking a model, once for each question: what it answered is kept in the store by the model's digest.

`<system>/ledger/answers/<model digest>/<hash>.json` has the answers of one batch: {key: text}. The key is a
hash of all that an answer depends on besides the model: messages, tools, room for the answer, decoding. A
batch is written as soon as it is answered, so that a killed run loses one batch, and nothing is asked twice.
When all are there, they become one file.
"""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass

from autodidact.benchmark.engines import Prompt
from autodidact.benchmark.fingerprint import decoding_of
from autodidact.benchmark.measure_model import WAIT_SECONDS, model_spec
from autodidact.benchmark.server_repeatability import Through
from autodidact.models.child_process import Child
from autodidact.models.find_base_model import BaseModelRef, check_adapter, model_digest, resolve_base
from autodidact.models.loading import precision
from autodidact.records import Adapter, canonical, sha256
from autodidact.settings import Settings
from autodidact.store import Store
from autodidact.training_recipes import effective

# Not imported here: it runs in a process of its own.
WORKER = "autodidact.ledger.answer_process"


@dataclass(frozen=True)
class Model:
    """A model to ask. `quantization`: the precision of the base."""

    base: BaseModelRef
    adapter: Adapter | None
    quantization: str

    @property
    def digest(self) -> str:
        """The same as in the reports of the benchmark."""
        sha = self.adapter.sha256 if self.adapter else None
        return model_digest(self.base, quantization=self.quantization, adapter_sha256=sha)


def model_of(settings: Settings, adapter: Adapter | None = None, quantization: str | None = None) -> Model:
    """The base of the settings with this adapter; `quantization` None: as the settings train."""
    base = resolve_base(settings)
    return Model(base, adapter, precision(quantization or effective(settings).quantization, base))


class Answers:
    """What a model answered, as far as the store has it, and what it answers now: here, or `through` a
    server. What it answered in one of these places does not count for the other.
    """

    def __init__(
        self, store: Store, system: str, settings: Settings, model: Model, through: Through | None = None
    ):
        self._store, self._settings, self._model, self._through = store, settings, model, through
        self._folder = f"{system}/ledger/answers/{model.digest}"
        served = through.shown() if through else None
        self._decoding = canonical(decoding_of(settings, model.base, served))
        self._there: dict[str, str] = {}
        self._read()

    def key(self, prompt: Prompt) -> str:
        """What an answer is kept by."""
        row = asdict(prompt) | {"id": self._decoding}
        return sha256(canonical(row))

    def known(self, prompt: Prompt) -> str | None:
        """The answer that is there; None where there is none."""
        return self._there.get(self.key(prompt))

    def add(self, found: Mapping[str, str]) -> None:
        """Keeps answers, by key, that the model gave elsewhere: those that are not there yet."""
        new = {key: text for key, text in found.items() if key not in self._there}
        if new:
            self._there |= new
            self._write(new)

    def _write(self, answers: Mapping[str, str]) -> str:
        """Writes answers into a file of their own; its key."""
        name = f"{self._folder}/{sha256(canonical(sorted(answers)))[:32]}.json"
        self._store.write_json(name, dict(sorted(answers.items())))
        return name

    def ask(
        self,
        prompts: Iterable[Prompt],
        *,
        worker: Child | None = None,
        say: Callable[[str], None] = lambda line: None,
    ) -> dict[str, str | None]:
        """The answer to each prompt by its id; None where there can be none: it was too long, say.

        `worker` None: a process for this call; else the caller's `Child(WORKER)`. Raises Interrupted when the
        process was killed, Unavailable when the server is away, AutodidactError when the model cannot be had;
        the next call then resumes.
        """
        prompts = list(prompts)
        if any(self.known(prompt) is None for prompt in prompts):
            with self._store.lease(f"{self._folder}/lease.json", wait=WAIT_SECONDS):
                self._read()
                wanted = {self.key(prompt): prompt for prompt in prompts if self.known(prompt) is None}
                if wanted:
                    self._answer(wanted, worker, say)
        return {prompt.id: self.known(prompt) for prompt in prompts}

    def _read(self) -> None:
        for name in self._store.list(self._folder):
            if name.endswith(".json") and not name.endswith("/lease.json"):
                self._there |= self._store.read_json(name)

    def _answer(self, wanted: Mapping[str, Prompt], worker: Child | None, say: Callable[[str], None]) -> None:
        model, path = self._model, None
        if model.adapter:
            path = self._store.local(model.adapter.path)
            check_adapter(path, model.adapter.sha256)
        sha = model.adapter.sha256 if model.adapter else None
        spec = model_spec(
            self._store,
            self._settings,
            model.base,
            model.digest,
            model.quantization,
            path,
            sha,
            self._through,
        )
        listed = [asdict(prompt) | {"id": key} for key, prompt in wanted.items()]

        batches: dict[str, dict[str, str]] = {}

        def on_event(event: dict) -> None:
            if event["answers"]:
                self._there |= event["answers"]
                batches[self._write(event["answers"])] = event["answers"]

        with contextlib.nullcontext(worker) if worker else Child(WORKER) as child:
            child.ask(spec | {"prompts": listed}, say=say, on_event=on_event)
        self._join(batches)

    def _join(self, batches: Mapping[str, Mapping[str, str]]) -> None:
        """Makes one file of the batches, now that all are there: each file costs a request to a bucket."""
        if len(batches) > 1:
            self._write({key: text for answers in batches.values() for key, text in answers.items()})
            for name in batches:
                self._store.delete(name)
