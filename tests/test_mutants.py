"""The list of `make mutants` fits the code as it is: each change can still be made, and its tests are there."""

from __future__ import annotations

from tests.mutants.table import mutants, problem


def test_every_mutant_still_applies_compiles_and_names_tests_that_exist():
    assert [told for one in mutants() if (told := problem(one))] == []


def test_the_list_is_long_enough_and_names_each_mutant_once():
    ids = [one.id for one in mutants()]
    assert len(ids) == len(set(ids))
    assert len(ids) >= 150


def test_every_mutant_says_what_it_lets_through_and_who_should_notice():
    assert [one.id for one in mutants() if not one.tests or not one.lets.endswith(".")] == []
