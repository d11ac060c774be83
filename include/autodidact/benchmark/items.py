"""Items of the suite: the blocks that score and decide, and the dev items that may be trained on.

Block 0 is the published suite: it depends on the suite's version and the level alone. Blocks 1 and on are
drawn for an ISO week and a store's salt, so that nobody gets used to them. Dev items are those payloads whose
hash is 0 modulo 4, of families that are not hidden; no block ever has one. A user's own families
(user_families.py) join the blocks that decide, and are hidden.
"""

import ast
import difflib
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from random import Random
from typing import Any

from autodidact.benchmark import user_families
from autodidact.benchmark.item_family import LEVELS, Family, Item, item_of, payload
from autodidact.benchmark.suite import SUITE, families
from autodidact.errors import UsageError
from autodidact.records import canonical, sha256

# One payload in so many is dev.
DEV_SHARE = 4
HERE = Path(__file__).parent
# Dev items of a family are numbered from 0 to this: `dev-<number>` is the same item everywhere.
DEV_ITEMS = 100_000


def is_dev(payload: str) -> bool:
    """Whether this payload may be trained on, provided that its family is visible."""
    return int(sha256(payload), 16) % DEV_SHARE == 0


def block(k: int, *, level: int = 1, week: str = "", salt: str = "", own: str | None = None) -> list[Item]:
    """The items of block `k`, one a family, in the order of the suite. `week` ("2026-W48"), `salt` and the
    families in the folder `own` count from block 1 on: block 0 is the same for everybody.
    """
    _check_level(level)
    return [
        _scored(category, family, k, level, week, salt, own) for category, family in _all(own if k else None)
    ]


def dev_items(n: int, category: str | None = None, *, rng: Random, level: int = 1) -> list[Item]:
    """`n` different dev items of a category (None: of all), spread evenly over its visible families. Fewer if
    there are no more.
    """
    _check_level(level)
    if category is not None and category not in families():
        raise UsageError(f"there is no category {category!r}", _similar(category, families()))
    visible = [(c, f) for c, f in _all() if not f.hidden and category in (None, c)]
    order = rng.sample(visible, len(visible))
    found: dict[str, Item] = {}
    for turn in range(10 * n):
        item = _dev(*order[turn % len(order)], rng.randrange(DEV_ITEMS), level)
        found.setdefault(f"{item.family}\n{item.payload}", item)
        if len(found) == n:
            break
    return list(found.values())


def find(item_id: str, *, level: int = 1, week: str = "", salt: str = "", own: str | None = None) -> Item:
    """The item of that id. Raises UsageError if there is none."""
    _check_level(level)
    name, _, place = item_id.rpartition("/")
    known = {f"{category}/{family.name}": (category, family) for category, family in _all(own)}
    if name not in known:
        raise UsageError(
            f"there is no item {item_id!r}",
            _similar(name or item_id, known) + " An id is <category>/<family>/<block>.",
        )
    kind, _, number = place.rpartition("-")
    if not number.isdecimal() or kind not in ("", "dev") or place.startswith("-"):
        raise UsageError(
            f"there is no item {item_id!r}",
            f"Use {name}/0 for the item of block 0, {name}/dev-0 for a dev item.",
        )
    category, family = known[name]
    if kind == "":
        return _scored(category, family, int(number), level, week, salt, own)
    if family.hidden or int(number) >= DEV_ITEMS:
        remedy = f"{name} is hidden from dev." if family.hidden else f"Dev items end at {DEV_ITEMS - 1}."
        raise UsageError(f"there is no item {item_id!r}", remedy)
    return _dev(category, family, int(number), level)


def suite_digest(level: int, own: str | None = None) -> str:
    """What two reports must share to be comparable: version, items of block 0, the code and the tables of
    families and scorers, a user's own families.
    """
    parts: dict[str, Any] = {
        "suite": SUITE,
        "level": level,
        "items": [asdict(item) for item in block(0, level=level)],
        "sources": sorted(sha256(content(path)) for path in sources()),
    }
    if own:
        parts["own"] = user_families.digest(own)
    return sha256(canonical(parts))


def sources() -> list[Path]:
    """The files that define items and what answers are worth: code, tables of words, family files."""
    suite = [path for path in (HERE / "suite").rglob("*") if path.suffix in (".py", ".yaml")]
    modules = ("item_family", "items", "clean_answer", "names_in_text", "scorers", "tool_call_scorers")
    return [*sorted(suite), *(HERE / f"{name}.py" for name in modules)]


def content(path: Path) -> str:
    """The text of a file of the suite. Python without its imports and docstrings: a module that is only
    renamed or moved leaves the digest as it is.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    left_out: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            node = node.body[0]
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        left_out.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return "\n".join(line for number, line in enumerate(text.split("\n"), 1) if number not in left_out)


def _all(own: str | None = None) -> Iterator[tuple[str, Family]]:
    for category, members in user_families.families_with(own).items():
        for family in members:
            yield category, family


def _scored(
    category: str, family: Family, k: int, level: int, week: str, salt: str, own: str | None = None
) -> Item:
    """The family's item of block k: not dev, and not that of an earlier block."""
    earlier: set[str] = set()
    for j in range(k + 1):
        rng = _rng("block", level, category, family.name, j, *((week, salt) if j else ()))
        draw = family.draw(rng, level)
        while is_dev(payload(draw)) or payload(draw) in earlier:
            draw = family.draw(rng, level)
        earlier.add(payload(draw))
    item = item_of(category, family, draw, str(k), k, level)
    return replace(item, own=own) if own and family not in families()[category] else item


def _dev(category: str, family: Family, number: int, level: int) -> Item:
    rng = _rng("dev", level, category, family.name, number)
    draw = family.draw(rng, level)
    while not is_dev(payload(draw)):
        draw = family.draw(rng, level)
    return item_of(category, family, draw, f"dev-{number}", -1, level)


def _rng(*names: Any) -> Random:
    """Seeded by text, which Python hashes the same way everywhere."""
    return Random("/".join(str(name) for name in (SUITE["name"], SUITE["version"], *names)))


def _check_level(level: int) -> None:
    if level not in LEVELS:
        raise UsageError(f"benchmark.level is {level!r}", f"Use one of {', '.join(map(str, LEVELS))}.")


def _similar(name: str, known) -> str:
    close = difflib.get_close_matches(name, list(known), 1)
    return f"Did you mean {close[0]!r}?" if close else f"There are: {', '.join(list(known)[:9])}."
