"""A report.json that somebody names on the command line."""

from pathlib import Path

from pydantic import ValidationError

from autodidact.errors import AutodidactError, UsageError
from autodidact.records import Report

# Of a report that is read, in bytes; sprout's on block 0 has 142 kB.
MOST_BYTES = 256 * 2**20
REMEDY = "It must be a report.json of `autodidact benchmark`."


def read_report(path: Path) -> Report:
    """The report. Raises UsageError when there is none, AutodidactError when the file is something else, or
    damaged.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise AutodidactError(
                f"{path} is no benchmark report: it has more than {MOST_BYTES // 2**20} MB", REMEDY
            )
        return Report.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise UsageError(
            f"{path} does not exist", "Make it with `autodidact benchmark --out FOLDER`."
        ) from None
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise AutodidactError(
            f"{path} is no benchmark report: {where + ': ' if where else ''}{first['msg']}", REMEDY
        ) from None
    except OSError as error:
        raise AutodidactError(f"{path} cannot be read: {error.strerror}", REMEDY) from None
