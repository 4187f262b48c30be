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
UNSENT, WAITS = "Tidak dikirim ke BKN", "Menunggu dikirim ke BKN"


def why_not(case: CaseView) -> str:
    """Why the result of this case is not sent to BKN from here; empty where it is."""
    if case.profile.get("pegawai") not in ASN:
        return "non-ASN"
    if any(case.profile.get(key) in values for key, values in ELSEWHERE.items()):
        return "dikirim instansi induk atau e-Kinerja"
    return "" if case.counts else "yang dihitung SKP jabatan lain"


def of_case(case: CaseView, facts: Mapping[str, Fact], messages: Iterable[object]) -> Fragment | None:
    """The fragment for a case; None where there is no yearly predicate.

    `messages` are the case's own, oldest first, with `connector`, `state`, `sentence` and `done_at_text`; states are
    the outcomes of a receipt, `held` and `unsent` for what is not made, and `sent` or `sending` while the answer is
    awaited. Any other state waits, and so does what the worker has not been asked about yet.
    """
    if YEARLY not in facts or case.person is None:
        return None
    own = [one for one in messages if getattr(one, "connector", "") == "siasn"]
    if own:
        return _of_message(own[-1])
    why = why_not(case)
    return _say("good", f"{UNSENT}: {why}") if why else _say("wait", WAITS)


def _of_message(message: object) -> Fragment:
    state, sentence = (str(getattr(message, name, "") or "") for name in ("state", "sentence"))
    if state == "accepted":
        day = str(getattr(message, "done_at_text", "") or "")
        return _say("good", f"Diterima BKN {day}".rstrip())
    if state == "unsent":
        return _say("good", f"{UNSENT}: {sentence}")
    if state == "held":
        return _say("bad", "Belum dapat dikirim ke BKN", sentence)
    if state == "refused":
        return _say("bad", "Ditolak BKN", sentence.removeprefix("Ditolak: "))
    if state in ("sent", "sending"):
        return _say("wait", "Terkirim, menunggu jawaban BKN")
    if state == "stop":  # its sentence is for whoever runs the server
        return _say("wait", WAITS, "Pengiriman sedang terhenti. Ini tugas pengelola aplikasi.")
    return _say("wait", WAITS, sentence)


def _say(tone: str, label: str, sentence: str = "") -> Fragment:
    return Fragment(TEMPLATE, {"tone": tone, "label": label, "sentence": sentence})
