"""The quick look at a text: the weighted mean of its word vectors, without running a network. A thousand
times cheaper than MiniLM.

The vectors are the input embeddings of the sentence model itself, so nothing is distilled, downloaded or
stored. Weighting by rarity is that of Arora, Liang and Ma (2017, "A Simple but Tough-to-Beat Baseline for
Sentence Embeddings"); a token's frequency is taken by Zipf's law from its place in the vocabulary, which is
sorted by frequency. Word order does not count.
"""

from functools import cached_property
from pathlib import Path
from typing import Any

# Arora's a. Of 2,100 pairs of the generators this one settles most for the fewest wrong, of 1e-3 to 3e-6
# (benchmarks/calibrate_coherence.py).
RARE = 1e-5

TENSOR = "embeddings.word_embeddings.weight"


class WordVectors:
    """`vectors(texts)` is an array (n, d) of unit vectors, float32; a text without a known word has the
    vector 0.
    """

    def __init__(self, folder: str | Path, tokens: int):
        self.folder, self.tokens = Path(folder), tokens

    @cached_property
    def there(self) -> bool:
        """Whether the folder holds a model that this can read: one of BERT's kind, as most sentence models
        are.
        """
        if not all((self.folder / name).is_file() for name in ("tokenizer.json", "model.safetensors")):
            return False
        from safetensors import safe_open

        with safe_open(str(self.folder / "model.safetensors"), framework="numpy") as file:
            return TENSOR in file.keys()  # noqa: SIM118

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        import numpy
        from safetensors import safe_open
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(self.tokens)
        with safe_open(str(self.folder / "model.safetensors"), framework="numpy") as file:
            table = file.get_tensor(TENSOR).astype(numpy.float32)
        frequency = 1 / (numpy.arange(len(table)) + 3)
        frequency /= frequency.sum()
        table *= (RARE / (RARE + frequency)).astype(numpy.float32)[:, None]
        return tokenizer, table

    def __call__(self, texts: list[str]) -> Any:
        import numpy

        tokenizer, table = self._loaded
        vectors = numpy.zeros((len(texts), table.shape[1]), dtype=numpy.float32)
        for place, row in enumerate(tokenizer.encode_batch_fast(texts)):
            if len(row) > 2:
                # Without the marks of beginning and end.
                vectors[place] = table.take(row.ids[1:-1], axis=0).sum(axis=0)
        return vectors / numpy.maximum(numpy.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
