"""Sentences of running text, and what is left of them when something between their words is not text.

A reader puts HOLE where it leaves out a part that a person would see: an image, a formula, a value that a
template puts in. A sentence with a hole says something else than its author did, so it is left out.
"""

import re
from collections.abc import Iterator

# U+FFFC, Unicode's own sign for an object that is not text.
HOLE = "\ufffc"
# The sign of a character that was lost when bytes were decoded.
LOST = "\ufffd"

# A full stop that ends a sentence: not the one of "e.g.", of an initial or of a number. What stands before
# it is looked at only where there is one: on 40,588 paragraphs that takes a twentieth of the time.
_END = re.compile(
    r"([.!?](?<!\be\.g.)(?<!\bi\.e.)(?<!\betc.)(?<!\bvs.)(?<!\bcf.)(?<!\bca.)(?<!\bc.)(?<!\bapprox.)(?<!\bFig.)"
    r"(?<!\bSt.)(?<!\bDr.)(?<!\bMr.)(?<!\bMrs.)(?<!\bNo.)(?<!\b[A-Z].)"
    rf"[\"')\]]?)\s+(?=[\"'`(\[«¿¡]?[A-ZÀ-ÖØ-ÞΑ-ΩА-ЯЁ0-9`{HOLE}])"
)
# Pronouns and the like that a sentence begins with: German, French, Spanish, Italian, Portuguese, Russian.
POINTS_BACK_ELSEWHERE = (
    r"er|sie|es|ihre?[mnrs]?|seine?[mnrs]?|diese?[mnrs]?|jene[mnrs]?|das (ist|war|wird|hat|gilt)|beide|deren"
    r"|dessen|da(bei|durch|f[üu]r|her|mit|nach|neben|rum|von|zu)|deshalb|deswegen|somit|au(ß|ss)erdem|jedoch"
    r"|(?:ils?|elles?|ce(la|t|tte|s|lui|lle|ux)?|c['’](est|était)|sa|ses|leurs?|ainsi|donc|alors|ensuite|puis"
    r"|cependant|toutefois|él|ell[ao]s?|ello|es[aeot]s?|est[aeo]s?|su|así|entonces|además|también|luego"
    r"|ess[aoi]|egli|lui|lei|quest[aeio]|quell[aeio]|su[ao]|inoltre|quindi|anche|però|tuttavia|così"
    r"|el[ae]s?|isso|isto|seus?|então|porém|он[аои]?|его|её|ее|их|эт(от|а|о|и)|также|поэтому|тогда|затем)"
    # Before a capital it may be a name: `Ella Fitzgerald`.
    r"(?! (?-i:[A-Z]))"
)
# How a sentence begins that only the one before explains.
_POINTS_BACK = re.compile(
    r"(it|its|they|their|this|that|these|those|he|she|his|her|such|so|thus|therefore|however|also|then|there"
    rf"|and|but|or|otherwise|instead|both|the (other|same|former|latter)|{POINTS_BACK_ELSEWHERE}"
    # "As of 2020, it carries four lanes."
    r"|(as of|by|from|in|since|until) [^,.]{1,30}, (it|its|they|their|he|she|his|her))\b",
    re.IGNORECASE,
)
# A parenthesis with a hole in it: the sentence is whole without.
_ASIDE = re.compile(rf"\s*\([^()]*{HOLE}[^()]*\)")
# What an author says of themselves; not `I/O`, `US`, nor what is quoted or code.
_FIRST_PERSON = re.compile(
    r"(?<![\w./-])(?:I|I['’](?:m|d|ve|ll)|[Mm]e|[Mm]y|[Mm]yself|[Ww]e|[Ww]e['’](?:re|d|ve|ll)|[Oo]urs?"
    r"|[Oo]urselves|[Uu]s|[Ll]et['’]s)(?![\w/]|[.-]\w)"
)
_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|“[^”]*”|\b[Tt]ype I\b|\bPart I\b")


# A mark of a note behind a number ("7*") or a word ("Limit†"); not a product, nor what is in code.
_MARKS = re.compile(r"(?<![\w.,/*`-])\d(?:[\d.,]*\d)?%?\*{1,3}(?![\w*/(-]|\.\w)(?! ?\d)|(?<=[\w)%.])\s?[†‡]+")


def without_marks(text: str) -> str:
    """The text with HOLE for a mark of a note: what the note says changes what is said before it."""
    return _MARKS.sub(HOLE, text)


def in_first_person(text: str) -> bool:
    """Whether its author speaks of themselves: quoted by somebody else, it would be said of that one."""
    return _FIRST_PERSON.search(_QUOTED.sub("", text)) is not None


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph."""
    parts = _END.sub("\\1\0", " ".join(text.split())).split("\0")
    return [sentence.strip() for sentence in parts if sentence.strip()]


def is_broken(text: str) -> bool:
    """Whether something of a text is not there."""
    return HOLE in text or LOST in text


def whole(text: str) -> Iterator[str]:
    """The runs of sentences of a paragraph that are whole, as they follow one another; "" stands for those
    that are not. After such a one, sentences that point back to it are left out, too.
    """
    text = " ".join(_trimmed(text).split())
    while HOLE in text and (shorter := _ASIDE.sub("", text)) != text:
        text = shorter
    if not text.strip(f"{HOLE} "):
        return
    if not is_broken(text):
        yield text
        return
    run: list[str] = []
    lost = False
    for sentence in sentences(text):
        broken = is_broken(sentence)
        if broken or (lost and _POINTS_BACK.match(sentence)):
            if run:
                yield " ".join(run)
            run = []
            if not lost:
                yield ""
            lost = True
        else:
            run.append(sentence)
            lost = False
    if run:
        yield " ".join(run)


def _trimmed(text: str) -> str:
    """The text without holes after its last sentence: pictures behind it."""
    return re.sub(rf"(?<=[.!?:])[\s{HOLE}]+\Z", "", text.strip()).strip()
