"""The ledger: what each version knew of each fact when it was asked."""

from alembic import op
from sqlalchemy import Boolean, Column, UniqueConstraint

from autodidact.chronicle.tables import Instant, Serial, Words

revision = "0002"
down_revision = "0001"

TEXTS = ("system", "cycle_id", "version", "fact", "value_asked", "outcome", "says", "stratum")


def upgrade() -> None:
    op.create_table(
        "ledger",
        Column("id", Serial, primary_key=True, autoincrement=True),
        *(Column(name, Words, nullable=False) for name in TEXTS),
        Column("served", Boolean, nullable=False),
        Column("asked_at", Instant, nullable=False),
        Column("at", Instant, nullable=False),
        UniqueConstraint("system", "version", "cycle_id", "fact", name="ledger_once"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger "
            "FOR EACH STATEMENT EXECUTE FUNCTION chronicle_append_only()"
        )
        return
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER ledger_no_{action.lower()} BEFORE {action} ON ledger "
            f"BEGIN SELECT RAISE(ABORT, 'the Chronicle is append-only: {action} on ledger'); END"
        )
