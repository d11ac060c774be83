"""What documents say, quoted whole and put to use: explanations, instructions, examples, changes, places."""

import re
from collections.abc import Collection, Iterator, Sequence

from autodidact.generators.architecture_docs.full.document_block import Block, fenced
from autodidact.generators.architecture_docs.full.heading_phrases import Heading, block, heading, known, said
from autodidact.generators.architecture_docs.full.quotable_passages import (
    ANSWER,
    LONGEST,
    Passage,
    command,
    explained,
    first_sentence,
    is_away,
    is_short,
    passage,
    stands_alone,
    whole_sentences,
)
from autodidact.generators.architecture_docs.full.section_blocks import Part
from autodidact.generators.architecture_docs.full.section_worth import is_example_data, is_placed, says_little
from autodidact.generators.architecture_docs.text_and_table_questions import ASIDE, Titles, at
from autodidact.generators.writing.facts_into_words import capital
from autodidact.generators.writing.template_rotation import Row, Shapes
from autodidact.sources.documents.reader import Document
from autodidact.sources.documents.sentences import sentences

# Headings that are about the project's people and its money.
_ASIDE = re.compile(
    r"enterprise|what.?s next|next steps?\Z|badges?\Z|bug ?tracker|issue tracker|mailing list|\bchat\b"
    r"|\bIRC\b|social|release notes|future work|get(ting)? help|community\Z"
    r"|\A\W*(notes?|warning|important|caution|tip)\W*\Z"
    r"|news\Z|roadmap|\Aversion \d|\Av?\d+(\.\d+)+|unreleased|copyright|citation|who uses"
    r"|related projects|further reading|additional resources|\Astep \d+\Z",
    re.IGNORECASE,
)
# Languages whose blocks of code are commands.
SHELLS = ("console", "bash", "sh", "shell", "shell-session", "zsh", "powershell", "cmd")
# Lines that somebody types by hand.
COMMANDS = 6
# Languages whose blocks are pictures rather than examples.
DIAGRAMS = ("mermaid", "dot", "graphviz", "plantuml")


class DocumentRows:
    """The rows of one document's sections. `most`: characters of a quotation; `repeated`: first sentences of
    more than one section.
    """

    def __init__(
        self,
        document: Document,
        parts: Sequence[Part],
        titles: Titles,
        shapes: "Pair",
        most: int = LONGEST,
        repeated: Collection[str] = (),
    ):
        self.repeated = repeated
        self.document, self.parts, self.titles, self.most = document, parts, titles, most
        self.ask, self.say = shapes.ask, shapes.say

    def rows(self) -> Iterator[tuple[str, Row]]:
        """(kind, row) of every section that explains something."""
        for part in self.parts:
            if not self.skipped(part):
                words = heading(part, self.document, self.titles)
                yield from self._of(part, words)

    def explained(self, part: Part) -> Passage | None:
        """All of a section, which answers a question for what it says; None where it is too long or points
        elsewhere: a beginning is cut off before what somebody may want.
        """
        found = explained(part.blocks, part.title, self.most)
        return found if found and found.whole else None

    def skipped(self, part: Part) -> bool:
        """Whether a part explains nothing, or shares its heading with another of the document."""
        if is_example_data(self.document.path) or says_little(part, sections_below(part, self.parts)):
            return True
        if not part.title or part.title == self.document.title or part.title.startswith(("$ ", "> ", "- ")):
            return True
        aside = ASIDE.search(part.title) or _ASIDE.search(part.title)
        return bool(aside) or self.titles.repeated(part.section, self.document)

    def _of(self, part: Part, words: Heading) -> Iterator[tuple[str, Row]]:
        found = self.explained(part)
        if words.kind == "question":
            # Of a question, a short answer is enough.
            answer = passage(part.blocks, most=self.most)
            answer = answer if answer and answer.whole else found
            if answer:
                yield "question", self._quoted("question", part, words, answer)
        elif words.kind == "how" and found and found.code:
            yield "how", self._quoted("how", part, words, found)
        elif found:
            kind = "section" if words.name.startswith('"') else "explain"
            yield kind, self._quoted(kind, part, words, found)
        yield from self._code(part, words)
        yield from self._since(part, words, passage(part.blocks))
        yield from self._where(part, words)

    def row(self, kind: str, ask: str, answer: str, part: Part, **more) -> Row:
        """A row about a part, with where it can be checked."""
        source = at(self.document, part.section, kind, part.section.title)
        return Row(ask, answer, source, self.document.fresh, self.document.path, **more)

    def _quoted(self, kind: str, part: Part, words: Heading, found: Passage) -> Row:
        """A passage as the answer."""
        fields = self.fields(part, words)
        text = found.text
        ask = self.asked(kind, part, words)
        answer = self.say.draw(
            "explain" if kind == "section" else kind,
            **fields,
            said=said(text),
            block=block(text),
            cmd=command(found),
        )
        return self.row(kind, ask, begun(answer, found), part)

    def asked(self, kind: str, part: Part, words: Heading, /, **more: str) -> str:
        """A question about a part; where its name has the path already, the path is not named again."""
        fields = self.fields(part, words) | more
        if not words.alone:
            fields |= {"T": words.name, "path": ""}
        ask = self.ask.draw(kind, **fields)
        # A heading begins a question as a sentence begins; a path does not.
        return capital(ask) if ask.startswith((words.name, words.gerund or words.name)) else ask

    def fields(self, part: Part, words: Heading) -> dict[str, str]:
        """The fields of shapes about a part (wordings.yaml)."""
        return known(self.document, part) | {
            "t": words.name,
            "T": words.quoted,
            "Q": part.title,
            "verb": words.verb,
            "gerund": words.gerund,
        }

    def examples(self, part: Part) -> Iterator[tuple[str, Block]]:
        """(what leads to it, code): each block of code behind a paragraph that says what it shows."""
        after = [*part.blocks[2:], None]
        for before, code, behind in zip(part.blocks, part.blocks[1:], after, strict=False):
            if behind and behind.text[:1].islower():
                continue
            if (
                code.title not in DIAGRAMS
                and before.kind == "text"
                and code.kind == "code"
                and is_short(code)
            ):
                text = ANSWER.sub("", before.text)
                lead = text if text.endswith(":") else whole_sentences(before).text
                if (
                    len(lead.split()) >= 6
                    and not is_away(lead.rstrip(":"))
                    and stands_alone(f"{lead.rstrip(':')}.")
                ):
                    yield lead, code

    def _code(self, part: Part, words: Heading) -> Iterator[tuple[str, Row]]:
        """The block of code that somebody wants, with the paragraph that leads to it, where no other stands
        before that.
        """
        second = next(iter(part.blocks[1:2]), None)
        if words.kind != "explain" or not one_code(part) or second is None or second.kind != "code":
            return
        for lead, code in list(self.examples(part))[:1]:
            shell = (code.title in SHELLS or code.text.startswith("$ ")) and is_typed(code)
            # What follows in the section may have more commands.
            if len(code.text) > 30 and not (shell and len(part.blocks) > 2):
                ask = self.asked(section("commands" if shell else "example", words), part, words)
                text = f"{lead}\n\n{fenced(code)}"
                answer = self.say.draw("follow example", **self.fields(part, words), block=text)
                yield "example", self.row("example", ask, answer, part)

    def _since(self, part: Part, words: Heading, text: Passage | None) -> Iterator[tuple[str, Row]]:
        """What changed or came with a version."""
        fields = self.fields(part, words)
        for one in [b for b in part.blocks if b.kind == "since" and b.text and " " not in b.text][:3]:
            inner = " ".join(b.text for b in one.inner if b.kind == "text")
            if one.title == "changed" and inner and not is_away(inner) and len(one.inner) == 1:
                answer = self.say.draw("changed", **fields, version=one.text, said=said(inner))
            elif one.title == "added" and not one.inner and text:
                first = sentences(text.text)[0]
                # That a version introduces it is what was asked.
                if not names(part.title, first) or one.text in first:
                    continue
                answer = self.say.draw("added", **fields, version=one.text, said=said(first))
            else:
                continue
            ask = self.asked(one.title, part, words, version=one.text)
            yield one.title, self.row(one.title, ask, answer, part)

    def _where(self, part: Part, words: Heading) -> Iterator[tuple[str, Row]]:
        opening = said(opening_of(part))
        alone = self.titles.alone(part.section, self.document)
        if not opening or not alone or words.kind == "question" or not words.alone:
            return
        if not is_placed(part, self.parts, self.document.path) or first_sentence(part) in self.repeated:
            return
        fields = self.fields(part, words)
        ask = self.ask.draw("where", t=words.name, T=words.quoted)
        yield ("where", self.row("where", ask, self.say.draw("where", **fields, said=opening), part))


def begun(answer: str, found: Passage) -> str:
    """The answer; of a quotation that is not all of its section, with where that goes on."""
    if not answer or found.whole:
        return answer
    return f"{answer}\n\nThe section goes on after line {found.lines[1]}."


def sections_below(part: Part, parts: Sequence[Part]) -> list[Part]:
    """The sections right below a section of a document."""
    found = []
    for other in parts[parts.index(part) + 1 :]:
        if other.level <= part.level:
            break
        if other.level == part.level + 1 and other.title:
            found.append(other)
    return found


def one_code(part: Part) -> bool:
    """Whether a part has one block of code alone: "the example" of it."""

    def count(blocks: Sequence[Block]) -> int:
        return sum((block.kind == "code") + count(block.inner) for block in blocks)

    return count(part.blocks) == 1


def is_typed(code: Block) -> bool:
    """Whether a block of a shell's language is a few commands, and no script or Dockerfile."""
    lines = [line for line in code.text.split("\n") if line.strip()]
    return len(lines) <= COMMANDS and not any(re.match(r"(FROM|RUN|COPY|#!)\b", line) for line in lines)


def opening_of(part: Part) -> str:
    """The first sentence of a section where it shows that this is the section that the heading promises:
    it speaks of what the heading names. Else "".
    """
    first = first_sentence(part)
    return first if names(part.title, first) else ""


def names(heading: str, sentence: str) -> bool:
    """Whether a sentence speaks of what the heading names, and can be quoted."""
    stems = [word[:5].lower() for word in re.findall(r"[^\W\d_]{4,}", heading)]
    return bool(said(sentence)) and any(stem in sentence.lower() for stem in stems)


class Pair:
    """The shapes of questions and those of answers."""

    def __init__(self, ask: Shapes, say: Shapes):
        self.ask, self.say = ask, say


def section(kind: str, words: Heading) -> str:
    """The kind of question for a heading that is quoted: it is asked about as a section."""
    return f"{kind} section" if words.name.startswith('"') else kind
