"""The process that loads a tracker's library: `python -m autodidact.trackers.worker`, a child
(models/child_process.py). It ends itself when its time is up.
"""

import importlib
import os
import signal
from typing import Any

from autodidact.errors import AutodidactError, Unavailable
from autodidact.models import child_process
from autodidact.safe_text import addresses

# What pip calls the library of each.
PACKAGES = {"tensorboard": "tensorboard", "mlflow": "mlflow-skinny", "wandb": "wandb"}


def work(request: dict[str, Any], voice: child_process.Voice) -> str:
    """Does what the request asks ({"to", "do", "run", "seconds", "cwd"}); returns where it was logged."""
    if hasattr(signal, "alarm"):
        signal.alarm(request["seconds"])
    os.chdir(request["cwd"])  # a relative address of a server's file means the folder of whoever asks
    name = request["to"]
    require(name)
    tracker = importlib.import_module(f"autodidact.trackers.{name}_run")
    try:
        return str(getattr(tracker, request["do"])(request))
    except AutodidactError:
        raise
    except Exception as error:  # of its library: no kind of ours
        reason = addresses(" ".join(str(error).split()))[:160].rstrip(". ")
        raise Unavailable(
            f"{type(error).__name__}: {reason}", "The next close of a cycle tries again."
        ) from None


def require(name: str) -> None:
    """Raises AutodidactError where the library is not installed."""
    try:
        importlib.import_module(name)
    except ImportError as error:
        raise AutodidactError(
            f"training.report_to names {name}, whose library cannot be imported: {error}",
            f"Install it: pip install {PACKAGES[name]}.",
        ) from None


if __name__ == "__main__":
    child_process.main(work)
