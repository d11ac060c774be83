"""A real git repository to read in tests, driven by the real git."""

import os
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)


class Sandbox:
    """`commit(message, {path: content}, hours=n)` commits n hours after NOON and returns the commit id."""

    def __init__(self, path: Path):
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str, when: datetime = NOON) -> str:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        person = {
            f"GIT_{role}_{what}": text
            for role in ("AUTHOR", "COMMITTER")
            for what, text in (
                ("NAME", "Ada"),
                ("EMAIL", "ada@example.org"),
                ("DATE", f"{int(when.timestamp())} +0000"),
            )
        }
        env = kept | person | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            env=env,
            capture_output=True,
            text=True,
            errors="replace",
            check=True,
        )
        return done.stdout.strip()

    def write(self, name: str, content: str | bytes) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self, message: str, files: dict[str, str | bytes] | None = None, hours: float = 0) -> str:
        for name, content in (files or {}).items():
            self.write(name, content)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message, when=NOON + timedelta(hours=hours))
        return self.git("rev-parse", "HEAD")
