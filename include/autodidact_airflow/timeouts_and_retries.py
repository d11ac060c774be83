"""How long a task may take before it is stopped and tried again, and how it is tried again. Read when the DAG
is parsed: from variables alone."""

import os
from datetime import timedelta

# Hours, generous: what they stop is a hang. The variables of LIMITS set others. `cycle` is the whole run,
# `generate` each generator; a task that is stopped goes on from its last checkpoint, so `train` may be
# shorter than a training.
HOURS = {
    "cycle": 11.0,  # the next one is due after 12
    "open_cycle": 1.0,
    "generate": 2.0,
    "gate": 2.0,
    "knowledge": 2.0,
    "train": 8.0,
    "measure_champion": 4.0,
    "benchmark": 6.0,
    "decide": 1.0,
    "promote": 2.0,
    "keep_champion": 2.0,
    "ask_ledger": 2.0,
    "close_cycle": 1.0,
    "rollback": 2.0,
    "watch": 48.0,  # the whole run, with deploy.bake
}
# The variable of each.
LIMITS = {name: "_".join(("AUTODIDACT", "HOURS", name.upper())) for name in HOURS}
# Hours, more than a year: larger ones are mistakes.
MOST = 10_000
# That a person has to answer.
CONSENT = timedelta(hours=6)

# An outage of the store or of the database of five minutes is waited for: the waits before the retries are at
# least 0.5, 1, 2 and 4 minutes, as Airflow doubles them, and at most twice that.
# After many clicks on Clear it would double them to hours.
STEADY = {
    "retries": 4,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=16),
}
# A lease lives 120 s after its holder was killed on another machine (lease.py), so the waits before the
# retries of what holds one add up to more: at least 1, 2, 4 and 8 minutes.
PATIENT = STEADY | {"retry_delay": timedelta(minutes=1)}


def hours(name: str, environ=os.environ) -> timedelta:
    """The limit of a task. One that cannot be read is the default here, so that the DAG loads, and an error
    in `complaint`."""
    try:
        given = float(environ.get(LIMITS[name]) or HOURS[name])
    except ValueError:
        given = 0
    return timedelta(hours=given if 0 < given < MOST else HOURS[name])


def complaint(environ=os.environ) -> str | None:
    """What is wrong with the variables of limits; None when nothing is."""
    for variable in LIMITS.values():
        value = environ.get(variable) or "1"
        try:
            fits = 0 < float(value) < MOST
        except ValueError:
            fits = False
        if not fits:
            return f"{variable} is {value!r}, which is no number of hours"
    return None
