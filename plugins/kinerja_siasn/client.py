"""Sends one yearly result to SIASN, so that sending twice is the same as once.

SIASN knows no key of idempotency and doubles what is saved twice, so the history is read before each save, and again
after a save whose answer was lost. Called by the worker only. No person's data and no secret is ever logged.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlencode

from kinerja import Json, Message, Receipt
from kinerja_siasn import tokens, transport, wire

KEY, SECRET = "KINERJA_SIASN_CONSUMER_KEY", "KINERJA_SIASN_CONSUMER_SECRET"
CLIENT, USER, PASSWORD = "KINERJA_SIASN_CLIENT_ID", "KINERJA_SIASN_USERNAME", "KINERJA_SIASN_PASSWORD"
TOKEN = "KINERJA_SIASN_SSO_TOKEN"
SECRETS = (KEY, SECRET, CLIENT, USER, PASSWORD, TOKEN)

URLS = {
    "apim_token_url": "alamat token APIM",
    "sso_token_url": "alamat token SSO",
    "api_url": "alamat layanan SIASN",
}
"""The addresses a region sets, with the words the settings page and our sentences use for them."""

OFFICE = "pengelola kepegawaian daerah (BKD/BKPSDM)"
"""Who mends refused data, where the region has set no name."""

_RETRY = 60
_JSON = {"Accept": "application/json"}
_pauses: dict[str, float] = {}
_pausing = threading.Lock()


class _Ended(Exception):
    """Sending ends here, with this receipt."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(receipt.sentence)
        self.receipt = receipt


@dataclass(frozen=True, slots=True)
class _Account:
    """Where and as whom we speak to SIASN."""

    apim_url: str
    sso_url: str
    api_url: str
    static: bool
    office: str
    rate: float
    secrets: Mapping[str, str]

    def key(self, kind: str) -> tuple[str, ...]:
        """Under which a token is kept; changed secrets are another key, and stand in it only as a digest."""
        digest = hashlib.sha256(json.dumps([self.secrets.get(name, "") for name in SECRETS]).encode()).hexdigest()
        return kind, self.apim_url, self.sso_url, digest


def send(message: Message, settings: Mapping[str, Json], secrets: Mapping[str, str]) -> Receipt:
    """Save one `skp22` result for the person with `payload["nip"]` at BKN.

    Receipt: accepted (saved, or SIASN already says the same), refused (data to be mended, with who mends it), again
    (after `wait` seconds), stop (an operator must mend settings, secrets or rights). Raises nothing for any answer.
    """
    try:
        if message.kind != "skp22":
            _stop(f"Pengiriman ke BKN berhenti: jenis kiriman «{message.kind}» tidak dikenal. Perbarui plugin SIASN.")
        account = _account(settings, secrets)
        _keep_pause(account)
        return _save(account, message.payload)
    except _Ended as end:
        return end.receipt


def forget() -> None:
    """Forget tokens and pauses, as a new process would."""
    tokens.forget()
    with _pausing:
        _pauses.clear()


# --- the walk -----------------------------------------------------------------------------------


def _save(account: _Account, payload: Mapping[str, Json]) -> Receipt:
    nip = str(payload.get("ids", {}).get("nip") or payload.get("nip") or "")
    if not re.fullmatch(r"[0-9]{18}", nip):
        _refuse(account, "NIP pegawai tidak terdiri dari 18 angka")
    try:
        body = wire.save_body(payload)
    except ValueError as problem:
        _refuse(account, str(problem))
    body["pnsDinilaiOrang"] = _person(account, nip)
    for _ in range(2):
        rows = _history(account, nip, body["tahun"])
        if known := next((row for row in rows if wire.same(row, body)), None):
            return Receipt("accepted", "Diterima BKN.", reference=str(known["id"]))
        saved = wire.update_of(rows[0], body) if rows else body
        answer = _call(account, "POST", "/skp22/save", saved)
        if answer.kind == "ok":
            return Receipt("accepted", "Diterima BKN.", reference=answer.reference or str(saved["id"] or ""))
        if answer.kind == "refused":
            _refuse(account, _complaint(answer))
        if answer.kind not in ("temporary", "empty"):
            _settle(account, answer)
    return _again(_RETRY)


def _person(account: _Account, nip: str) -> str:
    """SIASN's own id of a person. Ends with a refusal when BKN does not know the NIP."""
    answer = _call(account, "GET", f"/pns/data-utama/{nip}")
    if answer.kind == "refused":
        _refuse(account, _complaint(answer))
    if answer.kind not in ("ok", "empty"):
        _settle(account, answer)
    data = answer.data if isinstance(answer.data, Mapping) else {}
    if not data.get("id") or str(data.get("nipBaru") or nip).strip() != nip:
        _refuse(account, "NIP pegawai tidak ditemukan di SIASN")
    return str(data["id"])


def _history(account: _Account, nip: str, year: int) -> list[dict[str, Json]]:
    answer = _call(account, "GET", f"/pns/rw-skp22/{nip}")
    if answer.kind not in ("ok", "empty"):
        _settle(account, answer)
    return wire.rows_of_year(answer.data, year)


def _call(account: _Account, method: str, path: str, body: Json = None) -> wire.Answer:
    """One data call. A refused token is renewed once and the call repeated; a lost answer is «temporary».

    A save whose fate is unknown is never repeated here: its caller reads the history first.
    """
    renewed: set[str] = set()
    content = None if body is None else json.dumps(body).encode()
    while True:
        apim, sso = _apim(account), _sso(account)
        headers = {**_JSON, "Authorization": f"Bearer {apim}", "Auth": f"bearer {sso}"}
        if content is not None:
            headers["Content-Type"] = "application/json"
        answer = _ask(account, method, account.api_url + path, headers, content)
        worth = {kind for kind in answer.renew if kind not in renewed}
        if account.static:
            worth.discard("sso")
        if not worth:
            return answer
        for kind in worth:
            tokens.drop(account.key(kind), apim if kind == "apim" else sso)
        if answer.kind == "temporary" and method != "GET":
            return answer
        renewed |= worth


def _ask(account: _Account, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> wire.Answer:
    try:
        return wire.read_answer(*transport.request(method, url, headers, body, account.rate))
    except transport.Lost:
        return wire.Answer("temporary")
    except transport.Untrusted:
        _stop("Pengiriman ke BKN berhenti: sertifikat server tidak dapat dipercaya. Periksa alamat dan sertifikat CA.")


# --- tokens -------------------------------------------------------------------------------------


def _apim(account: _Account) -> str:
    pair = f"{account.secrets.get(KEY, '')}:{account.secrets.get(SECRET, '')}"
    headers = {**_JSON, "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    form = {"grant_type": "client_credentials"}
    return tokens.get(account.key("apim"), lambda: _fetch(account, account.apim_url, headers, form))


def _sso(account: _Account) -> str:
    if account.static:
        token = account.secrets[TOKEN]
        end = tokens.expiry(token)
        if end is not None and end <= time.time():
            _stop(f"Pengiriman ke BKN berhenti: token SSO sudah habis masanya. Masukkan token baru di {TOKEN}.")
        return token
    form = {
        "client_id": account.secrets.get(CLIENT, ""),
        "grant_type": "password",
        "username": account.secrets.get(USER, ""),
        "password": account.secrets.get(PASSWORD, ""),
    }
    return tokens.get(account.key("sso"), lambda: _fetch(account, account.sso_url, _JSON, form))


def _fetch(account: _Account, url: str, headers: Mapping[str, str], form: Mapping[str, str]) -> tuple[str, float]:
    """A new token and its life in seconds; ends the sending when the token server gives none."""
    headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
    try:
        status, raw = transport.request("POST", url, headers, urlencode(form).encode(), account.rate)
        told = json.loads(raw) if status == 200 else {}
        if isinstance(told, dict) and _headed(told.get("access_token")):
            return told["access_token"], float(told.get("expires_in") or 60)
    except (ValueError, TypeError, RecursionError):
        raise _Ended(_again(_RETRY)) from None
    except transport.Lost:
        raise _Ended(_again(_RETRY)) from None
    except transport.Untrusted:
        _stop("Pengiriman ke BKN berhenti: sertifikat server tidak dapat dipercaya. Periksa alamat dan sertifikat CA.")
    answer = wire.read_answer(status, raw)
    if answer.kind in ("throttled", "suspended", "temporary"):
        _settle(account, answer)
    which = "kunci aplikasi (consumer key)" if url == account.apim_url else "akun SSO operator"
    _stop(f"Pengiriman ke BKN berhenti: BKN menolak {which}. Periksa rahasia di server, lalu lanjutkan.")


# --- how sending ends ---------------------------------------------------------------------------


def _settle(account: _Account, answer: wire.Answer) -> NoReturn:
    """Ends with the receipt for an answer that is neither success nor a refusal of the data."""
    match answer.kind:
        case "throttled" | "suspended":
            with _pausing:
                _pauses[account.api_url] = time.monotonic() + answer.seconds
            raise _Ended(_again(answer.seconds))
        case "token_apim":
            _stop("Pengiriman ke BKN berhenti: BKN menolak token aplikasi. Periksa consumer key dan secret.")
        case "token_sso":
            _stop("Pengiriman ke BKN berhenti: BKN menolak token SSO. Periksa akun atau token SSO operator.")
        case "sso_mismatch":
            _stop(
                "Pengiriman ke BKN berhenti: akun SSO tidak terdaftar untuk aplikasi atau instansi ini. "
                "Minta BKN mencocokkan keduanya."
            )
        case "configuration" | "refused":
            _stop("Pengiriman ke BKN berhenti: alamat atau hak akses layanan belum benar. Periksa pengaturan SIASN.")
        case _:
            raise _Ended(_again(_RETRY))


def _keep_pause(account: _Account) -> None:
    """Ask nothing while SIASN told us to wait: thousands of waiting messages would each earn the same answer."""
    with _pausing:
        left = _pauses.get(account.api_url, 0.0) - time.monotonic()
    if left > 0:
        raise _Ended(_again(int(left) + 1))


def _again(seconds: int) -> Receipt:
    sentence = "Layanan BKN sedang sibuk atau terganggu. Kiriman diulang otomatis, Anda tidak perlu berbuat apa-apa."
    return Receipt("again", sentence, wait=seconds)


def _stop(sentence: str) -> NoReturn:
    raise _Ended(Receipt("stop", sentence))


def _refuse(account: _Account, why: str) -> NoReturn:
    sentence = f"Ditolak: {why}. Yang memperbaiki: {account.office}, lalu kirim ulang."
    raise _Ended(Receipt("refused", sentence))


def _complaint(answer: wire.Answer) -> str:
    """SIASN's reason in words: the fields it names, else its own sentence, cut to one line."""
    if answer.errors:
        named = [wire.LABELS.get(name, name) for name, _ in answer.errors]
        return f"BKN meminta perbaikan pada {', '.join(dict.fromkeys(named))}"
    return " ".join(answer.sentence.split())[:200].rstrip(".") or "BKN tidak menyebut alasannya"


def _account(settings: Mapping[str, Json], secrets: Mapping[str, str]) -> _Account:
    """Settings and secrets, checked: ends with a stop that names what is missing."""
    urls = {key: str(settings.get(key) or "").strip().rstrip("/") for key in URLS}
    static = settings.get("sso_mode") == "static_token"
    if missing := [label for key, label in URLS.items() if not urls[key] and not (static and key == "sso_token_url")]:
        _stop(f"Belum dapat mengirim ke BKN: {', '.join(missing)} belum diatur. Isi di pengaturan SIASN.")
    if wrong := [label for key, label in URLS.items() if urls[key] and not transport.usable(urls[key])]:
        _stop(f"Belum dapat mengirim ke BKN: {', '.join(wrong)} bukan alamat https yang benar. Perbaiki pengaturannya.")
    needed = (KEY, SECRET, TOKEN) if static else (KEY, SECRET, CLIENT, USER, PASSWORD)
    if missing := [name for name in needed if not secrets.get(name)]:
        _stop(f"Belum dapat mengirim ke BKN: rahasia {', '.join(missing)} belum diatur di server.")
    if static and not _headed(secrets[TOKEN].strip()):
        _stop(f"Belum dapat mengirim ke BKN: isi rahasia {TOKEN} bukan sebuah token. Perbaiki di server.")
    return _Account(
        apim_url=urls["apim_token_url"],
        sso_url=urls["sso_token_url"],
        api_url=urls["api_url"],
        static=static,
        office=str(settings.get("office") or "").strip() or OFFICE,
        rate=_rate(settings.get("requests_per_second")),
        secrets={name: secrets.get(name, "").strip() for name in SECRETS},
    )


def _headed(token: Json) -> bool:
    """Whether it can stand in a header; else the HTTP library would raise, with the token in its error."""
    return isinstance(token, str) and re.fullmatch(r"[!-~]+", token) is not None


def _rate(told: Json) -> float:
    """Requests a second; two where nothing usable is set, since BKN has published no limit."""
    return float(told) if isinstance(told, int | float) and told > 0 else 2.0
