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
# What stands in a cell for nothing, or for what is not known, in other languages.
_NOTHING_ELSEWHERE = (
    r"k\.\s?a\.?|n\.\s?v\.?|n/v|entf[äa]e?llt|unbekannt|keine angaben?|noch offen"
    r"|(noch )?nicht (anwendbar|angegeben|bekannt|definiert|festgelegt|verf[üu]gbar|zutreffend)"
    r"|[àa] (définir|compléter|confirmer|déterminer|préciser|venir)|inconnue?|s\.\s?o\.?|n\.\s?[cd]\.?"
    r"|(non|no|não) (applicable|aplicable|aplica|definid[ao]|définie?|disponib(le|ile)|disponível)"
    r"|non (communiqué|renseigné)e?"
    r"|(por|a|da|de) (confirmar|confirmare|definir|definire|determinar|determinare)|sin (datos|definir)"
    r"|desconocid[ao]|desconhecid[ao]|sconosciut[ao]|onbekend|nog te bepalen"
    r"|неизвестно|не (задано|известно|определено|применимо|указано)|нет данных|н/д"
    r"|待定|待确认|待確認|未知|未定|未設定|未设置|不明|不适用|不適用"
    r"|暂无|[无無]|(該当)?なし|(해당 )?없음|미정"
)
_PLACEHOLDER = re.compile(
    r"[-–—−－·∅?？.…*_~/\\|\s]*|n\.?/?a\.?|not (applicable|available|known|specified)|unknown|unspecified"
    r"|tb[acd]\b.*|todo\b.*|fixme\b.*|xxx+|placeholder|coming soon|wip|lorem ipsum.*"
    r"|((see|same|as|ditto)( as)? (above|below)|(siehe|wie|s\.|w\.) ?(oben|o\.?|vorher))\b.*"
    r"|(voir |comme )?ci-dessus|(ver|como) arriba|(igual|ídem) que arriba|come sopra|vedi sopra"
    r"|[\"〃”“″„↑^'´«»⬆]{1,3}|ditto|dito|dto\.?|idem|ídem|id\.|同上|同左|(위와 )?동일"
    rf"|{_NOTHING_ELSEWHERE}"
    r"|to be (announced|confirmed|decided|defined|determined|done|written)",
    re.IGNORECASE,
)
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


def is_placeholder(text: str) -> bool:
    """Whether a cell or a heading stands for something that is not there: "-", "n/a", "TBD", "TODO", "?"."""
    return _PLACEHOLDER.fullmatch(text.strip().strip("*_`()[]<>. ")) is not None


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
