"""What stands behind an answer in some rows: a sentence that applies it, a warning, where it goes on."""

import random
import re
from collections.abc import Mapping, Sequence

from autodidact.generators.architecture_docs.full.document_block import Block
from autodidact.generators.architecture_docs.full.heading_phrases import said
from autodidact.generators.writing.facts_into_words import listing
from autodidact.generators.writing.template_rotation import Shapes

# Share of the rows with such a sentence, where there is one.
TAILED = 0.7
# Characters of a note that is given with something else.
NOTE = 220

# What a reader has to put a value in for: `<PROJECT_ID>`, `YOUR_TOKEN`.
_PLACEHOLDER = re.compile(r"<[A-Za-z][\w -]{1,30}>|\b(?:YOUR|MY)_[A-Z_]{2,30}\b")
# What an interpreter writes so in a traceback.
_FRAME = re.compile(r"<(?:stdin|string|module|lambda|listcomp|console)>")
_CODE = re.compile(r"```.*?```", re.DOTALL)
_NAME = re.compile(r"`([A-Za-z_][\w.]{3,60})`")


class Tails:
    """`entries`: setting -> (path, its default) of the documents."""

    def __init__(self, say: Shapes, rng: random.Random, entries: Mapping[str, tuple[str, str]]):
        self.say, self.rng, self.entries = say, rng, entries

    def added(self, answer: str, about: str, notes: Sequence[Block], below: Sequence[str]) -> str:
        """The answer with a sentence behind it. `about`: the heading; `below`: the headings under it."""
        if not answer or self.rng.random() > TAILED:
            return answer
        tail = self._values(answer) or self._setting(answer, about) or self._note(answer, notes)
        if not tail and 2 <= len(below) <= 5:
            tail = self.say.draw("tail children", names=listing(f'"{name}"' for name in below))
        if not tail:
            return answer
        apart = answer.endswith(("```", ")")) or "\n\n" in answer
        return f"{answer}\n\n{tail}" if apart else f"{answer} {tail}"

    def _values(self, answer: str) -> str:
        """Which places in code wait for a value."""
        code = _FRAME.sub("", " ".join(_CODE.findall(answer)))
        if "</" in code:
            return ""
        names = list(dict.fromkeys(_PLACEHOLDER.findall(code)))
        told = any(name in _CODE.sub("", answer) for name in names)
        if told or not 1 <= len(names) <= 3:
            return ""
        what = "values" if len(names) > 1 else "value"
        return self.say.draw("tail values", names=listing(f"`{name}`" for name in names), what=what)

    def _setting(self, answer: str, about: str) -> str:
        """A setting that the answer names and that has an entry of its own."""
        for name in _NAME.findall(_CODE.sub("", answer)):
            if name in self.entries and name != about:
                path, default = self.entries[name]
                return self.say.draw("tail setting", name=f"`{name}`", entry=path, default=default)
        return ""

    def _note(self, answer: str, notes: Sequence[Block]) -> str:
        note = next((one for one in notes if len(one.text) <= NOTE and one.text not in answer), None)
        if note is None or not said(note.text):
            return ""
        return self.say.draw("tail note", kind=kind_of(note), said=said(note.text))


def kind_of(note: Block) -> str:
    """What a note is called."""
    if note.title == "danger":
        return "warning"
    return note.title if note.title in ("tip", "warning", "caution") else "note"
