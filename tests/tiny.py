"""A very small Qwen3 model with Qwen3's chat template, made on the spot: it answers nonsense, but it really
answers.
"""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

WORDS = (
    "the queue router handles a request and answers with one label name of the service in file"
    " src/app/models.py def class return "
)
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")


def build(
    folder: Path,
    *,
    seed: int = 0,
    context: int = 2048,
    hidden: int = 32,
    words: str = WORDS,
    special: Sequence[str] = SPECIAL,
    spread: float = 0.3,
) -> Path:
    """Writes the model to `folder` and returns it. Equal seeds, equal weights.

    `words`: the text that its tokenizer learns; `special`: tokens of their own; `spread`: of the random
    weights, large enough that greedy answers differ.
    """
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

    bpe = Tokenizer(models.BPE())
    bpe.decoder = decoders.ByteLevel()
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    bpe.train_from_iterator(
        [words * 4],
        trainers.BpeTrainer(
            vocab_size=400, special_tokens=list(special), initial_alphabet=alphabet, show_progress=False
        ),
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bpe, eos_token="<|im_end|>", pad_token="<|endoftext|>", padding_side="left"
    )
    package = importlib.util.find_spec("trl").submodule_search_locations[0]
    tokenizer.chat_template = (Path(package) / "chat_templates" / "qwen3.jinja").read_text(encoding="utf-8")
    torch.manual_seed(seed)
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=hidden,
        intermediate_size=2 * hidden,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=hidden // 2,
        tie_word_embeddings=True,
        max_position_embeddings=context,
        initializer_range=spread,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=None,
    )
    Qwen3ForCausalLM(config).to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return Path(folder)


def adapter(base: Path, folder: Path, *, seed: int = 1, scale: float = 0.5, rank: int = 4) -> Path:
    """A random LoRA adapter for the model in `base`: one that changes its answers."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(str(base), dtype=torch.float32)
    torch.manual_seed(seed)
    model = get_peft_model(
        model, LoraConfig(r=rank, lora_alpha=2 * rank, target_modules="all-linear", task_type="CAUSAL_LM")
    )
    for name, weight in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=scale)
    model.save_pretrained(folder)
    (Path(folder) / "README.md").unlink(missing_ok=True)
    return Path(folder)
