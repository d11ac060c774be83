"""How the library's errors end a task of Airflow."""

import contextlib
from collections.abc import Iterator

from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException

from autodidact.errors import AutodidactError, Interrupted, Skipped, Unavailable
from autodidact.safe_text import one_line
from autodidact_airflow.runtime_from_connections import say


@contextlib.contextmanager
def airflow_terms() -> Iterator[None]:
    """Nothing to do: skipped. A service away or an interruption: tried again. Any other sentence for people:
    failed at once, without a traceback.
    """
    try:
        yield
    except Skipped as skip:
        raise AirflowSkipException(one_line(str(skip))) from None
    except (Interrupted, Unavailable) as error:
        say(f"ERROR, to be tried again: {(line := one_line(str(error)))}")
        raise AirflowException(line) from None
    except AutodidactError as error:
        say(f"ERROR: {(line := one_line(str(error)))}")
        raise AirflowFailException(line) from None
