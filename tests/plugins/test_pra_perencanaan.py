"""The plugin pra-perencanaan: what a school does before its people plan, by itself and through the kernel."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kinerja import (
    Actor,
    CaseView,
    Change,
    Content,
    Fact,
    Member,
    PeriodView,
    Problem,
    Refusal,
    StageContext,
    StageProjection,
    StepContext,
    StepState,
    Task,
    UnitView,
    cases,
    hookimpl,
    people,
)
from kinerja.forms import NOTHING, check
from kinerja.kernel import Kernel
from kinerja.models import Case, Identity
from kinerja.schemes import compile_scheme
from kinerja.testing import Player, add_person, manifest, person, set_date, tasks
from kinerja_office.periods import plan
from kinerja_pra_perencanaan import before_transition, data_check, opening, stages, targets, team
from kinerja_web import Login, create_app
from kinerja_web import hooks as web_hooks
from tests.plugins.contexts import ACTING, HEAD
from tests.web.visitor import Visitor

DAY = date(2030, 1, 15)
SCHEME = """
id = "sekolah-uji"
label = "Uji sekolah"
tahun = [2030, 0]
isi = ["rubrik"]
[[periode]]
kunci = "t"
label = "Tahun {tahun}"
mulai = "01-01"
akhir = "12-31"
[[peserta]]
jawab = "wajib"
bila = { peran = ["guru"] }
[hubungan.guru]
memutuskan = ["kepala-sekolah @ satuan"]
[hubungan.satuan]
memutuskan = ["kepala-sekolah @ satuan"]
[[tahap]]
id = "pra-perencanaan"
label = "Pra-perencanaan"
subjek = "satuan"
langkah = ["mutakhirkan-data", "susun-tim-kinerja"]
alur = { dasar = "sekolah" }
[[tahap]]
id = "isi-sekolah"
label = "Target perilaku"
subjek = "satuan"
langkah = ["isi-target"]
alur = { dasar = "sekolah" }
[[tahap]]
id = "pembukaan"
label = "Pembukaan periode"
subjek = "satuan"
langkah = ["mulai-periode"]
alur = { dasar = "sekolah", untuk = { "memutuskan.acting" = [false] } }
[langkah.mutakhirkan-data]
label = "Pemutakhiran data"
[langkah.susun-tim-kinerja]
label = "Penyusunan tim"
peran = ["guru"]
[langkah.isi-target]
label = "Isi target"
[langkah.mulai-periode]
label = "Mulai periode"
[kata]
memutuskan = "Kepala Sekolah"
"""
RULES = compile_scheme(tomllib.loads(SCHEME), "uji")

OPEN = Content.parse(
    {
        "jenis": "rubrik", "id": "uji-tk", "label": "Uji TK", "sebutan": "Sub-indikator",
        "applies_to": {"peran": ["guru"], "bentuk": ["tk"]},
        "butir": [
            {"id": "bermain", "label": "Bermain", "target": []},
            {"id": "membaca", "label": "Membaca", "target": [{"id": "a", "label": "Membacakan"}]},
            {"id": "asesmen", "label": "Asesmen"},
        ],
    }
)  # fmt: skip
HEADS = replace(OPEN, id="uji-kepala", applies_to={"peran": ("kepala-sekolah",), "bentuk": ("tk",)})
SCHOOL_OF_NINE = replace(OPEN, id="uji-sd", applies_to={"peran": ("guru",), "bentuk": ("sd",)})

BUDI = Member(2, "Budi Contoh", "kepala-sekolah", "Kepala TK")
SARI = Member(1, "Sari Contoh, S.Pd.", "guru", "Guru")
TONO = Member(3, "Tono Contoh", "guru", "Guru")
OPERATOR = Member(4, "Omar Contoh", "operator-sekolah", "Operator sekolah")
EVERYBODY = (BUDI, SARI, TONO, OPERATOR)
ANSWERS = {"guru": "sudah", "unor": "sudah", "dapodik": "sudah"}


def school(kind: str = "tk", head=HEAD) -> CaseView:
    return CaseView(
        id="kasus",
        period=PeriodView(1, RULES.id, "t", 2030, "Tahun 2030", date(2030, 1, 1), date(2030, 12, 31)),
        unit=UnitView(1, "tk-1", "TK Contoh", kind, "Asia/Jakarta"),
        person=None,
        role="",
        counts=True,
        version=1,
        holders={"memutuskan": head},
    )


def context(step, stage, of=None, **more) -> StepContext:
    made = {
        "facts": {}, "items": (), "parts": {}, "previous": None, "children": (), "unit": None, "today": DAY,
        "contents": (OPEN,), "members": EVERYBODY, "options": RULES.rules(stage, step), **more,
    }  # fmt: skip
    return StepContext(
        case=of or school(), stage=stage, words=RULES.words, content={}, scheme=made.pop("scheme", RULES), **made
    )


def form(value, stage, of=None, **more):
    return value.form(context(value.id, stage, of, **more))


def standing(stage, state, *steps, of=None, switches=None, contents=(OPEN,)) -> StageContext:
    return StageContext(
        case=of or school(), stage=stage.id, label=stage.label, state=stage.flows["sekolah"].state(state),
        switches=switches or {}, steps=tuple(StepState(id, id, "memutuskan", now, False) for id, now in steps), facts={},
        children=(), unit=None, adjusted=False, due=date(2030, 12, 31), today=DAY, contents=contents,
    )  # fmt: skip


def told(made: StageProjection) -> tuple[str, list[str], list[str]]:
    """The label of the state, the facts, and the steps whose turn it is."""
    assert made.state is not None
    return made.state.label, [fact.name for fact in made.facts], [task.step for task in made.tasks]


# --- the data check -----------------------------------------------------------------------------


def test_the_data_check_shows_everybody_at_the_school_by_role():
    shown = form(data_check.STEP, "pra-perencanaan").field("anggota")
    assert shown.pairs == (
        ("Kepala TK: 1 orang", "Budi Contoh"),
        ("Guru: 2 orang", "Sari Contoh, S.Pd.\nTono Contoh"),
        ("Operator sekolah: 1 orang", "Omar Contoh"),
    )


def test_the_data_check_takes_yes_and_asks_what_is_being_mended_where_not_yet():
    drawn = form(data_check.STEP, "pra-perencanaan")
    assert check(drawn, ANSWERS) == (ANSWERS, ())
    assert check(drawn, {**ANSWERS, "unor": "tidak-ada"})[1] == ()
    later = {**ANSWERS, "dapodik": "belum"}
    assert check(drawn, later)[1] == (Problem("dapodik-catatan", "Isi dahulu bagian ini."),)
    assert check(drawn, {**later, "dapodik-catatan": "NIK dua guru."})[1] == ()


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({}, ["guru", "unor", "dapodik"]),
        ({**ANSWERS, "guru": "mungkin"}, ["guru"]),
        ({**ANSWERS, "guru": ["sudah"]}, ["guru"]),
        ({**ANSWERS, "guru": "tidak-ada"}, ["guru"]),
        ({**ANSWERS, "guru": "belum", "guru-catatan": "x" * 10_000}, ["guru-catatan"]),
    ],
)
def test_the_data_check_refuses_what_it_does_not_offer(answers, fields):
    assert [one.field for one in check(form(data_check.STEP, "pra-perencanaan"), answers)[1]] == fields


def test_an_empty_school_and_the_source_of_the_check_are_said():
    drawn = form(data_check.STEP, "pra-perencanaan", members=(), options={"sumber": "Keputusan Uji"})
    assert drawn.notices == (
        "Belum ada pegawai yang tercatat di sekolah ini. Minta operator sekolah mengimpor datanya.",
        "Pemeriksaan ini mengikuti Keputusan Uji. Rincian resminya belum ditemukan.",
    )
    assert drawn.field("anggota") is None


# --- the team -----------------------------------------------------------------------------------


def chosen(ids, **more):
    return team.STEP.project(context(team.ID, "pra-perencanaan", **more), {"anggota": ids}).facts


def test_the_head_chooses_among_the_roles_of_the_scheme_and_never_themselves():
    named = form(team.STEP, "pra-perencanaan").field("anggota").options
    anyone = form(team.STEP, "pra-perencanaan", options={}).field("anggota").options
    assert ([one.id for one in named], [one.id for one in anyone]) == (["1", "3"], ["1", "3", "4"])


def test_somebody_with_two_roles_is_offered_once():
    twice = (*EVERYBODY, replace(SARI, role="operator-sekolah"))
    assert [one.id for one in form(team.STEP, "tim-kerja", members=twice, options={}).fields[0].options] == [
        "1",
        "3",
        "4",
    ]


def test_a_team_is_a_fact_of_people_and_no_team_is_one_of_nobody():
    assert chosen(["3", "1"]) == (
        Fact(team.FACT, {"1": "Sari Contoh, S.Pd.", "3": "Tono Contoh"}, "Sari Contoh, S.Pd.; Tono Contoh"),
    )
    assert chosen([NOTHING]) == (Fact(team.FACT, {}, "Tanpa tim"),)
    assert chosen([]) == chosen(None) == chosen("1") == ()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([], "Pilih minimal satu."),
        (["99"], "Pilihan ini tidak ada dalam daftar. Pilih ulang."),
        (["4"], "Pilihan ini tidak ada dalam daftar. Pilih ulang."),
        (["2"], "Pilihan ini tidak ada dalam daftar. Pilih ulang."),
        (["1", "1"], "Satu pilihan tercatat dua kali. Pilih ulang."),
        (["1", NOTHING], "Anda memilih «Tanpa tim» dan juga pilihan lain. Hapus salah satunya."),
    ],
    ids=["empty", "another school's", "another role", "the head", "twice", "some and none"],
)
def test_a_team_of_others_than_those_offered_is_refused(answer, message):
    assert check(form(team.STEP, "pra-perencanaan"), {"anggota": answer})[1] == (Problem("anggota", message),)


def test_a_letter_may_follow_and_is_short():
    drawn = form(team.STEP, "pra-perencanaan")
    assert check(drawn, {"anggota": ["1"]})[1] == ()
    long = check(drawn, {"anggota": ["1"], "sk": "x" * 10_000})[1]
    assert long == (Problem("sk", "Terlalu panjang. Paling banyak 200 huruf."),)


def test_somebody_who_left_the_school_is_named_and_no_longer_in_the_fact():
    before = {
        "parts": {team.ID: {"anggota": ["1", "3"]}},
        "facts": {
            team.FACT: Fact(
                team.FACT, {"1": "Sari Contoh, S.Pd.", "3": "Tono Contoh"}, "Sari Contoh, S.Pd.; Tono Contoh"
            )
        },
        "members": (BUDI, SARI),
    }
    left = "tidak lagi bertugas di sekolah ini. Pilih anggota tim sekali lagi, lalu simpan."
    assert form(team.STEP, "tim-kerja", **before).notices == (f"Tono Contoh {left}",)
    assert form(team.STEP, "tim-kerja", **{**before, "facts": {}}).notices == (f"1 anggota tim {left}",)
    assert chosen(["1", "3"], members=(BUDI, SARI)) == (
        Fact(team.FACT, {"1": "Sari Contoh, S.Pd."}, "Sari Contoh, S.Pd."),
    )
    named = {"1": "Sari; Dewi", "3": "Tono, S.Pd.; M.Pd."}
    odd = {**before, "facts": {team.FACT: Fact(team.FACT, named, "; ".join(named.values()))}}
    assert form(team.STEP, "tim-kerja", **odd).notices == (f"Tono, S.Pd.; M.Pd. {left}",)
    assert form(team.STEP, "tim-kerja", parts={team.ID: {"anggota": "kacau"}}).notices == ()


def test_a_school_of_one_can_go_on_without_a_team():
    drawn = form(team.STEP, "pra-perencanaan", members=(BUDI,))
    assert "Tanpa tim" in drawn.notices[0]
    assert check(drawn, {"anggota": [NOTHING]})[1] == ()


# --- target behaviours --------------------------------------------------------------------------


def change(data, step=targets.ID) -> Change:
    state = stages.WRITING.states[0]
    at = datetime(2030, 1, 15, tzinfo=UTC)
    return Change(
        school(), "isi-sekolah", "serahkan", step, Actor(2), state, state, data, {}, (), (), at, RULES
    )  # fmt: skip


def test_only_indicators_without_official_targets_are_asked():
    drawn = form(targets.STEP, "isi-sekolah")
    assert [(one.key, one.label) for one in drawn.fields] == [("bermain", "Bermain"), ("asesmen", "Asesmen")]
    assert drawn.intro.startswith("Tulis target perilaku untuk setiap sub-indikator.")


def test_rubrics_of_other_schools_and_of_heads_are_not_asked():
    full = replace(OPEN, entries=(OPEN.entries[1],))
    for contents in ((), (full,), (HEADS,), (SCHOOL_OF_NINE,)):
        drawn = form(targets.STEP, "isi-sekolah", contents=contents)
        assert drawn.blocked == "Semua indikator sudah punya target perilaku resmi. Tidak ada yang perlu diisi."


def test_a_scheme_says_whose_rubrics_a_school_fills():
    found = targets.open_indicators((OPEN, HEADS), school(), {"peran": ["kepala-sekolah"]}, DAY)
    assert {content.id for content, _ in found} == {"uji-kepala"}


def test_what_a_school_wrote_becomes_one_fact_by_indicator():
    now = context(targets.ID, "isi-sekolah")
    data = {"bermain": " Guru mengajak.\n\nGuru menunggu. ", "asesmen": "", "membaca": "Sudah resmi.", "lain": "x"}
    made = targets.STEP.project(now, data).facts
    assert made == (Fact(targets.FACT, {"bermain": ["Guru mengajak.", "Guru menunggu."]}, "1 sub-indikator diisi"),)
    assert targets.STEP.project(now, {"bermain": 5}).facts == ()


def test_too_many_lines_and_none_at_all_are_refused_with_the_rule():
    assert before_transition(change({"bermain": "a\nb\nc"})) is None
    assert before_transition(change({"bermain": "Satu\n2\n3\n4"})) == (
        "Target perilaku paling banyak 3 baris. Isian yang diawali «Satu» berisi 4 baris. "
        "Gabungkan atau hapus sebagian barisnya."
    )
    empty = "Belum ada target perilaku yang ditulis. Isi minimal satu kotak, lalu simpan lagi."
    assert before_transition(change({})) == before_transition(change({"bermain": " \n "})) == empty
    assert before_transition(change({}, "langkah-lain")) is None


def test_a_text_of_ten_thousand_letters_is_refused_by_the_form():
    wrong = check(form(targets.STEP, "isi-sekolah"), {"bermain": "x" * 10_000})[1]
    assert wrong == (Problem("bermain", "Terlalu panjang. Paling banyak 1.000 huruf."),)


# --- the beginning ------------------------------------------------------------------------------


def test_the_period_begins_with_one_statement():
    drawn = form(opening.STEP, "pembukaan")
    assert [field.label for field in drawn.fields] == ["Saya memulai periode Tahun 2030"]
    assert check(drawn, {})[1] == (Problem("mulai", "Centang agar dapat melanjutkan."),)
    now = context(opening.ID, "pembukaan")
    assert opening.STEP.project(now, {"mulai": True}).facts == (Fact(opening.FACT, True, "Dimulai"),)
    assert opening.STEP.project(now, {"mulai": "ya"}).facts == ()


def test_where_nobody_is_asked_to_begin_the_form_says_so():
    drawn = form(opening.STEP, "pembukaan", school(head=ACTING))
    assert drawn.blocked == "Periode di sekolah ini dimulai tanpa langkah ini. Tidak ada yang perlu dilakukan."


# --- the stages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "first", "second", "expected"),
    [
        ("belum", "none", "none", ("Belum dimulai", [], ["mutakhirkan-data"])),
        ("belum", "draft", "none", ("Berjalan", [], ["mutakhirkan-data"])),
        ("berjalan", "effective", "none", ("Berjalan", [], ["susun-tim-kinerja"])),
        ("berjalan", "effective", "effective", ("Selesai", [stages.PREPARED], [])),
        ("selesai", "draft", "effective", ("Selesai", [stages.PREPARED], [])),
        ("selesai", "effective", "effective", ("Selesai", [stages.PREPARED], [])),
        ("selesai", "effective", "none", ("Berjalan", [], ["susun-tim-kinerja"])),
    ],
)
def test_a_school_is_prepared_when_both_steps_count_and_stays_so_while_one_is_changed(state, first, second, expected):
    steps = (("mutakhirkan-data", first), ("susun-tim-kinerja", second))
    assert told(stages.prepare(standing(stages.PREPARATION, state, *steps))) == expected


def test_a_team_is_asked_for_until_it_is_named_or_there_is_none_and_can_be_changed():
    def team_at(state, now):
        return told(stages.choose_team(standing(stages.TEAM, state, (team.ID, now))))

    assert team_at("belum", "none") == ("Belum disusun", [], [team.ID])
    assert team_at("belum", "draft") == ("Berjalan", [], [team.ID])
    assert team_at("berjalan", "effective") == ("Sudah disusun", [], [])
    assert team_at("selesai", "draft") == ("Sudah disusun", [], [])


def test_targets_are_a_turn_only_where_a_rubric_lacks_them():
    def at(state, now, contents=(OPEN,)):
        return told(stages.write_targets(standing(stages.TARGETS, state, (targets.ID, now), contents=contents)))

    assert at("belum", "none") == ("Belum diisi", [], [targets.ID])
    assert at("berjalan", "effective") == ("Sudah diisi", [], [])
    assert at("belum", "none", ()) == at("belum", "none", (HEADS, SCHOOL_OF_NINE)) == ("Tidak perlu", [], [])


def test_the_beginning_is_asked_where_the_switch_holds_or_is_not_set():
    only_acting = {"untuk": {"memutuskan.acting": [True]}}
    kindergartens = {"untuk": {"bentuk": ["tk"]}}

    def at(switches, of, state="belum", now="none"):
        return told(stages.begin(standing(stages.OPENING, state, (opening.ID, now), of=of, switches=switches)))

    waiting = ("Belum dimulai", [], [opening.ID])
    assert at({}, school()) == at(kindergartens, school()) == at(only_acting, school(head=ACTING)) == waiting
    skipped = ("Tidak perlu", [], [])
    assert at(only_acting, school()) == at(kindergartens, school("sd")) == skipped
    assert at(only_acting, school(), "berjalan", "effective") == ("Sudah dimulai", [], [])


def test_the_turn_says_who_what_and_until_when():
    made = stages.begin(standing(stages.OPENING, "belum", (opening.ID, "none")))
    sentence = "Pegawai di sekolah ini menunggu periode dimulai."
    assert made.tasks == (Task("memutuskan", opening.ID, opening.ID, "menunggu", sentence, date(2030, 12, 31)),)


# --- through the kernel -------------------------------------------------------------------------


class Rules:
    @hookimpl
    def register_schemes(self):
        return [RULES]

    @hookimpl
    def register_content(self):
        return [OPEN]


class Door:
    """Signs the head in by name."""

    @hookimpl
    def register_login(self):
        return Login("pintu", "Pintu uji", lambda: (), lambda answers: ("uji", answers["akun"]))


@pytest.fixture
def sockets():
    return (web_hooks,)


@pytest.fixture
def head(kernel: Kernel) -> Player:
    """The head of a kindergarten with two teachers; the other school has one teacher of its own."""
    kernel.host.add(Rules(), manifest("uji"))
    kernel.host.ready()
    assert kernel.host.faults == {}
    office = people.add_unit("dinas", "Kabupaten Uji", "kabupaten", None)
    tk = people.add_unit("tk-a", "TK Uji", "tk", office, npsn="10000001")
    sd = people.add_unit("sd-b", "SD Uji", "sd", office, npsn="10000002")
    since = date(2029, 7, 1)
    add_person("Budi Uji", "kepala-sekolah", tk, "definitif", since, sex="L", employment="pns")
    for name in ("Sari Uji", "Tono Uji"):
        add_person(name, "guru", tk, "definitif", since, employment="pns")
    add_person("Lain Uji", "guru", sd, "definitif", since, employment="pns")
    plan(kernel, RULES, 2030, office)
    set_date(kernel, DAY)
    return Player(kernel, "Budi Uji").through("kepala-sekolah")


def unit_case(code: str = "tk-a") -> str:
    return str(next(one.id for one in Case.select().where(Case.subject == "unit") if one.unit.code == code))


def ids(*names: str) -> list[str]:
    return [str(person(name).id) for name in names]


def prepared(head: Player, *team_names: str) -> None:
    head.hand_in(unit_case(), "pra-perencanaan", data_check.ID, "serahkan", **ANSWERS)
    chosen = ids(*team_names) or [NOTHING]
    head.hand_in(unit_case(), "pra-perencanaan", team.ID, "serahkan", anggota=chosen)


def state(kernel: Kernel, stage: str) -> str:
    return cases.load(kernel, unit_case()).progress[stage].state.label


def test_a_school_walks_through_its_own_stages(kernel: Kernel, head: Player) -> None:
    assert tasks(unit_case()) == [
        ("memutuskan", "Pemutakhiran data"), ("memutuskan", "Isi target"), ("memutuskan", "Mulai periode"),
    ]  # fmt: skip
    prepared(head, "Sari Uji")
    head.do(unit_case(), "isi-sekolah", "serahkan", step=targets.ID, data={"bermain": "Guru mengajak."})
    head.hand_in(unit_case(), "pembukaan", opening.ID, "serahkan")
    facts = cases.load(kernel, unit_case()).facts
    assert {name: fact.value for name, fact in facts.items()} == {
        stages.PREPARED: True,
        team.FACT: {ids("Sari Uji")[0]: "Sari Uji"},
        targets.FACT: {"bermain": ["Guru mengajak."]},
        opening.FACT: True,
    }
    assert tasks(unit_case()) == []
    assert tasks(unit_case("sd-b")) == [("memutuskan", "Pemutakhiran data")]


def test_steps_go_in_order_and_by_the_head_alone(kernel: Kernel, head: Player) -> None:
    with pytest.raises(Refusal) as early:
        head.hand_in(unit_case(), "pra-perencanaan", team.ID, "serahkan", anggota=[NOTHING])
    assert early.value.code == "waits-before"
    sari = Player(kernel, "Sari Uji").through("guru")
    with pytest.raises(Refusal) as stranger:
        sari.do(unit_case(), "pra-perencanaan", "serahkan", step=data_check.ID, data=ANSWERS)
    assert stranger.value.code == "missing"


@pytest.mark.parametrize("name", ["Lain Uji", "Budi Uji"])
def test_a_person_of_another_school_and_the_head_cannot_be_in_the_team(kernel: Kernel, head: Player, name: str) -> None:
    with pytest.raises(Refusal) as refused:
        prepared(head, name)
    problem = Problem("anggota", "Pilihan ini tidak ada dalam daftar. Pilih ulang.", step=team.ID)
    assert (refused.value.code, refused.value.problems) == ("incomplete", (problem,))


def test_a_team_is_changed_later_and_the_school_stays_prepared(kernel: Kernel, head: Player) -> None:
    prepared(head, "Sari Uji")
    head.hand_in(unit_case(), "pra-perencanaan", team.ID, "serahkan", anggota=ids("Tono Uji"))
    facts = cases.load(kernel, unit_case()).facts
    assert (facts[team.FACT].label, stages.PREPARED in facts) == ("Tono Uji", True)
    assert state(kernel, "pra-perencanaan") == "Selesai"


def test_a_team_on_record_stands_until_the_changed_one_is_taken(kernel: Kernel, head: Player) -> None:
    prepared(head, "Sari Uji")
    with pytest.raises(Refusal):
        head.hand_in(unit_case(), "pra-perencanaan", team.ID, "serahkan", anggota=ids("Lain Uji"))
    assert cases.load(kernel, unit_case()).facts[team.FACT].label == "Sari Uji"


def test_a_period_is_begun_once(kernel: Kernel, head: Player) -> None:
    head.hand_in(unit_case(), "pembukaan", opening.ID, "serahkan")
    with pytest.raises(Refusal) as twice:
        head.hand_in(unit_case(), "pembukaan", opening.ID, "serahkan")
    assert (twice.value.code, state(kernel, "pembukaan")) == ("not-now", "Sudah dimulai")


def test_targets_of_four_lines_are_refused_in_the_words_of_the_rule(kernel: Kernel, head: Player) -> None:
    with pytest.raises(Refusal) as refused:
        head.hand_in(unit_case(), "isi-sekolah", targets.ID, "serahkan", bermain="Satu\n2\n3\n4")
    assert "Target perilaku paling banyak 3 baris." in refused.value.sentence


# --- through pages ------------------------------------------------------------------------------


@pytest.fixture
def visitor(kernel: Kernel, head: Player) -> Visitor:
    """The head in a browser, acting as head."""
    kernel.host.add(Door(), manifest("pintu"))
    Identity.create(issuer="uji", subject=head.name, person=person(head.name))
    app = create_app(kernel)
    app.testing = True
    return Visitor(app, head.name, "kepala-sekolah")


def test_the_head_fills_the_school_s_steps_on_pages(kernel: Kernel, visitor: Visitor) -> None:
    first, second = (f"/kasus/{unit_case()}/pra-perencanaan/{step}" for step in (data_check.ID, team.ID))
    page = visitor.get(first).text
    assert [one for one in ("Sari Uji", "Tono Uji", "Semua guru sudah tercatat", "Selesaikan") if one not in page] == []
    answers = {"one__guru": "sudah", "one__unor": "sudah", "one__dapodik": "sudah"}
    assert visitor.post(first, action="serahkan", kunci="a", seen="0", **answers).status_code == 303
    refused = visitor.post(second, action="serahkan", kunci="b", seen="0", many__anggota="99")
    assert (refused.status_code, "Pilihan ini tidak ada dalam daftar." in refused.text) == (422, True)
    seen = visitor.hidden(second, "seen")
    sent = visitor.post(second, action="serahkan", kunci="c", seen=seen, many__anggota=ids("Sari Uji")[0])
    assert (sent.status_code, state(kernel, "pra-perencanaan")) == (303, "Selesai")


def test_the_school_s_case_shows_the_head_what_is_their_turn(visitor: Visitor) -> None:
    page = visitor.get(f"/kasus/{unit_case()}").text
    assert [one for one in ("Pra-perencanaan", "Giliran Anda", "Pembukaan periode") if one not in page] == []
