"""`autodidact show` and `autodidact compare`: one cycle in full; two models side by side."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from autodidact.cli.command import Answer, command
from autodidact.cli.options import Common, Repo, System
from autodidact.safe_text import harmless
from autodidact.terminal.pace import duration
from autodidact.terminal.view import Heading, Part, Table, View, cell, counts_text, cut

# Items that are won and lost, of each so many; characters of a question and of an answer.
LISTED, QUOTED = 5, 160


@command
def show(
    common: Common,
    cycle: Annotated[str, typer.Argument(help="A cycle; `latest`: the newest.", metavar="CYCLE")] = "latest",
    repo: Repo = None,
    system: System = None,
) -> Answer:
    """One cycle in full: summary, stages with state and duration, scores with intervals, rules of the
    verdict."""
    from autodidact.cycle.report_text import as_text
    from autodidact.cycle.stages_so_far import stages_so_far
    from autodidact.cycle.summary import summarize
    from autodidact.promotion.what_would_change import would_change

    opened, runtime = common.cycle(cycle, repo, system)
    with runtime.chronicle() as chronicle:
        row = chronicle.cycle(opened.system, opened.cycle_id)
        found = summarize(opened, runtime, chronicle)
    found["status"], found["outcome"] = row["status"], row["outcome"]
    found["stages"] = stages_so_far(opened, runtime, row)
    judged = found["verdict"] or {}
    found["would_change"] = [
        {"how": how, "rules": rules} for how, rules in (would_change(judged) if judged else [])
    ]
    found["intervals"] = {
        role: {name: _interval(score.score, score.n) for name, score in report.categories.items()}
        for role, report in opened.reports(runtime.store).items()
    }
    parts: list[Part] = [as_text(found), Heading("Stages"), _stages(found["stages"])]
    return found, [*parts, *_intervals(found["intervals"]), *_rules(found)], 0


def _interval(score: float | None, n: int) -> dict[str, float] | None:
    from autodidact.knowledge.known_share_estimates import wilson

    if score is None or not n:
        return None
    low, high = wilson(score, n)
    return {"score": score, "low": low, "high": high}


def _stages(stages: list[dict[str, Any]]) -> Table:
    rows = []
    for each in stages:
        took = None if each["seconds"] is None else duration(each["seconds"])
        rows.append([each["stage"], each["state"], took, each["reason"] or counts_text(each["counts"])])
    return Table(["stage", "state", "took", "what it made, or why not"], rows)


def _intervals(found: Mapping[str, Mapping[str, Any]]) -> list[Part]:
    if not found:
        return []
    names = list(dict.fromkeys(name for scores in found.values() for name in scores))
    rows = [[name, *(_shown(scores.get(name)) for scores in found.values())] for name in names]
    return ["", Heading("Scores with their 95% intervals"), Table(["category", *found], rows)]


def _shown(value: Mapping[str, Any] | None, sign: str = "") -> str | None:
    """`0.467 [0.248, 0.699]`, of a score or, with a sign, of a difference."""
    if value is None:
        return None
    middle = value["score"] if "score" in value else value["mean"]
    return f"{middle:{sign}.3f} [{value['low']:{sign}.3f}, {value['high']:{sign}.3f}]"


def _rules(found: Mapping[str, Any]) -> list[Part]:
    judged = found["verdict"]
    if not judged or not judged["rules"]:
        return []
    rows = [
        [rule["name"], rule["value"], rule["threshold"], "yes" if rule["passed"] else "no", rule.get("needs")]
        for rule in judged["rules"]
    ]
    table = Table(["rule", "value", "threshold", "passed", "what would change it"], rows)
    lines: list[Part] = [f"{each['how']}: {'; '.join(each['rules'])}" for each in found["would_change"]]
    hangs: list[Part] = ["", Heading("What would have changed the verdict"), *lines] if lines else []
    return ["", Heading(f"Rules of the verdict: {judged['outcome']}"), table, *hangs]


@command
def compare(
    common: Common,
    a: Annotated[str, typer.Argument(help="A version, or a cycle: its candidate.", metavar="A")],
    b: Annotated[str, typer.Argument(help="Another one.", metavar="B")],
    items: Annotated[int, typer.Option(help="So many of the items won, and of those lost.", min=0)] = LISTED,
    repo: Repo = None,
    system: System = None,
) -> Answer:
    """Two versions, or two cycles' candidates: scores with intervals, and which items B won and lost."""
    from autodidact.cli import history
    from autodidact.cycle.compare_models import compare as compared

    runtime = common.runtime(repo, system=system)
    with runtime.chronicle() as chronicle:
        name = history.chosen(chronicle, runtime.settings, named=bool(repo or system))
        found = compared(runtime, chronicle, name, a, b)
    return found, _comparison(found, items), 0


def _comparison(found: dict[str, Any], most: int) -> View:
    rows = [
        [each["name"], _shown(each["a"]), _shown(each["b"]), _shown(each["difference"], "+")]
        for each in found["scores"]
    ]
    won, lost = found["won"], found["lost"]
    parts: list[Part] = [
        Heading(f"B, {_named(found['b'])}, compared with A, {_named(found['a'])}, of {found['system']}"),
        Table(["", "A", "B", "B - A, same items"], rows),
        f"Scores of the published items, with their 95% intervals. Both answered {found['compared']} items in"
        f" the same words: B won {_many(won, probe=False)} and lost {_many(lost, probe=False)}. Of the"
        f" questions of the knowledge probe that both were asked it won {_many(won, probe=True)} and lost"
        f" {_many(lost, probe=True)}.",
    ]
    if found["note"]:
        parts.append(f"WARNING: {found['note']}")
    for title, listed in (("Won by B", won), ("Lost by B", lost)):
        if listed and most:
            parts += ["", Heading(f"{title}: {min(most, len(listed))} of {len(listed)}")]
            parts += [_item(each) for each in listed[:most]]
    return parts


def _named(side: dict[str, Any]) -> str:
    return str(side.get("version") or side["name"])


def _many(items: list[dict[str, Any]], *, probe: bool) -> int:
    return sum(each["probe"] == probe for each in items)


def _item(each: dict[str, Any]) -> str:
    """Name, question and both answers, each cut, in four lines."""
    asked = next((m.get("content") for m in reversed(each["prompt"]) if m.get("role") == "user"), None)
    lines = [f"{each['item']}  {_points(each['a_score'])} -> {_points(each['b_score'])}"]
    for name, text in (("asked", asked), ("A", each["a_answer"]), ("B", each["b_answer"])):
        lines.append(f"    {name:<6}{cell(cut(harmless(str(text or '')), QUOTED))}")
    return "\n".join(lines)


def _points(score: float) -> str:
    return f"{score:.2f}"
