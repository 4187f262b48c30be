"""The tables of a scheme's file: every key of one year's rules, table by table as they stand in the file.

The keys are the field's own words, so that someone who knows the rules can read and mend the file.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kinerja.contracts.basics import Condition, Json
from kinerja.contracts.rules import (
    Document,
    EvidenceRule,
    Matrix,
    Need,
    Participation,
    PeriodRule,
    RelationRule,
    StageRule,
    Window,
)
from kinerja.rules.reader import Key, Shape, Table
from kinerja.rules.shapes import (
    ANY_DAY,
    ANYTHING,
    CONDITION,
    DAY,
    FLAG,
    TEXT,
    WORDS,
    YEAR_LABEL,
    YEARS,
    by_name,
    many,
    one_of,
)

PLACES = ("satuan", "atas", "binaan", "ditunjuk", "ikut")
UNIT = "satuan"
"""The key under `[hubungan]` for cases whose subject is a unit."""
WARNINGS = "penegasan"
"""The switch by which a scheme puts words of its own beside rows of a stage's table."""


def _period(ends: Any, closes: Any, **given: Any) -> PeriodRule:
    return PeriodRule(ends=ends, closes=closes or ends, **given)


def _stage(switches: dict[str, Json], **given: Any) -> StageRule:
    return StageRule(flow=switches.pop("dasar"), switches=switches, **given)


def _participation(**given: Any) -> Participation:
    rule = Participation(**given)
    if rule.answer == "tidak" and not rule.reason:
        raise ValueError("jawaban «tidak» harus punya «alasan»")
    return rule


def _relation(text: Any, when: Condition, stays: bool, sumber: str, provisional: bool) -> RelationRule:
    role, _, place = text.partition(" @ ")
    if place not in PLACES:
        raise ValueError(f"«{text}» harus peran @ tempat, tempat salah satu dari {', '.join(PLACES)}")
    return RelationRule(role, place, when, stays)


def _matrix(
    rows: tuple[str, ...], columns: tuple[str, ...], values: tuple[tuple[str, ...], ...], sumber: str
) -> Matrix:
    if len(values) != len(rows) or any(len(line) != len(columns) for line in values):
        raise ValueError(f"«nilai» harus {len(rows)} baris dan {len(columns)} kolom")
    return Matrix(rows, columns, values)


PERIOD = Table(
    "[[periode]]",
    " [[periode]]",
    make=_period,
    named="kunci",
    ordered=("mulai", "akhir", "ditutup"),
    keys=(
        Key("kunci", "Nama periode ini di dalam skema.", TEXT, "key", must=True),
        Key(
            "label",
            "Yang dibaca orang; {tahun} menjadi tahunnya, {tahun_akhir} tahun hari terakhirnya.",
            YEAR_LABEL,
            must=True,
        ),
        Key("mulai", "Hari pertama.", DAY, "starts", must=True),
        Key("akhir", "Hari terakhir.", DAY, "ends", must=True),
        Key("ditutup", "Hari terakhir untuk menulis; tanpa kunci ini sama dengan akhir.", DAY, "closes"),
        Key("induk", "Kunci periode di atasnya, misalnya tahun dari sebuah semester.", TEXT, "parent"),
        Key("lanjut_dari", "Kunci periode sebelumnya, yang jawabannya boleh dibawa.", TEXT, "follows"),
        Key(
            "tahap",
            "Tahap yang menjadi bagiannya; tanpa kunci ini semua yang tidak diambil periode lain.",
            WORDS,
            "stages",
        ),
        Key(
            "dibuka_hari_sebelum",
            "Berapa hari sebelum hari pertama periode dibuka.",
            Shape("jumlah hari", int, 0, limits=(0, 366)),
            "opens_before",
        ),
    ),
)

WINDOW = Table(
    "[[tahap.jendela]]",
    " [[jendela]] ke-{0}",
    make=Window,
    ordered=("buka", "tutup"),
    keys=(
        Key("untuk", "Untuk siapa hari-hari ini berlaku.", CONDITION, "applies"),
        Key("buka", "Hari pertama.", ANY_DAY, "opens", must=True),
        Key("tutup", "Hari terakhir.", ANY_DAY, "closes", must=True),
        Key("keras", "true: sesudahnya tidak dapat diajukan lagi; bila tidak, harinya anjuran.", FLAG, "hard"),
        Key("sumber", "Di mana hari-hari itu tertulis.", TEXT, "source"),
        Key("provisional", "true selama sumbernya belum pasti.", FLAG),
    ),
)

NEED = Table(
    "butuh",
    " butuh",
    make=Need,
    keys=(
        Key("fakta", "Nama fakta yang ditunggu.", TEXT, "fact", must=True),
        Key(
            "dari",
            "Milik siapa faktanya.",
            one_of(kasus="case", satuan="unit", sebelumnya="previous", anak="children"),
            "of",
            default="kasus",
        ),
        Key("bila", "Syarat kapan fakta itu dibutuhkan.", CONDITION, "when"),
        Key("pemilik", "Hubungan yang dapat mengadakannya, dan mendapat giliran.", TEXT, "owner"),
        Key("pesan", "Kalimat yang tampil selama menunggu.", TEXT, "message"),
        Key(
            "pesan_nanti",
            "Kalimat selama hari untuk mengadakannya belum tiba; {hari} menjadi hari itu.",
            TEXT,
            "early",
        ),
    ),
)

WARNING = Table(
    "penegasan",
    " penegasan",
    keys=(
        Key("baris", "Id baris alur yang diberi kalimat.", TEXT, must=True),
        Key("kalimat", "Kalimat yang dibaca sebelum baris itu ditempuh.", TEXT, must=True),
        Key("bila", "Syarat tentang profil, hubungan, dan fakta.", CONDITION),
    ),
)

FLOW = Table(
    "alur",
    " alur",
    lacks="{within}: «alur» harus menyebut «{key}»",
    keys=(
        Key("dasar", "Nama alur tahap ini.", TEXT, must=True),
        Key(
            WARNINGS,
            "Kalimat sebelum sebuah baris, ganti kalimatnya sendiri; yang pertama cocok.",
            many(WARNING),
        ),
    ),
    others="Setiap kunci lain adalah pengatur yang dikenal tahapnya.",
)

STAGE = Table(
    "[[tahap]]",
    " [[tahap]]",
    make=_stage,
    named="id",
    keys=(
        Key("id", "Id tahap, seperti dinamai plugin yang membawanya.", TEXT, must=True),
        Key("label", "Yang dibaca orang.", TEXT, must=True),
        Key(
            "subjek",
            "Kasus milik siapa.",
            one_of(orang="person", satuan="unit"),
            "subject",
            must=True,
        ),
        Key("langkah", "Id langkah-langkahnya, menurut urutan.", WORDS, "steps", must=True),
        Key("alur", "Alur dasar tahap ini dan pengaturnya.", FLOW, "switches", must=True),
        Key("jendela", "Hari-harinya; yang pertama cocok berlaku.", many(WINDOW), "windows"),
        Key("butuh", "Fakta yang ditunggu tahap ini.", many(NEED), "needs"),
    ),
)

PARTICIPATION = Table(
    "[[peserta]]",
    " [[peserta]]",
    make=_participation,
    keys=(
        Key(
            "jawab",
            "Apakah orang yang cocok ikut.",
            one_of(**{word: word for word in ("wajib", "dianjurkan", "boleh", "tidak")}),
            "answer",
            must=True,
        ),
        Key("bila", "Syarat tentang profil orangnya.", CONDITION, "when"),
        Key("alasan", "Kalimat yang menjelaskan jawabannya; harus ada untuk «tidak».", TEXT, "reason"),
        Key("ke", "Di mana mengisi selain di sini.", TEXT, "elsewhere"),
        Key("pengubah", "Siapa yang dapat mengubah data yang menjadi dasar jawabannya.", TEXT, "changer"),
        Key("sumber", "Di mana aturannya tertulis.", TEXT, "source"),
        Key("provisional", "true selama sumbernya belum pasti.", FLAG),
    ),
)

RELATION = Table(
    "hubungan",
    " [hubungan].{0}.{1}",
    make=_relation,
    short="siapa",
    keys=(
        Key("siapa", "Peran @ tempat; boleh ditulis langsung bila tanpa syarat.", TEXT, "text", must=True),
        Key(
            "bila",
            "Syarat tentang profil, dan diri: apakah aturan sebelumnya hanya menemukan orang itu sendiri.",
            CONDITION,
            "when",
        ),
        Key(
            "tetap",
            "true: sesudah hari terakhir periode tetap pada siapa yang ditemukan hari itu, juga sesudah pindah, selama masih "
            "bertugas; sesudah itu pada siapa yang ditemukan sekarang.",
            FLAG,
            "stays",
        ),
        Key("sumber", "Di mana aturannya tertulis.", TEXT),
        Key("provisional", "true selama sumbernya belum pasti.", FLAG),
    ),
)

STEP_LABEL = Table(
    "label_untuk",
    " label_untuk",
    keys=(
        Key("label", "Nama langkahnya.", TEXT, must=True),
        Key("bila", "Syarat tentang profil.", CONDITION),
        Key("sumber", "Di mana nama itu ditemukan.", TEXT),
    ),
)

STEP = Table(
    "[langkah]",
    " [langkah.{0}]",
    keys=(
        Key("label", "Nama langkah ini bagi orang; tanpa kunci ini nama dari pluginnya.", TEXT),
        Key("lanjut", "Kata pada tombol ke langkah berikutnya.", TEXT),
        Key("untuk", "Syarat; kasus yang tidak cocok tidak punya langkah ini.", CONDITION),
        Key("label_untuk", "Nama lain untuk sebagian kasus; yang pertama cocok menang.", many(STEP_LABEL)),
    ),
    others="Setiap kunci lain adalah pilihan yang dikenal langkahnya.",
)

EVIDENCE = Table(
    "[[bukti]]",
    " [[bukti]]",
    make=EvidenceRule,
    keys=(
        Key("butir", "Jenis butir yang diberi bukti.", TEXT, "item", must=True),
        Key("penyedia", "Hubungan yang memberinya.", TEXT, "provider", must=True),
        Key("cara", "Id cara memberi bukti.", TEXT, "handler", must=True),
        Key(
            "lingkup",
            "Untuk tiap kasus, atau sekali untuk satuannya.",
            one_of(kasus="case", satuan="unit"),
            "scope",
            default="kasus",
        ),
        Key("label", "Apa yang diminta.", TEXT),
        Key("aturan", "Pilihan bagi cara memberi bukti.", ANYTHING, "options"),
        Key("bila", "Syarat kapan diminta; untuk satu jenis butir yang pertama cocok.", CONDITION, "when"),
    ),
)

MATRIX = Table(
    "[matriks]",
    " [matriks.{0}]",
    make=_matrix,
    keys=(
        Key("sumber", "Di mana tertulis.", TEXT),
        Key("baris", "Id barisnya, yang terbaik dahulu.", WORDS, "rows", must=True),
        Key("kolom", "Id kolomnya, yang terbaik dahulu.", WORDS, "columns", must=True),
        Key("nilai", "Isi tiap baris, masing-masing sepanjang kolomnya.", many(WORDS), "values", must=True),
    ),
)

DOCUMENT = Table(
    "[[dokumen]]",
    " [[dokumen]]",
    make=Document,
    keys=(
        Key("judul", "Nama peraturan atau panduan.", TEXT, "title", must=True),
        Key("keterangan", "Isinya dalam satu baris.", TEXT, "about"),
        Key("isi", "Yang dikatakannya, dengan kata-kata sendiri.", TEXT, "text"),
        Key("alamat", "Di mana penerbitnya menyimpannya.", TEXT, "address"),
        Key("provisional", "true selama naskahnya belum dibaca seluruhnya.", FLAG),
    ),
)

SCHEME = Table(
    "skema",
    "",
    make=dict,
    keys=(
        Key("tahun", "[pertama, terakhir]; terakhir 0 selama belum berakhir.", YEARS, "years", must=True),
        Key("id", "Nama skema di basis data; jangan pernah diubah.", TEXT, must=True),
        Key("label", "Yang dibaca orang.", TEXT, must=True),
        Key("sumber", "Peraturan yang diikuti.", WORDS, "sources"),
        Key("periode", "Periode dalam setahun.", many(PERIOD), "periods", must=True),
        Key("tahap", "Tahap-tahapnya.", many(STAGE), "stages", must=True),
        Key(
            "peserta",
            "Siapa yang ikut: yang pertama cocok menang, tanpa yang cocok tidak ikut.",
            many(PARTICIPATION),
            "participants",
            must=True,
        ),
        Key(
            "hubungan",
            "Siapa berhubungan dengan kasus, menurut peran subjeknya.",
            by_name(by_name(many(RELATION))),
            "relations",
            must=True,
        ),
        Key(
            "langkah",
            'Nama dan pilihan tiap langkah; "tahap/langkah" untuk satu tahap saja.',
            by_name(STEP),
            "steps",
            must=True,
        ),
        Key("bukti", "Bukti yang diminta.", many(EVIDENCE), "evidence"),
        Key("matriks", "Tabel nilai, menurut namanya.", by_name(MATRIX), "matrices"),
        Key("kata", "Kata skema ini untuk sebuah id.", by_name(TEXT), "words"),
        Key("dokumen", "Peraturan dan panduan untuk dibaca.", many(DOCUMENT), "documents"),
        Key("isi", "Jenis isi yang disimpan bersama aturan ini.", WORDS, "contents"),
        Key("isi_wajib", "Jenis isi yang tanpanya kasus tidak dapat dimulai.", WORDS, "required"),
        Key("penata", "Hubungan yang mendapat giliran bila tidak ada pemegangnya.", TEXT, "vacant"),
        Key(
            "kasus_rangkap",
            "Syarat kapan tugas di samping yang utama punya kasus sendiri; tanpa kunci ini tidak pernah.",
            replace(CONDITION, empty=None),
            "also",
        ),
        Key("penutup", "Hubungan yang boleh mengakhiri kasus lebih awal, dengan alasan.", WORDS, "closers"),
    ),
)
