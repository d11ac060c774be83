"""Writes docs/settings.md from the settings: every key, its default in both profiles, what it is."""

import json
from pathlib import Path

from autodidact.settings import PROFILES, Settings, known_keys, merge

HEAD = """# Settings

This page is made by `python scripts/document_settings.py`.

A setting can be given in four places. A later place wins:

1. the profile, `laptop` or `production`;
2. the file `autodidact.toml`;
3. a variable: `gate.cap` is `AUTODIDACT_GATE__CAP`;
4. `--set key=value` on the command line, or the parameter `settings` of an Airflow run, which may set some
   keys only ([airflow.md](airflow.md)).

Values are JSON; anything that is not JSON is text. An unknown key or a bad value is an error that names the
key and the place where it was given.

The file, the store, the Chronicle and the repository are by default those of the checkout: the nearest
folder, at or above the working directory, that has `autodidact.toml` or `.autodidact`. A relative path in
`autodidact.toml` starts at the folder of that file; a relative path in a variable or in `--set` starts at the
working directory.

Keys and tokens are never settings. They are variables only: `AUTODIDACT_JUDGE__KEY`,
`AUTODIDACT_TEACHER__KEY`, `AUTODIDACT_BENCHMARK__KEY` and `AUTODIDACT_DEPLOY__KEY`.

| key | production | laptop | |
| --- | --- | --- | --- |
"""


def shown(value) -> str:
    return f"`{json.dumps(value)}`"


def table() -> str:
    profiles = {}
    for name in ("production", "laptop"):
        data: dict = {}
        merge(data, PROFILES[name], "", {})
        profiles[name] = Settings.model_validate(data).model_dump(mode="json")
    rows = []
    for key in known_keys():
        model, values = Settings, list(profiles.values())
        *path, last = key.split(".")
        for part in path:
            model, values = model.model_fields[part].annotation, [value[part] for value in values]
        production, laptop = (shown(value[last]) for value in values)
        description = model.model_fields[last].description or ""
        rows.append(
            f"| `{key}` | {production} | {'' if laptop == production else laptop} |"
            f" {description.replace('|', '/')} |"
        )
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    Path(__file__).parents[1].joinpath("docs", "settings.md").write_text(table())
