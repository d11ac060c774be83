"""The words that a generator draws from: `wordings.yaml` in its folder."""

from pathlib import Path
from typing import Any

import yaml


def read_table(module: str) -> dict[str, Any]:
    """What `wordings.yaml` in the folder of this module (its `__file__`) holds."""
    return yaml.safe_load(Path(module).with_name("wordings.yaml").read_text("utf-8"))
