"""`deploy.kind = "command"`: a program of yours puts a version in service."""

import contextlib
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import IO

from autodidact.errors import AutodidactError
from autodidact.models.child_process import end_with_parent
from autodidact.promotion.deployers.deployer_base import Served, address
from autodidact.records import Champion
from autodidact.settings import Settings
from autodidact.store import Store

SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH", re.IGNORECASE)
URL_PASSWORD = re.compile(r"(\w+://[^\s/:@]*):[^\s/@]+@")


class CommandDeployer(Served):
    """Runs `deploy.command`, without a shell.

    Each word may contain `{version}`, `{adapter}` (a path, or a URL in object storage; empty for a base
    model) and `{base}` (its id). The environment has AUTODIDACT_VERSION, AUTODIDACT_ADAPTER and
    AUTODIDACT_CHAMPION (champion.json as text) besides. Status 0 means deployed. With `deploy.url`, the
    server is probed under the version's name.
    """

    kind = "command"

    def __init__(self, settings: Settings, store: Store, system: str):
        super().__init__(settings, store, system)
        self._timeout = settings.deploy.timeout
        try:
            self._words = shlex.split(settings.deploy.command or "")
        except ValueError as error:
            raise AutodidactError(
                f"deploy.command cannot be split into words: {error}", "Correct it."
            ) from None
        if not self._words:
            raise AutodidactError(
                "deploy.kind is command and deploy.command is empty",
                "Set deploy.command, or deploy.kind to none.",
            )

    def deploy(self, champion: Champion) -> None:
        adapter = address(self.store, champion)
        filled = {
            "{version}": champion.version,
            "{adapter}": adapter,
            "{base}": str(champion.base.get("id", "")),
        }
        words = [
            re.sub(r"\{(version|adapter|base)\}", lambda name: filled[name[0]], word) for word in self._words
        ]
        environment = os.environ | {
            "AUTODIDACT_VERSION": champion.version,
            "AUTODIDACT_ADAPTER": adapter,
            "AUTODIDACT_CHAMPION": json.dumps(champion.model_dump(mode="json"), ensure_ascii=False),
        }
        # Files, not pipes: a server that the command leaves running in the background keeps a pipe open for
        # ever.
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
            try:
                process = subprocess.Popen(
                    words,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=complained,
                    start_new_session=True,
                    preexec_fn=end_with_parent,
                )
            except OSError as error:
                raise AutodidactError(
                    f"deploy.command cannot run {words[0]}: {error.strerror}", "Correct deploy.command."
                ) from error
            try:
                with _ending_with_us(process.pid):
                    status = process.wait(self._timeout)
            except BaseException as error:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                if isinstance(error, subprocess.TimeoutExpired):
                    message = f"deploy.command did not end within {self._timeout:g} s"
                    raise AutodidactError(message, "Mend the deployment, or raise deploy.timeout.") from None
                raise
            if status:
                last = _last_line(complained) or _last_line(said) or "it said nothing"
                raise AutodidactError(
                    f"deploy.command ended with status {status}: {last}",
                    "Mend the deployment and promote again.",
                )


# Ends a process group unless a word on its standard input says, before that closes, that this is not needed.
GUARD = "import os, sys; sys.stdin.read() == 'ended' or os.killpg(int(sys.argv[1]), 9)"


@contextlib.contextmanager
def _ending_with_us(group: int) -> Iterator[None]:
    """While the block runs, the process group ends with this process, however that ends: no deployment may
    go on after the promotion was killed, while another one undoes it.
    """
    guard = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", GUARD, str(group)],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
    )
    try:
        yield
    finally:
        guard.communicate("ended")


def _last_line(file: IO[bytes]) -> str:
    """The last line of a program's output that says something, without what looks like a secret; at most 300
    characters.
    """
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - 8192))
    lines = [line.strip() for line in file.read().decode("utf-8", "replace").splitlines() if line.strip()]
    line = "".join(character for character in (lines or [""])[-1] if character.isprintable())
    secrets = [value for name, value in os.environ.items() if SECRET_NAME.search(name) and len(value) >= 6]
    for secret in sorted(secrets, key=len, reverse=True):
        line = line.replace(secret, "***")
    return URL_PASSWORD.sub(r"\1:***@", line)[:300]
