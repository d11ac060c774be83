"""Brings a version to the server, sees that it answers, and writes `champion.json`.

A deployer is small: `deploy(champion)` and `verify(champion)`, each of which raises AutodidactError when it did not work.
`none` serves nobody: whoever reads `<system>/champion.json` loads the champion by himself. `command` runs a program of yours.
"""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Protocol

from autodidact.chronicle import Chronicle
from autodidact.chronicle.versions import now
from autodidact.errors import AutodidactError
from autodidact.records import Champion, instant
from autodidact.settings import Settings
from autodidact.store import Store, folder_digest

SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH", re.IGNORECASE)
URL_PASSWORD = re.compile(r"(\w+://[^\s/:@]*):[^\s/@]+@")


class Deployer(Protocol):
    kind: str

    def deploy(self, champion: Champion) -> None: ...

    def verify(self, champion: Champion) -> None: ...


class NoDeployer:
    """settings.deploy.kind = "none"."""

    kind = "none"

    def deploy(self, champion: Champion) -> None:
        """Nothing is served from here."""

    def verify(self, champion: Champion) -> None:
        """Nothing is served from here."""


class CommandDeployer:
    """settings.deploy.kind = "command": runs `command`, without a shell.

    Each word may contain `{version}`, `{adapter}` (a path, or a URL in object storage; empty for a base model) and `{base}` (its id).
    The environment has AUTODIDACT_VERSION, AUTODIDACT_ADAPTER and AUTODIDACT_CHAMPION (champion.json as text) besides. Status 0 means
    deployed. With `url`, the server's OpenAI-compatible address (http://host:8000/v1), `verify` waits until `url`/models names the version.
    """

    kind = "command"

    def __init__(self, command: str | list[str] | None, store: Store, *, url: str | None = None, timeout: float = 600):
        words = shlex.split(command) if isinstance(command, str) else list(command or ())
        if not words:
            raise AutodidactError("deploy.kind is command and deploy.command is empty", "Set deploy.command, or deploy.kind to none.")
        self._words, self._store, self._url, self._timeout = words, store, url, timeout

    def deploy(self, champion: Champion) -> None:
        adapter = address(self._store, champion)
        filled = {"{version}": champion.version, "{adapter}": adapter, "{base}": str(champion.base.get("id", ""))}
        words = [re.sub(r"\{(version|adapter|base)\}", lambda name: filled[name[0]], word) for word in self._words]
        environment = os.environ | {
            "AUTODIDACT_VERSION": champion.version,
            "AUTODIDACT_ADAPTER": adapter,
            "AUTODIDACT_CHAMPION": json.dumps(champion.model_dump(mode="json"), ensure_ascii=False),
        }
        # Files, not pipes: a server that the command leaves running in the background keeps a pipe open for ever.
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
            try:
                process = subprocess.Popen(
                    words, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=complained,
                    start_new_session=True, preexec_fn=_die_with_parent if sys.platform == "linux" else None,
                )  # fmt: skip
            except OSError as error:
                raise AutodidactError(f"deploy.command cannot run {words[0]}: {error.strerror}", "Correct deploy.command.") from error
            try:
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
                raise AutodidactError(f"deploy.command ended with status {status}: {last}", "Mend the deployment and promote again.")

    def verify(self, champion: Champion) -> None:
        if not self._url:
            return
        import httpx

        end, pause = time.monotonic() + self._timeout, 0.1
        while True:
            try:
                answer = httpx.get(f"{self._url.rstrip('/')}/models", timeout=10).raise_for_status().json()
                names = [str(model["id"]) for model in answer["data"]]
                if champion.version in names:
                    return
                found = f"serves {', '.join(names) or 'nothing'}"
            except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
                found = f"does not answer ({type(error).__name__})"
            if time.monotonic() + pause > end:
                message = f"the server at deploy.url {found} {self._timeout:g} s after the deployment of {champion.version}"
                raise AutodidactError(message, "See the server's log.")
            time.sleep(pause)
            pause = min(2 * pause, 5)


def deployer_of(settings: Settings, store: Store) -> Deployer:
    """The deployer that settings.deploy names."""
    if settings.deploy.kind == "none":
        return NoDeployer()
    return CommandDeployer(settings.deploy.command, store, url=settings.deploy.url, timeout=settings.deploy.timeout)


def _die_with_parent() -> None:
    """In the child, on Linux: a deployment must not go on after the promotion was killed, while another one undoes it."""
    import ctypes

    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _last_line(file) -> str:
    """The last line of a program's output that says something, without what looks like a secret; at most 300 characters."""
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - 8192))
    lines = [line.strip() for line in file.read().decode("utf-8", "replace").splitlines() if line.strip()]
    line = "".join(character for character in (lines or [""])[-1] if character.isprintable())
    secrets = [value for name, value in os.environ.items() if SECRET_NAME.search(name) and len(value) >= 6]
    for secret in sorted(secrets, key=len, reverse=True):
        line = line.replace(secret, "***")
    return URL_PASSWORD.sub(r"\1:***@", line)[:300]


def address(store: Store, champion: Champion) -> str:
    """Where a server finds the adapter: an absolute path, or a URL when the store is remote; empty for a base model."""
    if champion.adapter is None:
        return ""
    key = champion.adapter["path"]
    return str(store.root / key) if store.root else f"{store.url.rstrip('/')}/{key}"


def champion_record(row: dict) -> Champion:
    """A version's row as the record that servers read. Its adapter's path is a key of the store, so that the store can move."""
    fields = {name: row[name] for name in ("version", "base", "adapter", "quantization", "cycle_id")}
    return Champion(**fields, promoted_at=instant(row.get("promoted_at") or now()))


def check_adapter(store: Store, row: dict) -> None:
    """Raises AutodidactError unless the version's adapter folder is, file by file, what was registered."""
    if row["adapter"] is None:
        return
    path = Path(store.local(row["adapter"]["path"]))
    if not path.is_dir() or not any(path.iterdir()):
        raise AutodidactError(f"the adapter of {row['version']} is not at {path}", "Put it back from a backup, or train again.")
    digest = folder_digest(path)
    if digest != row["adapter"]["sha256"]:
        raise AutodidactError(
            f"the adapter of {row['version']} has a wrong hash: {digest[:12]} instead of {row['adapter']['sha256'][:12]} at {path}",
            "Put it back from a backup, or train again.",
        )


def serve(chronicle: Chronicle, store: Store, deployer: Deployer, row: dict, by: str, reason: str) -> None:
    """Deploys a version and verifies it; every step is in the Chronicle before and after. Raises AutodidactError."""
    check_adapter(store, row)
    if deployer.kind == "none":
        return
    system, version, champion = row["system"], row["version"], champion_record(row)
    chronicle.record_deployment(system, version, deployer.kind, "deploying", by, reason)
    try:
        deployer.deploy(champion)
        deployer.verify(champion)
    except AutodidactError as error:
        chronicle.record_deployment(system, version, deployer.kind, "failed", by, error.message)
        raise
    chronicle.record_deployment(system, version, deployer.kind, "verified", by, reason)


def publish(store: Store, champion: dict) -> bool:
    """Writes `<system>/champion.json` if it says something else than the Chronicle; whether it did."""
    key, record = f"{champion['system']}/champion.json", champion_record(champion).model_dump(mode="json")
    if store.exists(key):
        try:
            if store.read_json(key) == record:
                return False
        except AutodidactError:
            pass  # damaged: written anew
    store.write_json(key, record)
    return True
