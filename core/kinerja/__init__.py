"""Kinerja's public face for plugins: import from here and nowhere deeper; what is not here is not promised."""

from kinerja.clock import day_text as day_text
from kinerja.conditions import fields_of as fields_of
from kinerja.conditions import holds as holds
from kinerja.contracts import *  # noqa: F403  # the values of contracts.py are the face
from kinerja.contracts import Json as Json
from kinerja.hooks import hookimpl as hookimpl
from kinerja.schemes import read_scheme as read_scheme

__version__ = "0.1.0"
API = 1
