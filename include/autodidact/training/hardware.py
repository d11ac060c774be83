"""What a run ran on: libraries, device, memory, and how much of the device it used."""

import resource
import sys

LIBRARIES = tuple("torch transformers trl peft bitsandbytes accelerate safetensors tokenizers".split())

# Dense bfloat16 FLOP/s of NVIDIA's data sheets, by a part of the device's name; the first that fits counts.
PEAK = {
    "H200": 989e12,
    "H100 PCIe": 756e12,
    "H100": 989e12,
    "A100": 312e12,
    "L40S": 362e12,
    "L4": 121e12,
    "A10": 125e12,
    "RTX 4090": 165e12,
    "RTX 3090": 71e12,
}


def versions() -> dict[str, str]:
    """Versions of the libraries that shape the result, and of Python."""
    from importlib.metadata import version

    return {"python": sys.version.split()[0]} | {name: version(name) for name in LIBRARIES}


def device_name(device: str) -> str:
    """What trained, in words."""
    import torch

    if device == "cuda":
        return torch.cuda.get_device_name()
    return f"CPU ({torch.backends.cpu.get_cpu_capability()}), {torch.get_num_threads()} threads"


def peak_memory() -> dict[str, int]:
    """Bytes: the largest resident size of this process, and the most memory that the GPU had in use."""
    import torch

    unit = 1 if sys.platform == "darwin" else 1024  # getrusage counts bytes on macOS, KiB elsewhere
    peak = {"rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit}
    if torch.cuda.is_available():
        peak["gpu"] = torch.cuda.max_memory_allocated()
    return peak


def utilisation(device: str, tokens_per_second: float | None, linear: int, adapter: int) -> float | None:
    """Model FLOP utilisation, 0 to 1; None where the device's peak is not known. A token costs 4 FLOP a
    frozen weight (forward, and back through it: it gets no gradient of its own) and 6 an adapter's;
    attention, the head and what is computed twice do not count (arXiv 2204.02311, appendix B).
    """
    peak = next((flops for part, flops in PEAK.items() if part in device), None)
    if peak is None or not tokens_per_second:
        return None
    return tokens_per_second * (4 * linear + 6 * adapter) / peak
