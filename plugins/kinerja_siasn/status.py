"""What a case's page says of its way to BKN; the words are those people know, and sent is never called accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kinerja import CaseView, Fact
from kinerja_web import Fragment

ASN = frozenset({"pns", "cpns", "pppk", "pppk-paruh-waktu"})
"""Ids of employment whose result BKN takes. Source: UU 20/2023 (ASN is PNS and PPPK); KepmenPANRB 16/2025 (part time).
PNS of another ministry at a public school have an id of their own and are sent by that ministry."""

ELSEWHERE = {"induk": ("kemenag",), "ekinerja": ("tidak",)}
"""Values of a profile with which the result is not ours to send. Source: a teacher of another ministry is sent by it;
who does not use e-Kinerja has no record there."""

YEARLY = "predikat.tahunan"
"""The fact of which BKN takes the yearly record; a semester's predicate goes nowhere."""

TEMPLATE = "siasn/status.html"


def is_sent(case: CaseView) -> bool:
    """Whether the result of this person goes to BKN from here."""
    elsewhere = any(case.profile.get(key) in values for key, values in ELSEWHERE.items())
    return case.profile.get("pegawai") in ASN and not elsewhere


def of_case(case: CaseView, facts: Mapping[str, Fact], messages: Iterable[object]) -> Fragment | None:
    """The fragment for a case, or None where nothing is to be said: no yearly predicate, or none settled yet.

    `messages` are the case's own, oldest first, with `connector`, `state`, `sentence` and `done_at_text`; states are
    the outcomes of a receipt, and `sent` or `sending` while the answer is awaited. Any other state waits.
    """
    if YEARLY not in facts or case.person is None:
        return None
    if not is_sent(case):
        why = "non-ASN" if case.profile.get("pegawai") not in ASN else "dikirim instansi induk atau e-Kinerja"
        return _say("good", f"Tidak dikirim ke BKN: {why}")
    if not case.counts:
        return _say("good", "Tidak dikirim ke BKN: yang dihitung SKP jabatan lain")
    own = [one for one in messages if getattr(one, "connector", "") == "siasn"]
    if own:
        return _of_message(own[-1])
    if not case.person.ids.get("nip"):
        return _say("bad", "Tidak ada NIP", "Belum dapat dikirim ke BKN. Minta operator sekolah melengkapi NIP Anda.")
    return None


def _of_message(message: object) -> Fragment:
    state, sentence = (str(getattr(message, name, "") or "") for name in ("state", "sentence"))
    if state == "accepted":
        day = str(getattr(message, "done_at_text", "") or "")
        return _say("good", f"Diterima BKN {day}".rstrip())
    if state == "refused":
        return _say("bad", "Ditolak BKN", sentence.removeprefix("Ditolak: "))
    if state in ("sent", "sending"):
        return _say("wait", "Terkirim, menunggu jawaban BKN")
    if state == "stop":  # its sentence is for whoever runs the server
        return _say("wait", "Menunggu dikirim ke BKN", "Pengiriman sedang terhenti. Ini tugas pengelola aplikasi.")
    return _say("wait", "Menunggu dikirim ke BKN", sentence)


def _say(tone: str, label: str, sentence: str = "") -> Fragment:
    return Fragment(TEMPLATE, {"tone": tone, "label": label, "sentence": sentence})
