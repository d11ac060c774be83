"""How long work shows itself: a bar that overwrites itself on a terminal, plain lines elsewhere."""

import shutil
from typing import TextIO

from autodidact.safe_text import harmless
from autodidact.terminal.pace import Pace

# Of the bar, in characters.
WIDTH = 20

_pace = Pace()


def show(line: str, stream: TextIO) -> None:
    """Prints a line; nothing that it quotes steers the terminal.

    One that counts ("update 3 of 10") gets its rate and the time left as soon as they are known. On a
    terminal it also gets a bar, and the next line takes its place until the last is counted.
    """
    line = harmless(line)
    end, count = "\n", _pace.of(line)
    pace = f", {count}" if count and str(count) else ""
    if not stream.isatty():
        print(line + pace, file=stream, flush=True)
        return
    if count:
        filled = round(WIDTH * count.share)
        bar = f"{pace} [{'#' * filled}{'.' * (WIDTH - filled)}]"
        line = (
            line[: max(0, shutil.get_terminal_size().columns - len(bar) - 1)] + bar
        )  # a line that wraps could not be overwritten
        end = "" if count.done < count.whole else "\n"
    print(f"\r\033[K{line}", file=stream, end=end, flush=True)
