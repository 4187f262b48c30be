"""Kinerja's public face for plugins: import from here and nowhere deeper; what is not here is not promised."""

from kinerja import contracts
from kinerja.clock import day_text
from kinerja.conditions import fields_of, holds
from kinerja.contracts import *  # noqa: F403  # the values of the contracts are the face
from kinerja.days import holds as holds_on
from kinerja.hooks import hookimpl
from kinerja.schemes import read_scheme

__all__ = ["day_text", "fields_of", "holds", "holds_on", "hookimpl", "read_scheme"]
__all__ += contracts.__all__
__version__ = "0.1.0"
API = 1
