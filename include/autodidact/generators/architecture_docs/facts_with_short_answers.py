"""Facts of one document that have a short answer."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from autodidact.generators.writing.facts_into_words import Fact
from autodidact.sources.documents.reader import Document


@dataclass
class FactsOf:
    """Makes facts of a document: `facts(ways to ask, answer, what is asked about ...)`."""

    document: Document
    rng: random.Random

    @property
    def name(self) -> str:
        return self.document.name

    def __call__(self, asks: Sequence[str], answer: str, *about: str) -> Fact:
        source = self.document.source | {"asks": list(about)}
        return Fact(self.rng.choice(asks), answer, source, self.document.fresh, short=True)
