"""`python -m autodidact.models.gguf_to_safetensors FILE.gguf FOLDER`: a GGUF as a folder of safetensors in
bfloat16.

The weights are those that the GGUF says, its own 4-bit scales applied: nothing is lost that the file has.
"""

import sys
from pathlib import Path


def convert(gguf: Path, folder: Path) -> None:
    """Writes the model and the tokenizer of a GGUF to `folder`."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils.logging import disable_progress_bar
    from transformers.utils.quantization_config import GgufConfig

    disable_progress_bar()
    where = {"pretrained_model_name_or_path": str(gguf.parent), "gguf_file": gguf.name}
    # Without `dequantize` the weights stay packed, and saving them raises.
    model = AutoModelForCausalLM.from_pretrained(
        **where, quantization_config=GgufConfig(dequantize=True), dtype=torch.bfloat16
    )
    model.save_pretrained(folder, safe_serialization=True)
    AutoTokenizer.from_pretrained(**where).save_pretrained(folder)


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
