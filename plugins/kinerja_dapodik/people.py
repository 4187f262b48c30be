"""Turn the rows of getGtk into people and what they hold at this school.

A row is left out only where nobody can say whose it is or where the person belongs; every other doubt is told and the
row is taken. Source: the project's integration notes 3.5, 3.7 and 3.9; users §4 (promoted heads, PPPK, PNS Depag).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kinerja import AssignmentRow, Entry, Json, PersonRow, RowProblem
from kinerja_dapodik.identity import birth_doubt, day, ids, older, twice
from kinerja_dapodik.words import Lookup, name, plain, text

HEAD = "kepala-sekolah"
STAFF = "tendik"
STAFF_KIND = "tenaga-kependidikan"
NOT_ASN = "non-asn"
MINISTRY_OF_RELIGION = "pns depag"
HOME = {"1": True, "0": False}
SEXES = {"L": "L", "P": "P"}

NO_NAME = "Nama kosong, sehingga baris ini belum diimpor. Isi nama di Dapodik, lalu impor lagi."
NO_ID = "NIP, NUPTK, dan ptk_id kosong semua, sehingga baris ini belum diimpor. Unduh ulang getGtk, lalu impor lagi."
NO_HOME = (
    "Keterangan sekolah induk (ptk_induk) kosong, sehingga baris ini belum diimpor. "
    "Isi penugasan sekolah induk di Dapodik, lalu impor lagi."
)
NO_SINCE = "Tanggal surat tugas kosong atau salah, jadi TMT belum ada. Isi di Dapodik atau lengkapi di Kinerja."
NO_BIRTH = "Tanggal lahir kosong atau salah, jadi NIP belum bisa dicocokkan. Perbaiki di Dapodik, lalu impor lagi."
UNKNOWN_POST = (
    "Jenis PTK «{seen}» tidak ada di daftar acuan, jadi sementara dibaca sebagai {read_as}. "
    "Perbaiki di Dapodik, atau minta admin melengkapi daftar acuan."
)
UNKNOWN_EMPLOYMENT = (
    "Status kepegawaian «{seen}» tidak ada di daftar acuan, jadi sementara dibaca sebagai Non-ASN. "
    "Perbaiki di Dapodik, atau minta admin melengkapi daftar acuan."
)
UNKNOWN_RANK = (
    "Golongan «{seen}» tidak ada di daftar acuan dan dibiarkan apa adanya. Perbaiki riwayat kepangkatan di Dapodik."
)
NUMBERLESS = (
    "Status kepegawaian {kind}, tetapi {number} kosong. Orangnya tetap diambil. "
    "Isi {number} di Dapodik atau Verval PTK, atau perbaiki statusnya."
)
LISTED_TWICE = (
    "Orang yang sama tertulis lagi di baris {newer}. Yang dipakai baris {newer}, karena lebih baru; baris ini dilewati. "
    "Pastikan baris itu yang benar."
)
ACTING = (
    "Jabatan «{seen}» tidak dicatat dari Dapodik, karena Plt. dan Plh. memerlukan SK dan tanggalnya. "
    "Minta admin dinas mencatat penugasannya di Kinerja."
)


class People:
    """Reads all rows of one school's getGtk with the region's lists of posts, employment and ranks."""

    def __init__(self, npsn: str, posts: Lookup, employments: Lookup, ranks: Lookup) -> None:
        self.npsn = npsn
        self.posts = posts
        self.employments = employments
        self.ranks = ranks

    def read(self, rows: Sequence[Mapping[str, Json]]) -> tuple[tuple[PersonRow, ...], tuple[RowProblem, ...]]:
        """The people of all rows, and every problem with its row from 1; a fatal one keeps its row out."""
        names = [name(text(row, "nama")) or "tanpa nama" for row in rows]
        listed_before = older(rows, names)
        shared = twice(rows, names, listed_before)
        people: list[PersonRow] = []
        problems: list[RowProblem] = []
        for number, (row, who) in enumerate(zip(rows, names, strict=True), 1):
            if number in listed_before:
                doubt = LISTED_TWICE.format(newer=listed_before[number])
                problems.append(RowProblem(number, who, doubt, fatal=False))
                continue
            refused = shared.get(number) or _refusal(row)
            if refused:
                problems.append(RowProblem(number, who, refused))
                continue
            doubts: list[str] = []
            people.append(self._person(number, row, doubts))
            problems += [RowProblem(number, who, doubt, fatal=False) for doubt in doubts]
        return tuple(people), tuple(problems)

    def _person(self, number: int, row: Mapping[str, Json], doubts: list[str]) -> PersonRow:
        found, wrong = ids(row)
        doubts += wrong
        born = day(row, "tanggal_lahir")
        doubts += [doubt for doubt in (birth_doubt(found.get("nip", ""), born), "" if born else NO_BIRTH) if doubt]
        role, kind = self._post(row, doubts)
        employment, attributes = self._employment(row, doubts)
        doubts += self._numberless(employment, row)
        rank, level = self._rank(row, doubts)
        since = day(row, "tanggal_surat_tugas")
        if since is None:
            doubts.append(NO_SINCE)
        home = HOME[text(row, "ptk_induk")]
        return PersonRow(
            row=number,
            name=name(text(row, "nama")),
            ids=found,
            sex=SEXES.get(text(row, "jenis_kelamin").upper(), ""),
            born=born,
            employment=employment,
            rank=rank,
            level=level if employment == "pns" and role != STAFF else "",
            attributes={"jenis_ptk": kind, **attributes},
            assignments=(AssignmentRow(role, self.npsn, "definitif", since=since, home=home),),
        )

    def _post(self, row: Mapping[str, Json], doubts: list[str]) -> tuple[str, str]:
        """Role and kind of post: a promoted head often stays «Guru» in jenis_ptk and is head only in jabatan_ptk.

        The numbers of jabatan_ptk are another list than those of jenis_ptk, so only its words count.
        """
        title = text(row, "jabatan_ptk_id_str") or text(row, "jabatan_ptk_id")
        office = self.posts.word(title)
        if plain(title).startswith(("plt ", "plh ")):
            doubts.append(ACTING.format(seen=title))
        post = self.posts.find(row, "jenis_ptk_id")
        seen = text(row, "jenis_ptk_id_str") or text(row, "jenis_ptk_id")
        role = _role(post) if post else STAFF
        if office and _role(office) == HEAD:
            if role == STAFF and (post or not seen):
                return HEAD, office.id
            role, read_as = HEAD, office.label
        else:
            read_as = "Tenaga kependidikan"
        if post is None:
            doubts.append(UNKNOWN_POST.format(seen=seen or "kosong", read_as=read_as))
            return role, plain(seen)
        return role, STAFF_KIND if role == STAFF else post.id

    def _employment(self, row: Mapping[str, Json], doubts: list[str]) -> tuple[str, dict[str, str]]:
        """Kind of employment; a teacher of the Ministry of Religious Affairs is a PNS, but not of this region."""
        seen = text(row, "status_kepegawaian_id_str") or text(row, "status_kepegawaian_id")
        if plain(seen) == MINISTRY_OF_RELIGION:
            return "pns", {"induk": "kemenag"}
        entry = self.employments.find(row, "status_kepegawaian_id")
        if entry is None:
            doubts.append(UNKNOWN_EMPLOYMENT.format(seen=seen or "kosong"))
        return entry.id if entry else NOT_ASN, {}

    def _numberless(self, employment: str, row: Mapping[str, Json]) -> list[str]:
        """A sentence where this kind of employment comes with a number and the row has none; a wrong one is told anyway."""
        entry = self.employments.word(employment)
        wanted = str(entry.data.get("wajib_nomor", "")) if entry else ""
        if entry is None or not wanted or text(row, wanted).strip("0 "):
            return []
        return [NUMBERLESS.format(kind=entry.label, number=entry.data.get("nomor") or wanted.upper())]

    def _rank(self, row: Mapping[str, Json], doubts: list[str]) -> tuple[str, str]:
        """The rank, empty for a dash, and the post level that the list of ranks gives it."""
        seen = text(row, "pangkat_golongan_terakhir")
        entry = self.ranks.word(seen)
        if seen and entry is None:
            doubts.append(UNKNOWN_RANK.format(seen=seen))
        return (entry.id, str(entry.data.get("jenjang", ""))) if entry else (seen, "")


def _refusal(row: Mapping[str, Json]) -> str:
    """Why a row cannot be taken at all, or nothing."""
    if not text(row, "nama"):
        return NO_NAME
    if not ids(row)[0]:
        return NO_ID
    return "" if text(row, "ptk_induk") in HOME else NO_HOME


def _role(entry: Entry) -> str:
    return str(entry.data.get("peran", STAFF))
