"""Read getSekolah and getGtk into what the kernel imports. Pure: bytes and lists in, values out.

Nothing ends because somebody is missing: in July half a school may be gone from Dapodik for two weeks.
Source: the project's integration notes 3.4 (school) and 3.9 (matching).
"""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import Content, ImportRows, Json, RowProblem, UnitRow, UnitView
from kinerja_dapodik.answers import Answer, Unusable, answer
from kinerja_dapodik.people import People
from kinerja_dapodik.words import Lookup, plain, text

KINDS = ("post_kinds", "employment_kinds", "unit_kinds", "ranks")
SECTORS = {"1": "negeri", "2": "swasta", "negeri": "negeri", "swasta": "swasta"}
SWAPPED = "Berkas {service} berisi jawaban layanan lain; mungkin dua berkas itu tertukar. Pilih berkasnya sekali lagi. "
OTHER_SCHOOL = (
    "Berkas milik sekolah lain: getSekolah memuat {theirs}, sedangkan Anda mengimpor untuk {ours}. "
    "Pilih berkas dari Dapodik sekolah ini, atau pindah ke sekolah yang benar, lalu impor lagi."
)
NO_NPSN = (
    "{unit} belum punya NPSN di Kinerja, sehingga berkas Dapodik tidak bisa dipastikan miliknya. "
    "Minta admin dinas mengisi NPSN, lalu impor lagi."
)
NO_LISTS = (
    "Daftar acuan {kinds} tidak aktif di Kinerja, sehingga berkas Dapodik tidak bisa diterjemahkan. "
    "Minta admin mengaktifkannya, lalu impor lagi."
)
PARTIAL = (
    "Berkas getGtk memuat {got} baris, padahal Dapodik mencatat {said}. Yang ada tetap dibaca. "
    "Unduh ulang getGtk untuk yang belum terbaca."
)
UNKNOWN_KIND = "Bentuk pendidikan «{seen}» tidak ada di daftar acuan; {kept} dipertahankan. Beri tahu admin dinas."
NO_SECTOR = "Status sekolah (negeri atau swasta) kosong di berkas getSekolah. Lengkapi di Dapodik, lalu impor lagi."


def read(files: Mapping[str, bytes], unit: UnitView, contents: Mapping[str, Content]) -> ImportRows:
    """Read a school's two files. Called in the worker for the preview and the import; never raises for a wrong file.

    A file that cannot be used gives no unit and one fatal problem at row 0 for each cause.
    """
    wrong: list[str] = []
    answers: dict[str, Answer] = {}
    for key, service, mark in (("sekolah", "getSekolah", "npsn"), ("gtk", "getGtk", "ptk_id")):
        try:
            answers[key] = _answer(service, files.get(key, b""), mark)
        except Unusable as problem:
            wrong.append(str(problem))
    missing = [kind for kind in KINDS if kind not in contents]
    if missing:
        wrong.append(NO_LISTS.format(kinds=", ".join(missing)))
    school = _school(answers["sekolah"], unit, wrong) if "sekolah" in answers else None
    if wrong or school is None:
        return ImportRows(None, (), tuple(RowProblem(0, "", sentence) for sentence in wrong))

    lookups = {kind: Lookup(contents[kind]) for kind in KINDS}
    row, problems = _unit(school, unit, lookups["unit_kinds"])
    staff = answers["gtk"]
    if staff.said is not None and staff.said > len(staff.rows):
        problems.append(RowProblem(0, "", PARTIAL.format(got=len(staff.rows), said=staff.said), fatal=False))
    people = People(row.npsn, lookups["post_kinds"], lookups["employment_kinds"], lookups["ranks"])
    read_people, doubts = people.read(staff.rows)
    return ImportRows(row, read_people, (*problems, *doubts))


def _answer(service: str, body: bytes, mark: str) -> Answer:
    found = answer(service, body)
    if not any(mark in row for row in found.rows):
        raise Unusable(service, SWAPPED)
    return found


def _school(found: Answer, unit: UnitView, wrong: list[str]) -> Mapping[str, Json] | None:
    """The row of this very school; adds to `wrong` where there is none."""
    if not unit.npsn:
        wrong.append(NO_NPSN.format(unit=unit.name))
        return None
    for row in found.rows:
        if text(row, "npsn") == unit.npsn:
            return row
    first = found.rows[0]
    theirs = f"{text(first, 'nama') or 'sekolah tanpa nama'} (NPSN {text(first, 'npsn') or 'kosong'})"
    wrong.append(OTHER_SCHOOL.format(theirs=theirs, ours=f"{unit.name} (NPSN {unit.npsn})"))
    return None


def _unit(school: Mapping[str, Json], unit: UnitView, kinds: Lookup) -> tuple[UnitRow, list[RowProblem]]:
    name = text(school, "nama") or unit.name
    problems: list[RowProblem] = []
    kind = kinds.find(school, "bentuk_pendidikan_id")
    if kind is None:
        seen = text(school, "bentuk_pendidikan_id_str") or text(school, "bentuk_pendidikan_id") or "kosong"
        problems.append(RowProblem(1, name, UNKNOWN_KIND.format(seen=seen, kept=unit.kind), fatal=False))
    attributes: dict[str, str] = {}
    status = text(school, "status_sekolah_str") or text(school, "status_sekolah")
    if plain(status) in SECTORS:
        attributes["satuan"] = SECTORS[plain(status)]
    else:
        problems.append(RowProblem(1, name, NO_SECTOR, fatal=False))
    area = text(school, "kecamatan").removeprefix("Kec.").strip()
    if area:
        attributes["kecamatan"] = area
    return UnitRow(1, text(school, "npsn"), name, kind.id if kind else unit.kind, attributes), problems
