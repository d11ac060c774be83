"""A row of `autodidact doctor`."""

from collections.abc import Callable
from typing import Any

from autodidact.errors import AutodidactError
from autodidact.safe_text import addresses


class Warned(AutodidactError):
    """What a cycle can go on with, and a person should know."""


def row(name: str, work: Callable[[], str]) -> dict[str, Any]:
    """The row of one check: what `work` returns, or its error. A warning counts as ok."""
    try:
        return {"name": name, "ok": True, "state": "ok", "message": work(), "remedy": ""}
    except AutodidactError as error:
        warned = isinstance(error, Warned)
        state = "warning" if warned else "failed"
        return {"name": name, "ok": warned, "state": state, "message": str(error), "remedy": error.remedy}
    except Exception as error:
        message = addresses(f"{type(error).__name__}: {error}")
        return {"name": name, "ok": False, "state": "failed", "message": message, "remedy": ""}
