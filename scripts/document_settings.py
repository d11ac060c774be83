"""Writes docs/settings.md from settings.py: every key, its default in both profiles, what it is."""

import json
from pathlib import Path

from autodidact.settings import PROFILES, Settings, _merge, known_keys

HEAD = """# Settings

Made by `python scripts/document_settings.py`. Later layers win: the profile, `autodidact.toml`, `AUTODIDACT_*` variables, `--set key=value` (DAG params
use the same door). As a variable, `gate.cap` is `AUTODIDACT_GATE__CAP`; values are JSON, anything else is text. An unknown key or a bad value is an
error that names the key and where it was given. Relative paths in `autodidact.toml` start at its folder, those of variables and `--set` at the working
directory. The file, the store, the Chronicle and the repository are by default those of the checkout: the nearest folder, at or above the working
directory, that has `autodidact.toml` or `.autodidact`. Tokens are never settings: `AUTODIDACT_JUDGE__KEY` and `AUTODIDACT_TEACHER__KEY` are variables only.

| key | production | laptop | |
| --- | --- | --- | --- |
"""


def shown(value) -> str:
    return f"`{json.dumps(value)}`"


def table() -> str:
    profiles = {}
    for name in ("production", "laptop"):
        data: dict = {}
        _merge(data, PROFILES[name], "", {})
        profiles[name] = Settings.model_validate(data).model_dump(mode="json")
    rows = []
    for key in known_keys():
        model, values = Settings, list(profiles.values())
        *path, last = key.split(".")
        for part in path:
            model, values = model.model_fields[part].annotation, [value[part] for value in values]
        production, laptop = (shown(value[last]) for value in values)
        told = model.model_fields[last].description or ""
        rows.append(
            f"| `{key}` | {production} | {'' if laptop == production else laptop} |"
            f" {told.replace('|', '/')} |"
        )
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    Path(__file__).parents[1].joinpath("docs", "settings.md").write_text(table())
