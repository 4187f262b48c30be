"""Connector to BKN's SIASN: sends the settled yearly result of civil servants, and says on the case how far it is.

e-Kinerja takes no writing from outside; SIASN's `skp22` is what BKN opens. One process may send for many schools.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import Blueprint

from kinerja import Connector, Field, Form, Json, Option, SettingSpec, hookimpl
from kinerja_siasn import client, owed, page, simulator, status
from kinerja_web import Fragment


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
            tells=(status.YEARLY,),
            due=owed.due,
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
def fill_slot(slot: str, viewer: object, facts: Mapping[str, Json]) -> Fragment | None:
    """At the foot of a case: how far its yearly result is on the way to BKN."""
    if slot != "case-foot" or "case" not in facts:
        return None
    return status.of_case(facts["case"], facts.get("facts") or {}, facts.get("messages") or ())


_HELP = {
    "apim_token_url": "Dari surat BKN, diakhiri /oauth2/token. Kosong berarti belum diatur.",
    "sso_token_url": "Dari surat BKN, diakhiri /token. Tidak dipakai bila token diperbarui operator.",
    "api_url": "Dari surat BKN, tanpa garis miring di akhir. Kosong berarti belum diatur.",
}
