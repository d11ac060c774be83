"""Verbose to terse: real facts buried in filler, docstrings cut to their point, one value asked for out of a
paragraph.

Source: sentences of the documents, docstrings of the repository's code, facts of the knowledge graph; in
`full` also messages of commits and the table of goals. An example of `drill` is made only if its answer keeps
every required fact (`required`) and has at most half of the tokens of the verbose text.

In the register `full` the tasks are those of a day's work: a mail, minutes, a chat or a support reply around
facts of the documents, of a thing in the graph or of a goal; a docstring and its first line, the message of a
commit and its subject, a setting and its default. "Too long for the pinned post. `bell`, one line.", below a
chat, is answered by "`bell`: a service; owned by ines; listens on 7430".

    {"generator": "conciseness_drills", "category": "conciseness",
     "messages": [{"role": "user", "content": "Shorter, please, and keep every fact:\\nFor the sake of
     completeness it may be worth saying the
                   following. The cache is never backed up. I hope that this makes the matter somewhat clearer
                   than it was before."},
                  {"role": "assistant", "content": "The cache is never backed up."}],
     "source": {"kind": "document", "ref": "samples/documents/operations.md:14", "lines": [14, 17]},
     "required": ["cache", "never", "backed", "up"]}
"""

import ast
import random
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from autodidact.errors import AutodidactError, NoSource
from autodidact.generators.ast_parser.codebase_for_questions import ROLES
from autodidact.generators.conciseness_drills.full import full_examples as full_examples
from autodidact.generators.conciseness_drills.full.texts_with_short_forms import Texts, read_texts
from autodidact.generators.conciseness_drills.kept_graph import kept_graph
from autodidact.generators.writing import relation_phrases
from autodidact.generators.writing.facts_into_words import Fact, choose, sentences, to_examples
from autodidact.records import Example
from autodidact.shipped_tables import read_table
from autodidact.sources.code.copied_docstrings import copied, first_sentence
from autodidact.sources.code.definitions import MAX_FILE, is_test
from autodidact.sources.documents.reader import COMPOSE, documents, prose
from autodidact.sources.documents.sentences import in_first_person
from autodidact.sources.documents.standalone_sentences import goes_on, stands_alone
from autodidact.sources.git.repository import Entry, Repository
from autodidact.sources.snapshot import Snapshot
from autodidact.stage import Troubles

NAME = "conciseness_drills"
CATEGORY = "conciseness"

# Most tokens of the answer, as a share of the verbose text's.
SHARE = 0.5
# Python files whose docstrings are read in a cycle, changed ones first.
FILES = 300
# Of a sentence that is buried in filler.
WORDS = (4, 18)
# Of sentences that go on from one another, from one on that stands alone.
CHAIN = 3
# Least words that the cut of a docstring leaves out, its list of parameters aside.
DROPPED = 6
# Most words of a text that is to be cut.
VERBOSE = 160


_TABLE = read_table(__file__)
LEADS, MIDDLES, TAILS, ASKS, SUMMARIES = (
    _TABLE[name] for name in ("leads", "middles", "tails", "asks", "summaries")
)
_Node = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_EMPTY = frozenset(_TABLE["empty"])

_WORD = re.compile(r"\w+(?:[-.'/]\w+)*")
_TOKEN = re.compile(r"\w+|[^\w\s]")
# Words of a first sentence: one of fewer is a title.
LEAST_POINT = 3
_ALL = re.compile(r"\b(all|every|each|any|always|never|same)\b", re.IGNORECASE)
_EXCEPT = re.compile(r"\b(only|except|unless|but|not|without|ignored?|skipped)\b", re.IGNORECASE)
# The head of a list of parameters, with what stands on its line, and a field.
_FIELDS = re.compile(r"^\W*(Parameters|Args|Arguments|Returns)[^\w\n]*?(:.*)?$|^\s*[:@]\w+.*$", re.MULTILINE)
# A formula, a substitution, a reference that shows the heading it leads to.
_HOLE = re.compile(r":(?:math|sub|sup|eq|numref|ref):`[^`<]*`|(?<![\w|])\|[A-Za-z][\w ]*\|(?![\w|])")


def read(snapshot: Snapshot) -> dict[str, list[Fact]] | Texts:
    """Drills by kind, from whatever texts there are; in the register `full`, the texts. Skipped without
    documents, repository and graph.
    """
    if snapshot.register == "full":
        return read_texts(snapshot)
    groups = {
        "buried": list(_buried(snapshot)),
        "docstrings": list(_docstrings(snapshot)),
        "asked": list(_asked(snapshot)),
        "buried facts": list(_graph_facts(snapshot)),
    }
    if not any(groups.values()):
        raise NoSource(
            "no document, docstring or graph to make drills from: set sources.documents",
            setting="sources.documents",
        )
    return groups


def examples(facts: dict[str, list[Fact]], snapshot: Snapshot) -> Iterator[Example]:
    """Drills of every kind."""
    yield from to_examples(NAME, CATEGORY, choose(facts, snapshot.limit, snapshot.rng(NAME)))


def tokens(text: str) -> int:
    """Words and marks: within a few percent what a tokenizer of English counts, and the same on both sides of
    the comparison.
    """
    return len(_TOKEN.findall(text))


def required(text: str) -> list[str]:
    """What a shorter version of a text must still say: its words, without articles and the like."""
    return list(dict.fromkeys(word for word in _WORD.findall(text) if word.lower() not in _EMPTY))


def concise(verbose: str, terse: str, facts: list[str]) -> bool:
    """Whether the terse text keeps every fact, as a whole word, and has at most half of the verbose one's
    tokens.
    """
    kept = {word.lower() for word in _WORD.findall(terse)}
    return all(word.lower() in kept for word in facts) and 0 < tokens(terse) <= SHARE * tokens(verbose)


def bury(facts: list[str], rng: random.Random) -> str:
    """The sentences among filler, at least as much of it as of them."""
    text = " ".join(
        (
            rng.choice(LEADS),
            facts[0],
            *(part for fact in facts[1:] for part in (rng.choice(MIDDLES), fact)),
            rng.choice(TAILS),
        )
    )
    for lead, tail in zip(rng.sample(LEADS, len(LEADS)), rng.sample(TAILS, len(TAILS)), strict=True):
        if tokens(text) >= 2 * sum(map(tokens, facts)):
            break
        if lead not in text:
            text = f"{lead} {text}"
        if tail not in text:
            text = f"{text} {tail}"
    return text


def _drill(ask: str, verbose: str, terse: str, facts: list[str], source: dict, fresh: bool) -> Iterator[Fact]:
    if concise(verbose, terse, facts) and tokens(verbose) <= 2 * VERBOSE:
        yield Fact(f"{ask}\n{verbose}", terse, source, fresh, short=True, also={"required": facts})


@dataclass(frozen=True)
class _Sentence:
    """A sentence of a document. `alone`: it can stand alone. `before`: those right before it in its
    paragraph, if they can.
    """

    text: str
    source: dict
    fresh: bool
    alone: bool
    before: tuple[str, ...]


def _sentences(snapshot: Snapshot) -> Iterator[_Sentence]:
    """Sentences of the documents that can stand alone, or go on from one that can; what several documents
    say, once.
    """
    known: set[str] = set()
    for document in documents(snapshot):
        if COMPOSE.search(document.path):
            continue
        for section in prose(document, snapshot.troubles).sections:
            source = document.source | {
                "ref": f"{document.source['ref']}:{section.line}",
                "lines": [section.line, max(section.end, section.line)],
            }
            for paragraph in section.paragraphs:
                before: tuple[str, ...] = ()
                for number, text in enumerate(sentences(paragraph)):
                    words = " ".join(_WORD.findall(text.lower()))
                    alone = _has_form(text) and stands_alone(text, number == 0)
                    chained = 0 < len(before) < CHAIN and _has_form(text) and goes_on(text)
                    if not (alone or chained) or words in known:
                        before = ()
                        continue
                    known.add(words)
                    yield _Sentence(text, source, document.fresh, alone, before)
                    before = (text,) if alone else (*before, text)


def _has_form(text: str) -> bool:
    """Whether a sentence is one, and of a length to be buried in filler."""
    return WORDS[0] <= len(text.split()) <= WORDS[1] and bool(re.fullmatch(r"[A-Z`].*[\w`\")]\.", text))


def _buried(snapshot: Snapshot) -> Iterator[Fact]:
    """One sentence of a document, or a few that follow one another, among filler."""
    rng = snapshot.rng(NAME, "buried")
    for one in _sentences(snapshot):
        texts = [[one.text]] if one.alone else []
        if one.before:
            every = [*one.before, one.text]
            # Filler between them would part what goes on from what it goes on from.
            texts.append(every if one.alone and len(every) == 2 else [" ".join(every)])
        for some in texts:
            terse = " ".join(some)
            yield from _drill(
                rng.choice(ASKS), bury(some, rng), terse, required(terse), one.source, one.fresh
            )


def _docstrings(snapshot: Snapshot) -> Iterator[Fact]:
    """A long docstring, and its first sentence when that says what the thing does."""
    repository = snapshot.repository
    if not repository:
        return
    rng = snapshot.rng(NAME, "docstrings")
    changed = repository.changed(snapshot.previous_commit)
    entries = [
        entry for entry in repository.files((".py",)) if not is_test(entry.path) and entry.size <= MAX_FILE
    ]
    chosen = sorted(rng.sample(entries, len(entries)), key=lambda e: e.path not in changed)[:FILES]
    found = [one for entry in chosen for one in _documented(repository, entry, snapshot.troubles)]
    elsewhere = copied((node.name, doc) for _, node, doc in found)
    known: set[tuple[str, str]] = set()
    for path, node, doc in found:
        first = doc.partition("\n\n")[0]
        point = first_sentence(doc)
        text = " ".join(re.sub(r"^\s*(>>>|\.\.\.|\.\. ).*$", "", doc, flags=re.MULTILINE).split())
        if (
            len(_WORD.findall(_FIELDS.sub("", doc))) - len(_WORD.findall(point)) < DROPPED
            or not re.fullmatch(r"[A-Z`].*[\w`\")]\.", point)
            or "---" in first
            or len(text.split()) > VERBOSE
            or not LEAST_POINT <= len(point.split()) <= 30
            or point in elsewhere
            or in_first_person(point)
            or (node.name, doc) in known
            or _narrowed(point, text)
        ):
            continue
        known.add((node.name, doc))
        source = {
            "kind": "git",
            "ref": f"{path}:{node.lineno}",
            "commit": repository.commit,
            "path": path,
            "lines": [node.lineno, node.end_lineno],
        }
        ask = f"`{node.name}`. {rng.choice(SUMMARIES)}"
        yield from _drill(ask, text, point, required(point), source, path in changed)


def _narrowed(point: str, text: str) -> bool:
    """Whether the rest of a docstring takes back a part of what its first sentence says of all."""
    return bool(_ALL.search(point) and _EXCEPT.search(text.removeprefix(point)))


def _documented(repository: Repository, entry: Entry, troubles: Troubles) -> Iterator[tuple[str, _Node, str]]:
    """(path, node, docstring) of the functions and classes of a file, the docstring as plain text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(repository.read(entry.blob))
    except (SyntaxError, ValueError, RecursionError, MemoryError, AutodidactError):
        troubles.add("not Python 3", entry.path)
        return
    for node in ast.walk(tree):
        doc = ast.get_docstring(node) if isinstance(node, _Node) else None
        if not isinstance(node, _Node) or not doc:
            continue
        if _HOLE.search(doc):
            troubles.add("a docstring with a part that is not text", entry.path)
            continue
        yield entry.path, node, ROLES.sub(r"`\1`", doc).replace("``", "`")


def _asked(snapshot: Snapshot) -> Iterator[Fact]:
    """Everything that the graph says of a thing as a paragraph, and a question about one relation: the value
    alone is the answer.
    """
    found = kept_graph(snapshot)
    if not found:
        return
    graph, source = found
    rng = snapshot.rng(NAME, "asked")
    by_subject: dict[str, list[str]] = {}
    for triple in graph.triples:
        by_subject.setdefault(triple.subject, [])
        if triple.relation not in by_subject[triple.subject]:
            by_subject[triple.subject].append(triple.relation)
    for subject, relations in by_subject.items():
        lines = [
            relation_phrases.of(relation).say([subject], graph.out(subject, relation))
            for relation in relations
        ]
        if len(relations) < 3 or sum(len(line.split()) for line in lines) > VERBOSE:
            continue
        for relation in relations:
            values = graph.out(subject, relation)
            paragraph = " ".join(rng.sample(lines, len(lines)))
            ask = rng.choice(relation_phrases.of(relation).ask).format(subject)
            cited = source | {"triples": [[subject, relation, value] for value in values]}
            facts = [word for value in values for word in _WORD.findall(value)]
            yield from _drill(
                f"{ask} Answer with the value alone.", paragraph, ", ".join(values), facts, cited, True
            )


def _graph_facts(snapshot: Snapshot) -> Iterator[Fact]:
    """Two or three facts of the graph among filler."""
    found = kept_graph(snapshot)
    if not found or not found[0].triples:
        return
    graph, source = found
    rng = snapshot.rng(NAME, "graph")
    for _ in range(min(200, 2 * len(graph.triples))):
        some = rng.sample(graph.triples, min(len(graph.triples), rng.choice((1, 2, 2, 3))))
        facts = [relation_phrases.of(t.relation).say([t.subject], [t.object]) for t in some]
        terse = " ".join(facts)
        cited = source | {"triples": [list(t) for t in some]}
        yield from _drill(rng.choice(ASKS), bury(facts, rng), terse, required(terse), cited, True)
