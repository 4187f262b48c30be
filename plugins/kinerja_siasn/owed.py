"""What is due to BKN of a settled year: a message, or what it still waits for, or why it is not sent from here."""

from __future__ import annotations

import hashlib
import json

from kinerja import CaseView, Due, Held, Json, Message
from kinerja_siasn import status

DECIDES = "memutuskan"
"""The relation of the assessor to a case."""

KIND = "skp22"


def due(asked: Due) -> Message | Held | None:
    """One message for each decision on a civil servant's year, by the number the person has; held while the number of
    the person or of the assessor is missing. A decision made anew is another message, also when it is A → B → A, for
    BKN may hold B."""
    case, facts = asked.case, asked.facts
    if status.YEARLY not in facts or case.person is None:
        return None
    if why := status.why_not(case):
        return Held(KIND, why, final=True)
    nip, assessor = case.person.ids.get("nip", ""), _assessor(case)
    if not nip:
        return Held(KIND, "Menunggu NIP. Minta operator sekolah melengkapi NIP di Dapodik.")
    if assessor.get("asn") and not assessor["nip"]:
        who = assessor["nama"]
        return Held(KIND, f"Menunggu NIP penilai, {who}. Minta operator tempat kerjanya melengkapi NIP itu.")
    told = {
        "nip": nip,
        "tahun": case.period.year,
        "hasil": facts["rating-hasil.tahunan"].value if "rating-hasil.tahunan" in facts else "",
        "perilaku": facts["rating-perilaku.tahunan"].value if "rating-perilaku.tahunan" in facts else "",
        "predikat": facts[status.YEARLY].value,
        "penilai": assessor,
    }
    digest = hashlib.sha256(json.dumps([told, asked.at.isoformat()], sort_keys=True).encode()).hexdigest()[:16]
    return Message(f"{KIND}:{nip}:{case.period.year}:{digest}", "siasn", KIND, {**told, "nama": case.person.name})


def _assessor(case: CaseView) -> dict[str, Json]:
    """Who decided, as BKN asks for them; empty where nobody stands in the relation, which the sending then says."""
    holder = case.holders.get(DECIDES)
    if holder is None:
        return {}
    nip = holder.person.ids.get("nip", "")
    asn = holder.person.employment in status.ASN if holder.person.employment else bool(nip)
    jabatan = holder.role_label
    return {"nip": nip, "nama": holder.person.name, "jabatan": jabatan, "unit": holder.unit, "asn": asn}
