"""The pages, one module a topic. Each has one blueprint; all words of a case come from its values."""

from __future__ import annotations

from flask import Blueprint

from kinerja_web.views import (
    case,
    evidence,
    help,
    home,
    imports,
    merging,
    people,
    plugins,
    requests,
    rules,
    several,
    signin,
    stage,
    step,
    unit,
)

BLUEPRINTS: tuple[Blueprint, ...] = tuple(
    module.pages
    for module in (
        signin,
        help,
        home,
        unit,
        people,
        merging,
        plugins,
        imports,
        evidence,
        requests,
        rules,
        several,
        case,
        step,
        stage,
    )
)
