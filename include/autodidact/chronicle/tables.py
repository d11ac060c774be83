"""The tables of the Chronicle, as the code uses them. `migrations/` builds them; a test holds the two
together.

Every table but `champions` is append-only, and the database itself refuses an UPDATE or DELETE there
(triggers).
`champions` is the pointer to the version in service: one row a system (its primary key makes a second
champion
impossible), changed only by compare-and-swap, with a generation that counts the changes.
"""

import math
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

from autodidact.records import instant


def clean(value: Any) -> Any:
    """`value` as both databases can store it: no NUL, no lone surrogate (both occur in model answers), no NaN
    or infinity.
    """
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd").encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {clean(str(key)): clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(item) for item in value]
    return value


def exact(moment: datetime) -> str:
    """ISO 8601 in UTC to the microsecond, always of the same width."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Instant(TypeDecorator):
    """A moment. PostgreSQL: timestamptz. SQLite: ISO 8601 in UTC, of fixed width, so that text order is time
    order.

    It is read as the ISO text that every other file has: UTC, to the second, with a Z.
    """

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect):
        postgres = dialect.name == "postgresql"
        return dialect.type_descriptor(DateTime(timezone=True) if postgres else String(27))

    def process_bind_param(self, value: datetime | str | None, dialect):
        if value is None:
            return None
        if isinstance(value, str):
            value = datetime.fromisoformat(value.replace("Z", "+00:00"))
        if value.tzinfo is None:
            value = value.replace(tzinfo=timezone.utc)
        return value.astimezone(timezone.utc) if dialect.name == "postgresql" else exact(value)

    def process_result_value(self, value: datetime | str | None, dialect) -> str | None:
        return instant(value) if value else None


class Words(TypeDecorator):
    """Text from models and people, cleaned of what a database cannot hold."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return clean(value)


class Json(TypeDecorator):
    """A JSON value; jsonb on PostgreSQL. None is NULL."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(
            JSONB(none_as_null=True) if dialect.name == "postgresql" else JSON(none_as_null=True)
        )

    def process_bind_param(self, value, dialect):
        return clean(value)


Serial = BigInteger().with_variant(
    Integer, "sqlite"
)  # SQLite numbers rows by itself only under INTEGER PRIMARY KEY

metadata = MetaData()


def _key() -> Column:
    return Column("id", Serial, primary_key=True, autoincrement=True)


def _cycle() -> tuple[Column, Column]:
    return Column("system", Words, nullable=False), Column("cycle_id", Words, nullable=False)


def _at() -> Column:
    return Column("at", Instant, nullable=False)


cycles = Table(
    "cycles",
    metadata,
    _key(),
    *_cycle(),
    Column("kind", Words, nullable=False),  # live | historical
    Column("since", Instant),
    Column("until", Instant, nullable=False),
    Column("sha256", Words, nullable=False),
    Column("cycle", Json, nullable=False),  # cycle.json as frozen
    _at(),
    UniqueConstraint("system", "cycle_id", name="cycles_once"),
)

cycle_closings = Table(
    "cycle_closings",
    metadata,
    _key(),
    *_cycle(),
    Column("outcome", Words, nullable=False),
    Column("reason", Words, nullable=False),
    _at(),
    UniqueConstraint("system", "cycle_id", name="cycle_closings_once"),
)


def _stage_table(name: str, *extra: Column) -> Table:
    """One row for each manifest a stage of a cycle has left: (system, cycle, stage, hash of the manifest) is
    its identity.
    """
    return Table(
        name,
        metadata,
        _key(),
        *_cycle(),
        Column("stage", Words, nullable=False),
        Column("sha256", Words, nullable=False),
        Column("status", Words, nullable=False),
        Column("reason", Words),
        Column("started", Instant, nullable=False),
        Column("seconds", Float, nullable=False),
        Column("manifest", Json, nullable=False),
        *extra,
        _at(),
        UniqueConstraint("system", "cycle_id", "stage", "sha256", name=f"{name}_once"),
    )


generator_runs = _stage_table("generator_runs", Column("generator", Words, nullable=False))
gate_reports = _stage_table("gate_reports", Column("report", Json, nullable=False))
training_runs = _stage_table("training_runs")
# How many facts there were, and how many were new; the facts themselves stay in the store.
knowledge_runs = _stage_table("knowledge_runs")

benchmark_runs = Table(
    "benchmark_runs",
    metadata,
    _key(),
    *_cycle(),
    Column("role", Words, nullable=False),  # candidate | champion | base
    Column("sha256", Words, nullable=False),  # of the report; its items are found under it
    Column("fingerprint", Words, nullable=False),
    Column("suite", Json, nullable=False),
    Column("judge", Words, nullable=False),
    Column("model", Json, nullable=False),
    Column("blocks", Json, nullable=False),
    Column("week", Words, nullable=False),
    Column("overall", Float),
    Column("categories", Json, nullable=False),
    Column("probe", Json),
    _at(),
    UniqueConstraint("system", "cycle_id", "role", "sha256", name="benchmark_runs_once"),
)

# A champion is measured once a week and its report counts in many cycles: the items are stored once for each
# report.
benchmark_items = Table(
    "benchmark_items",
    metadata,
    Column("report", Words, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("item", Words, nullable=False),
    Column("category", Words, nullable=False),
    Column("family", Words, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("block", Integer, nullable=False),
    Column("probe", Boolean, nullable=False),  # a question of the knowledge probe
    Column("score", Float),
    Column("missing", Words),
    Column("prompt", Json, nullable=False),
    Column("answer", Words, nullable=False),
    Column("explanation", Words, nullable=False),
)

verdicts = Table(
    "verdicts",
    metadata,
    _key(),
    *_cycle(),
    Column("sha256", Words, nullable=False),
    Column("week", Words),
    Column("candidate", Words),
    Column("champion", Words),
    Column("outcome", Words, nullable=False),
    Column("p_better", Float),
    Column("difference", Json, nullable=False),
    Column("rules", Json, nullable=False),
    Column("reasons", Json, nullable=False),
    Column("more_evidence", Boolean, nullable=False),
    _at(),
    UniqueConstraint("system", "cycle_id", "sha256", name="verdicts_once"),
)

versions = Table(
    "versions",
    metadata,
    Column("system", Words, primary_key=True),
    Column("version", Words, primary_key=True),
    Column("cycle_id", Words, nullable=False),
    Column("base", Json, nullable=False),
    Column("adapter", Json),
    Column("quantization", Words, nullable=False),
    Column("refs", Json, nullable=False),  # where its manifest and reports are
    _at(),
)


def _version(name: str) -> tuple[Column, Column, ForeignKeyConstraint]:
    there = ForeignKeyConstraint(
        ["system", "version"], ["versions.system", "versions.version"], name=f"{name}_version"
    )
    return Column("system", Words, nullable=False), Column("version", Words, nullable=False), there


version_states = Table(
    "version_states",
    metadata,
    _key(),
    *_version("version_states"),
    Column("state", Words, nullable=False),
    Column("by", Words, nullable=False),
    Column("reason", Words, nullable=False),
    _at(),
    Index("version_states_of", "system", "version", "id"),
)

champions = Table(
    "champions",
    metadata,
    Column("system", Words, primary_key=True),
    Column("version", Words, nullable=False),
    Column("generation", Integer, nullable=False),
    _at(),
    ForeignKeyConstraint(
        ["system", "version"], ["versions.system", "versions.version"], name="champions_version"
    ),
)

deployments = Table(
    "deployments",
    metadata,
    _key(),
    *_version("deployments"),
    Column("kind", Words, nullable=False),  # of the deployer
    Column("state", Words, nullable=False),  # deploying | verified | failed
    Column("by", Words, nullable=False),
    Column("reason", Words, nullable=False),
    _at(),
    Index("deployments_of", "system", "id"),
)

events = Table(
    "events",
    metadata,
    _key(),
    Column("system", Words, nullable=False),
    Column("cycle_id", Words),
    Column("kind", Words, nullable=False),
    Column("message", Words, nullable=False),
    Column("data", Json, nullable=False),
    _at(),
    Index("events_of", "system", "id"),
)

ledger = Table(
    "ledger",
    metadata,
    _key(),
    *_cycle(),
    Column("version", Words, nullable=False),
    Column("fact", Words, nullable=False),
    Column("value_asked", Words, nullable=False),  # sha256 of the value that was right then
    Column("outcome", Words, nullable=False),  # known | unknown | stale | wrong
    Column("says", Words, nullable=False),
    Column("stratum", Words, nullable=False),
    Column("served", Boolean, nullable=False),  # whether the version was in service
    Column("asked_at", Instant, nullable=False),
    _at(),
    UniqueConstraint("system", "version", "cycle_id", "fact", name="ledger_once"),
)

APPEND_ONLY = tuple(name for name in metadata.tables if name != "champions")
