"""The only module that knows htmx-flask, and mends what it leaves open: Vary, NUL characters, redirects."""

from __future__ import annotations

from typing import Any, cast

import flask
import htmx_flask
from flask import Flask, Response, current_app
from htmx_flask.requests import HtmxAwareRequest
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.urls import iri_to_uri


class Request(HtmxAwareRequest):  # type: ignore[misc]  # htmx-flask carries no types
    """A request that knows whether htmx asks, and for which element."""

    max_form_parts = 5000

    def _load_form_data(self) -> None:
        """As usual, without NUL characters: no database keeps them, and nobody types them on purpose."""
        super()._load_form_data()
        pairs = list(self.form.items(multi=True))
        if any("\0" in text for pair in pairs for text in pair):
            clean = [(name.replace("\0", ""), text.replace("\0", "")) for name, text in pairs]
            self.__dict__["form"] = ImmutableMultiDict(clean)

    @property
    def wants_block(self) -> bool:
        """Whether a block is enough: not for boosted links, nor where the browser restores its history."""
        return bool(self.htmx) and not self.htmx.boosted and not self.htmx.history_restore_request

    @property
    def sends_piece(self) -> bool:
        """Whether the answer is a piece of a page for something sent, such as an autosave: no browser opens it by itself and
        none keeps it, so the headers of a page would only weigh. Phones pay for them each time somebody types."""
        return self.method == "POST" and self.wants_block


request = cast(Request, flask.request)


def install(app: Flask) -> None:
    """Make an application aware of htmx. Our own Request comes after, since the extension overwrites it."""
    htmx_flask.Htmx(app)
    app.request_class = Request
    app.after_request(_vary)


def page(template: str, block: str = "", status: int = 200, **values: Any) -> Response:
    """Draw a template: for htmx one of its blocks where *block* names it, for everybody else the whole page."""
    found = current_app.jinja_env.get_template(template)
    if block and request.wants_block:
        current_app.update_template_context(values)
        body = "".join(found.blocks[block](found.new_context(values)))
    else:
        body = flask.render_template(found, **values)
    return Response(body, status, mimetype="text/html")


def go(url: str) -> Response:
    """Send the browser to another page, whether htmx asks or not."""
    if request.wants_block:
        return Response("", 200, {"HX-Redirect": iri_to_uri(url)})
    return Response("", 303, {"Location": url})


def _vary(response: Response) -> Response:
    if not request.sends_piece:
        response.vary.add("HX-Request")
    return response
