"""Makes a virtual environment: python3 scripts/setup.py .venv auto|cpu|cuda|registry [LOCK]. Standard library
only.

Another lock than requirements.txt is of a program beside Autodidact: it gets what the lock names and no more.
"""

import os
import platform
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

# Of the Pythons that requirements.txt is resolved for.
OLDEST, NEWEST = (3, 11), (3, 13)
CPU_INDEX = "https://download.pytorch.org/whl/cpu"


def torch_line(lock: str) -> str:
    return next(
        line.split(";")[0].strip()
        for line in Path(lock).read_text().splitlines()
        if line.startswith("torch==")
    )


def main(folder: str, choice: str, lock: str = "requirements.txt") -> int:
    if choice not in ("auto", "cpu", "cuda", "registry"):
        print(f"TORCH={choice} is unknown. Use auto, cpu, cuda or registry.")
        return 2
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        print(
            f"This is Python {platform.python_version()}; the lock is for 3.11 to 3.13. Name one that you"
            " have: make PYTHON=python3.12 ..."
        )
        return 2
    start = time.monotonic()
    python = Path(folder).absolute() / "bin" / "python"
    if (
        not python.exists()
        or subprocess.run([str(python), "-m", "pip", "--version"], capture_output=True).returncode
    ):
        print(f"[1/3] virtual environment {folder} (Python {platform.python_version()})", flush=True)
        try:
            venv.create(folder, with_pip=True)
        except subprocess.CalledProcessError:
            print(
                "Python's venv has no pip to put there. On Debian and Ubuntu: apt install python3-venv; then"
                " run the same command again."
            )
            return 1
    pip = [
        str(python),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--no-warn-script-location",
    ]
    torch = torch_line(lock)

    def have_build_at_hand() -> bool:
        probe = [*pip, "--dry-run", "--no-deps", "--no-index", torch]
        return subprocess.run(probe, capture_output=True).returncode == 0

    if choice == "auto":
        registry_is_right = (
            platform.system() == "Darwin"
            or platform.machine() in ("aarch64", "arm64")
            or shutil.which("nvidia-smi")
        )
        choice = "registry" if have_build_at_hand() or registry_is_right else "cpu"
    print(
        f"[2/3] {torch} ({choice}), then {len(Path(lock).read_text().splitlines())} locked"
        " packages: a few minutes",
        flush=True,
    )
    if (
        choice == "cpu"
        and subprocess.run(
            [*pip, "--retries", "1", "--timeout", "15", "--index-url", CPU_INDEX, torch]
        ).returncode
    ):
        print(
            "The index of CPU builds did not answer; the registry's build, several GB with CUDA, is taken"
            " instead.",
            flush=True,
        )
    ours = lock == "requirements.txt"
    if subprocess.run([*pip, *([] if ours else ["--no-deps"]), "-r", lock]).returncode:
        print(
            "Installing failed: pip's message above says why. Run the same command again; what was downloaded"
            " stays."
        )
        return 1
    if ours:
        print("[3/3] autodidact itself", flush=True)
        environment = os.environ | {"PIP_NO_INDEX": "1"}
        if subprocess.run([*pip, "--no-deps", "--no-build-isolation", "-e", "."], env=environment).returncode:
            return 1
    print(f"Ready in {time.monotonic() - start:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
