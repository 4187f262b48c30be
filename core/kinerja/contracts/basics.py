"""The few types and words that all values share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

Json: TypeAlias = Any  # what json.dumps takes; checked where it is written, since Python cannot say it shortly
Condition: TypeAlias = Mapping[str, Json]
Kind: TypeAlias = Literal["belum", "dikerjakan", "menunggu", "dikembalikan", "macet", "selesai", "ditutup"]
Tone: TypeAlias = Literal["mine", "wait", "good", "bad", "quiet"]
FieldKind: TypeAlias = Literal[
    "one", "many", "quantities", "text", "longtext", "date", "number", "levels", "check", "file", "read"
]
SUBJECT = "pegawai"
"""The relation of a person to their own case."""
SYSTEM = "sistem"
"""The relation under which time and rules themselves act."""
WORK, PROOFS, UNIT_PROOFS, ANSWER, CHANGE, NEWS = (
    "kerja",
    "bukti",
    "bukti-satuan",
    "tanggapan",
    "perubahan",
    "kabar",
)
"""Sorts of turns that the kernel knows: work a stage asks for, evidence to give for this case or once for its unit, and
what ends by being read: something said, something others wrote or changed, something a stage tells."""
PERMISSIONS = (
    "read_states", "read_results", "read_contents", "manage_plugins", "import", "manage_people", "open_periods"
)  # fmt: skip
"""The closed list of what a role may allow at its unit and below, in the `izin` of content of the kind `roles`."""
CONFIRMED = "dipastikan"
FOLLOWS = ("langsung", CONFIRMED)
"""How open cases may follow a value of a person, in the `mengikuti` of content of the kind `nilai-orang`: at once, or
after somebody confirmed it."""
AUTHOR = "penulis"
"""In a transition's `by`: whoever the step's own `author` is."""
