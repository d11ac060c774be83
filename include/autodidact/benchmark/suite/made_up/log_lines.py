"""Log lines by the part of a system that they complain about (log_lines.yaml)."""

from dataclasses import dataclass

from autodidact.benchmark.suite.item_building_blocks import table

_WORDS = table("made_up/log_lines")


@dataclass(frozen=True)
class Kind:
    """A row of log_lines.yaml."""

    name: str
    about: str
    cues: list[str]
    lines: list[str]


KINDS = [Kind(**row) for row in _WORDS["kinds"]]
NOISE = _WORDS["noise"]
