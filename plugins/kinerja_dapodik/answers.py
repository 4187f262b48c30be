"""Get the rows out of what Dapodik's web service answered.

Dapodik says 200 to everything: a refusal is plain text, an error page is HTML, and JSON comes as text/html. So only the
body counts. Source: the project's integration notes 3.2 (envelope) and 3.3 (errors).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from kinerja import Json

PASSWORD = "password"
AGAIN = "Unduh ulang {service} dari Dapodik, lalu impor lagi."
REFUSALS = (
    (
        "Access denied",
        "Berkas {service} berisi penolakan dari Dapodik («Access denied»), bukan data, karena token salah atau alamat "
        "komputer belum diizinkan. Di Dapodik buka Pengaturan, Web Service; periksa token dan alamat IP. ",
    ),
    (
        "Parameter NPSN",
        "Berkas {service} berisi pesan Dapodik «Parameter NPSN harap diisi», bukan data, karena permintaannya tanpa "
        "NPSN. Tambahkan NPSN sekolah pada permintaan. ",
    ),
    (
        "Sekolah tidak ditemukan",
        "Berkas {service} berisi pesan Dapodik «Sekolah tidak ditemukan», bukan data, karena NPSN yang diminta bukan "
        "milik Dapodik di komputer itu. Periksa NPSN-nya. ",
    ),
)
HTML = (
    "Berkas {service} adalah halaman web (HTML), bukan data, biasanya karena nama layanan salah tulis: huruf besar dan "
    "kecil berpengaruh, tulislah {service}. "
)
REFUSED = "Berkas {service} berisi penolakan dari Dapodik («{message}»), bukan data. Selesaikan dulu sebabnya. "
MISSING = "Berkas {service} belum ada atau kosong, sehingga tidak ada yang bisa dibaca. "
BINARY = "Berkas {service} bukan teks JSON (mungkin Excel, ZIP, atau PDF), sehingga tidak bisa dibaca. "
CUT = "Berkas {service} terpotong atau rusak: isinya mulai seperti JSON, tetapi tidak utuh. "
OTHER = "Berkas {service} berisi teks lain, bukan jawaban {service} dari Dapodik. "
ACCOUNTS = (
    "Berkas {service} memuat kata sandi: ini daftar akun, jawaban getPengguna, bukan {service}. Tidak ada yang dibaca, "
    "dan berkasnya dihapus dari Kinerja. Hapus juga salinan di komputer Anda bila tidak diperlukan. "
)
NO_ROWS = "Berkas {service} memang JSON, tetapi tidak memuat daftar data Dapodik. Mungkin salah pilih berkas. "
EMPTY = "Berkas {service} tidak memuat satu baris pun, sehingga tidak ada yang diubah. Periksa dulu isi Dapodik. "


class Unusable(Exception):
    """A file from which nothing can be taken; the sentence says what it is, why, and what the operator does now."""

    def __init__(self, service: str, sentence: str, **words: str) -> None:
        super().__init__((sentence + AGAIN).format(service=service, **words))


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of an answer, and how many Dapodik said there are (None where it does not say)."""

    rows: tuple[Mapping[str, Json], ...]
    said: int | None = None


def answer(service: str, body: bytes) -> Answer:
    """Read one saved answer. Called for every upload; anything without rows raises Unusable."""
    data = _json(service, _text(service, body))
    if _has_passwords(data):
        raise Unusable(service, ACCOUNTS)
    said = None
    if isinstance(data, dict):
        if str(data.get("success", "")).casefold() == "false":
            raise Unusable(service, REFUSED, message=str(data.get("message") or "tanpa penjelasan")[:200])
        said = _number(data.get("results"))
        data = data["rows"] if "rows" in data else data.get("datas")
    rows = [data] if isinstance(data, dict) else data
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unusable(service, NO_ROWS)
    if not any(rows):
        raise Unusable(service, EMPTY)
    return Answer(tuple(rows), said)


def _text(service: str, body: bytes) -> str:
    try:
        text = body.decode("utf-8-sig").strip()
    except UnicodeDecodeError as problem:
        raise Unusable(service, BINARY) from problem
    if not text:
        raise Unusable(service, MISSING)
    return text


def _json(service: str, text: str) -> Json:
    if text[0] not in "{[":  # an error page may hold braces inside; only the first character tells
        for start, sentence in REFUSALS:
            if text.casefold().startswith(start.casefold()):
                raise Unusable(service, sentence)
        if text.startswith("<"):
            raise Unusable(service, HTML)
        raise Unusable(service, BINARY if "\0" in text else OTHER)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise Unusable(service, CUT) from problem


def _has_passwords(data: Json) -> bool:
    """Whether a key for passwords stands anywhere in a file, whatever else is in it."""
    left = [data]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            if any(PASSWORD in str(key).casefold() for key in one):
                return True
            left += one.values()
        elif isinstance(one, list):
            left += one
    return False


def _number(value: Json) -> int | None:
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 10 else None
