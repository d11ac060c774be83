"""Sentences of an article that say nothing by themselves: they point at a table, a figure or a list that was
not read, are a part of a quotation, are cut, tell a story, or tell of what was still to come. And pages whose
own editors warn of them.
"""

import re

from autodidact.sources.documents.sentences import HOLE, sentences

# What an editor puts behind a sentence that may be wrong, as it stands in the text (U+E000 is no character).
DISPUTED = "\ue000"
_DISPUTES = frozenset(
    "dubious|disputed inline|disputed-inline|contradict-inline|contradictory inline|contradiction inline"
    "|failed verification|not in source|not in citation given|update inline|update-inline|out of date inline"
    "|obsolete inline|hoax inline|unreliable source?|unreliable source|inconsistent|discuss|fringe source"
    "|undue weight inline|pov statement|pov-statement|opinion|peacock inline|weasel inline|synthesis inline"
    "|original research inline|speculation inline|improper synthesis?".split("|")
)
# Pages that may be deleted or are not believed by those who keep them.
_WARNED = re.compile(
    r"\{\{\s*(?:hoax|db(?:-[\w-]+)?|delete|speedy(?: delet\w+)?|csd|prod(?: blp)?(?:/dated)?"
    r"|proposed deletion(?:/dated)?|prod blp|afd|afdm|afd-merge[^|{}]*|article for deletion(?:/dated)?"
    r"|rfd|copyvio|copypaste|disputed(?:[ -]section)?|totally[ -]?disputed(?:[ -]section)?|disputed list"
    r"|factual accuracy|pov|pov[ -]section|npov"
    r"|contradict(?:s|ory|[ -][\w -]+)?|self-contradictory|self[ -]contradict[\w -]*"
    r"|original research|fringe theories|fanpov|sandbox|test page"
    r"|l\u00f6schen|l\u00f6schantragstext|sla|widerspruch|neutralit\u00e4t|\u00fcberarbeiten"
    r"|suppression(?: imm\u00e9diate)?|\u00e0 supprimer|d\u00e9saccord de (?:pertinence|neutralit\u00e9)"
    r"|canular|destruir|borrar|no neutral|bulo|cancella(?:re)?|apagar|eliminar)\s*[|}]",
    re.IGNORECASE,
)
# Sections that retell a work.
_STORY = re.compile(
    r"(?:the )?(?:plot|synopsis|story|story ?line|narrative|premise|characters?|cast|lyrics|libretto|setting"
    r"|in fiction|in (?:popular )?culture|fictional \w+(?: \w+)?|legends?|myths?|folklore|handlung|inhalt"
    r"|figuren|intrigue|r\u00e9sum\u00e9|argumento|trama|sinopsis|personajes)"
    r"(?: (?:summary|synopsis|overview|outline|and \w+))?",
    re.IGNORECASE,
)
_SHOWN = (
    r"(?:tables?|figures?|diagrams?|charts?|graphs?|pictures?|photos?|photographs?|images?|illustrations?|maps?"
    r"|gallery|infobox|boxes|formulas?|formulae|equations?|lists?|listings?|examples?)"
)
_POINTS_ELSEWHERE = re.compile(
    # "The floods above are": with nothing behind it that it would be above of.
    r"\b(?:above|below)\b(?=\s*(?:[.,;:)]|$|(?:is|are|was|were|has|have|had|shows?|gives?|lists?|contains?"
    r"|describes?|do|does|did|can|may|will|and|or|from|for|in|by|as)\b))"
    r"|\b(?:the|as|see) (?:above|below)\b(?! (?:the|a|an)\b)|\b(?:above|afore|below)-?mentioned\b"
    r"|\bas follows\b"
    r"|\b(?:the|these) following\b(?! (?:years?|days?|months?|mornings?|weeks?|decades?|century|season"
    r"|nights?|evening|spring|summer|autumn|fall|winter|generations?|january|february|march|april|may|june|july|august"
    r"|september|october|november|december)\b)"
    r"|\b(?:figures?|fig\.|tables?|equations?|eq\.|charts?|diagrams?|plates?|appendix)"
    r" \(?(?:\d+|(?-i:[A-Z])\d*)\b"
    rf"|\b{_SHOWN} (?:shown|opposite|here|(?:at|on|to) (?:the )?(?:right|left|top|bottom))\b"
    rf"|\b(?:in|see|by|from|as) (?:this|the|these|that|adjacent|accompanying) {_SHOWN}\b(?! of\b)"
    rf"|\bsee (?:also|here|section|note|https?:|www\.|(?:the )?{_SHOWN})(?!\w)|\bshown here\b"
    r"|\((?:pictured|shown|left|right|top|bottom|see [^()]*)\)",
    re.IGNORECASE,
)
# How a sentence goes on with what stood before it: "where E is the voltage".
_GOES_ON = re.compile(r"(?:where|which|and|or|but|with|then|so|is|are|if|for which|in which|such that)\b")
_CUT = re.compile(r"\.{3}|\u2026|:$|\b[Ll]orem ipsum\b|\b(?:TODO|FIXME|TBD)\b")
_RETOLD = re.compile(
    r"In the (?:\w+ )?(?:film|movie|novel|game|book|story|play|series|episode|opera|comic|poem|song|tale)\b"
)
# "is expected in 2019": whoever reads it later does not know whether it came.
_TO_COME = re.compile(
    r"\b(?:is|are|currently|now|still) (?:\w+ )?(?:expected|scheduled|planned|due|projected|forecast"
    r"|predicted|anticipated|slated|set|hoped|proposed|under construction)\b"
    r"(?: (?:to|in|for|by|on|at|that)\b|[.,])(?=.*\b(?:19|20)\d\d\b)|\bwill\b.*\b(?:19|20)\d\d\b"
)
# A number, and what an aside with a hole in it says of it.
_NUMBER_WITH_ASIDE = re.compile(rf"(?<![\d.,])(\d[\d.,]{{0,20}}(?: \w{{1,30}})?) \(([^()]*{HOLE}[^()]*)\)")
# Characters of a sentence that is looked at: a longer one is quoted nowhere.
LONGEST = 2_000
_MARK = re.compile(rf"([.!?]?){DISPUTED}+")


def is_dispute(name: str) -> bool:
    """Whether a template says of the sentence before it that it may be wrong."""
    return name in _DISPUTES


def warns_of_itself(text: str) -> bool:
    """Whether a page's own editors hold it for a hoax, dispute it, or want it deleted."""
    return _WARNED.search(text) is not None


def retells(heading: str) -> bool:
    """Whether a section retells a work: what happens there is no fact of the world."""
    return _STORY.fullmatch(heading) is not None


def with_holes(line: str, goes_on: bool) -> str:
    """A line of an article with a hole in each sentence that says nothing by itself. `goes_on`: something
    before the line was left out.
    """
    line = _MARK.sub(rf"{HOLE}\1", line)
    line = _NUMBER_WITH_ASIDE.sub(rf"\1 {HOLE}", line)
    said, quoting = [], False
    for at, sentence in enumerate(sentences(line)):
        opened = _quotes(sentence)
        cut = quoting or opened
        quoting ^= opened
        cut = cut or (goes_on and not at and sentence[:1].islower())
        said.append(HOLE + sentence if cut or _rests_elsewhere(sentence) else sentence)
    return " ".join(said)


def _quotes(sentence: str) -> bool:
    """Whether a quotation begins in a sentence and does not end there, or the other way round."""
    curly = sum(sentence.count(mark) for mark in "\u201c\u201d\u201e\u00ab\u00bb")
    return (len(re.findall(r"(?<!\d)\"", sentence)) + curly) % 2 == 1


def _rests_elsewhere(sentence: str) -> bool:
    if len(sentence) > LONGEST:
        return False
    points = _POINTS_ELSEWHERE.search(sentence) or _GOES_ON.match(sentence) or _CUT.search(sentence)
    return bool(points or _RETOLD.match(sentence) or _TO_COME.search(sentence))
