"""What single sentences of an article say: a term, a reason, an aim, a consequence, a number."""

import random
import re
from collections.abc import Iterator

from autodidact.generators.writing.facts_into_words import capital, lower
from autodidact.sources.documents.sentences import POINTS_BACK_ELSEWHERE
from autodidact.sources.wiki.wikitext import WikiSection

BECAUSE = re.compile(r"^(?P<what>.{15,}?),? because (?P<why>.{8,}?)\.$")
SO = re.compile(r"^(?P<what>.{15,}?), so (?!that\b)(?P<then>.{8,}?)\.$")
# Somebody who can want something. "They" may be things.
_SOMEBODY = (
    r"(?:(?:the|an?|all|its|their|his|her|each|every|other|many|both|no|two|young|local) )*"
    r"(?:people|persons?|passengers?|drivers?|users?|readers?|visitors?|residents?|citizens?|workers?|staff"
    r"|engineers?|operators?|crews?|children|students?|pupils|teachers?|customers?|patients?|doctors?"
    r"|players?|members?|farmers?|sailors?|pilots?|travell?ers?|pedestrians|programmers?|owners?|police|army"
    r"|governments?|councils?|parliament|compan(?:y|ies)|authorit(?:y|ies)|courts?|public"
    r"|(?:every|some|any)(?:body|one)|nobody|no one|he|she|we|you)"
)
# With a comma "so that" tells a consequence, and of things without a will too.
SO_THAT = re.compile(rf"^(?P<what>[^,]{{15,}}?) so that (?P<aim>{_SOMEBODY}\b.{{4,}}?)\.$")
NUMBER = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*(?![\w,-]|\.\d)")
ABOUT = re.compile(
    r"\b(circa|ca\.?|c\.|about|approximately|around|nearly|almost|roughly|some|over|under|below|above"
    r"|at least|at most|more than|less than|fewer than|up to|estimated|between)\s+$",
    re.IGNORECASE,
)
POINTS_BACK = re.compile(
    r"\b(it|its|they|them|their|this|that|these|those|he|she|his|her|such|here|there|former|latter|also"
    rf"|however|therefore|thus|then)\b|^(?:{POINTS_BACK_ELSEWHERE})\b",
    re.IGNORECASE,
)


def defined(sentence: str, section: WikiSection, text: str = "") -> str:
    """The term that the sentence explains: one in bold that it begins with, before "is" or the like; ""
    without one. `text`: of the article, which may write it within a sentence.
    """
    for term in section.terms:
        if re.match(
            rf"(?:an?|the|in)?\s*{re.escape(term)}\b(?:\s*\([^)]*\))?,?\s+"
            r"(?:is|are|was|were|means|lists|has|keeps|comes)\b",
            sentence,
            re.IGNORECASE,
        ):
            written = term[:1].isupper() and not sentence.startswith(term)
            # `Skerry Bridge` is a name wherever it stands; `The Skerry Bridge` is one behind its article.
            name = re.match(r"(?!(?:The|An?) )\w+ (?:\w+ )*?[A-Z][a-z]", term)
            return term if written or name or _is_name(term, sentence, text) else lower(term)
    return ""


def _is_name(term: str, sentence: str, text: str) -> bool:
    """Whether a term that begins a sentence with a capital is a name: "Vasa was a warship", of which the
    article nowhere writes "vasa". Not "Ferries are vessels", nor "Water is a liquid", of which it writes
    "water".
    """
    one = re.match(rf"{re.escape(term)}\b(?:\s*\([^)]*\))?,? (?:is an?|was (?:an?|the))\b", sentence)
    small = re.search(rf"(?<=[a-z,;] )(?:\'\'\'|\[\[)?{re.escape(lower(term))}(?!\w|\.\w)", text)
    return bool(text and one and term[:1].isupper() and not small)


def alone_says(sentence: str, rng: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    """(kind, question, answer, short) of what one sentence alone says."""
    alone = not POINTS_BACK.search(sentence)
    if (match := BECAUSE.match(sentence)) and not POINTS_BACK.search(match["what"]):
        yield "why", f"Why? {capital(match['what'])}.", f"Because {match['why']}.", False
    elif (match := SO_THAT.match(sentence)) and not POINTS_BACK.search(match["what"]):
        yield "why", f"What for? {capital(match['what'])}.", f"So that {match['aim']}.", False
    elif (match := SO.match(sentence)) and not POINTS_BACK.search(match["what"]):
        yield (
            "then",
            f"{capital(match['what'])}. What follows from that?",
            f"{capital(match['then'])}.",
            False,
        )
    numbers = NUMBER.findall(sentence)
    if alone and len(numbers) == 1:
        number = numbers[0]
        blank = NUMBER.sub("___", sentence)
        yield "number", f"Which number is missing? {blank}", number, True
        other = other_number(number, rng)
        # Of "circa 1850" or "more than 4" a number near it is not wrong.
        if other and not ABOUT.search(sentence[: sentence.index(number)]):
            wrong = NUMBER.sub(other, sentence)
            yield "claim", f"True or false? {wrong}", f"False: it is {number}, not {other}.", True
    if alone and rng.random() < 0.5:
        yield "claim", f"True or false? {sentence}", "True.", True


def other_number(number: str, rng: random.Random) -> str:
    """A number near this one and different from it, written alike; "" for one that is not plain."""
    if number.isdecimal():
        value = int(number)
        return str(value + rng.choice([step for step in (-3, -2, -1, 1, 2, 3) if value + step > 0]))
    whole, dot, part = number.partition(".")
    return (
        f"{int(whole) + rng.choice((1, 2))}.{part}" if dot and whole.isdecimal() and part.isdecimal() else ""
    )
