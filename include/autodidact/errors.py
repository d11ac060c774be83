"""Errors for people: what is wrong, where, what to do. The command prints them as one line; a traceback only
with --debug.
"""


class AutodidactError(Exception):
    """A failure whose message is written for the person who reads it. `remedy` says what to do next."""

    exit_status = 1

    def __init__(self, message: str, remedy: str = ""):
        self.message, self.remedy = message, remedy
        super().__init__(f"{message.rstrip('.')}. {remedy}" if remedy else message)


class UsageError(AutodidactError):
    """The command, a setting or a parameter is wrong: trying again will not help."""

    exit_status = 2


class Unavailable(AutodidactError):
    """A service that is needed does not answer: trying again later may help."""


class Interrupted(AutodidactError):
    """The work was stopped from outside; the same command resumes it."""

    exit_status = 75


class Skipped(AutodidactError):
    """There is nothing to do here, and that is fine: a generator without a source, a gate with nothing
    left."""

    exit_status = 0


class NoSource(Skipped):
    """A generator has nothing to read. `setting` is the one that gives it a source, and the message names it
    too.
    """

    def __init__(self, message: str, remedy: str = "", *, setting: str = ""):
        super().__init__(message, remedy)
        self.setting = setting


def as_data(error: AutodidactError) -> dict[str, str]:
    """An error for another process: {"kind", "message", "remedy"}. A class made elsewhere goes as its parent
    here.
    """
    kind = next(each for each in type(error).__mro__ if each.__module__ == __name__)
    return {"kind": kind.__name__, "message": error.message, "remedy": error.remedy}


def from_data(data: dict) -> AutodidactError:
    """The error that another process sent."""
    return globals()[data["kind"]](data["message"], data["remedy"])
