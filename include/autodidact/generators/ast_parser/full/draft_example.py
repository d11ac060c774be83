"""One example of the register `full` before it is a record."""

from dataclasses import dataclass, field
from typing import Any, Literal

from autodidact.sources.code.file_analysis import Definition

# Share of the definitions of which a question is asked that could be asked of any.
COMMON = 0.15


@dataclass
class Piece:
    """A question, its answer (text, or a message that calls a tool) and the definition that they are about.
    `history`: earlier turns. `reading`: calls and results between the question and the answer, with the
    repository's tools on offer. `tools`: whether they are on offer without that. `path` and `lines`: where
    the answer can be checked, those of the definition unless given.
    """

    ask: str
    say: str | dict[str, Any]
    d: Definition
    category: Literal["architecture", "reasoning"] = "architecture"
    history: list[dict[str, Any]] = field(default_factory=list)
    reading: list[dict[str, Any]] = field(default_factory=list)
    tools: bool = False
    path: str | None = None
    lines: tuple[int, int] | None = None
    # The paragraph without which the answer is none; the first one unless given.
    core: str = ""
