"""The tokens of a request's text, without the work of a text that cannot fit into the context."""

from typing import Any

from autodidact.serving.protocol import Wrong

# Characters that are made into tokens at a time, in about 0.1 s on one core.
PIECE = 65_536
# Contexts: the pieces of a longer text have that many tokens together, where cuts through words change the
# number by a few.
SURELY_TOO_MANY = 2


def longest_token(tokenizer: Any) -> int:
    """The characters that one token of a vocabulary can stand for, at most."""
    return max(map(len, tokenizer.get_vocab()))


def encode(tokenizer: Any, text: str, context: int, longest: int, param: str) -> list[int]:
    """The tokens of a text, which may still be more than the `context`. Raises Wrong for one that is far too
    long, before all of it is made into tokens. `longest`: see `longest_token`.
    """
    most = context * longest
    if len(text) > most:
        raise Wrong(
            f"the context has {context} tokens, which are never more than {most} characters; the text has"
            f" {len(text)}",
            param=param,
        )
    if len(text) > PIECE:
        found = 0
        for start in range(0, len(text), PIECE):
            found += len(_ids(tokenizer, text[start : start + PIECE]))
            if found > SURELY_TOO_MANY * context:
                raise Wrong(
                    f"the context has {context} tokens; the first {start + PIECE} of the text's {len(text)}"
                    f" characters have {found}",
                    param=param,
                )
    return _ids(tokenizer, text)


def _ids(tokenizer: Any, text: str) -> list[int]:
    return tokenizer(text, add_special_tokens=False)["input_ids"]
