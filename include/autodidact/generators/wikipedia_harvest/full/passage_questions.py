"""Questions about a passage that is shown: what it gives a reason for, and what it leaves open."""

import re

from autodidact.generators.wikipedia_harvest.full.article_examples import Made, Teller, fits, slots_of
from autodidact.generators.wikipedia_harvest.full.article_facts import Notes

# Headings that any article may have: without the subject they name nothing.
_OPEN = re.compile(
    r"(purpose|principles?|use|uses|usage|history|overview|operation|background|applications?|algorithms?|examples?"
    r"|definitions?|etymology|description|types|design|characteristics|variants|implementations?|advantages"
    r"|disadvantages|criticism|reception|legacy|introduction|properties|awards?|honou?rs|awards and honou?rs"
    r"|life|early life|biography|career|works?|later years|death|personal life|plot|characters|cast"
    r"|production|release|name|names|demographics|geography|climate|economy|culture|politics|government"
    r"|education|sports?|media|music|research|general|structure|response|range|range and limits"
    r"|course|causes?|effects?|symptoms|treatment|prevention|behaviou?r|components?|methods?|process"
    r"|species)$"
    r"|(in|on|by|for|with|as|of|and) |.*\b(history|overview|list)\b"
)
# Words that hold a heading together.
_BETWEEN = frozenset(
    "the and for with from into onto over under between its their his her how why what who".split()
)


class OpenBook(Teller):
    """Examples with a passage of the article in the question."""

    def _open_links(self, found: Notes) -> Made:
        """The same of a passage that is shown."""
        for link in found.links:
            if link.kind not in ("why", "then") or not fits(link.part):
                continue
            words = self._words("open", found, link.part, link.evidence)
            given = slots_of(link, words) | {
                "passage": link.part.text,
                "cite": "the passage",
                "Cite": "The passage",
            }
            given |= {"in": "", "at": ""}
            if answer := words.say(link.kind, **given):
                yield from self._row(words, words.ask(f"open_{link.kind}", **given), answer)

    def _missing(self, found: Notes) -> Made:
        """A passage that does not mention what another section is about."""
        titled = [part.title for part in found.parts if part.title]
        for part in found.parts:
            words = self._words("missing", found, part)
            elsewhere = [
                title
                for title in titled
                if title != part.title
                and _names_something(title, found.text)
                and not _mentions(part.text, title)
            ]
            if elsewhere and fits(part):
                missing = words.rng.choice(elsewhere)
                pointer = f'The same article has a section "{missing}", which is not shown here.'
                alone = words.rng.random() < 0.4
                given = {"missing": missing, "pointer": pointer, "passage": part.text}
                named = f'the section "{part.title}"' if part.title else "the beginning"
                given["place"] = f"{named} of {words.cite}"
                # Where the text alone may be used, nothing is stated that is not in it.
                kind = "alone_part" if alone else "open_part"
                yield from self._row(words, words.ask(kind, **given), words.say(kind, **given))

    def _uncounted(self, found: Notes) -> Made:
        """A passage that leaves a quantity open."""
        for sentence, vague, noun, part in found.vague:
            if fits(part) and len(re.findall(rf"\b{noun}\b", part.text)) == 1:
                words = self._words("uncounted", found, part, sentence)
                given = {"sentence": sentence, "vague": vague, "noun": noun, "passage": part.text}
                yield from self._row(
                    words, words.ask("open_count", **given), words.say("open_count", **given)
                )


def _names_something(heading: str, text: str) -> bool:
    """Whether a heading names so much that a text without its words is known not to speak of it: each of its
    parts holds a proper name, a number or a term of two content words. "Wear" a text may have in other words.
    """
    if _OPEN.match(heading.lower()):
        return False
    return all(
        _is_telling(part, text) for part in re.split(r"\s*(?:,|/|&|\band\b|\bor\b)\s*", heading) if part
    )


def _is_telling(term: str, text: str) -> bool:
    """`text`: the article, which shows what it writes with a capital within its sentences."""
    words = re.findall(r"[^\W_]{2,}", term)
    content = _content(term)
    if content and _OPEN.match(content[-1]):  # "well-known examples": of what?
        content = []
    content = [word for word in content if not _OPEN.match(word)]
    names = [word for word in words if word[:1].isupper() and _is_name(word, text)]
    return len(content) > 1 or bool(names) or any(word.isdecimal() for word in words)


def _is_name(word: str, text: str) -> bool:
    large = re.search(rf"(?<=[a-z,] )(?:\[\[)?{re.escape(word)}\b", text)
    return bool(large) and not re.search(rf"\b{re.escape(word.lower())}\b", text)


def _mentions(text: str, heading: str) -> bool:
    """Whether a text has a telling word of a heading."""
    telling = _content(heading) or [heading.lower()]
    return any(word[:4] in text.lower() for word in telling)


def _content(term: str) -> list[str]:
    """The words of a term in small letters, without those that hold it together."""
    return [word for word in re.findall(r"\w{3,}", term.lower()) if word not in _BETWEEN]
