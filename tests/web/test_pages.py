"""How pages are sent: whole or as a block, how heavy, under which names."""

from __future__ import annotations

import re

import brotli

from kinerja import hookimpl
from kinerja.contracts import Connector, Import, ImportRows, PersonRow, RowProblem
from kinerja.models import Unit
from kinerja.testing import manifest
from kinerja_web import create_app
from kinerja_work import imports, worker
from tests.web.visitor import SAME, Visitor, unit


class Files:
    """A reader of files that finds one person and one problem."""

    @hookimpl
    def register_connectors(self):
        def read(files, at, references):
            return ImportRows(
                None, (PersonRow(1, "Baru Contoh"),), (RowProblem(7, "Salah Contoh", "Tanggal tidak ada."),)
            )

        return [Connector("berkas-uji", "Berkas uji", imports=(Import("orang", "Orang", (("isi", "Berkas"),), read),))]


def test_htmx_gets_one_block_and_everybody_else_the_whole_page(budi):
    whole = budi.get("/?tampil=semua")
    block = budi.get("/?tampil=semua", HX_Request="true")
    assert "<!doctype html>" in whole.text and "<!doctype html>" not in block.text
    assert block.text.strip() and block.text.strip() in whole.text
    for sent in (whole, block):
        assert "HX-Request" in sent.headers["Vary"]
    for header in ("HX_Boosted", "HX_History_Restore_Request"):
        assert "<!doctype html>" in budi.get("/?tampil=semua", HX_Request="true", **{header: "true"}).text


def test_static_files_are_hashed_kept_for_ever_and_compressed(ani):
    css = re.search(r'href="(/static/[^"]+\.css)"', ani.get("/").text)[1]
    sent = ani.get(css, Accept_Encoding="br")
    assert sent.headers["Content-Encoding"] == "br" and "immutable" in sent.headers["Cache-Control"]
    assert len(sent.data) <= 8192 and b"--accent" in brotli.decompress(sent.data)
    assert ani.get("/static/0000000000/kinerja.css").status_code == 404
    assert ani.get(css.replace("kinerja.css", "../app.py")).status_code == 404


def test_the_first_paint_fits_its_budget(ani, url):
    css = re.search(r'href="(/static/[^"]+\.css)"', ani.get("/").text)[1]
    style = len(ani.get(css, Accept_Encoding="br").data)
    for page in ("/", url, f"{url}/pilih"):
        sent = ani.get(page, Accept_Encoding="br")
        assert sent.headers["Content-Encoding"] == "br" and len(sent.data) <= 6 * 1024
        assert len(sent.data) + style <= 14_000


def test_an_import_is_followed_read_and_saved_by_plain_pages(world):
    world.host.add(Files(), manifest("impor-uji"))
    ketua = Visitor(create_app(world), "Ketua Contoh", "ketua")
    page = f"/satuan/{unit('rumah-a')}/impor"
    assert ketua.post(page, penghubung="berkas-uji", pembaca="orang").status_code == 422, "no file"
    import io

    sent = ketua.client.post(
        page,
        data={"penghubung": "berkas-uji", "pembaca": "orang", "file:isi": (io.BytesIO(b"x"), "a.json")},
        headers=SAME,
    )
    job = sent.headers["Location"]
    waiting = ketua.get(job, HX_Request="true")
    assert "sedang dibaca" in waiting.text and "<!doctype" not in waiting.text
    worker.run_once(world)
    preview = ketua.get(job).text
    assert "Baru Contoh" in preview and "Baris 7" in preview and "Tanggal tidak ada." in preview
    assert ketua.post(job).status_code == 303
    worker.run_once(world)
    assert "Tersimpan" in ketua.get(job).text


def test_a_button_gives_an_import_up_without_script_and_its_file_is_gone(world):
    world.host.add(Files(), manifest("impor-uji"))
    ketua = Visitor(create_app(world), "Ketua Contoh", "ketua")
    page = f"/satuan/{unit('rumah-a')}/impor"
    here = Unit.get(Unit.code == "rumah-a")
    for read in (False, True):
        job = imports.start_import(world, "berkas-uji", "orang", here, {"isi": b"rahasia"}, None)
        if read:
            worker.run_once(world)
        assert '<button class="quiet" name="batal" value="1"' in ketua.get(f"{page}/{job}").text
        sent = ketua.post(f"{page}/{job}", batal="1")
        assert (sent.status_code, sent.headers["Location"]) == (303, page)
        shown = ketua.get(page).text
        assert "Impor dibatalkan. Tidak ada yang disimpan, dan berkasnya sudah dihapus." in shown
        assert "Dibatalkan" in shown and "Impor ini dibatalkan" in ketua.get(f"{page}/{job}").text
        assert [one for one in world.config.data.rglob("*") if one.is_file() and b"rahasia" in one.read_bytes()] == []
    job = imports.start_import(world, "berkas-uji", "orang", here, {"isi": b"x"}, None)
    worker.run_once(world)
    ketua.post(f"{page}/{job}")
    ketua.post(f"{page}/{job}", batal="1")
    assert "tidak dapat dibatalkan lagi" in ketua.get(page).text
    worker.run_once(world)
    assert "Tersimpan" in ketua.get(f"{page}/{job}").text


def test_a_job_of_another_unit_is_not_found(world):
    world.host.add(Files(), manifest("impor-uji"))
    job = imports.start_import(world, "berkas-uji", "orang", Unit.get(Unit.code == "rumah-a"), {"isi": b"x"}, None)
    ketua = Visitor(create_app(world), "Ketua Contoh", "ketua")
    assert ketua.get(f"/satuan/{unit('rumah-b')}/impor/{job}").status_code == 404
