"""«Holds on a day», written once: for posts, relations, conditions of people and what is known of them.

Each has a first day and, where its end is known, a last one; both count. Every question of this kind is asked here, in
Python of values, in a query of a table, in a statement of an alias.
"""

from __future__ import annotations

from datetime import date
from typing import Any, TypeGuard

EVER = "'9999-12-31'"
"""In a statement, the last day of what has none."""


def over(until: date | None, day: date) -> TypeGuard[date]:
    """Whether something ended before a day."""
    return until is not None and until < day


def holds(since: date | None, until: date | None, day: date) -> bool:
    """Whether something holds on a day; without a first day it always did."""
    return (since is None or since <= day) and not over(until, day)


def lasting(table: Any, day: date) -> Any:
    """The condition of a query that a row has not ended before a day: it holds then, or begins later."""
    return table.until.is_null() | (table.until >= day)


def on(table: Any, day: date) -> Any:
    """The condition of a query that a row holds on a day."""
    return (table.since <= day) & lasting(table, day)


def meeting(table: Any, since: date, until: date | None) -> Any:
    """The condition of a query that a row holds on any day from one to another; without a last one, on any from then on."""
    return lasting(table, since) & (table.since <= (until or date.max))


def holding(alias: str) -> str:
    """The condition of a statement that a row holds on a day: one value, the day as it is stored."""
    return f"? BETWEEN {alias}.since AND coalesce({alias}.until, {EVER})"


def relating(alias: str) -> str:
    """The same of a relation, which ends with the assignment it is held through unless it stays: one value, the day as it
    is stored."""
    through = f"(SELECT held.until FROM assignment held WHERE held.id = {alias}.assignment_id AND NOT {alias}.stays)"
    return f"? BETWEEN {alias}.since AND coalesce({alias}.until, {through}, {EVER})"
