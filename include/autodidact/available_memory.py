"""How much memory a process may still take, and whether the kernel has killed one for want of it."""

from pathlib import Path


def free_memory(device: str) -> int:
    """Bytes that a process may still take: of the GPU, else of this machine within the limit of its control
    group.
    """
    if device != "cpu":
        import torch

        return torch.cuda.mem_get_info(torch.device(device))[0]
    free = _field(Path("/proc/meminfo"), "MemAvailable:", 1024)
    limit = _number(Path("/sys/fs/cgroup/memory.max"))
    if limit is not None:
        used = _number(Path("/sys/fs/cgroup/memory.current")) or 0
        cached = _field(Path("/sys/fs/cgroup/memory.stat"), "inactive_file", 1) or 0
        left = limit - used + cached
        free = left if free is None else min(free, left)
    return 8 * 2**30 if free is None else free  # a system that does not tell: a laptop's usual half


def killed_for_memory() -> int:
    """How many processes the kernel has killed for memory so far, here and in this control group: a count to
    compare, not to read.
    """
    return (_field(Path("/proc/vmstat"), "oom_kill", 1) or 0) + (
        _field(Path("/sys/fs/cgroup/memory.events"), "oom_kill", 1) or 0
    )


def _field(path: Path, name: str, unit: int) -> int | None:
    try:
        for line in path.read_text(encoding="ascii").splitlines():
            word, _, rest = line.partition(" ")
            if word == name:
                return int(rest.split()[0]) * unit
    except (OSError, ValueError, IndexError):
        pass
    return None


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):  # no such limit, or "max"
        return None
