"""The embedded base model and how it is made: a tiny Qwen3 that learns to copy, extract, choose and call tools on any CPU.

`corpus.py` finds text on this machine, `curriculum.py` turns it into chat skills, `tokens.py` trains the tokenizer,
`rows.py` packs conversations into batches, `muon.py` is the optimiser, `make.py` is the loop, `exam.py` measures.
"""

from pathlib import Path

WEIGHTS: Path = Path(__file__).parent / "weights"
"""The folder of the shipped model, in the form `AutoModelForCausalLM.from_pretrained` reads."""
