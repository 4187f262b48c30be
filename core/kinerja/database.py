"""Open SQLite or PostgreSQL behind one proxy, with the settings that keep writes safe on each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from urllib.parse import urlparse

import peewee
from playhouse.pool import PooledPostgresqlDatabase

proxy: Any = peewee.DatabaseProxy()
"""The one database of the process. Models are bound to it; `connect_to` says which it is."""


class Text(peewee.TextField):
    """JSON as text: one form on both engines; nothing is ever sorted or compared inside it."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, default=str)

    def python_value(self, value: str | None) -> Any:
        return None if value is None else json.loads(value)


class Moment(peewee.DateTimeField):
    """A moment, kept as UTC without zone, since the engines differ in what they make of one."""

    def db_value(self, value: datetime | None) -> Any:
        if value is not None and value.tzinfo is not None:
            value = value.astimezone(UTC).replace(tzinfo=None)
        return super().db_value(value)  # type: ignore[no-untyped-call]  # peewee's stub is untyped here

    def python_value(self, value: Any) -> datetime | None:
        value = super().python_value(value)  # type: ignore[no-untyped-call]  # peewee's stub is untyped here
        return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def moment(value: Any) -> Any:
    """A moment as it comes from a raw row: the engines give text or a moment without zone; none stays none."""
    made = datetime.fromisoformat(value) if isinstance(value, str) else value
    return made and made.replace(tzinfo=UTC)


def as_day(value: Any) -> Any:
    """A day as it comes from a raw row: the engines give text or a day; none stays none."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def connect_to(url: str) -> None:
    """Bind the process to a database: `sqlite:///path/file.db` or `postgresql://…`. Opens nothing yet."""
    parts = urlparse(url)
    if parts.scheme == "sqlite":
        proxy.initialize(
            peewee.SqliteDatabase(
                url.removeprefix("sqlite:///"),
                pragmas={
                    "journal_mode": "wal",
                    "synchronous": 2,
                    "foreign_keys": 1,
                    "busy_timeout": 10_000,
                    "cache_size": -8000,
                },
                lock_type="IMMEDIATE",
            )
        )
    elif parts.scheme in ("postgresql", "postgres"):
        proxy.initialize(
            PooledPostgresqlDatabase(
                url, max_connections=16, stale_timeout=300, timeout=10, prefer_psycopg3=True, connect_timeout=10
            )
        )
    else:
        raise ValueError(f"Basis data «{parts.scheme}» tidak dikenal. Tulis sqlite:///… atau postgresql://…")


def is_sqlite() -> bool:
    return isinstance(proxy.obj, peewee.SqliteDatabase)


def placeholder(sql: str) -> str:
    """Statements are written with `?`; PostgreSQL wants `%s`."""
    return sql if is_sqlite() else sql.replace("%", "%%").replace("?", "%s")


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run one reading statement and return plain tuples: hot pages must not build model instances."""
    return list(proxy.execute_sql(placeholder(sql), values).fetchall())


def run(sql: str, *values: Any) -> int:
    """Run one writing statement and return how many rows it touched."""
    return int(proxy.execute_sql(placeholder(sql), values).rowcount)


def insert(table: Any, **values: Any) -> None:
    """Write one row. Its statement is made once for a table and its columns: peewee makes it anew for every row, which
    costs more than all else that a change does."""
    whole = {**table._meta.get_default_dict(), **values}
    run(_inserting(table, tuple(whole)), *_values(table, whole))


def update(table: Any, where: Mapping[str, Any], **values: Any) -> int:
    """Change the rows whose columns are equal to *where*, in the same way; returns how many."""
    statement = _updating(table, tuple(values), tuple(where))
    return run(statement, *_values(table, values), *_values(table, where))


@cache
def _inserting(table: Any, names: tuple[str, ...]) -> str:
    columns = ", ".join(_columns(table, names))
    return f"INSERT INTO {table._meta.table_name} ({columns}) VALUES ({', '.join('?' * len(names))})"


@cache
def _updating(table: Any, names: tuple[str, ...], where: tuple[str, ...]) -> str:
    sets, same = (
        sign.join(f"{column} = ?" for column in _columns(table, of)) for of, sign in ((names, ", "), (where, " AND "))
    )
    return f"UPDATE {table._meta.table_name} SET {sets} WHERE {same}"


def _columns(table: Any, names: tuple[str, ...]) -> list[str]:
    return [f'"{table._meta.fields[name].column_name}"' for name in names]


def _values(table: Any, values: Mapping[str, Any]) -> list[Any]:
    return [table._meta.fields[name].db_value(value) for name, value in values.items()]


def stored(value: datetime) -> Any:
    """A moment as a value for `rows` and `run`."""
    value = value.astimezone(UTC).replace(tzinfo=None)
    return value.isoformat(" ") if is_sqlite() else value


def stored_day(value: date | None) -> Any:
    """A day as a value for `rows` and `run`; none stays none."""
    return value.isoformat() if value is not None and is_sqlite() else value


@contextmanager
def connection() -> Iterator[None]:
    """Hold a connection for a stretch of work. SQLite keeps its thread's connection open; PostgreSQL gives it back."""
    proxy.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if not is_sqlite() and not proxy.in_transaction():
            proxy.close()


def lock_words() -> str:
    """What a reading statement ends with to lock its rows until the transaction ends; SQLite's immediate transactions
    already do. Rows that only refer to them may be added meanwhile, so that nobody waits in a ring for whom they name."""
    return "" if is_sqlite() else "FOR NO KEY UPDATE"


def locked(query: Any, words: str = "") -> Any:
    """The same for a query. «FOR SHARE» lets others lock the rows so too; «FOR UPDATE SKIP LOCKED» passes over what
    somebody else has locked."""
    return query if is_sqlite() else query.for_update(words or lock_words())
