"""The types of Connections: what their forms look like is in connection_types.py, here is what their test
buttons do. Each test asks the service itself, changes nothing, and answers in one line without a key.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from airflow.sdk import BaseHook

from autodidact.errors import AutodidactError
from autodidact.safe_text import one_line
from autodidact_airflow.runtime_from_connections import connection_url

# Seconds that a service may take to answer a test.
PATIENCE = 20.0
# A program: whether the store answers. Its credentials are variables, which must not stay in the API server.
LOOK = (
    "import os; from autodidact.store import Store; store = Store(os.environ['AUTODIDACT_STORE']);"
    " store.exists('cache'); print(store.shown)"
)


class ServiceHook(BaseHook):
    """A service of Autodidact's. Subclasses say which, and how it is asked."""

    conn_name_attr, service = "conn_id", ""

    def __init__(self, conn_id: str = "", logger_name: str | None = None):
        super().__init__(logger_name=logger_name)
        self.conn_id = conn_id or f"autodidact_{self.service}"

    def get_conn(self) -> Any:
        """The Connection itself: there is no client to keep."""
        return self.get_connection(self.conn_id)

    def test_connection(self) -> tuple[bool, str]:
        """(whether the service answers as it should, what it said)."""
        try:
            return True, one_line(self.ask(self.get_conn()))
        except AutodidactError as error:
            return False, one_line(str(error))

    def ask(self, connection: Any) -> str:
        """What the service answered, in a sentence. Raises AutodidactError."""
        raise NotImplementedError


class StoreHook(ServiceHook):
    conn_type, hook_name, service = "autodidact_store", "Autodidact store", "store"

    def ask(self, connection: Any) -> str:
        from autodidact_airflow.runtime_from_connections import fill_credentials

        given = dict(os.environ)
        address = given["AUTODIDACT_STORE"] = connection_url(connection, "store")
        fill_credentials(connection, address.partition("://")[0], given)
        try:
            done = subprocess.run(
                [sys.executable, "-c", LOOK], env=given, capture_output=True, text=True, timeout=PATIENCE * 3
            )
        except subprocess.TimeoutExpired:
            raise AutodidactError("The store does not answer", "Check the address.") from None
        if done.returncode:
            said = (done.stderr.strip().splitlines() or ["no reason"])[-1].partition(": ")[2]
            raise AutodidactError(f"The store does not answer as it should: {said}", "Check address and key.")
        return f"The store answers: {done.stdout.strip()}"


class ChronicleHook(ServiceHook):
    conn_type, hook_name, service = "autodidact_chronicle", "Autodidact Chronicle", "chronicle"

    def ask(self, connection: Any) -> str:
        from sqlalchemy import inspect

        from autodidact.chronicle.connection import clear_errors, connect, describe, parse

        url = parse(connection_url(connection, "chronicle"))
        if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
            return f"The Chronicle {describe(url)} will be made by the first cycle"
        with clear_errors(url), connect(url).connect() as session:
            tables = inspect(session).get_table_names()
        made = "has" if "cycles" in tables else "answers; the first cycle makes"
        return f"The database {describe(url)} {made} the Chronicle's tables"


class _ServerHook(ServiceHook):
    """A server that speaks OpenAI's protocol."""

    def ask(self, connection: Any) -> str:
        reply = _request(connection, self.service, "GET", "/models")
        names = [each.get("id") for each in reply.get("data", []) if isinstance(each, dict)]
        extra = connection.extra_dejson
        if not (model := extra.get("model") if isinstance(extra, dict) else None):
            return f"The server answers; it has {', '.join(map(str, names[:5])) or 'no model'}"
        question = [{"role": "user", "content": "Which number follows 2? Answer with the number."}]
        body = {"model": model, "messages": question, "max_tokens": 16, "temperature": 0}
        reply = _request(connection, self.service, "POST", "/chat/completions", body)
        said = (reply.get("choices") or [{}])[0].get("message", {}).get("content")
        return f"{model} answers which number follows 2: {str(said)[:100]}"


class JudgeHook(_ServerHook):
    conn_type, hook_name, service = "autodidact_judge", "Autodidact judge", "judge"


class TeacherHook(_ServerHook):
    conn_type, hook_name, service = "autodidact_teacher", "Autodidact teacher", "teacher"


class ServerHook(_ServerHook):
    conn_type, hook_name, service = "autodidact_server", "Autodidact server", "server"


class GitHook(ServiceHook):
    conn_type, hook_name, service = "autodidact_git", "Autodidact repository", "git"

    def ask(self, connection: Any) -> str:
        from autodidact.sources.git.mirror import default_branch
        from autodidact_airflow.repository_mirrors import mirror_of

        mirror = mirror_of(connection)
        with tempfile.TemporaryDirectory() as folder:
            branch = default_branch(mirror.address, Path(folder, "git"), login=mirror.login, key=mirror.key)
        return f"The repository answers; its default branch is {branch or 'not named'}"


class NotifyHook(ServiceHook):
    """Its test sends a message: whoever presses the button wants to see it arrive."""

    conn_type, hook_name, service = "autodidact_notify", "Autodidact notifications", "notify"

    def ask(self, connection: Any) -> str:
        text = "Autodidact would write here. This is a test."
        _request(connection, self.service, "POST", "", {"event": "test", "text": text})
        return "A test message was sent"


HOOKS: tuple[type[ServiceHook], ...] = (
    StoreHook,
    ChronicleHook,
    JudgeHook,
    TeacherHook,
    ServerHook,
    GitHook,
    NotifyHook,
)


def _request(connection: Any, service: str, method: str, path: str, body: Any = None) -> dict[str, Any]:
    """The JSON object that the address answers with; {} for an answer that is none, and has status 2xx."""
    import httpx

    address = connection_url(connection, service).rstrip("/")
    key = connection.password
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    ask: Callable[..., httpx.Response] = httpx.request
    try:
        reply = ask(method, address + path, json=body, headers=headers, timeout=PATIENCE)
        found = reply.json() if reply.content else {}
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise AutodidactError(
            f"The {service} does not answer: {type(error).__name__}", "Check the address."
        ) from None
    except ValueError:
        found = {}
    if not reply.is_success:
        raise AutodidactError(f"The {service} answered {reply.status_code}", "Check address, key and model.")
    return found if isinstance(found, dict) else {}
