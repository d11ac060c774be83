"""Makes requirements.txt from requirements.in: one lock for Python 3.11 to 3.13 on Linux (x86-64, ARM) and
macOS (ARM).

Resolved from the registry, torch lists its CUDA packages, and a lock with them would install gigabytes on
every CPU machine. They are left out: the CUDA build of torch requires them itself.
"""

import re
import subprocess
import sys
from pathlib import Path

HEAD = (
    "# The lock of requirements.in, made by `make lock`; Python 3.11 to 3.13, Linux x86-64 and ARM, macOS"
    " ARM.\n"
)
CUDA = re.compile(r"^(nvidia-|cuda-|triton==)")

subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "uv"], check=True)
command = [
    str(Path(sys.executable).parent / "uv"),
    "pip",
    "compile",
    "requirements.in",
    "--universal",
    "--python-version",
    "3.11",
    "--no-annotate",
    "--no-header",
    "--quiet",
    *sys.argv[1:],
]
lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
Path("requirements.txt").write_text(HEAD + "\n".join(line for line in lines if not CUDA.match(line)) + "\n")
