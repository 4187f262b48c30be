"""What all tables share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import peewee

from kinerja.database import proxy

LEVELS = 8
"""How deep the tree of units may be; each unit and case keeps the ids of its ancestors as a0 … a7."""


class Base(peewee.Model):
    id: Any

    class Meta:
        database = proxy
        legacy_table_names = False

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """The `…_id` of foreign keys, which peewee makes and its stubs do not know."""
