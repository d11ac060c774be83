"""The words that a generator draws from or looks for: YAML in its folder."""

from pathlib import Path
from typing import Any

import yaml


def read_table(module: str, name: str = "wordings.yaml") -> dict[str, Any]:
    """What the table `name`, a path from the folder of this module (its `__file__`), holds."""
    return yaml.safe_load((Path(module).parent / name).read_text("utf-8"))
