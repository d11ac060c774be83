"""A docstring taken apart: its prose, and what it says of parameters, exceptions and the result.

Read are the forms of Google, NumPy and Sphinx, and lists of names in Markdown. What is quoted is whole
sentences in the order of the source; where a part has markup that is not understood, the quotation ends.
"""

import re
from dataclasses import dataclass, field
from itertools import takewhile

from autodidact.generators.ast_parser.codebase_for_questions import ROLES
from autodidact.generators.ast_parser.full.informative_docstrings import explains
from autodidact.sources.documents.rst import short_references
from autodidact.sources.documents.sentences import in_first_person, sentences

# Characters of what is said of one parameter, and of the whole prose.
MAX_ENTRY = 320
MAX_PROSE = 700
# Characters of a docstring that are read, and of a line of it: a longer one ends what is read.
MAX_TEXT = 20_000
MAX_LINE = 1000

_KINDS = {
    "params": "args|arguments|parameters|params|keyword arguments|keyword args|other parameters",
    "raises": "raises|exceptions",
    "returns": "returns?|yields?",
}
_SECTION = re.compile(
    rf"(?:\*\*)?({'|'.join(_KINDS.values())}|examples?|notes?|warnings?|warns|see also|attributes|todo"
    r"|references|usage|side effects|methods|important|tip|caution|options|deprecated)(?:\*\*)?\s*:?"
    r"(?:\*\*)?\s*",
    re.IGNORECASE,
)
_FIELD = re.compile(r":(\w+)(?:\s+([^:]*?))?:\s+(.*)")
_GOOGLE = re.compile(r"(\*{0,2}[\w.]+)\s*(?:\(([^()]*(?:\([^()]*\))?[^()]*)\))?\s*:(?:\s+(.*))?$")
_NUMPY = re.compile(r"(\*{0,2}[\w.]+)\s*(?: : .*)?$")
_MARKDOWN = re.compile(r"[-*+]\s+(?:\*\*|`+)(\*{0,2}\w+)(?:\*\*|`+)\s*(?:-|–|—|:)\s*(.*)")
# Signs of markup that a reader would stumble over: substitutions, links, directives, tables, doctests.
_MARKUP = re.compile(
    r"``|`_+(?![A-Za-z_])|:`|(?<=[A-Za-z0-9])_(?=[\s,.;:)])"
    r"|\|\w[\w -]*\||(^|\s)\.\. |>>>|::|\[\d+\]_|={4,}|-{4,}|~{4,}|<https?:|\\\w|\{[%{]"
    r"|(?<!\w)[@\\]\w+\s|(?<=\s)\*(?=\s)"
)
# Where a page of the documentation is referred to.
_SEE = re.compile(r"(?:,| -)?\s+see\s+:(?:ref|doc):`[^`]*`")
# A word of the glossary or the words of a link, which are no code.
_TERM = re.compile(r":(?:term:`([^`<]+?)(?:\s*<[^`>]*>)?|(?:ref|doc):`([^`<]+?)\s*<[^`>]*>)`")
# A role with words of its own: `:meth:`clear <Cart.clear>``.
_TITLED = re.compile(r":[\w+-]+(?::[\w+-]+)?:`([^`<]+?)\s*<([^`>]+)>`")
# A numbered proposal: `:pep:`517``.
_NUMBERED = re.compile(r":(pep|rfc):`(\d+)[^`<]*`")
# What says nothing by itself.
_EMPTY = re.compile(r"(optional|required|none|same|todo|default|ditto)\W*$|(see|same as)\b", re.IGNORECASE)
# The type that stands before what is said of a result.
_TYPE = re.compile(r"^~?[\w.]+(?:\[[\w., \[\]]*\])?(?: or [\w.]+)?: +(?=\S)")
# What an entry may end with.
_ENDS = re.compile(r"""[\w.!?)`'"%\]]$""")
# A type instead of a meaning: "a `Jobs`".
_BARE_TYPE = re.compile(r"(?:(?:an?|the) )?`[\w.]+`(?: (?:instance|object))?\.?", re.IGNORECASE)
# Sections that begin within a line.
_INLINE = re.compile(r"\b(Params|Args|Arguments|Parameters|Returns?|Raises|Yields|Attributes|Examples?)\s?:")
_POINTS_ON = re.compile(
    r"^\(?see\b|^(for|an) example\b|\b(following|as follows|below|examples?:?$)"
    r"|^there are (two|three|four|several|some)\b",
    re.IGNORECASE,
)
_ITEM = re.compile(r"[-*+] \S")
# Click keeps the lines after this one as they are: a list, or an example.
_AS_THEY_ARE = "\b"
_PROSE = re.compile(r"[A-Z`\"'(*\d]")
# Slips of whoever wrote it, which nobody should learn: a word twice, a space before a comma, a sentence that
# begins where the one before has no full stop.
_TWICE = re.compile(r"\b(a|an|the|to|of|in|is|be|for|and|or|if|with|on|as|by|it|this|which)( \1)+\b")
_SLIP = re.compile(
    rf"{_TWICE.pattern}|\w ,\s|[.!?]=|"
    r"(?<=[a-z]) (?:Whenever|When|This|These|The|It|If|You|There|Use) (?=[a-z])"
)


@dataclass
class Doc:
    """`summary`: the first paragraph as sentences, "" where it is no prose. `more`: the paragraphs of prose
    right after it. `params`, `raises`: name -> what is said of it. `returns`: what is said of the result.
    """

    summary: str = ""
    more: list[str] = field(default_factory=list)
    params: dict[str, str] = field(default_factory=dict)
    raises: dict[str, str] = field(default_factory=dict)
    returns: str = ""


def read_doc(text: str) -> Doc:
    """The parts of a docstring whose indentation was taken away."""
    doc = Doc()
    lines = [*takewhile(lambda line: len(line) <= MAX_LINE, text[:MAX_TEXT].expandtabs().split("\n"))]
    text = "\n".join(lines)
    blocks = _blocks(text)
    prose = _leading_prose(blocks)
    if prose:
        doc.summary, doc.more = prose[0], prose[1:]
    _read_sections(lines, doc)
    _read_fields(lines, doc)
    _read_markdown(lines, doc)
    doc.params = {name: said for name, said in doc.params.items() if explains(name, said)}
    return doc


def plain(text: str) -> str:
    """Text of a docstring on one line, roles and double backticks as plain code; "" where markup is left."""
    text = _TERM.sub(r"\1\2", _SEE.sub("", text))
    text = _TITLED.sub(_titled, text)
    text = _NUMBERED.sub(lambda role: f"{role[1].upper()} {role[2]}", text)
    text = short_references(ROLES.sub(lambda role: f"`{role[1].lstrip('~@!. ')}`", text))
    # An escaped space only parts the markup from what follows: `PrintLogger`\ s.
    found = " ".join(re.sub(r"\\\s", "", text.replace("``", "`")).split())
    if _MARKUP.search(found) or found.count("`") % 2 or not found:
        return ""
    return found


def left_out(text: str, shown: str) -> bool:
    """Whether a paragraph of prose of a docstring does not begin in what is shown of it. What announces code,
    and where other pages are referred to, may be left out.
    """
    known = _letters(shown)
    for block in _blocks(text):
        head, whole = block[0].strip(), " ".join(" ".join(block).split())
        if block[0][:1] == " " or not _PROSE.match(head) or _SECTION.fullmatch(head) or _ITEM.match(head):
            continue
        dashes = len(block) > 1 and re.fullmatch(r"[-=~]{3,}", block[1].strip())
        if dashes or whole.endswith(":") or _POINTS_ON.search(next(iter(sentences(whole)), whole)):
            continue
        if _letters(plain(whole) or whole)[:20] not in known:
            return True
    return False


def _letters(text: str) -> str:
    return "".join(re.findall(r"[a-z0-9]+", text.lower()))


def _titled(role: re.Match[str]) -> str:
    """The words of a role that has some: a name as code and in full, other words as they are."""
    title, target = role[1].strip("~!. "), role[2].strip("~!. ")
    if " " in title:
        return title
    return f"`{target if target.endswith(f'.{title}') and target.count('.') == 1 else title}`"


def _sentence(text: str) -> str:
    """A paragraph as sentences: with a full stop, "" where it is no prose. A last sentence that announces
    what follows, or refers to other pages, is left out.
    """
    found = plain(text)
    parts = sentences(found)
    while parts and _POINTS_ON.search(parts[-1]):
        parts.pop()
    found = " ".join(parts)
    if not found or not _PROSE.match(found) or len(found) > MAX_PROSE or found[-1] in ":;,":
        return ""
    if found.rstrip("*")[-1:] not in (".", "!", "?") and not found.endswith((".)", '."', ".`")):
        found += "."
    if in_first_person(found):
        return ""
    balanced = found.count("(") == found.count(")") and found.count('"') % 2 == 0
    return found if balanced and not _SLIP.search(found) else ""


def _blocks(text: str) -> list[list[str]]:
    """Runs of lines between blank ones."""
    blocks: list[list[str]] = [[]]
    for line in text.expandtabs().split("\n"):
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _leading_prose(blocks: list[list[str]]) -> list[str]:
    """The paragraphs from the first on, as long as each is prose."""
    found: list[str] = []
    for whole in blocks:
        block = [*takewhile(lambda line: line.strip() != _AS_THEY_ARE, whole)] or whole
        head = block[0].strip()
        entry = _FIELD.match(head) or _MARKDOWN.match(head) or re.match(r"[-*+] |\d+[.)] |[@:.>|]", head)
        header = _SECTION.fullmatch(head) or len(block) > 1 and re.fullmatch(r"[-=~]{3,}", block[1].strip())
        entry = entry or re.match(r"\*\*[\w ]+:?\*\*", head)
        indented = bool(found) and block[0][:1] == " "
        later = [line.strip() for line in block[1:]]
        fielded = any(_FIELD.match(line) or _SECTION.fullmatch(line) or _ITEM.match(line) for line in later)
        # What a list goes on with would lack the list.
        if found[1:] and re.match(r"[-*+] |\d+[.)] ", head):
            found.pop()
        text = "" if entry or header or indented or fielded else _sentence(" ".join(block))
        if not text or _INLINE.search(text) or sum(map(len, found)) + len(text) > MAX_PROSE:
            break
        found.append(text)
        if len(block) < len(whole):
            break
    return found


def _entry(lines: list[str]) -> str:
    """What is said of one name: the first sentences, up to some length; "" where they cannot be quoted."""
    kept: list[str] = []
    for line in lines:
        if re.match(r"\s*(\.\. |[-*+] |>>>)", line) or (not line.strip() and kept):
            break
        kept.append(line)
    found = _TWICE.sub(r"\1", _TYPE.sub("", plain(" ".join(kept)), count=1))
    taken = ""
    for sentence in sentences(found):
        if len(taken) + len(sentence) + 1 > MAX_ENTRY or sentence.startswith("See "):
            break
        taken = f"{taken} {sentence}".strip()
    if not _ENDS.search(taken) or taken.count("(") != taken.count(")") or taken.count("`") % 2:
        return ""
    if _BARE_TYPE.fullmatch(taken):
        return ""
    if _EMPTY.match(taken) or in_first_person(taken) or _SLIP.search(taken):
        return ""
    return taken if taken[-1] in ".!?" else f"{taken}."


def _read_sections(lines: list[str], doc: Doc) -> None:
    """Sections of Google (`Args:`, indented entries) and of NumPy (a line of dashes below the title)."""
    number = 0
    while number < len(lines):
        head = lines[number].strip()
        match = _SECTION.fullmatch(head)
        dashes = number + 1 < len(lines) and re.fullmatch(r"\s*-{3,}\s*", lines[number + 1])
        if not match or not (dashes or head.endswith((":", ":**"))):
            number += 1
            continue
        indent = _indent(lines[number])
        start = number + (2 if dashes else 1)
        end = start
        while end < len(lines) and (not lines[end].strip() or _inside(lines, end, indent, bool(dashes))):
            end += 1
        kind = next((k for k, names in _KINDS.items() if re.fullmatch(names, match[1].lower())), None)
        if kind:
            _take(lines[start:end], doc, kind, bool(dashes))
        number = max(end, number + 1)


def _inside(lines: list[str], number: int, indent: int, dashes: bool) -> bool:
    """Whether a line belongs to the section above it."""
    if not dashes:
        return _indent(lines[number]) > indent
    below = lines[number + 1] if number + 1 < len(lines) else ""
    return not re.fullmatch(r"\s*-{3,}\s*", below)


def _take(lines: list[str], doc: Doc, kind: str, dashes: bool) -> None:
    """Adds the entries of a section."""
    filled = [line for line in lines if line.strip()]
    if not filled:
        return
    least = min(map(_indent, filled))
    if kind == "returns":
        shown = [line for line in filled if _indent(line) > least] if dashes else filled
        if shown and not dashes:
            shown = [_TYPE.sub("", shown[0].strip(), count=1), *shown[1:]]
        doc.returns = doc.returns or _entry(shown)
        return
    entries = doc.params if kind == "params" else doc.raises
    name, said = "", [""]
    for line in [*lines, " " * least + "end:"]:
        at_start = line.strip() and _indent(line) == least
        match = (_NUMPY if dashes else _GOOGLE).match(line.strip()) if at_start else None
        if not at_start:
            said.append(line)
            continue
        if name and (text := _entry(said)):
            entries.setdefault(name.lstrip("*"), text)
        name = match[1] if match else ""
        said = [] if dashes else [match[3] or ""] if match else []
        said = [part for part in said if part]


def _read_fields(lines: list[str], doc: Doc) -> None:
    """Fields of Sphinx: `:param name: text`."""
    number = 0
    while number < len(lines):
        match = _FIELD.match(lines[number].strip())
        if not match:
            number += 1
            continue
        indent, said = _indent(lines[number]), [match[3]]
        number += 1
        # Some do not indent the lines after the first.
        while number < len(lines) and lines[number].strip() and _goes_on(lines[number], indent):
            said.append(lines[number])
            number += 1
        name, text = (match[2] or "").split()[-1:], _entry(said)
        if not text:
            continue
        if match[1] in ("param", "parameter", "arg", "argument", "key", "keyword") and name:
            doc.params.setdefault(name[0].lstrip("*\\"), text)
        elif match[1] in ("raises", "raise", "except", "exception") and name:
            doc.raises.setdefault(name[0].lstrip("~"), text)
        elif match[1] in ("return", "returns"):
            doc.returns = doc.returns or text


def _goes_on(line: str, indent: int) -> bool:
    """Whether a line of text belongs to the field above it, which is indented so far."""
    return _indent(line) > indent or _indent(line) == indent and line.strip()[0].isalnum()


def _read_markdown(lines: list[str], doc: Doc) -> None:
    """Lists of names below `**Parameters**`."""
    within = False
    for number, line in enumerate(lines):
        if re.fullmatch(r"\*\*(Parameters|Arguments)[:*]*\s*", line.strip()):
            within = True
        elif within and (match := _MARKDOWN.match(line.strip())):
            said = [match[2]]
            for later in lines[number + 1 :]:
                if not later.strip() or _indent(later) <= _indent(line):
                    break
                said.append(later)
            if text := _entry(said):
                doc.params.setdefault(match[1].lstrip("*"), re.sub(r"^\*\([^)]*\)\*\s*", "", text))
        elif within and line.strip() and not line.startswith(" "):
            within = bool(_MARKDOWN.match(line.strip()))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
