"""The commands that docs/serving.md begins with, run as they are written there, on a real `autodidact serve`."""

import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.serving.test_serve import World

PAGE = (Path(__file__).parents[2] / "docs" / "serving.md").read_text()
pytestmark = pytest.mark.slow


def commands() -> dict[str, str]:
    """The lines of the first block, by the name of the command: without remarks and what may be left out."""
    block = re.search(r"```\n(autodidact serve .*?)```", PAGE, re.DOTALL)[1]
    lines = [re.sub(r" \[.*?\]", "", line.partition("#")[0]).strip() for line in block.splitlines()]
    assert all(line.startswith("autodidact ") for line in lines)
    return {line.split()[1]: line for line in lines}


class Shell:
    """Runs a line of the page with the world's settings in variables."""

    def __init__(self, world: World):
        deploy = {"KIND": "local", "URL": f"{world.url}/v1", "TIMEOUT": "300", "LATENCY": "120", "LIVE": "2"}
        self.environment = os.environ | {f"AUTODIDACT_DEPLOY__{key}": value for key, value in deploy.items()}
        self.environment |= {
            "AUTODIDACT_SYSTEM": "shop",
            "AUTODIDACT_STORE": str(world.store.root),
            "AUTODIDACT_CHRONICLE__URL": f"sqlite:///{world.store.root.parent}/chronicle.db",
            "AUTODIDACT_BASE_MODEL": world.settings.base_model,
            "AUTODIDACT_TRAINING__QUANTIZATION": "none",
            "OMP_NUM_THREADS": "1",
        }
        self.folder = world.store.root.parent

    def words(self, line: str) -> list[str]:
        return [sys.executable, "-m", "autodidact.cli", *shlex.split(line)[1:]]

    def run(self, line: str, **variables: str) -> str:
        """What it prints. It must succeed."""
        done = subprocess.run(
            self.words(line),
            env=self.environment | variables,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert done.returncode == 0, f"{line}: {done.stdout} {done.stderr}"
        return done.stdout

    def start(self, line: str) -> subprocess.Popen:
        return subprocess.Popen(
            self.words(line), env=self.environment, cwd=self.folder, stderr=subprocess.DEVNULL
        )


def up(world: World, process: subprocess.Popen) -> None:
    while True:
        try:
            if httpx.get(f"{world.url}/health", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            assert process.poll() is None
        time.sleep(0.2)


def test_serve_promote_roll_back_watch_repair_and_history(tmp_path):
    world = World(tmp_path)
    base, first, second, _ = world.versions
    line, shell = commands(), Shell(world)
    assert set(line) == {"serve", "promote", "rollback", "watch", "status", "history"}
    serving = shell.start(f"{line['serve']} --port {world.port}")
    try:
        up(world, serving)
        for version in (first, second):
            told = line["promote"].replace("VERSION", version).replace("TEXT", "'It knows more'")
            assert version in shell.run(told)
            world.agrees_on(version)
        shell.run(line["rollback"].replace("TEXT", "'It is rude'"))
        world.agrees_on(first)
        assert "healthy" in shell.run(line["watch"], AUTODIDACT_DEPLOY__BAKE="1")
        assert "nothing had to be mended" in shell.run(line["status"])
        history = shell.run(line["history"])
        assert all(version in history for version in (base, first, second)) and "It is rude" in history
    finally:
        serving.kill()
        serving.wait()
