"""Every role plays its part of planning in Chromium, on a phone, under the rules of each year, with scripts and without.

On SQLite but for one; whole years are in test_journey.py, the same journeys through the kernel on both databases elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.browser.conftest import Visitor
from tests.browser.roles_world import Worlds
from tests.site import Site

pytestmark = pytest.mark.browser
Visit = Callable[[str], Visitor]

MOST_SCREENS, MOST_BYTES = 12, 120_000
"""From the sign-in page to the plan handed in, with nothing kept from a visit before."""
SCRIPTS = pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])
BARE = pytest.mark.parametrize("script", [False], ids=["no-scripts"])
HEAD, OFFICE = "Kepala Sekolah", "Kepala Dinas"
TAKEN = "Anda menyetujui rencana dengan penyesuaian. Sekarang: Menunggu disepakati."
MARK = "Rekomendasi dari Rapor Pendidikan"
REGIONAL = ("Pembina Kampung Literasi", "Pendamping Sekolah Pesisir", "Koordinator Muatan Lokal Bahari")
"""What the regulation of Kabupaten Contoh Bahari adds for teachers at an SMP."""
AGAIN = "Ke Praktik Kinerja"
POINTS = [
    AGAIN,
    "Ke Pengembangan Kompetensi",
    "Ke Tugas Tambahan",
    "Ke Perilaku Kerja",
    "Ke Rangkuman",
    "Lanjut Ajukan",
]
YEARLY = [
    "Ke Pelaksanaan Tugas Pokok",
    AGAIN,
    "Ke Tugas Tambahan",
    "Ke Perilaku Kerja",
    "Ke Rangkuman",
    "Lanjut Ajukan",
]


@pytest.fixture(scope="module")
def worlds(
    demo_templates: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Worlds]:
    def postgresql() -> str:
        return str(request.getfixturevalue("postgres_cluster").copy(demo_templates("postgresql")))

    with Worlds(demo_templates, tmp_path_factory.mktemp("roles"), postgresql) as worlds:
        yield worlds


@pytest.fixture
def when() -> str:
    """The world of a test; one about another year overrides it by parametrize."""
    return "2024"


@pytest.fixture
def site(worlds: Worlds, when: str) -> Site:
    return worlds(when)


def through(visitor: Visitor, role: str) -> Visitor:
    """Take up a role from the menu at the head of the page."""
    visitor.page.locator("header summary").click()
    visitor.follow(visitor.page.locator("header button", has_text=f"sebagai {role}").first)
    return visitor


def main(visitor: Visitor) -> str:
    return visitor.page.locator("main").inner_text()


def onward(visitor: Visitor) -> str:
    """Fill this part and go on; returns what the button was called."""
    visitor.fill()
    button = visitor.page.locator("form.sheet .actions button:not(.quiet)").first
    named = button.inner_text()
    visitor.follow(button)
    assert not visitor.page.locator("#galat").count(), visitor.page.locator("#galat").inner_text()
    return named


def write(visitor: Visitor) -> list[str]:
    """From the first part to the page before handing in; returns what was pressed."""
    pressed: list[str] = []
    while not visitor.page.url.endswith("/ajukan"):
        assert len(pressed) < 15, f"lost at {visitor.page.url}"
        pressed.append(onward(visitor))
    return pressed


def begin(visitor: Visitor) -> None:
    visitor.press("Mulai")
    if visitor.page.locator("form.sheet").count() == 0:
        visitor.press("Mulai")


def open_turn(head: Visitor, name: str, *more: str) -> None:
    row = head.page.locator("table tr", has_text=name)
    for text in more:
        row = row.filter(has_text=text)
    head.follow(row.locator("a").first)


def within_budget(visitor: Visitor, what: str) -> None:
    print(f"\n{what}: {visitor.screens} screens, {visitor.bytes} bytes")
    assert (visitor.screens <= MOST_SCREENS, visitor.bytes <= MOST_BYTES) == (True, True), (
        visitor.screens,
        visitor.bytes,
    )


# --- teachers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "who", "script"),
    [
        ("2024", "Sari", True),
        ("2024", "Agus", False),
        ("2024", "Ratna", True),
        ("2024", "Dian", False),
        ("2025", "Sari", True),
        ("2025", "Agus", False),
        ("2025", "Ratna", True),
        ("2026", "Sari", True),
        ("2026", "Agus", False),
        ("2026", "Ratna", True),
    ],
)
def test_a_teacher_plans_from_zero_in_few_screens_and_few_bytes(
    visit: Visit, when: str, who: str, script: bool
) -> None:
    """Sari and Agus at an SD, Ratna and Dian at a TK."""
    teacher = visit(f"{who} Contoh")
    begin(teacher)
    pressed = []
    while not teacher.page.url.endswith("/praktik"):
        pressed.append(onward(teacher))
    first = teacher.page.locator(".pick").first
    marks = [*teacher.page.locator(".picks h2").all_inner_texts()[:1], *first.locator(".tag").all_inner_texts()]
    assert MARK in marks, "first and marked, by its own tag or its group's heading"
    targets = first.locator("summary", has_text="Target perilaku yang akan diamati").count()
    assert targets == (0 if who in ("Ratna", "Dian") else 1), "for TK none are published yet"
    assert teacher.page.locator("summary", has_text="Lihat contoh yang sudah terisi").count() == 1
    pressed += write(teacher)
    assert pressed == (POINTS if when == "2024" else YEARLY)
    last = teacher.page.locator("form .actions > *").all_inner_texts()
    assert last == ["Ajukan", "Cek Ulang", "Simpan Draf"]
    teacher.press("Ajukan")
    assert "Perlu disetujui" in main(teacher)
    within_budget(teacher, f"{when} {who}, scripts {script}")


@pytest.mark.parametrize("when", ["2025"])
def test_the_second_semester_begins_with_the_plan_of_the_first(visit: Visit, when: str) -> None:
    bagas = visit("Bagas Contoh")
    bagas.follow(bagas.page.get_by_role("link", name="Juli–Desember 2024").first)
    bagas.follow(bagas.page.get_by_role("link", name="Perencanaan Kinerja").first)
    bagas.press("Mulai dari isian Januari–Juni 2024")
    write(bagas)
    bagas.press("Ajukan")
    assert "Perlu disetujui" in main(bagas)


def test_an_approved_plan_is_agreed_and_prints_at_once(visit: Visit) -> None:
    bagas = visit("Bagas Contoh")
    assert "Sepakati rencana" in main(bagas)
    bagas.follow(bagas.page.locator(".card.next a.button").first)
    bagas.press("Sepakati")
    assert "Disepakati" in main(bagas)
    bagas.follow(bagas.page.get_by_role("link", name="Kinerja Anda").first)
    bagas.follow(bagas.page.locator("a[href^='/p/cetak/']").first)
    paper = bagas.page.locator("body").inner_text()
    assert [one in paper for one in ("Bagas Contoh", "Budi Contoh", "SD Negeri 1 Tanjung Contoh")] == [True] * 3


@SCRIPTS
def test_two_devices_with_one_plan_lose_no_text(visit: Visit, script: bool) -> None:
    who = "Putri Contoh" if script else "Kartini Contoh"
    phone, tablet = visit(who), visit(who)
    begin(phone)
    while not phone.page.url.endswith("/tugas-tambahan"):
        onward(phone)
    tablet.page.goto(phone.page.url)
    for device, number in ((phone, "800/1/2024 dari ponsel"), (tablet, "800/2/2024 dari tablet")):
        device.page.locator(".picks input[type=checkbox]").first.check()
        device.page.get_by_label("Nomor SK atau Surat Tugas").fill(number)
        device.press("Simpan Draf")
    assert tablet.heading == "Ada dua isian Tugas Tambahan"
    both = main(tablet)
    assert ["800/1/2024 dari ponsel" in both, "800/2/2024 dari tablet" in both] == [True, True]
    tablet.press("Pakai isian saya")
    phone.page.reload()
    assert phone.page.get_by_label("Nomor SK atau Surat Tugas").input_value() == "800/2/2024 dari tablet"


@BARE
def test_a_region_offers_its_own_duties_at_its_schools(visit: Visit) -> None:
    offered = {}
    for first in ("Hasna", "Endang"):
        teacher = visit(f"{first} Contoh")
        begin(teacher)
        teacher.page.goto(teacher.page.url.replace("cek-data", "tugas-tambahan"))
        labels = teacher.page.locator(".pick b").all_inner_texts()
        assert "Wali Kelas" in labels
        offered[first] = [one for one in labels if one in REGIONAL]
    assert offered == {"Hasna": list(REGIONAL), "Endang": []}


@pytest.mark.parametrize("when", ["2026"])
@BARE
def test_years_stand_side_by_side_each_in_its_own_words(visit: Visit, when: str) -> None:
    bagas = visit("Bagas Contoh")
    home = main(bagas)
    assert ["Periode lalu" in home, "Tahun 2025" in home, "Tahun 2026" in home] == [True, True, True]
    words = {}
    for period in ("Januari–Juni 2024", "Tahun 2025", "Tahun 2026"):
        bagas.go("/")
        bagas.follow(bagas.page.locator("main a", has_text=period).first)
        words[period] = bagas.page.locator("ul.tasks a").all_inner_texts()
    assert words == {
        "Januari–Juni 2024": ["Perencanaan Kinerja", "Pelaksanaan Kinerja", "Penilaian semester"],
        "Tahun 2025": ["Perencanaan Kinerja", "Pelaksanaan Kinerja", "Predikat tahunan"],
        "Tahun 2026": ["Perencanaan Kinerja", "Pelaksanaan, pemantauan, dan pembinaan", "Predikat tahunan"],
    }


# --- heads ------------------------------------------------------------------------------------------------------------


@SCRIPTS
@pytest.mark.parametrize("when", ["2024", "2025", "2026"])
def test_a_head_reviews_adjusts_and_approves_a_plan(visit: Visit, when: str, script: bool) -> None:
    name = "Rina Contoh" if script else "Joko Contoh"
    budi = through(visit("Budi Contoh"), HEAD)
    open_turn(budi, name)
    plan = budi.page.url
    assert budi.page.locator("nav.pager").count() == 1
    thread = budi.page.locator("details.thread").first
    thread.locator("summary").click()
    thread.locator("textarea").fill("Bagian ini sudah baik.")
    thread.get_by_role("button").click()
    budi.page.locator("details.thread .talk").first.wait_for()
    assert "Bagian ini sudah baik." in budi.page.locator("details.thread").first.inner_text()
    budi.page.goto(plan)
    budi.press("Kembalikan dengan catatan")
    assert "catatan" in budi.page.locator("#galat").inner_text().lower()
    budi.follow(budi.page.get_by_role("link", name="Sesuaikan Praktik Kinerja").first)
    budi.page.locator(".pick input[type=radio]:not(:checked)").first.check()
    budi.follow(budi.page.locator("form.sheet .actions button:not(.quiet)").first)
    assert ["Ada Penyesuaian dari Atasan" in main(budi), budi.page.locator("del").count() > 0] == [True, True]
    budi.press("Setujui dengan penyesuaian")
    assert budi.page.locator("[role=status]").inner_text() == TAKEN
    budi.page.goto(plan)
    assert f"Menunggu {'Bu Rina' if script else 'Pak Joko'}" in main(budi)


@pytest.mark.parametrize("when", ["2025"])
@BARE
def test_one_queue_holds_plans_of_two_years(visit: Visit, when: str) -> None:
    budi = through(visit("Budi Contoh"), HEAD)
    rows = {
        period: budi.page.locator("table tr", has_text=period).locator("b").all_inner_texts()
        for period in ("Juli–Desember 2024", "Tahun 2025")
    }
    assert ["Agus Contoh, S.Pd." in rows["Juli–Desember 2024"], "Lestari Contoh" in rows["Tahun 2025"]] == [True, True]


@BARE
def test_a_head_returns_a_plan_with_a_note_that_the_teacher_reads(visit: Visit) -> None:
    hartono, novi = through(visit("Hartono Contoh"), HEAD), visit("Novi Contoh")
    open_turn(hartono, "Novi Contoh")
    hartono.page.locator("#catatan").fill("Tambahkan nomor SK, lalu ajukan lagi.")
    hartono.press("Kembalikan dengan catatan")
    novi.go("/")
    novi.follow(novi.page.locator(".card.next a.button").first)
    assert "Tambahkan nomor SK, lalu ajukan lagi." in main(novi)


@pytest.mark.parametrize(
    ("when", "who", "script"),
    [
        ("2024", "Budi", False),
        ("2025", "Budi", False),
        ("2026", "Budi", False),
        ("2024", "Surya", True),
        ("2025", "Wulan", True),
    ],
)
def test_a_head_plans_as_an_employee(visit: Visit, when: str, who: str, script: bool) -> None:
    """Budi leads an SD, Surya an SMK, Wulan a TK."""
    budi = visit(f"{who} Contoh")
    budi.follow(budi.page.locator("main a", has_text="Tahun 2026" if when == "2026" else "Perencanaan Kinerja").first)
    if when == "2026" and not budi.page.url.endswith("perencanaan"):
        budi.follow(budi.page.locator("ul.tasks a", has_text="Perencanaan Kinerja").first)
    begin(budi)
    while not budi.page.url.endswith("/praktik"):
        onward(budi)
    assert budi.page.locator(".pick input[type=radio]").count() == 8
    while not budi.page.url.endswith("/rangkuman"):
        assert "tugas-tambahan" not in budi.page.url
        onward(budi)
    titles = budi.page.locator("section.card h2").all_inner_texts()
    if when != "2024":
        assert [one for one in titles if one in ("Manajerial", "Pengembangan kewirausahaan", "Supervisi")] == [
            "Manajerial",
            "Pengembangan kewirausahaan",
            "Supervisi",
        ]
    write(budi)
    budi.press("Ajukan")
    assert ("Disetujui sistem" if when == "2026" else "Perlu disetujui") in main(budi)
    within_budget(budi, f"{when} head {who}, scripts {script}")


@pytest.mark.parametrize("when", ["2026"])
@BARE
def test_a_head_prepares_the_school_before_anybody_plans(visit: Visit, when: str) -> None:
    endang, hartono = visit("Endang Contoh"), through(visit("Hartono Contoh"), HEAD)
    assert "Menunggu pra-perencanaan sekolah selesai." in main(endang)
    turns = {"Selesaikan pemeriksaan": "Pemutakhiran data", "Simpan tim": "Susunan Tim Kinerja"}
    for button, turn in turns.items():
        hartono.go("/")
        rows = hartono.page.locator("main tr", has_text="SMP Negeri 2 Contoh")
        hartono.follow(rows.filter(has_text=turn).locator("a").first)
        if not hartono.page.locator("form.sheet").count():
            hartono.press(
                "Mulai" if hartono.page.get_by_role("button", name="Mulai", exact=True).count() else "Lanjutkan"
            )
        hartono.fill()
        hartono.press(button)
    hartono.site.work()
    endang.go("/")
    begin(endang)
    assert endang.heading == "Periksa data diri"


@pytest.mark.parametrize("when", ["plt"])
@BARE
def test_an_acting_head_confirms_and_the_school_goes_on(visit: Visit, when: str) -> None:
    komang, wayan = visit("Komang Contoh"), visit("Wayan Contoh")
    assert komang.page.locator(".note.call input[readonly]").count() == 1
    through(wayan, "Plt. Kepala Sekolah")
    rows = wayan.page.locator("main tr", has_text="SD Negeri 3 Bahari")
    wayan.follow(rows.filter(has_text="Konfirmasi Plt.").locator("a").first)
    if not wayan.page.locator("form.sheet").count():
        wayan.press("Mulai")
    wayan.page.get_by_label("Nomor SK atau Surat Tugas").fill("SK 800/412/CONTOH/2023")
    wayan.page.get_by_label("Terhitung mulai tanggal (TMT)").fill("2023-12-01")
    wayan.page.get_by_label("Sampai tanggal").fill("2024-12-31")
    wayan.page.locator("input[type=checkbox]").check()
    wayan.press("Konfirmasi")
    assert "Dikonfirmasi" in main(wayan)
    wayan.site.work()
    komang.go("/")
    assert komang.page.locator(".note.call").count() == 0
    assert "Persiapan observasi" in main(komang)


# --- those beside and above -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["postgresql"])
@BARE
def test_a_supervisor_recommends_and_the_office_approves_several_at_once(visit: Visit, when: str) -> None:
    purnomo = visit("Purnomo Contoh")
    open_turn(purnomo, "Hartono Contoh")
    assert purnomo.page.locator(".card.next h2").first.inner_text() == "Beri rekomendasi", "one's own turn comes first"
    purnomo.follow(purnomo.page.locator(".card.next .actions").first.locator("a, button").first)
    purnomo.page.locator("label", has_text="Setuju").first.click()
    purnomo.follow(purnomo.page.locator("form.sheet .actions button:not(.quiet)").first)
    ratmi = visit("Ratmi Contoh")
    ratmi.press("Setujui beberapa sekaligus")
    assert sorted(ratmi.page.locator("label b").all_inner_texts()) == [
        "Drs. Hartono Contoh, M.Pd.",
        "Wulan Contoh, S.Pd., M.Pd.",
    ]
    ratmi.press("Pilih semua di Kabupaten Contoh Asri")
    ratmi.press("Lanjut, lihat yang dipilih")
    ratmi.press("Setujui 2 orang")
    ratmi.site.work()
    ratmi.page.reload()
    assert "2 dari 2 berhasil" in main(ratmi)


@pytest.mark.parametrize("when", ["2025"])
@BARE
def test_a_supervisor_plans_from_2025_on(visit: Visit, when: str) -> None:
    purnomo = visit("Purnomo Contoh")
    begin(purnomo)
    write(purnomo)
    purnomo.press("Ajukan")
    assert "Perlu disetujui" in main(purnomo)


@BARE
def test_an_operator_unlocks_a_step_and_enters_an_acting_head(visit: Visit) -> None:
    hendra = visit("Hendra Contoh")
    hendra.press("Permintaan")
    card = hendra.page.locator("details.card", has_text="Aisyah Contoh")
    if card.get_attribute("open") is None:
        card.locator("summary").click()
    card.locator("textarea").fill("Golongan dibetulkan menurut SK terakhir.")
    hendra.follow(card.get_by_role("button", name="Buka sekali lagi"))
    assert "Dibuka" in (hendra.page.locator("main").text_content() or "")
    hendra.go("/")
    hendra.press("Orang dan jabatan")
    hendra.follow(hendra.page.get_by_role("link", name="Agus Contoh").first)
    form = hendra.page.locator("details.card", has_text="Catat Plt.")
    form.locator("summary").click()
    form.get_by_label("Plt. (Pelaksana Tugas)").check()
    form.get_by_label("Kepala Sekolah", exact=True).check()
    form.get_by_label("Terhitung mulai tanggal (TMT)").fill("2024-03-01")
    form.get_by_label("Sampai tanggal").fill("2024-06-30")
    hendra.follow(form.get_by_role("button", name="Catat"))
    assert "SK atau Surat Tugas" in hendra.page.locator("#galat").inner_text()
    form = hendra.page.locator("details.card", has_text="Catat Plt.")
    form.get_by_label("SK atau Surat Tugas (nomor dan tanggal)").fill("800/77/2024, 20 Februari 2024")
    hendra.follow(form.get_by_role("button", name="Catat"))
    assert "Plt. Kepala Sekolah" in main(hendra)


@BARE
def test_the_office_puts_a_wrong_assessor_right(visit: Visit) -> None:
    danu = visit("Danu Contoh")
    danu.press("Permintaan")
    card = danu.page.locator("details.card", has_text="Endang Contoh")
    if card.get_attribute("open") is None:
        card.locator("summary").click()
    danu.follow(card.get_by_role("link", name="Tetapkan yang benar"))
    assert danu.heading.endswith(": tetapkan yang benar")
    danu.page.locator("fieldset label", has_text="Ratmi Contoh").first.click()
    danu.fill()
    danu.press("Tetapkan")
    assert danu.page.locator("[role=status]").count() == 1


@SCRIPTS
def test_whoever_cannot_sign_in_finds_whom_to_ask(visit: Visit, script: bool) -> None:
    nobody = visit("")
    nobody.go("/masuk")
    nobody.press("Mengapa saya tidak bisa masuk?")
    nobody.page.get_by_label("NPSN sekolah Anda").fill("99990101")
    nobody.press("Cari")
    text = main(nobody)
    assert "Hubungi Pak Hendra, Operator sekolah di SD Negeri 1 Tanjung Contoh." in text
    assert [number in text for number in ("198403282010011001", "Contoh Asri 1")] == [False, False]
    nobody.page.get_by_label("NPSN sekolah Anda").fill("123")
    nobody.press("Cari")
    assert nobody.page.locator("#galat").count() == 1
