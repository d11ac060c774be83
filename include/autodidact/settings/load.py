"""From profile, file, variables and command line to the settings in force.

Layers, later ones win: the checkout's paths (default_and_relative_paths.py), the profile, what the base model
changes in it, `autodidact.toml`, `AUTODIDACT_*` variables, `--set key=value`.
"""

import difflib
import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

from autodidact import default_and_relative_paths
from autodidact.errors import UsageError
from autodidact.settings.profiles import BASES, PROFILES
from autodidact.settings.settings import Settings

# Settings as TOML nests them; and for the path of each value, where it was given.
Layer = dict[str, Any]
Origins = dict[tuple[str, ...], str]

# Variables of the AUTODIDACT_ family that are not settings.
RESERVED = {
    f"AUTODIDACT_{name}"
    for name in """
        PROFILE CONFIG DEBUG DEVICE VERSION ADAPTER CHAMPION REPOSITORIES NOTIFY MIRRORS GIT_CONNECTION
    """.split()
}
# What the DAG file reads as the limits of its tasks (autodidact_airflow/timeouts_and_retries.py).
RESERVED |= {
    f"AUTODIDACT_{task}"
    for task in """
        HOURS_CYCLE HOURS_OPEN_CYCLE HOURS_GENERATE HOURS_GATE HOURS_TRAIN HOURS_MEASURE_CHAMPION
        HOURS_BENCHMARK HOURS_DECIDE HOURS_PROMOTE HOURS_KEEP_CHAMPION HOURS_CLOSE_CYCLE HOURS_ROLLBACK
        HOURS_WATCH HOURS_KNOWLEDGE HOURS_ASK_LEDGER
    """.split()
}
# Variables that carry keys: secrets are never settings.
KEYS = {f"AUTODIDACT_{name}__KEY" for name in ("JUDGE", "TEACHER", "BENCHMARK", "DEPLOY")}


def merge(into: Layer, extra: Layer, origin: str, origins: Origins, path: tuple[str, ...] = ()) -> None:
    """Lays `extra` over `into`, and notes in `origins` where each value is from."""
    for key, value in extra.items():
        here = (*path, key)
        if isinstance(value, dict) and isinstance(into.get(key, {}), dict):
            merge(into.setdefault(key, {}), value, origin, origins, here)
        else:
            into[key] = value
            origins[here] = origin


def _nested(key: str, value: Any) -> Layer:
    *tables, last = key.split(".")
    nested: Layer = {last: value}
    for name in reversed(tables):
        nested = {name: nested}
    return nested


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def parse_assignments(assignments: list[str]) -> dict[str, Any]:
    """`["gate.cap=600"]` as `{"gate.cap": 600}`; values are JSON, anything else is text. Raises UsageError
    without an `=`.
    """
    result = {}
    for assignment in assignments:
        key, sign, value = assignment.partition("=")
        if not sign:
            named = f" {assignment}" if re.fullmatch(r"[a-z_.]{1,60}", assignment) else ""
            raise UsageError(
                f"--set{named} has no '='", "Write --set key=value, for example --set gate.cap=300."
            )
        result[key.strip()] = _json_or_text(value)
    return result


def known_keys(model: type[BaseModel] = Settings, prefix: str = "") -> list[str]:
    """Every settings key, dotted."""
    keys = []
    for name, field in model.model_fields.items():
        annotation = field.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            keys += known_keys(annotation, f"{prefix}{name}.")
        else:
            keys.append(prefix + name)
    return keys


def _complain(error: ValidationError, origins: Origins) -> UsageError:
    first = error.errors()[0]
    location = tuple(part for part in first["loc"] if isinstance(part, str))
    key = ".".join(location)
    origin = next(
        (origins[location[:n]] for n in range(len(location), 0, -1) if location[:n] in origins),
        "the defaults",
    )
    if origin == "the defaults":  # a whole section was given as one value: name whoever gave a part of it
        origin = next((where for path, where in origins.items() if path[: len(location)] == location), origin)
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key, known_keys(), n=1)
        known = [k for k in known_keys() if k.rpartition(".")[0] == key.rpartition(".")[0]]
        return UsageError(
            f"Unknown setting {key!r} in {origin}",
            (f"Did you mean {near[0]!r}? " if near else "") + f"Known here: {', '.join(known)}.",
        )
    value = _shown_value(key, first.get("input"))
    return UsageError(
        f"Bad value for {key!r} in {origin}: {value}", f"{first['msg'][0].upper()}{first['msg'][1:]}."
    )


# Characters of a wrong value that an error repeats: more than any choice has, fewer than most keys.
LONGEST_SHOWN = 20


def _shown_value(key: str, value: Any) -> str:
    """A wrong value for people: itself where the setting is a number or a choice, else only what it is, as it
    may hold a password.
    """
    if isinstance(value, str):
        return (
            repr(value)
            if len(value) <= LONGEST_SHOWN and _is_plain(key)
            else f"a text of {len(value)} characters"
        )
    if isinstance(value, (dict, list)):
        return f"{'a table' if isinstance(value, dict) else 'a list'} of {len(value)}"
    return json.dumps(value, default=lambda other: type(other).__name__)


def _is_plain(key: str) -> bool:
    """Whether a setting is a number, yes or no, or one of a few words."""
    section: Any = Settings
    *sections, last = key.split(".")
    for name in sections:
        field = getattr(section, "model_fields", {}).get(name)
        section = field.annotation if field else None
    field = getattr(section, "model_fields", {}).get(last)
    if field is None:
        return False
    kinds = (
        [field.annotation] if get_origin(field.annotation) in (Literal, None) else get_args(field.annotation)
    )
    return all(kind in (int, float, bool, type(None)) or get_origin(kind) is Literal for kind in kinds)


def _file_layer(folder: Path, environ: Mapping[str, str]) -> list[tuple[Layer, str]]:
    """What autodidact.toml says, with its path; nothing where there is no such file."""
    named = environ.get("AUTODIDACT_CONFIG")
    path = Path(named or folder / "autodidact.toml")
    if not path.exists():
        if named:
            raise UsageError(
                f"AUTODIDACT_CONFIG names {path}, which does not exist", "Create it or unset the variable."
            )
        return []
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        return [(default_and_relative_paths.absolute(read, path.absolute().parent), str(path))]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(
            f"{path} cannot be read: {error}", "Mend the file, or name another in AUTODIDACT_CONFIG."
        ) from None


def _variable_layers(environ: Mapping[str, str]) -> list[tuple[Layer, str]]:
    """What the AUTODIDACT_ variables set, each with the name of its variable."""
    layers = []
    for name in sorted(environ):
        reserved = not name.startswith("AUTODIDACT_") or name in RESERVED or name.endswith("__KEY")
        if reserved or environ[name] == "":
            continue
        key = name.removeprefix("AUTODIDACT_").lower().replace("__", ".")
        if key.split(".")[0] not in Settings.model_fields:
            near = difflib.get_close_matches(key, known_keys(), n=1)
            raise UsageError(
                f"Unknown setting {key!r} in the variable {name}",
                f"Did you mean {near[0]!r}?" if near else "See docs/settings.md.",
            )
        layers.append((_nested(key, _json_or_text(environ[name])), f"the variable {name}"))
    return layers


def _base_of(layers: list[tuple[Layer, str]], profile: str) -> str:
    """The base model that the last of the layers names, else the profile's."""
    named = [layer.get("base_model") for layer in [PROFILES[profile], *(layer for layer, _ in layers)]]
    return next((name for name in reversed(named) if isinstance(name, str)), "")


def load_settings(
    profile: str | None = None,
    overrides: dict[str, Any] | None = None,
    *,
    cwd: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    origin: str = "",
) -> Settings:
    """The settings in force. `overrides` is `{"gate.cap": 600}` with dotted keys; `origin` is where they were
    given, if not by --set.

    autodidact.toml, the store and the Chronicle are looked for in the checkout that `cwd` is in
    (default_and_relative_paths.py). Raises UsageError that names the key, where it was given, and what is
    allowed.
    """
    folder = default_and_relative_paths.checkout(cwd or Path.cwd())
    layers = [*_file_layer(folder, environ), *_variable_layers(environ)]
    for key, value in (overrides or {}).items():
        layers.append((_nested(key, value), origin or f"--set {key}"))

    given = [layer.get("profile") for layer, _ in layers if layer.get("profile")]
    chosen = profile or environ.get("AUTODIDACT_PROFILE") or (given[-1] if given else "laptop")
    if not isinstance(chosen, str) or chosen not in PROFILES:
        raise UsageError(
            f"Unknown profile {_shown_value('profile', chosen)}", f"Available: {', '.join(PROFILES)}."
        )
    data: Layer = {}
    origins: Origins = {}
    given_first = [
        (default_and_relative_paths.defaults(folder), "the defaults"),
        (PROFILES[chosen], f"the profile {chosen}"),
        (BASES.get(_base_of(layers, chosen), {}), "the defaults of the base model"),
    ]
    for layer, origin in [*given_first, *layers, ({"profile": chosen}, "the profile")]:
        merge(data, layer, origin, origins)
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        raise _complain(error, origins) from None
