"""What a line of the plan carries by itself: aspek, indikator kinerja individu, target, and the head's RHK it serves.

The texts come from the content `rincian-rhk`, whose entries have the kind of item as id. The printed plan reads the
labels below, so they stand here once. Source of the four columns: PermenPANRB 6/2022.
"""

from __future__ import annotations

from collections.abc import Iterable

from kinerja import SUBJECT, Entry, EvidenceRule, StepContext, holds

SERVES = "Mendukung RHK Kepala Sekolah"
PROOF = "Bukti Dukung"
PROVISIONAL = "Sementara"
"""The label of what is said about a line whose words are not confirmed."""
_LABELS = (
    ("mendukung", SERVES),
    ("aspek", "Aspek"),
    ("indikator", "Indikator kinerja individu"),
    ("target", "Target"),
    ("bukti", PROOF),
)


def details(ctx: StepContext, kind: str, count: int = 1, indicator: str = "") -> tuple[tuple[str, str], ...]:
    """The pairs of an item of this kind; `{jumlah}` becomes the count and `{indikator}` the indicator chosen."""
    entry = _entry(ctx, kind)
    if entry is None:
        return ()
    texts = ((label, str(entry.data.get(key, ""))) for key, label in _LABELS)
    filled = (
        (label, text.replace("{jumlah}", str(count)).replace("{indikator}", indicator or "yang dipilih"))
        for label, text in texts
    )
    return tuple(pair for pair in filled if pair[1])


def proof(ctx: StepContext, kind: str) -> tuple[tuple[str, str], ...]:
    """The evidence the scheme asks for a kind of item and who gives it; nothing where its entry says so (`bukti`)."""
    entry = _entry(ctx, kind)
    rules = (one for one in ctx.scheme.evidence if one.item == kind and holds(one.when, ctx.case.profile))
    rule = next(rules, None)
    if rule is None or not rule.label or (entry and "bukti" in entry.data):
        return ()
    return ((PROOF, f"{rule.label}, {_giver(ctx, rule)}"),)


def unsure(entry: Entry) -> tuple[tuple[str, str], ...]:
    """Where the words of a provisional line come from, in a pair; nothing for words that are confirmed."""
    if not entry.provisional:
        return ()
    where, more = f" ({entry.source})" if entry.source else "", str(entry.data.get("catatan", ""))
    return ((PROVISIONAL, f"belum dipastikan{where}. {more}".rstrip(". ")),)


def unsure_details(ctx: StepContext, kinds: Iterable[str]) -> str:
    """The sentence about aspects, indicators and targets of these kinds of items that are not official; else nothing."""
    if not any(entry.provisional for kind in kinds if (entry := _entry(ctx, kind))):
        return ""
    return "Aspek, indikator kinerja individu, dan target di bawah ini sementara; yang resmi belum ditemukan."


def _entry(ctx: StepContext, kind: str) -> Entry | None:
    content = ctx.content.get("rincian-rhk")
    return content.entry(kind) if content else None


def _giver(ctx: StepContext, rule: EvidenceRule) -> str:
    if rule.provider == SUBJECT:
        return f"oleh {ctx.case.labels.get('peran', 'Anda').lower()}"
    holder = ctx.case.holders.get(rule.provider)
    return f"diperiksa {holder.role_label if holder and holder.role_label else ctx.scheme.word(rule.provider)}"
