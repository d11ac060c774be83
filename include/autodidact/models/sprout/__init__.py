"""The embedded base model: a tiny Qwen3 that copies, extracts, chooses and calls tools. `autodidact_sprout`
makes it.
"""

from pathlib import Path

# The folder of the shipped model, in the form `AutoModelForCausalLM.from_pretrained` reads.
WEIGHTS: Path = Path(__file__).parent / "weights"
