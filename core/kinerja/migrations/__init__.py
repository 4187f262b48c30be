"""The kernel's own history of its tables; run only by `kinerja migrate`, by one process at a time."""

from __future__ import annotations

from pathlib import Path

from playhouse.migrations import Runner

from kinerja import database


def migrate() -> list[str]:
    """Bring the tables up to date and return the names of the steps that ran. Safe to start twice at once."""
    database.proxy.connect(reuse_if_open=True)
    runner = Runner(database.proxy.obj, str(Path(__file__).parent), table_name="kinerja_migration")
    if not database.is_sqlite():
        database.proxy.execute_sql("SELECT pg_advisory_lock(7364172)")
        try:
            return list(runner.up())
        finally:
            database.proxy.execute_sql("SELECT pg_advisory_unlock(7364172)")
    with database.proxy.atomic():
        return list(runner.up())
