"""Tables of words and patterns that lie as YAML in a module's folder."""

from pathlib import Path
from typing import Any

import yaml

# libyaml takes a tenth of the time, where PyYAML was built with it; every process reads some at its start.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_table(module: str, name: str = "wordings.yaml") -> Any:
    """What the table `name`, a path from the folder of this module (its `__file__`), holds."""
    return yaml.load((Path(module).parent / name).read_text("utf-8"), Loader=_LOADER)  # noqa: S506


def own_table(module: str) -> Any:
    """What the table with the name of this module (its `__file__`) holds: words.py has words.yaml."""
    return read_table(module, Path(module).with_suffix(".yaml").name)
