"""Connections: from `chronicle.url` to an engine whose schema is the newest, errors in one line, and the lock
on promotions.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
)

from autodidact.errors import AutodidactError, Unavailable, UsageError
from autodidact.private_files import make_file, make_folder
from autodidact.records import sha256
from autodidact.safe_text import HIDDEN

# How long a writer waits for another before it gives up.
BUSY_SECONDS = 30
CONNECT_SECONDS = 10
# PostgreSQL's code for a write to a standby, as a cluster has it for a while when its primary fails.
READ_ONLY = "25006"
# Execution option: the transaction is going to write.
WRITES = "autodidact_writes"

# Alembic keeps the migration under way in module globals: one at a time in a process.
_migrating = threading.Lock()


def parse(url: str) -> URL:
    """The database of `chronicle.url`: `postgresql://...`, `postgres://...`, `sqlite:///...` or a plain path.

    Raises UsageError; the text of the URL, which may hold a password, is not repeated.
    """
    wanted = "Use sqlite:////absolute/path/chronicle.db, postgresql://user@host/database or a plain path."
    if "://" not in url:
        if not url.strip():
            raise UsageError("chronicle.url is empty", wanted)
        return URL.create("sqlite", database=str(Path(url).expanduser().absolute()))
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise UsageError("chronicle.url cannot be read as a URL", wanted) from None
    if "@" in (parsed.host or ""):  # what stands before it may be the end of a password
        raise UsageError("chronicle.url has an @ in its login", "Write it as %40 there: 'p@ss' is p%40ss.")
    backend = parsed.drivername.partition("+")[0]
    if backend in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg2")
    if backend != "sqlite":
        raise UsageError(f"chronicle.url names {backend!r}, which is neither PostgreSQL nor SQLite", wanted)
    if parsed.database in (None, "", ":memory:"):
        raise UsageError("chronicle.url names no file: a log in memory would be lost", wanted)
    return URL.create("sqlite", database=str(Path(parsed.database).expanduser().absolute()))


def describe(url: URL) -> str:
    """The database in words for people: no login, no query."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    host = url.host or str(url.query.get("host", ""))
    login, port = f"{HIDDEN}@" if url.username else "", f":{url.port}" if url.port else ""
    return f"postgresql://{login}{host}{port}/{url.database or ''}"


@contextmanager
def clear_errors(url: URL) -> Iterator[None]:
    """Turns a database's error into one line with a remedy and without the password."""
    try:
        yield
    except DBAPIError as error:
        lines = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
        said = lines[0]
        if url.password:
            said = said.replace(str(url.password), "***")
        if isinstance(error, (IntegrityError, DataError)):
            raise AutodidactError(
                f"the Chronicle {describe(url)} refused a row: {said}", "The record is not what it should be."
            ) from error
        if url.get_backend_name() == "sqlite":
            if "locked" in said:
                raise Unavailable(
                    f"the Chronicle {describe(url)} is busy: {said}", "Run the same command again."
                ) from error
            remedy = (
                "Check that the file is a Chronicle in a folder that can be written, or set chronicle.url."
            )
            raise AutodidactError(f"the Chronicle {describe(url)} failed: {said}", remedy) from error
        if isinstance(error, OperationalError) or error.connection_invalidated:
            remedy = (
                "Start the database or correct chronicle.url (AUTODIDACT_CHRONICLE__URL), then run the same"
                " command again."
            )
            raise Unavailable(f"the Chronicle {describe(url)} cannot be reached: {said}", remedy) from error
        if getattr(error.orig, "pgcode", None) == READ_ONLY:
            raise Unavailable(
                f"the Chronicle {describe(url)} cannot be written: {said}",
                "Let chronicle.url name the primary, or wait until this one is it.",
            ) from error
        raise AutodidactError(
            f"the Chronicle {describe(url)} refused: {said}", "See the database's log."
        ) from error
    except SQLAlchemyError as error:
        raise AutodidactError(
            f"the Chronicle {describe(url)} failed: {str(error).splitlines()[0]}"
        ) from error


def connect(url: URL) -> Engine:
    """An engine on `url`. Every transaction has a connection of its own (no pool): safe over forks, and there
    are few.
    """
    if url.get_backend_name() == "postgresql":
        ours = {"connect_timeout": str(CONNECT_SECONDS), "application_name": "autodidact"}
        return create_engine(
            url.update_query_dict({**ours, **url.query}), poolclass=NullPool, hide_parameters=True
        )
    file = Path(url.database or "")
    try:
        make_folder(file.parent, file.parent)
        make_file(file)  # SQLite gives its other files the mode of this one
    except OSError as error:
        raise AutodidactError(
            f"the Chronicle's folder {file.parent} cannot be made: {error.strerror}",
            "Make it, or set chronicle.url.",
        ) from error
    engine = create_engine(
        url, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS}
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection, _record):
        connection.isolation_level = None  # we begin transactions ourselves, below
        _write_ahead(connection)
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection):
        # A writer takes its lock at once: a reader's lock that has to grow fails without waiting.
        connection.exec_driver_sql(
            "BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITES) else "BEGIN"
        )

    return engine


def _write_ahead(connection) -> None:
    """Puts a SQLite file in WAL mode. The change itself does not wait for other connections, so it is tried
    again.
    """
    import sqlite3

    end = time.monotonic() + BUSY_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.02)


@contextmanager
def writing(engine: Engine, system: str | None = None) -> Iterator[Connection]:
    """A transaction that writes. With `system`, it is the only one on that system's versions until it
    ends."""
    with (
        clear_errors(engine.url),
        engine.connect().execution_options(**{WRITES: True}) as connection,
        connection.begin(),
    ):
        if system is not None and engine.dialect.name == "postgresql":
            connection.execute(
                text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock_key(f"versions of {system}")}
            )
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    with clear_errors(engine.url), engine.connect() as connection, connection.begin():
        yield connection


def lock_key(name: str) -> int:
    """A lock's number on PostgreSQL: 63 bits of the name's hash."""
    return int(sha256(name)[:16], 16) >> 1


def upgrade(engine: Engine) -> None:
    """Brings the database to the newest schema. Two processes that open an empty database at once: one builds
    it, one waits.

    Raises AutodidactError when the database is down, or newer than this program.
    """
    from alembic.command import upgrade as alembic_upgrade
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    head = ScriptDirectory.from_config(config).get_current_head()
    with reading(engine) as connection:
        if _revision(connection) == head:
            return
    with _migrating, writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock_key("schema")})
        config.attributes["connection"] = connection
        try:
            alembic_upgrade(config, "head")
        except CommandError as error:
            raise AutodidactError(
                f"the Chronicle {describe(engine.url)} has schema {_revision(connection)}, which this version"
                " of Autodidact does not know",
                "Install the newer Autodidact that wrote it.",
            ) from error


def _revision(connection: Connection) -> str | None:
    from sqlalchemy import inspect

    if not inspect(connection).has_table("chronicle_revision"):
        return None
    return connection.execute(text("SELECT version_num FROM chronicle_revision")).scalar()


@contextmanager
def exclusive(engine: Engine, name: str) -> Iterator[bool]:
    """Yields whether this process holds the lock `name` of the Chronicle's; never waits.

    The lock dies with its holder, by `kill -9` too, so that recovery can start at once: PostgreSQL frees it
    with the connection, on SQLite it is a file lock next to the database.
    """
    if engine.dialect.name == "postgresql":
        with clear_errors(engine.url):
            connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            with connection:
                held = bool(
                    connection.execute(
                        text("SELECT pg_try_advisory_lock(:key)"), {"key": lock_key(name)}
                    ).scalar()
                )
                try:
                    yield held
                # Said aloud, since the server sees a moment later that a connection has closed, and the next
                # promotion may be there by then.
                finally:
                    with suppress(DBAPIError):
                        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": lock_key(name)})
        return
    path = f"{engine.url.database}.lock"
    try:
        make_file(Path(path))
        file = os.open(path, os.O_RDWR)
    except OSError as error:
        raise AutodidactError(
            f"the lock {path} cannot be opened: {error.strerror}", "Make the folder writable."
        ) from error
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held = True
        except BlockingIOError:
            held = False
        yield held
    finally:
        os.close(file)
