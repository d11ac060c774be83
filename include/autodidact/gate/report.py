"""The gate's report for people: what is in kept.jsonl and dropped.jsonl, in figures, pictures and examples to
judge.

`finish` reads the two files once, as they were written, so it sees what training will see; memory does not
grow with them. It adds to the
figures of `Tally` (docs/formats.md) and writes report.json, report.md and the pictures beside them.

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

from autodidact import svg
from autodidact.gate.leakage import NAME as LEAKAGE
from autodidact.gate.rule import texts
from autodidact.gate.sketches import origin
from autodidact.generators import select
from autodidact.records import CATEGORIES, Output, response_text, sha256
from autodidact.scanning import find, suspicious
from autodidact.store import Store

SHOWN = 10
"""Examples shown of what was kept, and of what each rule dropped."""

CUT = 900
"""Characters of a message shown; the rest is in the files."""

EDGES = (1, 10, 20, 40, 80, 160, 320, 800)
"""Bins of the lengths: from each to below the next, in tokens. 10 and 800 are the article's limits."""

COUNTED = 4_000
"""Answers of each file whose tokens are counted, drawn by id: counting a million would take longer than the
rules.
"""

SEED = "1,183 of 4,263"
"""What the article's gate kept of what it saw."""


class Draw:
    """The `size` rows with the smallest hash of their key: as good as random, and the same in every run."""

    def __init__(self, size: int) -> None:
        self.size, self._heap, self._count = size, [], 0

    def add(self, key: str, row: Any, fit: Callable[[], bool] = lambda: True) -> None:
        """`fit`, which may be dear, is asked of a row only when the draw falls on it; without it the next
        takes its place.
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


def finish(
    store: Store, folder: str, report: dict, *, count: Callable[[str], int], settings: Any
) -> dict[str, Output]:
    """Adds to `report` what kept.jsonl and dropped.jsonl in `folder` tell, and writes report.json, report.md
    and the pictures there.

    `count` counts tokens, `settings` are those of the gate. Returns the outputs by name, for the manifest.
    """
    prefix = f"{folder}/" if folder else ""
    kept, categories, kept_answers, sources = Draw(SHOWN), defaultdict(Counter), Draw(COUNTED), Counter()
    for row in _rows(store, f"{prefix}kept.jsonl"):
        categories[row["category"]][row["generator"]] += 1
        if read_from := origin(row["source"]):
            sources[read_from] += 1
        kept_answers.add(row["id"], response_text(row["messages"][-1]))
        kept.add(row["id"], row, partial(showable, row))
    dropped, dropped_answers, groups = defaultdict(lambda: Draw(SHOWN)), Draw(COUNTED), defaultdict(Counter)
    for row in _rows(store, f"{prefix}dropped.jsonl"):
        why = row["dropped"]
        if twin := twin_of(why):
            groups[twin][row.get("generator", "?")] += 1
        if row.get("messages"):
            dropped_answers.add(row["id"], response_text(row["messages"][-1]))
            if why["rule"] == LEAKAGE:
                bare = {key: row[key] for key in ("id", "generator", "category", "source")}
                dropped[LEAKAGE].add(row["id"], bare | {"dropped": why}, partial(showable, bare))
            else:
                dropped[why["rule"]].add(row["id"], row, partial(showable, row))
    said = settings.model_dump(mode="json") if hasattr(settings, "model_dump") else dict(vars(settings))
    report["settings"] = {
        name: value for name, value in said.items() if name != "deny"
    }  # what is denied is not written down
    report["generators_by_category"] = {
        name: dict(sorted(categories[name].items())) for name in CATEGORIES if name in categories
    }
    report["sources"] = [
        {"source": name, "kept": n}
        for name, n in sorted(sources.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN]
        if showable({"": name})
    ]
    report["lengths"] = {
        "tokens_from": list(EDGES),
        "kept": _bins(kept_answers, count),
        "dropped": _bins(dropped_answers, count),
    }
    report["clusters"] = _clusters(groups)
    drawn = {
        "funnel.svg": _funnel(report),
        "lengths.svg": svg.histogram(
            "Tokens of the answer", _names(), report["lengths"]["kept"], report["lengths"]["dropped"]
        ),
        "categories.svg": _balance(report),
        "clusters.svg": _sizes(report["clusters"]),
        "share.svg": _share(report),
    }
    outputs = {name: store.write_text(f"{prefix}{name}", text) for name, text in drawn.items()}
    outputs["report.md"] = store.write_text(
        f"{prefix}report.md", markdown(report, kept.rows(), {r: d.rows() for r, d in dropped.items()})
    )
    outputs["report.json"] = store.write_json(f"{prefix}report.json", report)
    return outputs


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


def _names() -> list[str]:
    ends = [f"{low} to {high - 1}" for low, high in zip(EDGES, EDGES[1:], strict=False)]
    return [*ends, f"{EDGES[-1]} and more"]


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


def _generators(report: dict) -> list[str]:
    known = select()
    return [
        *(name for name in known if name in report["by_generator"]),
        *(name for name in report["by_generator"] if name not in known),
    ]


def _funnel(report: dict) -> str:
    lost = {step["rule"]: step["dropped"] for step in report["funnel"]}
    rows = []
    for name in _generators(report):
        counts = report["by_generator"][name]
        rows.append(
            (name, {rule: lost[rule].get(name, 0) for rule in lost}, f"{counts['kept']} of {counts['raw']}")
        )
    rows.append(
        ("all", {rule: sum(lost[rule].values()) for rule in lost}, f"{report['kept']} of {report['raw']}")
    )
    return svg.heat("What each rule dropped, by generator; at the right what was kept", list(lost), rows)


def _balance(report: dict) -> str:
    rows = [
        (name, report["by_category"].get(name, 0), str(report["by_category"].get(name, 0)))
        for name in CATEGORIES
    ]
    return svg.bars("Kept examples by category", rows)


def _sizes(clusters: dict) -> str:
    rows = [
        (f"{size} alike", n, f"{n} group{'s' if n > 1 else ''}") for size, n in clusters["sizes"].items()
    ][:20]
    return svg.bars(
        "Groups of duplicates and near duplicates, of which one was kept", rows or [("none", 0, "")]
    )


def _share(report: dict) -> str:
    return svg.bars(
        "Share kept",
        [
            (
                "here",
                report["kept_share"],
                f"{report['kept']} of {report['raw']} ({report['kept_share']:.1%})",
            ),
            ("the article", report["seed_kept_share"], f"{SEED} ({report['seed_kept_share']:.1%})"),
        ],
    )


def markdown(report: dict, kept: list[dict], dropped: dict[str, list[dict]]) -> str:
    """report.md: the figures, the pictures, and examples for a person to judge."""
    out = [
        "# What the gate kept, and why it dropped the rest",
        (
            f"Kept **{report['kept']}** of {report['raw']} examples ({report['kept_share']:.1%}); the article"
            f" kept {SEED} ({report['seed_kept_share']:.1%}). Of those that came in,"
            f" {report.get('replayed', 0)} are replayed from earlier cycles."
        ),
        f"{report['news']['says'].partition(';')[0]}." if report.get("news") else "",
        "![Share kept](share.svg)",
        "## By rule and generator",
        "![Funnel](funnel.svg)",
        _rules(report),
        "## By category",
        "![Kept examples by category](categories.svg)",
        _categories(report),
        _sources(report),
        "## Length",
        "![Tokens of the answer](lengths.svg)",
        f"Counted on up to {COUNTED:,} answers of each side.",
        "## Duplicates",
        "![Groups of near duplicates](clusters.svg)",
        (
            f"{report['clusters']['dropped']} examples in {report['clusters']['groups']} groups were too like"
            " one that was kept."
        ),
    ]
    out += _replay(report.get("replay")) + _forecast(report.get("forecast"))
    out += ["## Kept, drawn at random", "Would you train on these?", *map(_shown, kept)]
    for step in report["funnel"]:
        if rows := dropped.get(step["rule"]):
            out += [
                f"## Dropped by {step['rule']}, drawn at random",
                "Would you have kept these?",
                *map(_shown, rows),
            ]
    return "\n\n".join(part for part in out if part) + "\n"


def _rules(report: dict) -> str:
    lines = ["| rule | dropped | rewritten | why |", "| --- | ---: | ---: | --- |"]
    for name, row in report["by_rule"].items():
        why = ", ".join(
            f"{_cell(reason)} ({n})"
            for reason, n in sorted(row["reasons"].items(), key=lambda pair: -pair[1])
        )
        lines.append(f"| {name} | {row['dropped']} | {row['rewritten']} | {why} |")
    return "\n".join(lines)


def _categories(report: dict) -> str:
    lines = ["| category | kept | from |", "| --- | ---: | --- |"]
    for name, makers in report["generators_by_category"].items():
        made = ", ".join(f"{_cell(g)} {n}" for g, n in sorted(makers.items(), key=lambda pair: -pair[1]))
        lines.append(f"| {name} | {sum(makers.values())} | {made} |")
    return "\n".join(lines)


def _sources(report: dict) -> str:
    lines = ["| the largest files, conversations and pages | kept | share |", "| --- | ---: | ---: |"]
    lines += [
        f"| {_cell(row['source'])} | {row['kept']} | {row['kept'] / report['kept']:.1%} |"
        for row in report["sources"]
    ]
    return "\n".join(lines) if report["sources"] else ""


def _replay(replay: dict | None) -> list[str]:
    if not replay or not (replay["taken"] or replay["left"]):
        return []
    taken = ", ".join(f"{n} of {name}" for name, n in replay["taken"].items()) or "none"
    left = ", ".join(f"{_cell(reason)} ({n})" for reason, n in replay["left"].items())
    return [
        "## Replayed from earlier cycles",
        f"Taken over: {taken}." + (f" Left behind: {left}." if left else ""),
    ]


def _forecast(forecast: dict | None) -> list[str]:
    if not forecast:
        return []
    out = [
        "## Forecast",
        (
            f"{len(forecast['at_risk'])} of {len(forecast['families'])} families of questions may get worse:"
            f" {forecast['rule']}."
        ),
    ]
    if forecast["at_risk"]:
        lines = ["| family | base, on dev items | kept examples that teach it |", "| --- | ---: | ---: |"]
        rows = [(name, forecast["families"][name]) for name in forecast["at_risk"]]
        out.append(
            "\n".join([*lines, *(f"| {name} | {row['base']:.2f} | {row['kept']} |" for name, row in rows)])
        )
    return out


def _cell(text: str) -> str:
    """Text that cannot leave its cell of a table."""
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")[:80]


def _shown(row: dict) -> str:
    """One example: who made it, from what, why it was dropped, and its messages in a fence that nothing in
    them can close.
    """
    why = row.get("dropped")
    head = (
        f"**{_cell(row['generator'])}**, {row['category']}, `{row['id'][:12]}`, from"
        f" {_cell(row['source'].get('ref', ''))}"
    )
    if why:
        head += f": {_cell(why['reason'])}" + (
            f" ({_cell(why['value'])})" if why.get("value") is not None else ""
        )
    if "messages" not in row:
        return f"{head}\n\nIts text is not shown: it gives away a scored question."
    body = "\n".join(f"{message['role']}: {cut(response_text(message))}" for message in row["messages"])
    fence = "~" * max(3, 1 + max((len(run) for run in body.split() if set(run) == {"~"}), default=0))
    return f"{head}\n\n{fence}text\n{body}\n{fence}"


def cut(text: str, most: int = CUT) -> str:
    """The text without control characters, or its beginning and how much was left out."""
    text = "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in text)
    return text if len(text) <= most else f"{text[:most]} [... {len(text) - most} more characters]"
