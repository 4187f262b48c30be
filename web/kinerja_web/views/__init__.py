"""The pages, one module a topic. Each has one blueprint; all words of a case come from its values."""

from __future__ import annotations

from flask import Blueprint

from kinerja_web.views import case, evidence, home, imports, plugins, signin, stage, step, unit

BLUEPRINTS: tuple[Blueprint, ...] = tuple(
    module.pages for module in (signin, home, unit, plugins, imports, evidence, case, step, stage)
)
