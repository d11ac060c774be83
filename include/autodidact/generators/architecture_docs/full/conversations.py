"""Conversations on documents: follow-ups that need the turn before, and sections that are read first."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from autodidact.generators.architecture_docs.full.heading_phrases import Heading, block, heading, said, spans
from autodidact.generators.architecture_docs.full.quotable_passages import command
from autodidact.generators.architecture_docs.full.quoting_answers import DocumentRows, begun
from autodidact.generators.architecture_docs.full.section_blocks import Part
from autodidact.generators.architecture_docs.full.section_worth import is_placed
from autodidact.generators.writing.conversations import TOOLS, RepositoryTools, assistant, user
from autodidact.generators.writing.template_rotation import Row, Shapes

# Lines that a tool reads at once.
LINES = 45


class Talk:
    """Conversations about one document, from its `passages`."""

    def __init__(self, passages: DocumentRows, tools: RepositoryTools | None):
        self.passages, self.tools = passages, tools

    def rows(self) -> Iterator[tuple[str, Row]]:
        """(kind, row) of conversations."""
        passages = self.passages
        for place, part in enumerate(passages.parts):
            if passages.skipped(part):
                continue
            words = heading(part, passages.document, passages.titles)
            yield from self._follow(part, words)
            if self.tools and passages.document.source["kind"] == "git":
                # In two groups, as they are what a conversation with tools is learned from.
                for kind, row in self._read(part, words):
                    yield f"{kind} {place % 2}", row

    def _follow(self, part: Part, words: Heading) -> Iterator[tuple[str, Row]]:
        """First where it is, then the text."""
        passages, fields = self.passages, self.passages.fields(part, words)
        text = passages.explained(part)
        if text is None:
            return
        quote = {"said": said(text.text), "block": block(text.text)}
        where = passages.say.draw("place", **fields)
        first_ask = passages.asked("where only", part, words)
        answer = begun(passages.say.draw("follow text", **fields, **quote, **spans(text.lines)), text)
        # Nobody looks for the place of a question: it is asked.
        asked = words.kind == "question"
        if words.alone and not asked and is_placed(part, passages.parts, passages.document.path):
            yield "talk text", self._then("follow text", part, words, first_ask, where, answer)

    def _then(self, kind: str, part: Part, words: Heading, first: str, explained: str, answer: str) -> Row:
        """A conversation of two questions."""
        ask = self.passages.asked(kind, part, words)
        history = [user(first), assistant(explained)]
        answer = answer if first and explained else ""
        return self.passages.row(f"talk {kind}", ask, answer, part, history=history)

    def _read(self, part: Part, words: Heading) -> Iterator[tuple[str, Row]]:
        """A question for which the section is read first."""
        assert self.tools
        passages, fields = self.passages, self.passages.fields(part, words)
        found = passages.explained(part)
        if found is None or found.lines[1] - part.section.line >= LINES:
            return
        last = max(found.lines[1], part.section.line)
        turns = self.tools.read_file(passages.document.path, part.section.line, last)
        if turns is None:
            return
        quote = {"said": said(found.text), "block": block(found.text), "cmd": command(found)}
        answer = begun(passages.say.draw("read", **fields, **quote, **spans(found.lines)), found)
        ask = passages.asked("read", part, words)
        row = passages.row("read", ask, answer, part, history=[user(ask), *turns], tools=TOOLS)
        yield "read", replace(row, user="")


def followed(rows: Sequence[tuple[str, Row]], ask: Shapes, rng: random.Random) -> Iterator[tuple[str, Row]]:
    """What a service is, and then what one does with it, as a conversation. The second question is put as one
    that follows; what a service is gives away who depends on whom.
    """
    by_service: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for _, row in rows:
        if row.answer and row.user:
            by_service[row.source["ref"], row.source["asks"][1]].append(row)
    for (_, name), found in sorted(by_service.items()):
        if not name or len(found) < 2:
            continue
        first = next((one for one in found if one.source["asks"][0].endswith(" brief")), None)
        if first is None:
            continue
        for second in rng.sample(found, len(found)):
            kind = second.source["asks"][0].partition(" ")[2]
            if follow := ask.draw(kind, s=f"`{name}`") if kind in ask else "":
                history = [user(first.user), assistant(first.answer)]
                source = second.source | {"asks": [f"talk {kind}", name]}
                yield f"talk {kind}", replace(second, user=follow, history=history, source=source)
