"""Alembic's entry: runs the steps on the connection that `chronicle.connection.upgrade` holds, inside its
transaction.
"""

from alembic import context

from autodidact.chronicle.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # Airflow keeps a table `alembic_version` of its own, perhaps in the same database.
    version_table="chronicle_revision",
    transactional_ddl=True,
)
context.run_migrations()
