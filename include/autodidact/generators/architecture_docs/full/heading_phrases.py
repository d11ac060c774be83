"""How headings are named in a sentence, and how quotations are set."""

import re
from dataclasses import dataclass

from autodidact.generators.architecture_docs.full.section_blocks import Part
from autodidact.generators.architecture_docs.text_and_table_questions import VAGUE, Titles
from autodidact.generators.writing.facts_into_words import capital
from autodidact.shipped_tables import read_table
from autodidact.sources.documents.reader import Document

TABLE = read_table(__file__)
_VERBS: dict[str, str] = TABLE["verbs"]
_PLAIN = frozenset(_VERBS.values())
_QUESTION = re.compile(
    r"(what|why|how|when|where|who|which|can|could|do|does|did|is|are|should|will|am|may|must|I)\b.*\?\Z",
    re.IGNORECASE,
)
# The second word of an order is no verb or preposition: "Set up", "Test suite" is none.
_OBJECT = re.compile(r"(the|a|an|your|our|all|to|with|it|multiple|in|and)\b|(new|custom)\b.*s\Z|[`\"A-Z]")
# A word of a heading with a capital: a name, or one of a heading that writes every word so.
_CAPITAL = re.compile(r"[A-Z][a-z]+(?:[-/][A-Za-z]+)*[?!:]?")
_NOT_PROSE = re.compile(
    r"```.*?```|`[^`\n]*`|^(?: {4}|\t|#)[^\n]*$|^[^\n]*\n([=~^\"'*+-])\1{2,}$", re.DOTALL | re.MULTILINE
)
# A heading that says too little alone.
_THIN = re.compile(
    r"(option|step|part|example|case|method) \w{1,2}\b|(background|results?|basics|tips|setup)\Z", re.I
)
# A heading that is a name of the code, and one that is no noun.
_CODE = re.compile(r"[A-Za-z]+(?:[_.][\w]+)+(?:\(\))?|--?[a-z][\w-]+|[a-z]+\(\)")
_NO_NOUN = re.compile(
    r"(in|on|at|by|for|from|with|without|to|of|via|and|or|as|if|when|how|what|why|is|are|not|no|more"
    r"|all|other"
    r"|additional|further|using)\b"
)
# Behind a gerund, it is the gerund that says which of these: "Routing options".
_KINDS = re.compile(
    r"(options?|settings?|strateg(y|ies)|support|config(uration)?|tools?|modes?|overview|guide|polic(y|ies)"
    r"|backends?|systems?|examples?|details|notes?|variables?|parameters?|arguments?|limits?|mechanisms?"
    r"|methods?|types?|behaviou?r|model|process(es)?|features?|rules?|tables?|pool|patterns?|primitives)",
    re.IGNORECASE,
)
# Characters of a quotation within a sentence.
SAID = 420


@dataclass(frozen=True)
class Heading:
    """The words of one heading. `name`: in a sentence; `quoted`: in quotes, with what it belongs to where the
    heading alone says too little; `kind`: "question", "how" or "explain"; `verb` and `gerund`: of "how";
    `alone`: whether the heading leads to one section of all documents.
    """

    name: str
    quoted: str
    kind: str
    verb: str = ""
    gerund: str = ""
    alone: bool = True


def heading(part: Part, document: Document, titles: Titles) -> Heading:
    """The words of the heading of a part of a document."""
    text = part.title
    if _CODE.fullmatch(text):
        return Heading(f"`{text}`", f"`{text}`", "explain", alone=titles.alone(part.section, document))
    quoted = f'"{text}"'
    if not titles.alone(part.section, document) or _THIN.match(text):
        above = next((one for one in reversed(part.above) if one != document.title), "")
        quoted = f'{quoted} ("{above}")' if above and VAGUE.match(text) else f"{quoted} in `{document.path}`"
        return Heading(quoted, f'"{text}"', "explain", alone=False)
    if _QUESTION.match(text):
        return Heading(quoted, quoted, "question")
    text = re.sub(r"^\d+(\.\d+)*[.)]?\s+", "", text)
    order = re.sub(r"^How (do I|do you|to|can I|we) ", "", text)
    verb, gerund = _order(order)
    if verb and not _reads_as_words(order.partition(" ")[2], document.text):
        verb = gerund = ""
    text = order if verb else text
    # Whoever asks has a registry of their own; the document speaks to them.
    verb, gerund = (re.sub(r"\byour\b", "my", phrase) for phrase in (verb, gerund))
    kind = "how" if verb else "explain"
    name = _in_sentence(part, text)
    if kind == "explain" and not tells(text):
        return Heading(f"{quoted} in `{document.path}`", quoted, kind, alone=False)
    return Heading(name, quoted, kind, verb, gerund)


def tells(text: str) -> bool:
    """Whether a heading says alone what its section is about: two words that are no mere "of", or a name.
    "Build", "Limitations" and "On Fedora" want the document that they are in.
    """
    if _NO_NOUN.match(text.lower()):
        return False
    words = [word for word in re.findall(r"[^\W_][\w'-]*", text) if not _NO_NOUN.fullmatch(word.lower())]
    return len([word for word in words if len(word) > 2]) >= 2 or _CODE.fullmatch(text) is not None


def _order(text: str) -> tuple[str, str]:
    """(`start the worker`, `starting the worker`) of a heading that is one or the other; else empty."""
    first, _, rest = text.partition(" ")
    low = first.lower()
    if not rest or not first.isalpha():
        return "", ""
    # One thing would want an article: "use custom environment".
    if re.match(r"(new|custom)\b", rest) and not rest.endswith("s"):
        return "", ""
    if low in _VERBS and not _KINDS.fullmatch(rest):
        return " ".join(_plain(word) for word in (low, *rest.split())), f"{low} {rest}"
    if low in _PLAIN and _OBJECT.match(rest) and not re.search(r"\band\b", rest):
        return f"{low} {rest}", f"{next(one for one, plain in _VERBS.items() if plain == low)} {rest}"
    return "", ""


def _reads_as_words(rest: str, text: str) -> bool:
    """Whether the words behind the verb of a heading can stand in a sentence: those with a capital are names
    that the document writes so within sentences, and never in small letters ("Filter Arguments" is no order).
    """
    prose = _NOT_PROSE.sub(" ", text)

    def is_name(word: str) -> bool:
        within = re.search(rf"[a-z,] {word}\b", prose)
        return within is not None and not re.search(rf"(?<![\w./-]){word.lower()}(?![\w/-])", prose)

    capitals = [word.rstrip("?!:") for word in rest.split() if _CAPITAL.fullmatch(word)]
    return all(map(is_name, capitals))


def _plain(word: str) -> str:
    """A gerund at the beginning, or behind `and`, as its verb."""
    return _VERBS.get(word, word)


def _in_sentence(part: Part, text: str) -> str:
    """The heading as words of a sentence where the section itself writes it so, else in quotes."""
    low = text[:1].lower() + text[1:]
    used = any(low in block.text for block in part.blocks) and not _NO_NOUN.match(low)
    # A singular noun would want an article.
    if used and re.search(r"(?<![su])s\Z|ing\Z", low):
        return low
    return f'"{text}"'


def said(text: str) -> str:
    """A text as a quotation within a sentence; "" where it is none: several paragraphs, or too long."""
    if "\n" in text or len(text) > SAID or not text:
        return ""
    mark = '"' if '"' not in text else "" if "“" in text else "“"
    if not mark:
        return ""
    return f"{mark}{text}{'”' if mark == '“' else mark}"


def block(text: str) -> str:
    """A text as a quotation of its own; code and lists stay as they are."""
    if "```" in text:
        return text
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def span(lines: tuple[int, int]) -> str:
    """`lines 12 to 20`, or `line 12`."""
    return f"lines {lines[0]} to {lines[1]}" if lines[0] != lines[1] else f"line {lines[0]}"


def spans(lines: tuple[int, int]) -> dict[str, str]:
    """The fields `lines` and `Lines`, which begins a sentence."""
    return {"lines": span(lines), "Lines": capital(span(lines))}


def known(document: Document, part: Part) -> dict[str, str]:
    """Where a part stands: the fields `path`, `parent` and `line`."""
    above = next((one for one in reversed(part.above) if one != document.title), "")
    return {"path": document.path, "parent": f'"{above}"' if above else "", "line": str(part.section.line)}
