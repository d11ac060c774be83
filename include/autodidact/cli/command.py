"""How every command runs: its common options, its answer as text or JSON, its errors in one line."""

import contextlib
import functools
import inspect
import json
import math
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import typer

from autodidact.cli.options import Common, Debug, Json, Profile, Set, StoreUrl
from autodidact.errors import AutodidactError, Interrupted, Skipped, UsageError
from autodidact.progress import show
from autodidact.safe_text import harmless
from autodidact.terminal.view import View, text_of

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Keeps a language model up to date with a living system.",
)

# What a command returns: the object for --json, what people see of it, the exit status.
Answer = tuple[Any, str | View, int]


def command(function: Callable[..., Answer]) -> Callable[..., None]:
    """Registers a command with the common options; prints its answer, and an error as one line."""

    @functools.wraps(function)
    def run(
        *args: Any,
        profile: str | None = None,
        assign: list[str] | None = None,
        store: str | None = None,
        as_json: bool = False,
        debug: bool = False,
        **kwargs: Any,
    ) -> None:
        common = Common(profile, assign or [], store, as_json, debug)
        try:
            # Libraries print; standard output belongs to the answer.
            with contextlib.redirect_stdout(sys.stderr), _stoppable():
                value, text, status = function(*args, common=common, **kwargs)
        except KeyboardInterrupt:
            again = "Run the same command again: it resumes."
            status = _fail(Interrupted("Interrupted", again), debug, as_json)
        except AutodidactError as error:
            status = _fail(error, debug, as_json)
        except Exception as error:
            if debug:
                raise
            line, hint = (
                f"{type(error).__name__}: {error}",
                "This is a fault of Autodidact's; --debug shows where.",
            )
            status = _fail(AutodidactError(line, hint), debug, as_json)
        else:
            if as_json:
                print(json_of(value))
            else:
                print(text_of(text, sys.stdout))
        raise typer.Exit(status)

    _give_common_options(run, function)
    return app.command(function.__name__.rstrip("_").replace("_", "-"))(run)


def json_of(value: Any) -> str:
    """One JSON document in one line; what is no number in JSON is null, what steers a terminal is written
    out.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, default=str, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(value), ensure_ascii=False, default=str)
    return harmless(text)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    return [_finite(each) for each in value] if isinstance(value, (list, tuple)) else value


def _give_common_options(run: Any, function: Callable[..., Answer]) -> None:
    """The signature that typer reads: the function's own options, then the common ones."""
    common = {"profile": Profile, "assign": Set, "store": StoreUrl, "as_json": Json, "debug": Debug}
    own = [each for each in inspect.signature(function).parameters.values() if each.name != "common"]
    for name, kind in common.items():
        default = False if kind in (Json, Debug) else None
        own.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind))
    run.__signature__ = inspect.Signature(sorted(own, key=lambda each: each.kind))
    run.__annotations__ = {each.name: each.annotation for each in own}


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM, which a pod or a service manager sends, stops the work as Ctrl-C does. The first process of a
    container would ignore it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: Any) -> None:
        # Once: what is being saved now must not be interrupted again.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _fail(error: AutodidactError, debug: bool, as_json: bool) -> int:
    """Shows an error in one line. Returns the exit status."""
    if debug and not isinstance(error, (Skipped, Interrupted)):
        raise error
    line = " ".join(str(error).split())
    if as_json:
        kind = "skipped" if isinstance(error, Skipped) else "error"
        print(harmless(json.dumps({kind: line, "exit_status": error.exit_status}, ensure_ascii=False)))
    show(f"autodidact: {line}", sys.stderr)
    return error.exit_status


def main() -> None:
    """The entry point: runs the command and exits with its status. Wrong usage is shown like any other
    error.
    """
    try:
        status = app(sys.argv[1:] or ["--help"], prog_name="autodidact", standalone_mode=False)
    except typer.Abort:
        status = Interrupted.exit_status
    except Exception as error:
        # A usage error of the click that typer brings along, whichever that is.
        if not hasattr(error, "format_message"):
            raise
        path = getattr(getattr(error, "ctx", None), "command_path", "autodidact")
        wrong = UsageError(error.format_message(), f"See `{path} --help`.")
        status = _fail(wrong, debug=False, as_json="--json" in sys.argv)
    sys.exit(status or 0)
