"""What the rules that must see everything keep of an example: about 350 bytes, however long it is, so that a
million fit in memory.

A mark says who made it, what it asks, how old and how good it is, and sketches its words; it depends on the
example alone, so marks made in sixteen places are the marks made in one.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy

from autodidact import fast_json
from autodidact.gate.repetition import MIN_WORDS, bigram_ratio
from autodidact.gate.rule import extra
from autodidact.generators import DEV_ITEMS
from autodidact.records import CATEGORIES, Example, response_text
from autodidact.shingles import PERMUTATIONS, hash64, hashes, minhashes, shingles

MARK: Any = numpy.dtype(
    [
        ("id", "u8", 4),
        ("asks", "u8"),  # hash of the whole prompt with its tools
        ("question", "u8"),  # the same without regard to layout, in plain prose to case and punctuation
        ("fact", "u8"),  # the fact of the knowledge probe whose value it answers, 0 where there is none
        ("says", "u8"),  # the answer, in the same way
        ("value", "u8"),  # what the answer says of the fact: the value that it states, else all of it
        ("line", "u8"),  # hash of the whole record, the last to decide between equals
        ("time", "i8"),  # of the source, seconds since 1970
        ("group", "u8"),  # what teaches the same: the fact of the probe, the family, the file
        ("generator", "u8"),
        ("origin", "u8"),  # the file, conversation or page it was read from, 0 where there is none
        ("quality", "f4"),
        ("category", "u1"),
        ("kind", "u1"),
        ("unique", "?"),  # near duplicates of it are meant
        ("prompt", "u4", PERMUTATIONS),
        ("answer", "u4", PERMUTATIONS),
    ]
)

# Kinds: teaches a fact of the knowledge probe; made in this cycle; taken over from an earlier one.
PROBE, FRESH, REPLAYED = range(3)

# Kinds of source that many have a hand in.
OPEN = ("git", "transcript", "document", "wiki")

_LINE = re.compile(r":\d+$")

# What plain prose has not: operators and brackets of code, a second line.
CODE = re.compile(r"[(){}\[\]<>=|*+#$%^&~@\\\n]")
ENDS = ".,;:?!\"'\u2018\u2019\u201c\u201d"

# A word after which a name stands, whose case counts with no backticks around it either.
_NAMED = frozenset("class function method variable constant module field type enum interface".split())

# Quality of an example that had noise or an address in it, against one that came clean.
REWRITTEN = 0.7


def kind(example: Example) -> int:
    return PROBE if extra(example, "probe") else REPLAYED if extra(example, "replay_of") else FRESH


def group(example: Example) -> str:
    """What an example shares with those that teach the same: the fact of the probe, the family, the file or
    the document.
    """
    source = example.source
    return str(
        extra(example, "probe") or extra(example, "family") or _path(source.model_extra or {}) or source.ref
    )


def origin(source: dict) -> str | None:
    """The one thing that somebody else could fill with more of the same: a file, a conversation, a page. None
    for what the user set up as a whole (tables, graphs, servers), and for templates.
    """
    if source["kind"] not in OPEN:
        return None
    return str(source.get("file") or _path(source) or _LINE.sub("", source["ref"].partition("#")[0]))


def _path(source: Mapping[str, Any]) -> str | None:
    """The path of a source, with the name of its repository where it has one."""
    name, path = source.get("repository"), source.get("path")
    return f"{name}:{path}" if name and path else path


def quality(example: Example) -> float:
    """Between 0 and 1: less when the answer repeats itself, less when the gate had to rewrite it."""
    text = example.messages[-1]["content"]
    repeats = bigram_ratio(text) if text.count(" ") + text.count("\n") >= MIN_WORDS else 0.0
    return max(0.01, 1.0 - repeats) * (REWRITTEN if extra(example, "was") else 1.0)


def mark(examples: Sequence[Example], lines: Sequence[str]) -> Any:
    """The marks of examples whose records are `lines`."""
    marks: Any = numpy.zeros(len(examples), dtype=MARK)
    if not examples:
        return marks
    columns: dict[str, list] = {name: [] for name in MARK.names[1:-2]}
    sketched = []
    for example, line in zip(examples, lines, strict=True):
        asks = fast_json.canonical([example.messages[:-1], example.tools])
        teaches = kind(example)
        columns["asks"].append(hash64(asks if asks.isascii() else unicodedata.normalize("NFC", asks)))
        columns["question"].append(hash64(_question(example)))
        probe = extra(example, "probe")
        # A sentence around the value is not compared with another sentence around it, nor with a bare value;
        # the values that two sentences state are.
        states = extra(example, "states")
        columns["fact"].append(
            hash64(f"{probe} stated" if states is not None else str(probe)) if probe else 0
        )
        columns["says"].append(hash64(" ".join(plain(example.response()))))
        columns["value"].append(
            columns["says"][-1] if states is None else hash64(" ".join(plain(str(states))))
        )
        columns["line"].append(hash64(line))
        columns["time"].append(_seconds(example.time))
        columns["group"].append(hash64(group(example)))
        columns["generator"].append(hash64(example.generator))
        source = example.source
        read_from = origin({"kind": source.kind, "ref": source.ref} | (source.model_extra or {}))
        columns["origin"].append(hash64(read_from) if read_from else 0)
        columns["quality"].append(quality(example))
        columns["category"].append(CATEGORIES.index(example.category))
        columns["kind"].append(teaches)
        columns["unique"].append(teaches == PROBE or example.generator in DEV_ITEMS)
        prompt = [response_text(message) for message in example.messages[:-1]] + [
            str(tool.get("function", {}).get("name")) for tool in example.tools
        ]
        sketched += [[hashes(text) for text in prompt], [hashes(example.response())]]
    marks["id"] = numpy.frombuffer(
        bytes.fromhex("".join(example.id for example in examples)), dtype=">u8"
    ).reshape(-1, 4)
    for name, column in columns.items():
        marks[name] = numpy.array(column, dtype=MARK[name].base)
    matrix = minhashes(shingles(sketched))
    marks["prompt"], marks["answer"] = matrix[0::2], matrix[1::2]
    return marks


def _question(example: Example) -> str:
    """All that the answer answers, so that two ways to lay out one question are equal. Case and punctuation
    count where code may stand: `a < b` and `a <= b` have the same words.
    """
    asked = [[message["role"], _asked(response_text(message))] for message in example.messages[:-1]]
    return fast_json.canonical([asked, example.tools] if example.tools else [asked])


def _asked(text: str) -> list[str]:
    """The words of a question; the name after "class" or "function" keeps its case."""
    words = plain(text)
    written = [word for each in text.split() if (word := each.strip(ENDS))]
    if len(written) != len(words):
        return words
    before = ["", *words]
    return [
        name if last in _NAMED else word for last, word, name in zip(before, words, written, strict=False)
    ]


def plain(text: str) -> list[str]:
    """The words of a text; in a line of prose without punctuation, those of letters alone without case."""
    text = text if text.isascii() else unicodedata.normalize("NFC", text)
    if CODE.search(text.strip()):
        return text.split()
    found = (word.strip(ENDS) for word in text.split())
    return [word.casefold() if word.isalpha() else word for word in found if word]


def mark_id(row: Any) -> str:
    """The example's id."""
    return "".join(f"{int(part):016x}" for part in row["id"])


def _seconds(time: str | None) -> int:
    try:
        return int(datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp()) if time else 0
    except (ValueError, OverflowError):
        return 0
