"""How tests ask what became of an act that may be refused."""

from __future__ import annotations

from collections.abc import Callable

from kinerja import Refusal


def code(call: Callable[[], object]) -> str:
    """The code of the refusal, empty where it was done."""
    try:
        call()
    except Refusal as refused:
        return refused.code
    return ""
