"""Connector to BKN's SIASN: sends the settled yearly result of civil servants, and says on the case how far it is.

e-Kinerja takes no writing from outside; SIASN's `skp22` is what BKN opens. One process may send for many schools.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from flask import Blueprint

from kinerja import Change, Connector, Field, Form, Json, Message, Option, SettingSpec, hookimpl
from kinerja_siasn import client, page, simulator, status
from kinerja_web import Fragment

DECIDES = "memutuskan"
"""The relation of the assessor to a case."""


@hookimpl
def register_connectors() -> Iterable[Connector]:
    return [
        Connector(
            id="siasn",
            label="SIASN BKN",
            send=client.send,
            simulate=simulator.simulate,
            secrets=client.SECRETS,
            fake_secrets=simulator.FAKE_SECRETS,
        )
    ]


@hookimpl
def register_pages() -> Blueprint:
    return page.pages


@hookimpl
def register_settings() -> SettingSpec:
    """Addresses are empty until a region sets them; then sending stops with a sentence instead of guessing."""
    addresses = [
        Field(key, label[0].upper() + label[1:], "text", help=_HELP[key]) for key, label in client.URLS.items()
    ]
    mode = Field(
        "sso_mode",
        "Cara masuk SSO",
        "one",
        options=(
            Option("password", "Akun dan kata sandi operator"),
            Option("static_token", "Token yang diperbarui operator", "Untuk akun yang meminta kode kedua (MFA)."),
        ),
    )
    office = Field("office", "Siapa yang memperbaiki data yang ditolak BKN", "text", help="Misalnya: BKPSDM Kabupaten.")
    rate = Field("requests_per_second", "Permintaan per detik, paling banyak", "number", least=1, most=20)
    initial = dict.fromkeys(client.URLS, "") | {"sso_mode": "password", "office": "", "requests_per_second": 2}
    return SettingSpec(
        Form(
            "Pengiriman ke SIASN BKN",
            (*addresses, mode, office, rate),
            intro="Kunci dan kata sandi tidak ditulis di sini; pengelola server menyimpannya di lingkungan server.",
            initial=initial,
        )
    )


@hookimpl
def after_transition(change: Change) -> Iterable[Message] | None:
    """One message when a civil servant's yearly result has been settled; nothing for all else.

    Also later changes that leave the result settled are looked at, since an objection may change it in place; the
    digest in the key makes an unchanged result the same message.
    """
    case, facts = change.case, change.facts
    predicate = facts.get(status.YEARLY)
    if predicate is None or change.after.kind != "selesai" or not case.counts or case.person is None:
        return None
    nip = case.person.ids.get("nip")
    if not status.is_sent(case) or not nip:
        return None
    payload = {
        "nip": nip,
        "nama": case.person.name,
        "tahun": case.period.year,
        "hasil": facts["rating-hasil.tahunan"].value if "rating-hasil.tahunan" in facts else "",
        "perilaku": facts["rating-perilaku.tahunan"].value if "rating-perilaku.tahunan" in facts else "",
        "predikat": predicate.value,
        "penilai": _assessor(change),
    }
    # A result that was reopened and settled anew is sent even when it went A → B → A, for BKN may hold B.
    settled = case.version if change.before.kind != "selesai" else 0
    digest = hashlib.sha256(json.dumps([payload, settled], sort_keys=True).encode()).hexdigest()[:16]
    return [Message(f"skp22:{nip}:{case.period.year}:{digest}", "siasn", "skp22", payload)]


@hookimpl
def fill_slot(slot: str, viewer: object, facts: Mapping[str, Json]) -> Fragment | None:
    """At the foot of a case: how far its yearly result is on the way to BKN."""
    if slot != "case-foot" or "case" not in facts:
        return None
    return status.of_case(facts["case"], facts.get("facts") or {}, facts.get("messages") or ())


def _assessor(change: Change) -> dict[str, Json]:
    """Who decided, as BKN asks for them; empty where nobody stands in the relation, which the sending then says."""
    holder = change.case.holders.get(DECIDES)
    if holder is None:
        return {}
    nip = holder.person.ids.get("nip", "")
    asn = holder.person.employment in status.ASN if holder.person.employment else bool(nip)
    jabatan = holder.role_label
    return {"nip": nip, "nama": holder.person.name, "jabatan": jabatan, "unit": holder.unit, "asn": asn}


_HELP = {
    "apim_token_url": "Dari surat BKN, diakhiri /oauth2/token. Kosong berarti belum diatur.",
    "sso_token_url": "Dari surat BKN, diakhiri /token. Tidak dipakai bila token diperbarui operator.",
    "api_url": "Dari surat BKN, tanpa garis miring di akhir. Kosong berarti belum diatur.",
}
