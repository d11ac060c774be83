"""What of a section can be quoted as an answer: whole paragraphs with the list or the code that they lead to,
and nothing that points at what is not shown.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from autodidact.generators.architecture_docs.full.document_block import Block, quoted
from autodidact.generators.architecture_docs.full.section_blocks import Part
from autodidact.sources.documents.section import DIAGRAMS, OTHER_DIAGRAMS
from autodidact.sources.documents.sentences import in_first_person, sentences

# Characters of a quoted passage (about 300 tokens: nobody wants more at once), and of the text of a term; the
# least that explains.
LONGEST = 1200
# Characters of text and code to a token, with room for the words around a quotation: sprout's tokenizer makes
# of the passages of requests one token of 2.9 to 3.3 characters.
OF_A_TOKEN = 2.3
LONGEST_TEXT = 650
LEAST = 70
# Characters of a section that is worth asking for what it says.
LEAST_TOLD = 100
# Characters of the beginning of a section that is worth quoting without the rest.
BEGINNING = 450
# Lines and characters of a block of code that is quoted.
CODE_LINES = 32
CODE = 1000

# How a paragraph begins that only what stands before it explains.
_BACK = re.compile(
    r"(it|its|it's|they|their|this|that|these|those|such|so|thus|therefore|however|also|then|there|and|but|or"
    r"|otherwise|instead|both|here|now|next|finally|alternatively|additionally|likewise|similarly|again"
    r"|another"
    r"|(in|on|for|with|to) (this|that|these|those|the (above|previous|same))|the (other|same|former|latter)"
    r"|the (above|previous|first|second|last|next|rest)|as (mentioned|seen|shown|before|above)|e\.g"
    r"|for (example|instance)|if (so|not|this|that)|note|see|after (this|that)"
    r"|let's|let us|we'll|once (this|that|you)|when done)\b",
    re.IGNORECASE,
)
# What points at something that is not in the quotation.
_AWAY = re.compile(
    r"\b(above|below|(following|next|previous|last|preceding) (\w+ )?(section|chapter|page|example|table)s?"
    r"|(following|next|previous|last) (\w+ )?(figure|diagram|paragraph|link|step|button|image|screenshot)s?"
    r"|(this|the) (section|page|chapter|document|tutorial|guide|table|figure|image|diagram|screenshot)"
    r"|you (just|have just|already) \w+|let's|let us|very similar|between this and|this (one|particular)"
    r"|the same way|in a similar (fashion|way|manner)|aforementioned|mentioned|like (this|that|these|those)\b"
    r"|(first|last|other|latter|former) (two|three|four)"
    r"|as follows|what follows|earlier|later on|click"
    r"|here\b|TODO|FIXME|coming soon|see also|footnote)",
    re.IGNORECASE,
)
# What the end of a quotation must not announce where the text goes on.
_ANNOUNCES = re.compile(
    r"\b(following|follows?|examples?|two|three|four|five|several|few|different|various|these|ways?|steps?"
    r"|tricks?|options?|choices|cases|reasons?|however|instead|example)\b",
    re.IGNORECASE,
)
# Markup that was not read: code in two backticks, a link the wrong way round; a word that a line's end cut.
_MARKUP = re.compile(r"``|\(\w+\)\[|[a-z]- (?!and\b|or\b|to\b)[a-z]")
# A reference of reStructuredText or Markdown that leads nowhere: "psycopg_ based", "[clap]".
_DANGLING = re.compile(
    r"\b[A-Za-z][\w.-]*[A-Za-z0-9]_(?=[\s.,;:)]|\Z)|(?<![\w\])])\[[A-Za-z][\w .-]*\](?![\[(:])"
)
# Counts among what stands elsewhere.
_AMONG = re.compile(r"\b(of|all|both|any|each|with|for|in) (these|those|them|this|it)\b", re.IGNORECASE)
# A word at the beginning of a paragraph that only says that an answer begins.
ANSWER = re.compile(r"^(Answer|A): (?=[A-Z])")
_REFERS = re.compile(
    r"(see|learn more|for (more|further|a (full|complete|list))|please (see|refer|read|note)|refer to"
    r"|read more|more (information|details|about)|check out|consult|thanks)\b",
    re.IGNORECASE,
)
# A line that gives the default of a setting, which is put in words of our own.
DEFAULT = re.compile(r"\(?Default\b(?! \w+ (is|are|of)\b)")


@dataclass(frozen=True)
class Passage:
    """Blocks that follow one another and can be quoted together. `whole`: nothing of the section is missing
    but what stands next to its text.
    """

    blocks: tuple[Block, ...]
    whole: bool = True

    @property
    def text(self) -> str:
        """The blocks as Markdown."""
        return quoted(self.blocks)

    @property
    def code(self) -> list[Block]:
        """The blocks of code in it."""
        return [block for block in self.blocks if block.kind == "code"]

    @property
    def lines(self) -> tuple[int, int]:
        """The first and the last line in the document."""
        return self.blocks[0].lines[0], self.blocks[-1].lines[1]


def passage(blocks: Sequence[Block], *, code: bool = True, most: int = LONGEST) -> Passage | None:
    """The longest passage of at most so many characters that begins with the first block that is no aside.
    `code`: with the code that a paragraph leads to; without, it ends before such a paragraph.
    """
    taken: list[Block] = []
    length, good = 0, 0
    # How many blocks of the section are quoted, or left out as asides.
    reached = 0
    for place, block in enumerate(map(_with_its_kind, blocks), 1):
        if is_aside(block):
            # A quotation has no gaps: what stands behind one is left out as well.
            if taken:
                break
            continue
        given = ANSWER.sub("", block.text)
        block = whole_sentences(block) if block.kind == "text" else block
        if block.text[:1].islower() and taken and taken[-1].kind == "code":
            # The code stood within a sentence.
            good = min(good, max(len(taken) - 2, 0))
            break
        fits = length + len(block.text) <= most and block.kind != "gap"
        if not fits or not _follows(block, taken, code):
            break
        taken.append(block)
        length += len(block.text)
        if not block.text.endswith((":", "...", "…")):
            good, reached = len(taken), place
        if block.kind == "text" and len(block.text) < len(given):
            # Only sentences that send the reader elsewhere are no loss.
            lost = sentences(given[len(block.text) :])
            reached -= not all(map(_REFERS.match, lost))
            break
    found = Passage(tuple(taken[:good]), all(map(is_aside, blocks[reached:])))
    return found if taken[:good] and (len(found.text) >= LEAST) and found.blocks[0].kind == "text" else None


def longest(tokens: int) -> int:
    """How many characters of a document may be quoted where an answer may have so many tokens."""
    return min(LONGEST, int(tokens * OF_A_TOKEN))


def explained(blocks: Sequence[Block], heading: str = "", most: int = LONGEST) -> Passage | None:
    """The passage of a section that answers what the section says: all of it, or a long beginning that has
    the words of the heading and does not stop before what it announces; None where there is none.
    """
    found = passage(blocks, most=most)
    if found is None or found.whole:
        return found if found and (len(found.text) >= LEAST_TOLD or len(found.blocks) > 1) else None
    kept = list(found.blocks)
    while kept and kept[-1].kind == "text" and _ANNOUNCES.search(sentences(kept[-1].text)[-1]):
        kept.pop()
    shorter = Passage(tuple(kept), False)
    text = shorter.text.lower()
    spoken_of = all(word[:5].lower() in text for word in re.findall(r"[^\W\d_]{4,}", heading))
    return shorter if len(shorter.text) >= BEGINNING and spoken_of else None


def _follows(block: Block, taken: list[Block], code: bool) -> bool:
    """Whether a block can stand behind those that were taken."""
    led = bool(taken) and taken[-1].text.endswith((":", "...", "…"))
    if block.kind == "text":
        pointing = "following" in block.text and not block.text.endswith(":")
        if led or pointing or not block.text or (not taken and _BACK.match(block.text)):
            return False
        if block.text.endswith(":") and not code:
            return False
        return not is_away(block.text) and block.text.endswith((".", "!", "?", ":", ".)", "...", '."'))
    if block.kind == "list":
        return led and len(block.text) <= LONGEST and not is_away(block.text)
    if block.kind == "code":
        drawn = block.title in DIAGRAMS or block.title in OTHER_DIAGRAMS
        return bool(taken) and code and not drawn and is_short(block) and taken[-1].kind == "text"
    return False


def _with_its_kind(block: Block) -> Block:
    """A note as a paragraph that says what it is: "Warning: ..."; any other block as it is."""
    if block.kind != "note":
        return block
    return replace(block, kind="text", text=f"{block.title.capitalize()}: {block.text}")


def is_aside(block: Block) -> bool:
    """Whether a block stands next to the text: a change, the default of a setting, a line that only sends the
    reader elsewhere.
    """
    if block.kind != "text":
        return block.kind == "since"
    sent = _REFERS.match(block.text) and len(sentences(block.text)) == 1
    return bool(sent) or DEFAULT.match(block.text) is not None


def sent_on(text: str) -> bool:
    """Whether a text only says where to look, and the link that leads there is not in it."""
    return _REFERS.match(text) is not None


def is_short(block: Block) -> bool:
    """Whether a block of code can be shown whole in an answer."""
    return len(block.text) <= CODE and block.text.count("\n") < CODE_LINES


def is_away(text: str) -> bool:
    """Whether a text points at something that is not in it, speaks in its author's own voice, or has markup
    in it that was not read.
    """
    if in_first_person(text) or _MARKUP.search(text):
        return True
    text = re.sub(r"`[^`]*`", "``", text)
    if _DANGLING.search(text):
        return True
    return _AWAY.search(text) is not None or "`_" in text or "::" in text or text.count("`") % 2 == 1


def whole_sentences(block: Block) -> Block:
    """A paragraph without sentences at its end that send the reader elsewhere, and without the word that only
    says that an answer begins.
    """
    found = sentences(ANSWER.sub("", block.text))
    while len(found) > 1 and (_REFERS.match(found[-1]) or is_away(found[-1])):
        found.pop()
    return replace(block, text=" ".join(found)) if found else block


def first_sentence(part: Part, most: int = 260) -> str:
    """The first sentence of a section where it can stand alone, else ""."""
    for block in part.blocks:
        if is_aside(block):
            continue
        if block.kind != "text":
            return ""
        first = sentences(ANSWER.sub("", block.text))[0]
        return first if stands_alone(first) and len(first) <= most else ""
    return ""


def stands_alone(sentence: str) -> bool:
    """Whether a sentence can be read without those around it."""
    ended = sentence.endswith((".", ".)", '."')) and not sentence.endswith(("...", "i.e.", "e.g."))
    ended = ended and re.match(r"[A-Z`\"'(\d]", sentence) is not None
    ended = ended and not _AMONG.search(sentence)
    return ended and not _BACK.match(sentence) and not is_away(sentence) and not _REFERS.match(sentence)


def command(found: Passage) -> str:
    """The one command of a passage's only block of code, where it is one of a shell; else ""."""
    if len(found.code) != 1 or found.code[0].title not in ("console", "bash", "sh", "shell", "shell-session"):
        return ""
    lines = [line.strip() for line in found.code[0].text.split("\n") if line.strip()]
    if len(lines) != 1 or len(lines[0]) > 100 or "`" in lines[0] or lines[0].startswith(("#", ">")):
        return ""
    return lines[0].removeprefix("$ ").strip()
