"""The first schema: cycles, stages, benchmarks, verdicts, versions, the champion pointer, deployments,
events."""

from alembic import op
from sqlalchemy import Boolean, Column, Float, ForeignKeyConstraint, Integer, UniqueConstraint

from autodidact.chronicle.tables import Instant, Json, Serial, Words

revision = "0001"
down_revision = None

HISTORY = (
    "cycles",
    "cycle_closings",
    "generator_runs",
    "gate_reports",
    "training_runs",
    "benchmark_runs",
    "benchmark_items",
    "verdicts",
    "versions",
    "version_states",
    "deployments",
    "events",
)


def words(name: str, null: bool = False) -> Column:
    return Column(name, Words, nullable=null)


def json(name: str, null: bool = False) -> Column:
    return Column(name, Json, nullable=null)


def at(name: str = "at", null: bool = False) -> Column:
    return Column(name, Instant, nullable=null)


def key() -> Column:
    return Column("id", Serial, primary_key=True, autoincrement=True)


def of_version(name: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["system", "version"], ["versions.system", "versions.version"], name=f"{name}_version"
    )


def stage_table(name: str, *extra: Column) -> None:
    op.create_table(
        name,
        key(),
        words("system"),
        words("cycle_id"),
        words("stage"),
        words("sha256"),
        words("status"),
        words("reason", null=True),
        at("started"),
        Column("seconds", Float, nullable=False),
        json("manifest"),
        *extra,
        at(),
        UniqueConstraint("system", "cycle_id", "stage", "sha256", name=f"{name}_once"),
    )


def upgrade() -> None:
    op.create_table(
        "cycles",
        key(),
        words("system"),
        words("cycle_id"),
        words("kind"),
        at("since", null=True),
        at("until"),
        words("sha256"),
        json("cycle"),
        at(),
        UniqueConstraint("system", "cycle_id", name="cycles_once"),
    )
    op.create_table(
        "cycle_closings",
        key(),
        words("system"),
        words("cycle_id"),
        words("outcome"),
        words("reason"),
        at(),
        UniqueConstraint("system", "cycle_id", name="cycle_closings_once"),
    )
    stage_table("generator_runs", words("generator"))
    stage_table("gate_reports", json("report"))
    stage_table("training_runs")
    op.create_table(
        "benchmark_runs",
        key(),
        words("system"),
        words("cycle_id"),
        words("role"),
        words("sha256"),
        words("fingerprint"),
        json("suite"),
        words("judge"),
        json("model"),
        json("blocks"),
        words("week"),
        Column("overall", Float),
        json("categories"),
        json("probe", null=True),
        at(),
        UniqueConstraint("system", "cycle_id", "role", "sha256", name="benchmark_runs_once"),
    )
    op.create_table(
        "benchmark_items",
        Column("report", Words, primary_key=True),
        Column("position", Integer, primary_key=True, autoincrement=False),
        words("item"),
        words("category"),
        words("family"),
        Column("hidden", Boolean, nullable=False),
        Column("block", Integer, nullable=False),
        Column("probe", Boolean, nullable=False),
        Column("score", Float),
        words("missing", null=True),
        json("prompt"),
        words("answer"),
        words("explanation"),
    )
    op.create_table(
        "verdicts",
        key(),
        words("system"),
        words("cycle_id"),
        words("sha256"),
        words("week", null=True),
        words("candidate", null=True),
        words("champion", null=True),
        words("outcome"),
        Column("p_better", Float),
        json("difference"),
        json("rules"),
        json("reasons"),
        Column("more_evidence", Boolean, nullable=False),
        at(),
        UniqueConstraint("system", "cycle_id", "sha256", name="verdicts_once"),
    )
    op.create_table(
        "versions",
        Column("system", Words, primary_key=True),
        Column("version", Words, primary_key=True),
        words("cycle_id"),
        json("base"),
        json("adapter", null=True),
        words("quantization"),
        json("refs"),
        at(),
    )
    op.create_table(
        "version_states",
        key(),
        words("system"),
        words("version"),
        words("state"),
        words("by"),
        words("reason"),
        at(),
        of_version("version_states"),
    )
    op.create_index("version_states_of", "version_states", ["system", "version", "id"])
    op.create_table(
        "champions",
        Column("system", Words, primary_key=True),
        words("version"),
        Column("generation", Integer, nullable=False),
        at(),
        of_version("champions"),
    )
    op.create_table(
        "deployments",
        key(),
        words("system"),
        words("version"),
        words("kind"),
        words("state"),
        words("by"),
        words("reason"),
        at(),
        of_version("deployments"),
    )
    op.create_index("deployments_of", "deployments", ["system", "id"])
    op.create_table(
        "events",
        key(),
        words("system"),
        words("cycle_id", null=True),
        words("kind"),
        words("message"),
        json("data"),
        at(),
    )
    op.create_index("events_of", "events", ["system", "id"])
    guard_history()


def guard_history() -> None:
    """The database refuses to change or remove history, and to remove a champion."""
    message = "the Chronicle is append-only"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION chronicle_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{message}: % on %', TG_OP, TG_TABLE_NAME; END $$"
        )
        for table in HISTORY:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION chronicle_append_only()"
            )
        op.execute(
            "CREATE TRIGGER champions_kept BEFORE DELETE OR TRUNCATE ON champions "
            "FOR EACH STATEMENT EXECUTE FUNCTION chronicle_append_only()"
        )
        return
    for table in HISTORY:
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{message}: {action} on {table}'); END"
            )
    op.execute(
        f"CREATE TRIGGER champions_no_delete BEFORE DELETE ON champions BEGIN SELECT RAISE(ABORT, '{message}:"
        " DELETE on champions'); END"
    )
