"""Fill the named places of a page from the plugins that are on, each piece behind its own guard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app, g
from markupsafe import Markup

from kinerja import settings
from kinerja_web import gate, hooks


def fill(slot: str, line: Sequence[int] | None = None, **facts: Any) -> list[Markup]:
    """The pieces for one slot at a unit, in order of plugin id. A plugin that fails leaves the page whole."""
    kernel = gate.the_kernel()
    where = gate.top(kernel) if line is None else line
    among = settings.enabled(kernel, where)
    pieces = []
    for answer in kernel.host.ask(hooks.fill_slot, among, slot=slot, viewer=g.viewer, facts=facts):
        if answer.value is not None:
            fragment = answer.value
            drawn = kernel.host.guarded(answer.plugin, "fill_slot", lambda f=fragment, p=answer.plugin: _draw(f, p))  # type: ignore[misc]  # bound as defaults
            if drawn.value is not None:
                pieces.append(drawn.value)
    return pieces


def _draw(fragment: hooks.Fragment, plugin: str) -> Markup:
    if not fragment.template.startswith(f"{plugin}/"):
        raise ValueError(f"Template «{fragment.template}» harus berada di «{plugin}/».")
    values: Mapping[str, Any] = fragment.values
    return Markup(current_app.jinja_env.get_template(fragment.template).render(**values))
