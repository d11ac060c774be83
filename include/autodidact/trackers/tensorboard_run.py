"""A training as a file of TensorBoard's events."""

from typing import Any


def training(request: dict[str, Any]) -> str:
    """Writes the file `request["file"]`. All events have the time when the training ended: the log that they
    come from knows updates, not times.
    """
    from tensorboard.compat.proto import event_pb2, summary_pb2
    from tensorboard.summary.writer.record_writer import RecordWriter

    run = request["run"]
    with open(request["file"], "wb") as file:
        writer = RecordWriter(file)

        def write(**event: Any) -> None:
            writer.write(event_pb2.Event(wall_time=run["ended"], **event).SerializeToString())

        write(file_version="brain.Event:2")
        last = run["steps"][-1][0] if run["steps"] else 0
        for step, values in [*run["steps"], [last, run["summary"]]]:
            found = [summary_pb2.Summary.Value(tag=tag, simple_value=value) for tag, value in values.items()]
            write(step=step, summary=summary_pb2.Summary(value=found))
        writer.flush()
    return str(request["file"])
