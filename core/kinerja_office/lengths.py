"""How long a text may be: as long as its column. One database keeps a longer one silently, the other refuses it."""

from __future__ import annotations

from typing import Any, cast

from kinerja.models import TABLES


def most(model: Any, name: str) -> int | None:
    """How many letters a column holds; None where it holds any number."""
    return cast(int | None, getattr(model._meta.fields[name], "max_length", None))


def name_limit() -> int:
    """How many letters a person's name may have with its titles: it is kept with whatever they do."""
    return min(cast(int, most(one, "by_name")) for one in TABLES if "by_name" in one._meta.fields)
