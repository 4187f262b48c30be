"""What the simulator's SIASN knows of people and histories: contracts of saves, and how the same row is read back.

Source and confidence stand with each; H means several public clients agree, L means invented until BKN tells.
Every person is invented: any 18-digit NIP has one, always the same.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from kinerja import Json
from kinerja_siasn import wire

RATING_TEXT = {1: "DIATAS EKSPEKTASI", 2: "SESUAI EKSPEKTASI", 3: "DIBAWAH EKSPEKTASI"}
PREDICATE_TEXT = {1: "SANGAT BAIK", 2: "BAIK", 3: "BUTUH PERBAIKAN", 4: "KURANG", 5: "SANGAT KURANG"}


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of history: its save, its reading, and how names and numbers differ between the two (H).

    `numbers` are given as int, float or text in the history; `words` are (text field, number's field, its words).
    """

    save: str
    read: str
    person: str
    reference: str
    required: tuple[str, ...]
    renamed: Mapping[str, str]
    numbers: tuple[str, ...]
    words: tuple[tuple[str, str, Mapping[int, str]], ...] = ()


_RATED = ("hasilKinerjaNilai", "perilakuKerjaNilai", "kuadranKinerjaNilai")

RESOURCES = {
    "skp22": Resource(
        save="/skp22/save",
        read="/pns/rw-skp22/",
        person="pnsDinilaiOrang",
        reference="rwSkpId",
        required=(
            "pnsDinilaiOrang",
            "tahun",
            *_RATED,
            "statusPenilai",
            "penilaiNipNrp",
            "penilaiNama",
            "penilaiJabatan",
            "penilaiUnorNama",
        ),
        renamed={
            "pnsDinilaiOrang": "pnsDinilaiId",
            "perilakuKerjaNilai": "PerilakuKerjaNilai",
            "kuadranKinerjaNilai": "KuadranKinerjaNilai",
            "penilaiNama": "namaPenilai",
            "penilaiNipNrp": "nipNrpPenilai",
            "penilaiJabatan": "penilaiJabatanNm",
            "penilaiUnorNama": "penilaiUnorNm",
            "penilaiGolongan": "penilaiGolonganId",
        },
        numbers=("tahun", *_RATED),
        words=(
            ("hasilKinerja", "hasilKinerjaNilai", RATING_TEXT),
            ("perilakuKerja", "perilakuKerjaNilai", RATING_TEXT),
            ("kuadranKinerja", "kuadranKinerjaNilai", PREDICATE_TEXT),
        ),
    ),
    "kinerjaperiodik": Resource(
        save="/kinerjaperiodik/save",
        read="/pns/rw-kinerjaperiodik/",
        person="pnsDinilaiId",
        reference="rwKinerjaPeriodikId",  # L: no client shows it
        required=(
            "pnsDinilaiId",
            "periodikId",
            "koefisienId",
            "bulanMulaiPenilaian",
            "bulanSelesaiPenilaian",
            "tahunMulaiPenilaian",
            "tahunSelesaiPenilaian",
        ),
        renamed={
            "koefisienId": "koefisenId",
            "penilaiNama": "namaPenilai",
            "penilaiGolongan": "penilaiGolonganId",
            "penilaiUnorNama": "penilaiUnorNm",
            **dict.fromkeys(("bulanMulaiPenilaian", "bulanSelesaiPenilaian"), ""),
            **dict.fromkeys(("tahunMulaiPenilaian", "tahunSelesaiPenilaian"), ""),
        },
        numbers=("tahun", *_RATED),
        words=(
            ("hasilKinerja", "hasilKinerjaNilai", RATING_TEXT),
            ("perilakuKerja", "perilakuKerjaNilai", RATING_TEXT),
            ("kuadranNilai", "kuadranKinerjaNilai", PREDICATE_TEXT),
        ),
    ),
    "angkakredit": Resource(
        save="/angkakredit/save",
        read="/pns/rw-angkakredit/",
        person="pnsId",
        reference="rwAngkaKreditId",
        required=(
            "pnsId",
            "rwJabatanId",
            "nomorSk",
            "tanggalSk",
            "bulanMulaiPenailan",
            "tahunMulaiPenailan",
            "bulanSelesaiPenailan",
            "tahunSelesaiPenailan",
            "kreditBaruTotal",
        ),
        renamed={"pnsId": "pns", "rwJabatanId": "rwJabatan"},
        numbers=(),
    ),
}


def person_id(nip: str) -> str:
    """SIASN's id of the invented person with this NIP."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"simulator-siasn:{nip}"))


def person(nip: str) -> dict[str, Json]:
    """The `data-utama` of the invented person with this NIP; dates are dd-mm-yyyy (H), everybody is active."""
    turn = hashlib.sha256(nip.encode()).digest()
    names = ("SARI", "BUDI", "DEWI", "AGUS", "RINA", "JOKO", "MAYA", "TONO")
    return {
        "id": person_id(nip),
        "nipBaru": nip,
        "nama": f"{names[turn[0] % len(names)]} CONTOH {nip[-4:]}",
        "gelarDepan": "",
        "gelarBelakang": "S.Pd.",
        "tglLahir": f"{nip[6:8]}-{nip[4:6]}-{nip[:4]}",
        "kedudukanPnsId": "01",
        "kedudukanPnsNama": "Aktif",
        "golRuangAkhirId": "33",
        "golRuangAkhir": "III/c",
        "jenisJabatanId": "2",
        "jabatanNama": "Guru Ahli Muda",
        "unorId": "u-0001",
        "unorNama": "SDN CONTOH 1",
    }


def complaints(resource: Resource, body: Mapping[str, Json]) -> str:
    """SIASN's refusal text for a save (H on its form), or nothing. Names are Go's, so they begin with a capital.

    That codes out of range are refused is L; the quadrant is not checked against the ratings (unknown, L).
    """
    lines = [f"{_capital(name)} is required" for name in resource.required if body.get(name) in (None, "", 0)]
    for name in _RATED:
        most = 5 if name == "kuadranKinerjaNilai" else 3
        if body.get(name) and body[name] not in range(1, most + 1):
            lines.append(f"{_capital(name)} must be between 1 and {most}")
    bullets = "".join(f"\t* {line}\n" for line in lines)
    return f"{len(lines)} error{'s' * (len(lines) > 1)} occurred:\n{bullets}\n" if lines else ""


def row(resource: Resource, saved: Mapping[str, Json], numbers: str) -> dict[str, Json]:
    """A saved record as the history shows it: other names, numbers as the switch says, `path` as an object (H)."""
    shown: dict[str, Json] = {"id": saved["id"]}
    for name, value in saved.items():
        read = resource.renamed.get(name, name)
        if read and name not in ("id", "path"):
            shown[read] = _as(numbers, name, value) if name in resource.numbers else value
    for text, number, words in resource.words:
        shown[text] = words.get(saved.get(number) or 0, "")
    path = saved.get("path")
    shown["path"] = {str(one.get("dok_id")): one for one in path if isinstance(one, dict)} if path else None
    return shown


def agrees(saved: Mapping[str, Json]) -> bool:
    """Whether a record's predicate is the one of the matrix, for tests to look at."""
    pair = (saved.get("hasilKinerjaNilai") or 0, saved.get("perilakuKerjaNilai") or 0)
    return wire.QUADRANTS.get(pair) == saved.get("kuadranKinerjaNilai")


def is_nip(text: str) -> bool:
    return re.fullmatch(r"[0-9]{18}", text) is not None


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]


def _as(numbers: str, name: str, value: Json) -> Json:
    """`mixed` is what public recordings of fields suggest: text for the year and the quadrant, int for the rest."""
    if not isinstance(value, int):
        return value
    text = numbers == "string" or (numbers == "mixed" and name in ("tahun", "kuadranKinerjaNilai"))
    return str(value) if text else float(value) if numbers == "float" else value
