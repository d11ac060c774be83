"""The picture of a training run's loss."""

from typing import Any

from autodidact.svg import curves


def picture(training: dict[str, Any]) -> str:
    """The loss of each update and, dashed, of the rows held out: an SVG."""
    lines = [
        ("update", [(step, loss) for step, loss, _ in training["loss_curve"] if loss is not None], False)
    ]
    held_out = [(each["step"], each["loss"]) for each in training["held_out"]["evaluations"]]
    if held_out:
        lines.append(("held out", held_out, True))
    return curves("Loss (nats a trained token)", lines, across="updates")
