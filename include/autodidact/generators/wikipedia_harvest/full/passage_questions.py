"""Questions about a passage that is shown: what it gives a reason for, and what it leaves open."""

import re

from autodidact.generators.wikipedia_harvest.full.article_examples import Made, Teller, fits, slots_of
from autodidact.generators.wikipedia_harvest.full.article_facts import Notes


class OpenBook(Teller):
    """Examples with a passage of the article in the question."""

    def _open_links(self, found: Notes) -> Made:
        """The same of a passage that is shown."""
        for link in found.links:
            if link.kind != "why" or not fits(link.part):
                continue
            words = self._words("open", found, link.part, link.evidence)
            given = slots_of(link, words) | {
                "passage": link.part.text,
                "cite": "the passage",
                "Cite": "The passage",
            }
            given |= {"in": "", "at": ""}
            if answer := words.say(link.kind, **given):
                yield from self._row(words, words.ask("open_why", **given), answer)

    def _uncounted(self, found: Notes) -> Made:
        """A passage that leaves a quantity open."""
        for sentence, vague, noun, part in found.vague:
            if fits(part) and len(re.findall(rf"\b{noun}\b", part.text)) == 1:
                words = self._words("uncounted", found, part, sentence)
                given = {"sentence": sentence, "vague": vague, "noun": noun, "passage": part.text}
                yield from self._row(
                    words, words.ask("open_count", **given), words.say("open_count", **given)
                )
