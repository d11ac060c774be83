"""The tokenizer: byte-level BPE that splits names where people do, so that a name is the same tokens wherever
it stands.
"""

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

SPECIAL = (
    "<|endoftext|> <|im_start|> <|im_end|> <tool_call> </tool_call> <tool_response> </tool_response>"
    " <think> </think>"
).split()
VOCABULARY = 5120

# Qwen3's template and JSON Schema repeat themselves at length; one token for each fixed phrase makes a prompt
# with tools half as long, to
# train and to answer. None spans the border between prompt and answer, so a prompt's tokens stay a prefix of
# the conversation's.
PHRASES = [
    "<|im_start|>system\n",
    "<|im_start|>user\n",
    "<|im_start|>assistant\n",
    "<think>\n\n</think>\n\n",
    (
        "# Tools\n\nYou may call one or more functions to assist with the user query.\n\n"
        "You are provided with function signatures within <tools></tools> XML tags:\n<tools>\n"
    ),
    (
        "\n</tools>\n\nFor each function call, return a json object with function name and arguments within"
        ' <tool_call></tool_call> XML tags:\n<tool_call>\n{"name": <function-name>, "arguments":'
        " <args-json-object>}\n</tool_call>"
    ),
    '{"type": "function", "function": {"name": "',
    '", "description": "',
    '", "parameters": {"type": "object", "properties": {"',
    *(f'": {{"type": "{t}"}}' for t in ("string", "integer", "number", "boolean")),
    *(f'": {{"type": "{t}", "description": "' for t in ("string", "integer", "number", "boolean")),
    '": {"type": "string", "enum": ["',
    '": {"type": "array", "items": {"type": "string"}}',
    '": {"type": "object", "properties": {"',
    '}, "required": ["',
    '"]}}}',
    '\n{"name": "',
    '", "arguments": {"',
]

# One digit a token (sums), CamelCase parts apart ("StreamParser" = "Stream" + "Parser" everywhere). A run of
# line ends is one piece, also
# before a word: the generation prompt ends in "\n\n", and its tokens must be a prefix of the full
# conversation's.
PATTERN = (
    r"\p{N}| ?\p{Lu}?[\p{Ll}\p{M}]+| ?\p{Lu}+(?!\p{Ll})| ?\p{L}+| ?[^\s\p{L}\p{N}]+|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def chat_template() -> str:
    """Qwen3's chat template as the TRL wheel carries it (Apache-2.0). Raises FileNotFoundError without
    TRL."""
    spec = find_spec("trl")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("Qwen3's chat template comes with the package trl: pip install trl")
    return (Path(spec.submodule_search_locations[0]) / "chat_templates" / "qwen3.jinja").read_text(
        encoding="utf-8"
    )


def train_tokenizer(texts: Iterable[str], vocabulary: int = VOCABULARY):
    """A `PreTrainedTokenizerFast` trained on `texts`, with Qwen3's special tokens and chat template. Any text
    round-trips.
    """
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PATTERN), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    bpe.decoder = decoders.ByteLevel()
    bpe.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=vocabulary - len(PHRASES),
            special_tokens=SPECIAL,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    bpe.add_tokens([AddedToken(p, normalized=False, special=False) for p in PHRASES])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bpe,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        padding_side="left",
        model_max_length=4096,
        clean_up_tokenization_spaces=False,
    )
    tokenizer.chat_template = chat_template()
    return tokenizer
