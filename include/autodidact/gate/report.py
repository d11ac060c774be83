"""The gate's report for people: what is in kept.jsonl and dropped.jsonl, in figures, pictures and examples to
judge.

`finish` reads the two files once, as they were written, so it sees what training will see; memory does not
grow with them. It adds to the figures of `Tally` (docs/formats.md) and writes report.json, report.md and the
pictures (report_markdown.py).

The examples shown are drawn by their ids, so one run shows the same ones however often it is tried. None is
shown that any of the two looks for secrets has a doubt about, and what was dropped for a secret has no text
in the first place. Nor is the text of what gives away a scored question.
"""

import heapq
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from autodidact.gate.compact_examples import origin
from autodidact.gate.contradictions import NAME as CONTRADICTIONS
from autodidact.gate.leakage import NAME as LEAKAGE
from autodidact.gate.report_markdown import COUNTED, EDGES, markdown, pictures
from autodidact.gate.rule import texts
from autodidact.records import CATEGORIES, Output, response_text, sha256
from autodidact.scanning import find, suspicious
from autodidact.store import Store

# Examples shown of what was kept, and of what each rule dropped.
SHOWN = 10


class Draw:
    """The `size` rows with the smallest hash of their key: as good as random, and the same in every run."""

    def __init__(self, size: int) -> None:
        self.size, self._count = size, 0
        self._heap: list[tuple[int, int, Any]] = []

    def add(self, key: str, row: Any, fit: Callable[[], bool] = lambda: True) -> None:
        """`fit`, which may be dear, is called only for a row that the draw falls on; when it is False the
        next row takes its place.
        """
        self._count += 1
        place = -int(sha256(f"draw {key}")[:16], 16)
        full = len(self._heap) == self.size
        if (full and place <= self._heap[0][0]) or not fit():
            return
        if full:
            heapq.heapreplace(self._heap, (place, self._count, row))
        else:
            heapq.heappush(self._heap, (place, self._count, row))

    def rows(self) -> list:
        return [row for *_, row in sorted(self._heap, reverse=True)]


class KeptRows:
    """What the report needs of kept.jsonl, read once; `named` are ids of rows to remember."""

    def __init__(self, rows: Iterator[dict], named: set[str]) -> None:
        self.named: dict[str, dict] = {}
        self.shown, self.answers = Draw(SHOWN), Draw(COUNTED)
        self.categories: dict[str, Counter] = defaultdict(Counter)
        self.sources: Counter = Counter()
        for row in rows:
            self.categories[row["category"]][row["generator"]] += 1
            if read_from := origin(row["source"]):
                self.sources[read_from] += 1
            self.answers.add(row["id"], response_text(row["messages"][-1]))
            self.shown.add(row["id"], row, partial(showable, row))
            if row["id"] in named:
                self.named[row["id"]] = row


class DroppedRows:
    """What the report needs of dropped.jsonl, read once; of what was dropped for leakage without its text."""

    def __init__(self, rows: Iterator[dict]) -> None:
        self.shown: dict[str, Draw] = defaultdict(lambda: Draw(SHOWN))
        self.answers = Draw(COUNTED)
        self.groups: dict[str, Counter] = defaultdict(Counter)
        # Both examples of a pair have one key, so that the draw falls on both.
        self.contradicted = Draw(2 * SHOWN)
        for row in rows:
            why = row["dropped"]
            if twin := twin_of(why):
                self.groups[twin][row.get("generator", "?")] += 1
            if not row.get("messages"):
                continue
            self.answers.add(row["id"], response_text(row["messages"][-1]))
            if why["rule"] == LEAKAGE:
                bare = {key: row[key] for key in ("id", "generator", "category", "source")}
                self.shown[LEAKAGE].add(row["id"], bare | {"dropped": why}, partial(showable, bare))
            elif why["rule"] == CONTRADICTIONS:
                self.contradicted.add(
                    " ".join(sorted((row["id"], why["value"]))), row, partial(showable, row)
                )
            else:
                self.shown[why["rule"]].add(row["id"], row, partial(showable, row))


def finish(
    store: Store, folder: str, report: dict, *, count: Callable[[str], int], settings: Any
) -> dict[str, Output]:
    """Adds to `report` what kept.jsonl and dropped.jsonl in `folder` show, and writes report.json, report.md
    and the pictures there.

    `count` counts tokens, `settings` are those of the gate. Returns the outputs by name, for the manifest.
    """
    prefix = f"{folder}/" if folder else ""
    dropped = DroppedRows(_rows(store, f"{prefix}dropped.jsonl"))
    contradicted = dropped.contradicted.rows()
    kept = KeptRows(_rows(store, f"{prefix}kept.jsonl"), {row["dropped"]["value"] for row in contradicted})
    pairs = _pairs(contradicted, kept.named)
    values = settings.model_dump(mode="json") if hasattr(settings, "model_dump") else dict(vars(settings))
    values.pop("deny", None)  # what is denied is not written down
    report["settings"] = values
    report["generators_by_category"] = {
        name: dict(sorted(kept.categories[name].items())) for name in CATEGORIES if name in kept.categories
    }
    largest = sorted(kept.sources.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN]
    report["sources"] = [{"source": name, "kept": n} for name, n in largest if showable({"": name})]
    report["lengths"] = {
        "tokens_from": list(EDGES),
        "kept": _bins(kept.answers, count),
        "dropped": _bins(dropped.answers, count),
    }
    report["clusters"] = _clusters(dropped.groups)
    report["contradictions"] = [
        [{"id": row["id"], "generator": row["generator"], "ref": row["source"].get("ref")} for row in pair]
        for pair in pairs
    ]
    outputs = {name: store.write_text(f"{prefix}{name}", text) for name, text in pictures(report).items()}
    shown = {rule: draw.rows() for rule, draw in dropped.shown.items()}
    page = markdown(report, kept.shown.rows(), shown, pairs)
    outputs["report.md"] = store.write_text(f"{prefix}report.md", page)
    outputs["report.json"] = store.write_json(f"{prefix}report.json", report)
    return outputs


def _pairs(contradicted: list[dict], kept: dict[str, dict]) -> list[tuple[dict, dict]]:
    """The dropped examples with those that contradict them, as far as both may be shown."""
    known = kept | {row["id"]: row for row in contradicted}
    found: dict[frozenset[str], tuple[dict, dict]] = {}
    for row in contradicted:
        other = known.get(row["dropped"]["value"])
        if other and showable(other):
            found.setdefault(frozenset((row["id"], other["id"])), (row, other))
    return list(found.values())[:SHOWN]


def _rows(store: Store, key: str) -> Iterator[dict]:
    return (json.loads(line) for line in store.read_lines(key))


def showable(row: dict) -> bool:
    """Whether a record may be shown to people: neither of the two looks for secrets finds anything in it, and
    it gives no scored question away.
    """
    leaked = (row.get("dropped") or {}).get("rule") == LEAKAGE
    return not leaked and not any(find(text) or suspicious(text) for text in texts(row))


def twin_of(why: dict) -> str | None:
    """The id of the example that was kept in place of a duplicate."""
    value = why.get("value")
    if isinstance(value, dict):
        value = value.get("id") or value.get("kept")
    return value if why.get("rule") == "duplicates" and isinstance(value, str) and len(value) == 64 else None


def _bins(draw: Draw, count: Callable[[str], int]) -> list[int]:
    bins = [0] * len(EDGES)
    for answer in draw.rows():
        tokens = max(1, count(answer))
        bins[max(k for k, edge in enumerate(EDGES) if edge <= tokens)] += 1
    return bins


def _clusters(groups: dict[str, Counter]) -> dict:
    """Groups of near duplicates: the kept one and those dropped for it."""
    sizes = Counter(1 + sum(members.values()) for members in groups.values())
    largest = sorted(groups.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))[:SHOWN]
    return {
        "groups": len(groups),
        "dropped": sum(sum(members.values()) for members in groups.values()),
        "sizes": {str(size): n for size, n in sorted(sizes.items())},
        "largest": [
            {"kept": twin, "dropped": sum(members.values()), "by_generator": dict(members)}
            for twin, members in largest
        ],
    }
