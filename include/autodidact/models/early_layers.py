"""What a sentence does, by the first layers of all-MiniLM-L6-v2: whether it tells, asks or orders, and whom.

The last layer of a sentence model keeps what a text is about. Whom it addresses and in which mood is still
there after the first layers, and three of six cost half.
"""

from typing import Any

from autodidact.models.embedding import Embedder

# Layers after which the states are averaged. With the second look's labelled texts (benchmarks/
# train_order_model.py) these two find more than the last layer alone, or than all.
AFTER = (1, 3)

# What is read of a text: a window of the second look is up to three sentences.
TOKENS, CHARACTERS = 96, 600


class EarlyLayers(Embedder):
    """`layers(texts)` is an array (n, 768) of unit vectors, float32: the means of the states after the layers
    `AFTER`, side by side. Remembered like embeddings.
    """

    layers = max(AFTER)

    def __init__(self, cache: Any = None):
        super().__init__(cache, tokens=TOKENS, characters=CHARACTERS)
        self.kind = f"{self.kind}-layers-{'-'.join(map(str, AFTER))}"

    def _pooled(self, network: Any, ids: Any, mask: Any) -> Any:
        import torch

        states = network(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states
        inner = mask.clone()
        # Without the marks of beginning and end.
        inner[:, 0] = 0
        inner[torch.arange(len(mask)), mask.sum(1) - 1] = 0
        weight = inner.unsqueeze(-1).to(states[0].dtype)
        means = [(states[layer] * weight).sum(1) / weight.sum(1).clamp(min=1) for layer in AFTER]
        return torch.cat([torch.nn.functional.normalize(mean, dim=1) for mean in means], dim=1)
