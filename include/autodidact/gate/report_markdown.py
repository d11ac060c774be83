"""The gate's report as people read it: report.md with its pictures."""

from typing import Any

from autodidact import svg
from autodidact.generators import select
from autodidact.records import CATEGORIES, response_text

# Characters of a message shown; the rest is in the files.
CUT = 900

# Answers of each file whose tokens are counted, drawn by id: counting a million would take longer than the
# rules.
COUNTED = 4_000

# Bins of the lengths: from each to below the next, in tokens. 10 and 800 are the article's limits.
EDGES = (1, 10, 20, 40, 80, 160, 320, 800)

# What the article's gate kept of what it saw.
SEED = "1,183 of 4,263"


def pictures(report: dict[str, Any]) -> dict[str, str]:
    """File name -> SVG of each picture of a report."""
    lengths = report["lengths"]
    return {
        "funnel.svg": _funnel(report),
        "lengths.svg": svg.histogram("Tokens of the answer", _bins(), lengths["kept"], lengths["dropped"]),
        "categories.svg": _balance(report),
        "clusters.svg": _sizes(report["clusters"]),
        "share.svg": _share(report),
    }


def _bins() -> list[str]:
    ends = [f"{low} to {high - 1}" for low, high in zip(EDGES, EDGES[1:], strict=False)]
    return [*ends, f"{EDGES[-1]} and more"]


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


def markdown(
    report: dict, kept: list[dict], dropped: dict[str, list[dict]], pairs: list[tuple[dict, dict]]
) -> str:
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
    if pairs:
        out += ["## Contradictions", "Pairs that answer one question differently. Which source is wrong?"]
        out += [_shown(row) for pair in pairs for row in pair]
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
