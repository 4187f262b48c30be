"""Rapor Pendidikan: takes a school's downloaded report into Kinerja and says which indicators it recommends.

Rapor Pendidikan has no programming interface; the head or operator downloads a spreadsheet and uploads it here.
"""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import Connector, Content, FactSpec, Import, ImportRows, UnitView, hookimpl


def read(files: Mapping[str, bytes], unit: UnitView, contents: Mapping[str, Content]) -> ImportRows:
    """Read one report, as `reader` says. What opens spreadsheets is loaded with the first one."""
    from kinerja_rapor import reader  # no page needs it

    return reader.read(files, unit, contents)


REPORT = Import(
    id="rapor-sekolah",
    label="Impor Rapor Pendidikan sekolah",
    files=(("rapor", "Berkas Rapor Pendidikan (.xlsx)"),),
    read=read,
)


@hookimpl
def register_connectors() -> tuple[Connector, ...]:
    """Bring the reader of a school's report; asked once at start, never fails."""
    recommended = FactSpec("rapor.*", "Rekomendasi dari Rapor Pendidikan")
    return (Connector(id="rapor", label="Rapor Pendidikan", imports=(REPORT,), gives=(recommended,)),)
