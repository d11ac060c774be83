"""What an author or a template has left open, recognised by its form wherever text, a cell or an observation
is read: `%LIMIT%`, `[X]`, `???`, `{n}`, `$(QUOTA)`, `<path>`, "(to be defined)", `#REF!`, "ibid.".
"""

import re

# Words for nothing, or for what is not known, in other languages.
_NOTHING_ELSEWHERE = (
    r"k\.\s?a\.?|n\.\s?v\.?|n/v|entf[äa]e?llt|unbekannt|keine angaben?"
    r"|(noch )?nicht (anwendbar|angegeben|bekannt|verf[üu]gbar|zutreffend)|inconnue?|s\.\s?o\.?|n\.\s?[cd]\.?"
    r"|(non|no|não) (applicable|aplicable|aplica|disponib(le|ile)|disponível)"
    r"|non (communiqué|renseigné)e?|sin datos"
    r"|desconocid[ao]|desconhecid[ao]|sconosciut[ao]|onbekend"
    r"|неизвестно|не (известно|применимо|указано)|нет данных|н/д"
    r"|未知|未設定|未设置|不明|不适用|不適用|暂无|[无無]|(該当)?なし|(해당 )?없음"
)
# Words for what is still to be written.
_PENDING = (
    r"tb[acd]\b[^()]*|todo\b[^()]*|fixme\b[^()]*|coming soon|lorem ipsum[^()]*"
    r"|to be (announced|completed|confirmed|decided|defined|determined|done|filled( in)?|written)"
    r"|noch offen|(noch )?nicht (definiert|festgelegt)|nog te bepalen"
    r"|(noch )?(zu|auszu)(ergänzen|füllen|klären)|zu (ergänzen|definieren|klären)"
    r"|[àa] (définir|compléter|confirmer|déterminer|préciser|venir)|non définie?"
    r"|(por|a|da|de) (completar|completare|confirmar|confirmare|definir|definire|determinar|determinare)"
    r"|(no|não) definid[ao]|sin definir|не (задано|определено)|待定|待确认|待確認|未定|미정"
)
# Words that point at another cell or name nobody.
_ELSEWHERE = (
    r"((see|same|as|ditto)( as)? (above|below)|(siehe|wie|s\.|w\.) ?(oben|o\.?|vorher))\b.*"
    r"|(voir |comme )?ci-dessus|(ver|como) arriba|(igual|ídem) que arriba|come sopra|vedi sopra"
    r"|[\"〃”“″„↑^'´«»⬆]{1,3}|ditto|dito|dto\.?|idem|ídem|id\.|ibid|ib\.|ebd|ebenda|n\.\s?n\.?"
    r"|同上|同左|(위와 )?동일"
)
_ALONE = re.compile(
    r"[-–—−－·∅?？.…*_~/\\|\s]*|n\.?/?a\.?|not (applicable|available|known|specified)|unknown|unspecified"
    r"|xxx+|placeholder|wip"
    rf"|{_ELSEWHERE}|{_PENDING}|{_NOTHING_ELSEWHERE}",
    re.IGNORECASE,
)
# A place that something fills in later. In code such a thing is a part of what is shown.
_OPEN = re.compile(
    r"%[A-Z][A-Z\d]*(?:_[A-Z\d]+)*%(?![\\/\w])|@@\w+@@|\{\{[^{}]*\}\}|[#$]\{[^{}\n]*\}|\$\(\w+\)"
    # Not the `{id}` of a path, nor that of `f{n}`.
    r"|(?<![\w/.:=\\-])\{[^\W\d]\w*\}(?![\w/\\-]|\.\w)"
    r"|\[(?:X+|N+|\?+|_+|…|\.{3})\](?![(\[:])"
    r"|(?<!\S)(?:\?{2,}|？{2,})(?![^\s.,;:!)])|(?<![\w_])_{3,}(?![\w_])|[〇○◯]{2,}|[█▇▆■]{2,}"
    r"|\[(?:insert|enter|fill in|add|specify|your)\b[^\][\n]*\](?![(\[:])"
    # Not the `List<item>` of a type.
    r"|(?<![\w/=<-])<[a-z][a-z]*(?:[ _-][a-z]+)*>(?![\w/<])"
    rf"|[\[(<]\s*(?:{_PENDING})\s*[\])>]"
)
_CODE = re.compile(r"(`+).+?\1", re.DOTALL)
# What a spreadsheet or a program shows where there is no value; a word in parentheses is a remark.
_NO_VALUE = re.compile(
    r"#[A-Z][A-Z/\d]*[!?]|#N/A|#DIV/0!|NaN|NaT|<NA>|pending|\([^\W\d_]+(?: [^\W\d_]+){0,2}\)"
    r"|<[^\W\d_]+(?:[ _-][^\W\d_]+){0,3}>"
)
# Something that is no text in the place of one, and a word for another row.
_NO_WORDS = re.compile(r"\[[^\][]*\]|(?:the )?same|gleich|unver[äa]ndert|pareil|igual", re.IGNORECASE)
_STILL_TO_DO = re.compile(r"\b(?:TODO|FIXME|TB[ACD]|XXX+)\b")
_NOBODY = re.compile(
    r"nobody|no[ -]?one|unassigned|unnamed|not (?:yet )?(?:assigned|decided|named)|niemand|nicht zugewiesen"
    r"|personne|nadie|ninguém|nessuno|non assigné|sin asignar|никто|не назначен[ао]?|担当者?なし"
    r"|未割り当て|未分配",
    re.IGNORECASE,
)
# How no statement ends.
_CUT = re.compile(r"\S\s*[:=]\s*$|\S\s+(?:the|and|or|at|of|is|are|until|than|with|from)\s*$")


def is_placeholder(text: str) -> bool:
    """Whether a cell or a heading stands for something that is not there: "-", "n/a", "TBD", "TODO", "?"."""
    return _ALONE.fullmatch(text.strip().strip("*_`()[]<>. ")) is not None


def without_open_places(text: str, hole: str) -> str:
    """The text with `hole` for each place that is left open."""
    parts, at = [], 0
    for code in _CODE.finditer(text):
        parts += [_OPEN.sub(hole, text[at : code.start()]), code[0]]
        at = code.end()
    return "".join([*parts, _OPEN.sub(hole, text[at:])])


def has_open_place(text: str) -> bool:
    """Whether something is still to be filled in somewhere in a text."""
    return _OPEN.search(_CODE.sub("``", text)) is not None


def is_only_open_places(text: str) -> bool:
    """Whether a text is what a template fills in, with no more than a label: "Question: {{question}}"."""
    rest = re.sub(r"[^\W\d_]+\s*:", "", _OPEN.sub("", text))
    return has_open_place(text) and re.search(r"[^\W_]", text) is not None and not re.search(r"\w", rest)


def is_no_value(text: str) -> bool:
    """Whether a cell does not say what it is there to say."""
    bare = text.strip().strip("*_ ")
    return is_placeholder(text) or has_open_place(text) or _NO_VALUE.fullmatch(bare) is not None


def is_no_statement(text: str) -> bool:
    """Whether an observation says nothing whole: as a cell, it breaks off, or something in it is still to be
    written ("Uses TODO as queue", "Revenue: unknown").
    """
    colon, value = text.rpartition(":")[1:]
    open_end = bool(colon) and is_placeholder(value)
    return is_no_value(text) or open_end or bool(_STILL_TO_DO.search(text) or _CUT.search(text))


def is_no_name(text: str) -> bool:
    """Whether a thing or a person is called like none: "Nobody", "unassigned", "<team>", "TBD"."""
    text = text.strip()
    # A list of things to do is a thing, `todo-api`, and so is what has a short name, `NA`, `ib`.
    short = len(text) < 3 and text.isalpha() and text.isascii()
    if short or not re.search(r"[^\W_]|[?？…–—-]", text) or re.match(r"[Tt]odo[ _.-]?\w", text):
        return False
    return is_placeholder(text) or has_open_place(text) or _NOBODY.fullmatch(text) is not None


def is_no_words(text: str) -> bool:
    """Whether what stands in a table where somebody's words belong is none of these: as a cell, "[image]",
    "same".
    """
    if _STILL_TO_DO.search(text):
        return True
    return is_no_value(text) or _NO_WORDS.fullmatch(text.strip().rstrip(".")) is not None
