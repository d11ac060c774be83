"""The flow of a cycle as a picture: each stage with its state and how long it took."""

from typing import Any

from markupsafe import Markup

from autodidact_airflow.dashboard.charts import line, rect, svg, text
from autodidact_airflow.dashboard.cycle_stages import Stage
from autodidact_airflow.dashboard.rendering import seconds, since, words

WIDE, HIGH, ROW = 128.0, 46.0, 19.0
# Left edge and middle of each stage; the generators stand in a box of their own.
PLACES = {
    "open_cycle": (4, 130),
    "gate": (396, 84),
    "knowledge": (396, 226),
    "train": (546, 48),
    "measure_champion": (546, 120),
    "benchmark": (696, 84),
    "decide": (846, 84),
    "promote": (996, 48),
    "keep_champion": (996, 120),
    "ask_ledger": (1146, 84),
    "close_cycle": (1146, 160),
}
ARROWS = (
    ("gate", "train"),
    ("gate", "measure_champion"),
    ("train", "benchmark"),
    ("measure_champion", "benchmark"),
    ("benchmark", "decide"),
    ("decide", "promote"),
    ("decide", "keep_champion"),
    ("promote", "ask_ledger"),
    ("keep_champion", "ask_ledger"),
)
BOX = (150.0, 6.0, 218.0)


def flow(found: dict[str, Any]) -> Markup:
    """The picture of what `cycle_stages.stages_of` found."""
    generators, stages = found["generators"], found["stages"]
    left, top, wide = BOX
    high = 26 + ROW * len(generators)
    parts = [line(132, 130, left, 130, "arrow"), line(left + wide, 84, 396, 84, "arrow")]
    parts += [line(left + wide, 226, 396, 226, "arrow")]
    parts += [_arrow(*PLACES[start], *PLACES[end]) for start, end in ARROWS]
    parts += [line(524, 226, 1130, 226, "arrow"), line(1130, 226, 1130, 92, "arrow")]
    parts += [line(1130, 92, 1146, 92, "arrow"), line(1210, 107, 1210, 137, "arrow")]
    parts.append(rect(left, top, wide, high, "box"))
    parts.append(text(left + 10, top + 17, "generators", "name"))
    parts.append(text(left + wide - 10, top + 17, f"{found['made']:,} examples", "axis", "end"))
    for number, each in enumerate(generators):
        y = top + 26 + ROW * number
        parts.append(rect(left + 8, y, 9, 9, f"state {each.state}", f"{each.name}: {each.state}"))
        parts.append(text(left + 24, y + 9, words(each.name.removeprefix("generate.")), "small"))
        parts.append(text(left + wide - 10, y + 9, _took(each), "axis", "end"))
    parts += [_node(name, stages[name]) for name in PLACES if name in stages]
    return svg(
        "The flow of the cycle, with the state of each stage", 1276, max(high + 12, 258), parts, "flow"
    )


def _node(name: str, stage: Stage) -> str:
    x, y = PLACES[name]
    hint = f"{name}: {stage.state}" + (f", {stage.reason}" if stage.reason else "")
    return (
        rect(x, y - HIGH / 2, WIDE, HIGH, f"node {stage.state}", hint)
        + text(x + WIDE / 2, y - 3, words(name), "name", "middle")
        + text(x + WIDE / 2, y + 14, _took(stage), "axis", "middle")
    )


def _took(stage: Stage) -> str:
    if stage.state == "running":
        return f"running, {seconds(since(stage.started))}" if stage.started else "running"
    if stage.state == "done":
        return seconds(stage.seconds) if stage.seconds is not None else "done"
    return stage.state


def _arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    middle = (x1 + WIDE + x2) / 2
    return f'<path d="M{x1 + WIDE} {y1}H{middle}V{y2}H{x2}" class="arrow"/>'
