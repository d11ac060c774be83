"""Makes requirements.txt from requirements.in, and in the same way requirements-vllm.txt and
requirements-cluster.txt: locks for Python 3.11 to 3.13 on Linux (x86-64, ARM) and macOS (ARM).

Resolved from the registry, torch lists its CUDA packages, and a lock with them would install gigabytes on
every CPU machine. They are left out: the CUDA build of torch requires them itself.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

HEAD = "# The lock of {}, made by `make lock`; Python 3.11 to 3.13, Linux x86-64 and ARM, macOS ARM.\n"
CUDA = re.compile(r"^(nvidia-|cuda-|triton==)")
# vLLM's CPU wheel names torch's CPU build by its local version, which only one index has, and vision and
# sound packages that are built against another torch and that no text model needs.
VLLM_INSTEAD = "torch==2.13.0\n" + "".join(
    f"{name}; python_version < '3'\n" for name in ("torchvision", "torchaudio", "torchcodec")
)


def lock(source: str, target: str, instead: str = "") -> None:
    """Writes the lock `target` of `source`. `instead`: requirements that replace those of the packages."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as overrides:
        overrides.write(instead)
        overrides.flush()
        command = [
            str(Path(sys.executable).parent / "uv"),
            "pip",
            "compile",
            source,
            "--universal",
            "--python-version",
            "3.11",
            "--no-annotate",
            "--no-header",
            "--quiet",
            "--override",
            overrides.name,
            *sys.argv[1:],
        ]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    kept = [line for line in lines if not CUDA.match(line)]
    Path(target).write_text(HEAD.format(source) + "\n".join(kept) + "\n")


if __name__ == "__main__":
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "uv"], check=True)
    lock("requirements.in", "requirements.txt")
    lock("requirements-vllm.in", "requirements-vllm.txt", VLLM_INSTEAD)
    lock("requirements-cluster.in", "requirements-cluster.txt")
