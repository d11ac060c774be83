"""How long work shows itself: a bar that overwrites itself on a terminal, plain lines elsewhere."""

import re
import shutil
from typing import TextIO

from autodidact.safe_text import harmless

# Of the bar, in characters.
WIDTH = 20

_COUNTED = re.compile(r"\b(?:update|batch|judging|tokens) ([\d,]+) of ([\d,]+)\b")


def show(line: str, stream: TextIO) -> None:
    """Prints a line; nothing that it quotes steers the terminal.

    On a terminal one that counts ("update 3 of 10") gets a bar, and the next line takes its place until the
    last is counted.
    """
    line = harmless(line)
    if not stream.isatty():
        print(line, file=stream, flush=True)
        return
    end, found = "\n", _COUNTED.search(line)
    if found:
        done, whole = (int(number.replace(",", "")) for number in found.groups())
        filled = round(WIDTH * min(1.0, done / max(1, whole)))
        bar = f" [{'#' * filled}{'.' * (WIDTH - filled)}]"
        line = (
            line[: max(0, shutil.get_terminal_size().columns - len(bar) - 1)] + bar
        )  # a line that wraps could not be overwritten
        end = "" if done < whole else "\n"
    print(f"\r\033[K{line}", file=stream, end=end, flush=True)
