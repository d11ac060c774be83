"""Questions about what documents say in words and tables."""

import random
import re
from collections import Counter
from collections.abc import Iterator

from autodidact.generators.writing.facts_into_words import Fact, listing, opening
from autodidact.sources.documents.reader import Document, Prose, Section
from autodidact.sources.documents.sentences import in_first_person
from autodidact.sources.placeholders import is_no_value

# Characters of an explanation, about 100 tokens.
EXPLAINED = 420
# Characters under which a section's opening explains nothing.
LEAST = 40
# Characters of a table's cell that is asked for.
CELL = 80
# Most cells asked for of one table.
CELLS = 60
# Names in an answer.
MOST = 8

# Headings under which documents do not explain the system.
ASIDE = re.compile(
    r"^(table of )?contents?$|licen[cs]e|contribut|acknowledg|credits|sponsor|donat|change ?log|what's"
    r" new|authors|maintainers|badges|screenshots?|star history"
    r"|^(see also|references|links|community|support|download|installation|install)$",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
# Words by which headings are compared; an asked one has at most 60 characters.
_MOST_WORDS = 12
VAGUE = re.compile(
    r"^(usage|overview|introduction|example|examples|notes?|description|features|about|details|summary|basics"
    r"|options|configuration)$",
    re.I,
)
_SOUND = re.compile(
    r"(?!Default|Note|https?:|Q:|A:|Answer|So\b|In this case|For"
    r" (more|further)|Please|However|But\b|Also\b|Then\b|These?\b|That\b|Those\b|It\b|Here)"
    r"[A-Z`'\"(].*[^.]\.[)\"']?$",
    re.DOTALL,
)  # begins and ends as prose does that can stand alone
_ANCHORS = (
    "above",
    "below",
    "following",
    "this section",
    "this page",
    "this document",
    "this chapter",
    "see ",
    "here",
)


# A cell that only says where to look.
_SENT_ON = re.compile(r"(see|read more|refer to|consult)\b", re.IGNORECASE)


class Titles:
    """The headings of all documents: which of them one document alone has, and says something by."""

    def __init__(self, read: list[tuple[Document, Prose]]):
        self._places: dict[str, Counter] = {}
        # How many headings begin with these words.
        begun: Counter = Counter()
        for document, found in read:
            for section in found.sections:
                self._places.setdefault(title(section).lower(), Counter())[document.path] += 1
        for name in self._places:
            words = _WORD.findall(name)[:_MOST_WORDS]
            begun.update(tuple(words[:count]) for count in range(1, len(words) + 1))
        self._begun = begun

    def alone(self, section: Section, document: Document) -> bool:
        """Whether the heading leads to this section only."""
        text = title(section)
        if (
            len(text) < 4
            or len(text) > 60
            or VAGUE.match(text)
            or ASIDE.search(text)
            or text == document.title
            or not re.search(r"[^\W\d]{3}", text)
        ):
            return False
        # None: an earlier commit had it, and today no document has.
        if sum(self._places.get(text.lower(), Counter()).values()) != 1:
            return False
        # "Pyright" is also what "Pyright / VS Code" is about.
        return self._begun[tuple(_WORD.findall(text.lower())[:_MOST_WORDS])] == 1

    def repeated(self, section: Section, document: Document) -> bool:
        """Whether the document has the heading more than once: nobody could tell which is meant."""
        return self._places.get(title(section).lower(), Counter())[document.path] > 1


def title(section: Section) -> str:
    """A heading as people quote it."""
    return re.sub(r"[`\"*]", "", section.title).rstrip(":. ")


def table_name(section: Section, table: list[list[str]]) -> str:
    """What a table is called: the name above it, else the heading."""
    place = next(place for place, other in enumerate(section.tables) if other is table)
    return re.sub(r"[`\"*]", "", section.captions.get(place, "")).rstrip(":. ") or title(section)


def at(document: Document, section: Section, *asks: str) -> dict:
    """Where an example about a section can be checked, and what it asks."""
    lines = [section.line, max(section.end, section.line)]
    return document.source | {
        "ref": f"{document.source['ref']}:{section.line}",
        "lines": lines,
        "asks": list(asks),
    }


def explained(section: Section, document: Document, titles: Titles, rng: random.Random) -> Iterator[Fact]:
    """The section's first sentences, when they can stand alone."""
    name = title(section)
    text = opening(section.paragraphs[:1], EXPLAINED)
    if (
        len(text) < LEAST
        or ASIDE.search(name)
        or titles.repeated(section, document)
        or not _SOUND.match(text)
        or any(f"{word} " in f"{text.lower()} " for word in _ANCHORS)
        or in_first_person(text)
    ):
        return
    if name == document.title:
        asks = [f"What does {document.path} say first?", f"How does {document.path} begin?"]
    elif VAGUE.match(name):
        asks = [
            f'What does the section "{name}" of {document.path} say?',
            f'{document.path}, section "{name}": what does it say first?',
        ]
    elif len(section.paragraphs) > 1 or text != section.paragraphs[0]:
        # What follows may be what the section is there for: the text is asked for as its beginning.
        asks = [
            f'How does the section "{name}" of {document.path} begin?',
            f'Sum up the start of the section "{name}" in {document.name}.',
            f'{document.name}, "{name}": what does it say first?',
        ]
    else:
        asks = [
            f'Explain "{name}" as {document.name} does.',
            f'{document.name}, "{name}": what is it about?',
            f'What does {document.path} say about "{name}"?',
            f'I am reading {document.path}. What is "{name}" there?',
        ]
        if titles.alone(section, document):
            asks += [
                f'What do the docs say about "{name}"?',
                f'"{name}": what is that, by our documentation?',
            ]
    for ask in rng.sample(asks, min(2, len(asks))):
        yield Fact(ask, text, at(document, section, "section", section.title), document.fresh)


def places(
    section: Section,
    document: Document,
    titles: Titles,
    others: list[tuple[Document, Prose]],
    rng: random.Random,
) -> Iterator[Fact]:
    """Which document has a heading, and that another one has not."""
    if not titles.alone(section, document):
        return
    name = title(section)
    asks = (
        f'Where in the docs is "{name}" described?',
        f'Which file has the section "{name}"?',
        f'I want to read what we wrote on "{name}". Which file?',
        f'Find the documentation of "{name}".',
    )
    source = at(document, section, "where", section.title)
    yield Fact(
        rng.choice(asks), f"`{document.path}`, line {section.line}.", source, document.fresh, short=True
    )
    wrong, other = rng.choice(others)
    if wrong.path != document.path and rng.random() < 0.4:
        ask = rng.choice(
            (
                f'Does {wrong.path} have a section "{name}"?',
                f'The section "{name}" is in {wrong.path}, right?',
            )
        )
        answer = other.unread.closed(f"No, it is in `{document.path}`.", "headings")
        yield Fact(ask, answer, source, document.fresh, short=True)


def outline(document: Document, found: Prose) -> Iterator[Fact]:
    """The headings of a document, in order."""
    names = [title(section) for section in found.sections if section.title != document.title]
    if 3 <= len(names) <= MOST and len(set(names)) == len(names):
        asks = (f"Which sections does {document.path} have?", f"Outline {document.path}.")
        source = document.source | {"asks": ["outline"]}
        for ask in asks[: 1 + (len(document.text) % 2)]:
            yield Fact(ask, found.unread.closed(f"{listing(names)}.", "headings"), source, document.fresh)


class Tables:
    """The tables of a document by their headings: a question that two of them answer is asked of none."""

    def __init__(self, found: Prose):
        self.unread = found.unread
        self.cells: Counter[tuple[str, str, str]] = Counter()
        self.columns: Counter[tuple[str, str]] = Counter()
        for section in found.sections:
            for table in section.tables:
                (header, *body), of = table, table_name(section, table)
                self.columns.update((of, name) for name in set(header))
                keys = {row[0] for row in body}
                self.cells.update((of, key, name) for key in keys for name in set(header[1:]))


def cells(
    table: list[list[str]], section: Section, document: Document, rng: random.Random, tables: Tables
) -> Iterator[Fact]:
    """One question a cell: the row by its first cell, the column by its heading. Rows by the value of a cell
    where it is the only one. A cell that holds the place of a value is asked for by nobody.
    """
    header, *body = table
    keys = Counter(row[0] for row in body)
    if len(set(header)) < len(header):
        return
    found = [
        (row, place)
        for row in body
        for place in range(1, len(header))
        if keys[row[0]] == 1 and tables.cells[table_name(section, table), row[0], header[place]] == 1
    ]
    for row, place in rng.sample(found, min(CELLS, len(found))):
        # The link behind "See the wiki" is not in the text.
        sent = _SENT_ON.match(row[place])
        if not sent and not any(map(is_no_value, (row[0], header[place], row[place]))):
            yield from _of_cell(row, place, table, section, document, rng, tables)


def _of_cell(
    row: list[str],
    place: int,
    table: list[list[str]],
    section: Section,
    document: Document,
    rng: random.Random,
    tables: Tables,
) -> Iterator[Fact]:
    """What stands in a cell, in which row a value stands, and what does not stand there."""
    header, *body = table
    key, name, value = row[0], header[place], row[place]
    if len(value) > CELL or len(key) > CELL:
        return
    of, what = table_name(section, table), header[0] or "row"
    where = f'{document.name}, table "{of}"'
    asks = (
        f'In {where}: what stands under "{name}" for {key}?',
        f"{where}, {what} {key}: {name}?",
        f"By {where}, what is the {name} of {key}?",
        f"Look up {name} for {key} in {where}.",
    )
    source = at(document, section, "cell", key, name)
    yield Fact(rng.choice(asks), stop(value), source, document.fresh, short=True)
    values = [other[place] for other in body]
    if values.count(value) == 1 and tables.columns[of, name] == 1 and rng.random() < 0.5:
        ask = rng.choice(
            (
                f'In {where}: which {what} has "{value}" under "{name}"?',
                f'{where}: whose {name} is "{value}"?',
            )
        )
        # A value that is not there yet may be the same.
        answer = "" if any(map(is_no_value, values)) else stop(key)
        answer = tables.unread.closed(answer, f"tables/{section.title}")
        yield Fact(ask, answer, source, document.fresh, short=True)
    others = sorted({text for text in values if not is_no_value(text) and len(text) <= CELL} - {value})
    if others and rng.random() < 0.15:
        ask = f'In {where}, the {name} of {key} is "{rng.choice(others)}", right?'
        yield Fact(
            ask,
            f"No, it is {value if value.endswith(('.', '!', '?')) else f'{value}.'}",
            source,
            document.fresh,
            short=True,
        )


def stop(text: str) -> str:
    """Prose with its full stop; a name or a value as it is."""
    return f"{text}." if len(text.split()) > 3 and text[-1].isalnum() else text
