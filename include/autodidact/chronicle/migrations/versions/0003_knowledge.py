"""How many facts each cycle read, and how many were new."""

from alembic import op
from sqlalchemy import Column, Float, UniqueConstraint

from autodidact.chronicle.tables import Instant, Json, Serial, Words

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "knowledge_runs",
        Column("id", Serial, primary_key=True, autoincrement=True),
        *(
            Column(name, Words, nullable=False)
            for name in ("system", "cycle_id", "stage", "sha256", "status")
        ),
        Column("reason", Words),
        Column("started", Instant, nullable=False),
        Column("seconds", Float, nullable=False),
        Column("manifest", Json, nullable=False),
        Column("at", Instant, nullable=False),
        UniqueConstraint("system", "cycle_id", "stage", "sha256", name="knowledge_runs_once"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER knowledge_runs_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON knowledge_runs "
            "FOR EACH STATEMENT EXECUTE FUNCTION chronicle_append_only()"
        )
        return
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER knowledge_runs_no_{action.lower()} BEFORE {action} ON knowledge_runs "
            f"BEGIN SELECT RAISE(ABORT, 'the Chronicle is append-only: {action} on knowledge_runs'); END"
        )
