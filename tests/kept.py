"""What a small world writes before its tests begin: done once a process and engine, and laid back for each later test.

Plugins are added anew for every test; what they then write is the same each time, and took longer than most tests.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any, TypeVar

from kinerja import database
from kinerja.clock import real_now
from kinerja.kernel import Kernel
from kinerja.models import Setting
from kinerja.models.tables import TABLES

V = TypeVar("V")
NAMES = [table._meta.table_name for table in TABLES]  # type: ignore[attr-defined]  # peewee makes it
_made: dict[Any, tuple[Any, datetime, Any]] = {}


def kept(kernel: Kernel, make: Callable[[], V], *key: Any) -> V:
    """What *make* answers, a plain value, with all it wrote into the database of this test. The key names everything
    that decides what it writes, but for the plugins, which are looked at here. The clock goes on from where it stood."""
    plugins = tuple((id, id if isinstance(one, ModuleType) else type(one)) for id, one in kernel.host.modules.items())
    whole = (database.is_sqlite(), plugins, key)
    if whole not in _made:
        made = make()
        _made[whole] = (made, real_now(), _take())
        return made
    made, at, rows = _made[whole]
    _lay(rows)
    late = round((real_now() - at) / timedelta(seconds=1))
    Setting.update(value=Setting.value - late).where(Setting.name == "demo_offset").execute()
    kernel.stamp, kernel.kept = -1, {}
    kernel.sync()
    return made  # type: ignore[no-any-return]  # of the same key


def _take() -> Any:
    connection = database.proxy.connection()
    if database.is_sqlite():
        whole = bytearray(connection.serialize())
        whole[18:20] = b"\1\1"  # no write-ahead log, since a database in memory has none
        return bytes(whole)
    with database.proxy.atomic(), connection.cursor() as cursor:
        rows = {}
        for name in NAMES:
            with cursor.copy(f'COPY "{name}" TO STDOUT') as lines:
                rows[name] = b"".join(bytes(one) for one in lines)
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL")
        numbers = cursor.fetchall()
    return {name: text for name, text in rows.items() if text}, numbers


def _lay(rows: Any) -> None:
    connection = database.proxy.connection()
    if database.is_sqlite():
        with sqlite3.connect(":memory:") as source:
            source.deserialize(rows)
            source.backup(connection)
        return
    texts, numbers = rows
    with database.proxy.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("; ".join(f'DELETE FROM "{name}"' for name in NAMES))
        for name, text in texts.items():
            with cursor.copy(f'COPY "{name}" FROM STDIN') as lines:
                lines.write(text)
        for name, last in numbers:
            cursor.execute("SELECT setval(%s, %s)", (name, last))
