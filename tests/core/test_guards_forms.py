"""What a form accepts, at both sides of every edge; what is kept of it; and how a content is chosen. No database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kinerja import Content, Entry, Field, Form, Option, Total, conditions, forms, snapshot
from kinerja.snapshot import Choices

OPTIONS = (Option("a", "A", weight=4), Option("b", "B", weight=36))


def told(field: Field, answer: Any) -> list[str]:
    """The messages about one answer; empty where it is accepted."""
    _, problems = forms.check(Form("x", (field,)), {field.key: answer})
    return [one.message for one in problems]


def taken(field: Field, answer: Any) -> bool:
    return not told(field, answer)


@pytest.mark.parametrize(
    ("field", "right", "wrong"),
    [
        (Field("x", "X", "one", options=OPTIONS), ["a", "b", ""], ["c", "A", ["a"], 1, {"a": 1}]),
        (Field("x", "X", "one", options=OPTIONS, required=True), ["a"], ["", None]),
        (Field("x", "X", "many", options=OPTIONS), [["a"], ["a", "b"], []], [["c"], "a", ["a", "a"], [["a"]]]),
        (Field("x", "X", "many", options=OPTIONS, required=True, none="Tidak ada"), [["-"], ["a"]], [[], ["-", "a"]]),
        (Field("x", "X", "many", options=OPTIONS, most=1), [["a"]], [["a", "b"]]),
        (Field("x", "X", "many", options=OPTIONS, least=2, none="Tidak ada"), [["a", "b"], ["-"]], [["a"]]),
        (
            Field("x", "X", "quantities", options=OPTIONS), [{"a": 1}, {"a": 99}, {"a": 0}],
            [{"c": 1}, {"a": 100}, {"a": -1}, {"a": "2"}, {"a": 1.5}],
        ),
        (Field("x", "X", "quantities", options=OPTIONS, required=True), [{"a": 1}], [{}, {"a": 0}, {"a": None}]),
        (
            Field("x", "X", "levels", options=OPTIONS, rows=(Option("r", "R"), Option("s", "S")), required=True),
            [{"r": "a", "s": "b"}], [{"r": "a"}, {"r": "a", "s": "c"}, {"r": "a", "s": "b", "t": "a"}],
        ),
        (Field("x", "X", "number", least=1, most=12), [1, 12], [0, 13, "5", 1.5]),
        (Field("x", "X", "number"), [1, 999_999], [-1, 1_000_000]),
        (Field("x", "X", "date"), ["2024-02-29"], ["2023-02-29", "29-02-2024", "besok"]),
        (Field("x", "X", "check", required=True), [True], [False, None, ""]),
        (Field("x", "X", "text", most=3), ["abc"], ["abcd", 5]),
        (Field("x", "X", "longtext"), ["a" * forms.LONGEST], ["a" * (forms.LONGEST + 1)]),
        (Field("x", "X", "text", required=True), ["a"], ["", None]),
        (Field("x", "X", "file", required=True), [{"name": "a"}], [None, ""]),
    ],
    ids=lambda one: f"{one.kind}{'!' if one.required else ''}" if isinstance(one, Field) else "",
)  # fmt: skip
def test_every_kind_of_field_takes_what_is_right_and_names_what_is_not(
    field: Field, right: list[Any], wrong: list[Any]
) -> None:
    assert [one for one in right if not taken(field, one)] == []
    assert [one for one in wrong if taken(field, one)] == []


def points(hard: bool = True) -> Field:
    return Field("x", "X", "quantities", options=OPTIONS, total=Total("poin", 32, 128, hard, "Bicarakan."))


def test_a_sum_counts_weight_times_number_and_is_held_at_both_ends() -> None:
    sums = {3: 12, 8: 32, 32: 128, 33: 132}
    assert {n: forms.total_of(points(), {"a": n}) for n in sums} == sums
    assert {n: taken(points(), {"a": n}) for n in sums} == {3: False, 8: True, 32: True, 33: False}
    assert forms.total_of(points(), {"a": 2, "b": 1}) == 44
    assert forms.total_of(points(), {"a": True, "b": "3", "c": 5}) == 0


def test_a_soft_sum_warns_and_refuses_nothing() -> None:
    form = Form("x", (points(hard=False),))
    assert [bool(forms.warnings(form, {"x": {"a": n}})) for n in (3, 8, 32, 33)] == [True, False, False, True]
    assert taken(points(hard=False), {"a": 3})
    assert forms.warnings(Form("x", (points(),)), {"x": {"a": 3}}) == ()


def test_what_depends_on_another_answer_is_asked_and_kept_only_with_it() -> None:
    why = Field("why", "W", "text", required=True, needs=("x", ("b",)))
    form = Form("x", (Field("x", "X", "one", options=OPTIONS), why))
    for answers, problems, kept in (
        ({"x": "a", "why": "z"}, [], {"x": "a"}), ({"x": "b"}, ["why"], {"x": "b"}),
        ({"x": "b", "why": "z"}, [], {"x": "b", "why": "z"}), ({"x": ["b"], "why": "z"}, ["x"], {}),
    ):  # fmt: skip
        clean, wrong = forms.check(form, answers)
        assert ([one.field for one in wrong], clean) == (problems, kept)


def test_what_a_form_does_not_ask_is_left_out_and_what_it_only_shows_is_no_answer() -> None:
    form = Form("x", (Field("x", "X", "text"), Field("r", "R", "read", pairs=(("L", "T"),))))
    clean, wrong = forms.check(form, {"x": "1", "r": "2", "lain": "3"})
    assert (clean, wrong) == ({"x": "1"}, ())
    assert forms.view(form, clean) == [["X", "1"], ["L", "T"]]


# --- which content a case has --------------------------------------------------------------------------


def content(id: str, adds: bool = False, **applies: tuple[str, ...]) -> Content:
    return Content("buku", id, id.title(), (Entry(id, id),), "", applies, {"menambah": True} if adds else {})


def picked(*contents: Content, preferred: str = "", there: Any = lambda one: True) -> Choices:
    class Rules:
        contents = ("buku",)

    made = snapshot.Snapshot("x", Rules(), contents)  # type: ignore[arg-type]  # only the kinds are asked for
    return snapshot.pick(made, {"peran": "guru", "bentuk": "sd"}, {"buku": preferred} if preferred else {}, there)


def test_a_content_fits_only_where_every_key_does_and_the_closest_wins() -> None:
    close, wide, wrong = (
        content("dekat", peran=("guru",), bentuk=("sd",)),
        content("luas"),
        content("lain", peran=("x",)),
    )
    half = content("separuh", peran=("guru",), bentuk=("smp",))
    assert picked(wide, close, wrong, half).chosen == {"buku": "dekat"}
    assert picked(wrong, half).chosen == {}
    assert picked(close, wide, there=lambda one: one.id != "dekat").chosen == {"buku": "luas"}


def test_a_tie_is_settled_only_by_one_of_those_that_tie() -> None:
    one, two, wide = content("satu", peran=("guru",)), content("dua", bentuk=("sd",)), content("luas")
    assert picked(one, two, wide).ties == {"buku": ("Satu", "Dua")}
    assert picked(one, two, wide, preferred="dua").chosen == {"buku": "dua"}
    assert picked(one, two, wide, preferred="luas").ties == {"buku": ("Satu", "Dua")}


def test_what_only_adds_is_no_rival_and_overrides_no_entry() -> None:
    base, more = content("dasar"), content("tambah", adds=True, peran=("guru",))
    same = replace(more, id="sama", entries=(Entry("dasar", "Lain"), Entry("baru", "Baru")))
    choices = picked(base, more, same)
    assert (choices.chosen, choices.added) == ({"buku": "dasar"}, {"buku": ("tambah", "sama")})
    made = snapshot.Snapshot("x", None, (base, more, same))  # type: ignore[arg-type]  # no scheme is asked
    assert [(one.id, one.label) for one in made.chosen(choices)["buku"].entries] == [
        ("dasar", "dasar"), ("tambah", "tambah"), ("baru", "Baru"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "held"),
    [
        ({}, True), ({"a": ["1"]}, True), ({"a": ["2"]}, False), ({"a": ["1"], "b": ["x"]}, False),
        ({"tidak-ada": ["1"]}, False), ({"bukan": {"a": ["1"]}}, False), ({"bukan": {"a": ["2"]}}, True),
        ({"semua": [{"a": ["1"]}, {"b": ["x"]}]}, False), ({"salah_satu": [{"a": ["2"]}, {"b": ["2"]}]}, True),
        ({"salah_satu": []}, False), ({"semua": []}, True),
    ],
)  # fmt: skip
def test_a_condition_holds_when_every_part_of_it_does(condition: dict[str, Any], held: bool) -> None:
    assert conditions.holds(condition, {"a": "1", "b": "2"}) is held
