"""Turtle and N-Triples (which is a part of it), in one reader.

Read: prefixes and base in both spellings, `a`, `;`, `,`, every literal, blank nodes, `[...]`; each member of
a `(...)` counts as an object of its own. Beyond it: named graphs (`{...}`), quoted triples (`<<...>>`). A
statement that cannot be read is counted and costs itself alone.

rdflib reads Turtle too (6 MB installed, twice the time: 20,000 triples in 0.9 s). There one bad statement
costs the whole file, and an undeclared prefix is such a statement; its JSON-LD fetches remote contexts.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from autodidact.sources.graphs.rdf_statements import TYPE, Statement, Term, resolved
from autodidact.stage import Troubles

# Of nested [...] and (...)
MAX_DEPTH = 40

# Possessive wherever it can be: such a token that does not end costs one pass over it and no memory. A group
# with a look-ahead in it is not, as Python 3.11.2 matches possessive ones of these wrongly.
_HEX = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_LOCAL = r"(?:[\w:%-]++|\\[_~.\-!$&'()*+,;=/?#@%]|\.++(?=[\w:%\\-]))*"
_TOKEN = re.compile(
    r"(?P<space>(?:\s++|#[^\n]*+)++)"
    rf"|(?P<iri><(?:[^<>\"{{}}|^`\\\x00-\x20]++|{_HEX})*+>)"
    r'|(?P<text>"""(?:[^"\\]++|\\.|"(?!""))*"""|' + r"'''(?:[^'\\]++|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]++|\\.)*+"|' + r"'(?:[^'\\\n\r]++|\\.)*+')"
    r"|(?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)|(?P<type>\^\^)"
    r"|(?P<blank>_:\w(?:[\w-]++|\.++(?=[\w-]))*)"
    rf"|(?P<name>(?:[^\W\d_](?:[\w-]++|\.++(?=[\w-]))*)?:{_LOCAL})"
    r"|(?P<number>[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<word>[A-Za-z]+)|(?P<mark>[.;,\[\]()])",
    re.DOTALL,
)
_FULL_STOP = re.compile(r"\.[ \t\r]*(?:#[^\n]*)?(?:\n|\Z)")
_ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([tbnrf"\'\\]))')


class _Token(NamedTuple):
    kind: str
    text: str
    place: int


class _NotTurtle(Exception):
    pass


def n_triples(text: str, ref: str, troubles: Troubles) -> Iterator[Statement]:
    """The statements of an N-Triples text, line by line."""
    for number, line in enumerate(text.split("\n"), 1):
        yield from statements(line, ref, troubles, number)


def statements(text: str, ref: str, troubles: Troubles, line: int = 1) -> Iterator[Statement]:
    """The statements of a Turtle text; `line` is the number of its first line."""
    reader, counted = _TurtleReader(text), 0
    while reader.next.kind != "end":
        start = reader.next.place
        reader.made = []
        try:
            reader.statement()
            yield from reader.made
        except _NotTurtle:
            line += text.count("\n", counted, start)
            counted = start
            troubles.add("not a triple", f"{ref}:{line}")
            reader.recover()


class _TurtleReader:
    """One token ahead. `made` holds the statements of the sentence that is being read."""

    def __init__(self, text: str):
        self.text, self.place, self.last = text, 0, 0
        self.base = ""
        self.prefixes: dict[str, str] = {}
        self.made: list[Statement] = []
        self.next = self._token()

    def statement(self) -> None:
        word = self.next.text.lower()
        if (
            self.next.kind == "tag"
            and word in ("@prefix", "@base")
            or self.next.kind == "word"
            and word in ("prefix", "base")
        ):
            self._take()
            if word.endswith("prefix"):
                prefix = self._take("name").text
                self.prefixes[prefix.removesuffix(":")] = self._iri(self._take("iri"))
            else:
                self.base = self._iri(self._take("iri"))
            if word.startswith("@"):
                self._take("mark", ".")
            return
        alone = self.next.text == "["
        subject = next(iter(self._term(0)), None)
        # An empty list states nothing.
        if subject is None:
            raise _NotTurtle
        if not (alone and self.next.text == "."):
            self._predicates(subject, 0)
        self._take("mark", ".")

    def recover(self) -> None:
        """On to what follows the next full stop at the end of a line: there a new sentence begins."""
        end = _FULL_STOP.search(self.text, self.last)
        self.place = end.end() if end else len(self.text)
        self.next = self._token()

    def _token(self) -> _Token:
        while self.place < len(self.text):
            place = self.place
            match = _TOKEN.match(self.text, place)
            if not match or match.end() == place:
                self.place += 1
                return _Token("bad", self.text[place], place)
            self.place = match.end()
            if match.lastgroup and match.lastgroup != "space":
                return _Token(match.lastgroup, match[0], place)
        return _Token("end", "", len(self.text))

    def _take(self, kind: str | None = None, text: str | None = None) -> _Token:
        token = self.next
        self.last = token.place
        if kind and token.kind != kind or text and token.text != text:
            raise _NotTurtle
        self.next = self._token()
        return token

    def _iri(self, token: _Token) -> str:
        return resolved(self.base, _unescaped(token.text[1:-1]))

    def _predicates(self, subject: Term, depth: int) -> None:
        while True:
            token = self._take()
            if token.kind == "word" and token.text == "a":
                predicate = TYPE
            elif token.kind in ("iri", "name"):
                predicate = self._named(token)
            else:
                raise _NotTurtle
            while True:
                self.made += [Statement(subject, predicate, obj) for obj in self._term(depth)]
                if self.next.text != ",":
                    break
                self._take()
            if self.next.text != ";":
                return
            while self.next.text == ";":
                self._take()
            if self.next.text in (".", "]"):
                return

    def _named(self, token: _Token) -> str:
        if token.kind == "iri":
            return self._iri(token)
        prefix, _, name = token.text.partition(":")
        if prefix not in self.prefixes:
            raise _NotTurtle
        return self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", name)

    def _term(self, depth: int) -> list[Term]:
        """A subject or an object; several for a collection."""
        if depth > MAX_DEPTH:
            raise _NotTurtle
        token = self._take()
        if token.kind in ("iri", "name"):
            return [Term("iri", self._named(token))]
        if token.kind == "blank":
            return [Term("blank", token.text[2:])]
        if token.text == "[" and token.kind == "mark":
            nameless = Term("blank", f"[{token.place}")
            if self.next.text != "]":
                self._predicates(nameless, depth + 1)
            self._take("mark", "]")
            return [nameless]
        if token.text == "(" and token.kind == "mark":
            members: list[Term] = []
            while self.next.text != ")":
                members += self._term(depth + 1)
            self._take()
            return members
        if token.kind == "number" or token.kind == "word" and token.text in ("true", "false"):
            return [Term("literal", token.text)]
        if token.kind != "text":
            raise _NotTurtle
        quotes = 3 if token.text[:3] in ('"""', "'''") and len(token.text) >= 6 else 1
        if self.next.kind == "type":
            self._take()
            if self.next.kind not in ("iri", "name"):
                raise _NotTurtle
            self._named(self._take())
        language = self._take().text[1:] if self.next.kind == "tag" else ""
        return [Term("literal", _unescaped(token.text[quotes:-quotes]), language)]


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match) -> str:
    code = match[1] or match[2]
    if code:
        number = int(code, 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
    return {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}.get(match[3], match[3])
