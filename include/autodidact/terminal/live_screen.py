"""One screen of a cycle that runs: stages with state and duration, progress with rate and time left."""

import time
from collections.abc import Callable
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from autodidact.safe_text import one_line
from autodidact.terminal.cycle_progress import CycleProgress, Stage
from autodidact.terminal.pace import duration

STYLES = {
    "running": "bold cyan",
    "done": "green",
    "failed": "bold red",
    "stopped": "red",
    "to be tried again": "yellow",
    "skipped": "dim",
    "waiting": "dim",
    "not needed": "dim",
    "not reached": "dim",
}
BAR = 30


class LiveScreen(CycleProgress):
    """Drawn anew four times a second while it is entered; its last picture stays. `log`: the file with all of
    the detail.
    """

    def __init__(self, log: str, console: Console | None = None, clock: Callable[[], float] = time.monotonic):
        super().__init__(clock=clock)
        self._log = one_line(log)
        self._live = Live(
            console=console or Console(),
            get_renderable=self.picture,
            refresh_per_second=4,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> "LiveScreen":
        self._live.start(refresh=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.finish()
        self._live.stop()

    def visible(self, line: str) -> None:
        style = "yellow" if line.startswith("WARNING") else "bold red"
        self._live.console.print(Text(line, style), soft_wrap=True)

    def picture(self) -> Any:
        head = Text(f"{self.title or 'A cycle begins'}   {duration(self.clock() - self.began)}", "bold")
        rows = [self._row(stage) for stage in list(self.stages.values())]
        table = Table.grid(padding=(0, 2), expand=True)
        # A long note takes no room from what stands before it.
        for k in range(3):
            widest = max(len(row[k]) for row in rows)
            table.add_column(min_width=widest, justify="right" if k == 2 else "left", no_wrap=True)
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        for row in rows:
            table.add_row(*row)
        return Group(head, table, *self._now(), Text(f"All of the detail: {self._log}", "dim"))

    def _row(self, stage: Stage) -> tuple[Text, ...]:
        took = duration(self.seconds(stage)) if stage.began is not None else ""
        style = STYLES.get(stage.state, "")
        return Text(stage.name, style), Text(stage.state, style), Text(took), Text(stage.note, "dim")

    def _now(self) -> list[Text]:
        """The bar of what is counted, and what was said last; two lines always, so that nothing jumps."""
        bar = Text()
        if self.count:
            filled = round(BAR * self.count.share)
            bar = Text.assemble(
                ("#" * filled, "cyan"),
                ("." * (BAR - filled), "dim"),
                f" {self.count.share:4.0%}  {self.count}",
            )
        last = Text(self.last, no_wrap=True, overflow="ellipsis")
        return [bar, last]
