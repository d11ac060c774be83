"""The command line of a measurement over a repository's history: `run REPOSITORY --out OUT`, `show OUT`."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any


def main(
    description: str | None,
    run: Callable[..., Any],
    show: Callable[[Path], Any],
    options: Callable[[argparse.ArgumentParser], Any],
) -> Any:
    """Calls `run(repository, out, given=SETTINGS, ...)` or `show(out)`. `options` adds what `run` takes."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("run")
    one.add_argument("repository", type=Path)
    one.add_argument("--out", type=Path, required=True)
    options(one)
    one.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="any setting; values are JSON"
    )
    commands.add_parser("show").add_argument("out", type=Path)
    given = vars(parser.parse_args())
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    if given.pop("command") == "show":
        return show(given["out"])
    from autodidact.settings import parse_assignments

    return run(given.pop("repository"), given.pop("out"), given=parse_assignments(given.pop("set")), **given)
