"""How varied a generator's examples are: the share of word triples that occur for the first time."""

from autodidact.records import Example

# Counted at most, so that memory stays small; about 10,000 examples.
TRIPLES = 500_000


class Diversity:
    """Distinct-3 (Li et al. 2016, "A Diversity-Promoting Objective Function"): distinct over all word
    triples, of prompts and of answers.

    1.0: no triple occurs twice; a generator of one sentence with a slot comes near 0. Triples do not cross
    messages.
    """

    def __init__(self):
        self._seen = {"prompts": set(), "answers": set()}
        self._all = {"prompts": 0, "answers": 0}

    def add(self, row: Example) -> None:
        for message in row.messages:
            side = (
                "answers" if message is row.messages[-1] else "prompts" if message["role"] == "user" else None
            )
            if side is None or self._all[side] >= TRIPLES:
                continue
            words = (message.get("content") or "").lower().split()
            self._all[side] += max(0, len(words) - 2)
            self._seen[side].update(hash(triple) for triple in zip(words, words[1:], words[2:], strict=False))

    def figures(self) -> dict[str, float]:
        """{"prompts": 0.0, "answers": 0.0}, to three places; a side without a triple is left out."""
        return {side: round(len(self._seen[side]) / total, 3) for side, total in self._all.items() if total}
