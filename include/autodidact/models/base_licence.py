"""The licence of a base model, as its card or its package names it."""

import re
from pathlib import Path

from autodidact.models.packaged_base_models import PACKAGED

# In the head of a model card, which is a README.md; bytes of it that are read.
_LICENCE, _HEAD = re.compile(r"^license:\s*([\w.-]{1,60})\s*$", re.MULTILINE), 20_000


def card_licence(folder: Path) -> str | None:
    """The licence that the card in a model's folder names; None where there is no card, or it names none."""
    card = folder / "README.md"
    text = card.read_bytes()[:_HEAD].decode("utf-8", "replace") if card.is_file() else ""
    found = _LICENCE.search(text)
    return found[1] if found else None


def licence_of(base_id: str, folder: Path) -> str | None:
    """The licence of a base model, by the hub's word for it; None where nothing here names it."""
    if base_id in PACKAGED:
        return PACKAGED[base_id].licence.lower()
    return card_licence(folder) or ("apache-2.0" if base_id == "sprout" else None)
