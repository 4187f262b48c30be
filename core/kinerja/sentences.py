"""All sentences the kernel itself says to people, each with a code: what happened, why, what to do now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kinerja.clock import day_text
from kinerja.contracts import Problem, Refusal

SENTENCES = {
    "missing": "Halaman ini tidak ada atau bukan untuk Anda.",
    "unknown": "Plugin ini tidak terpasang. Muat ulang halaman ini.",
    "locked": "Pilihan ini dikunci oleh satuan di atas Anda. Hubungi admin di sana.",
    "restricted": "Plugin ini hanya dapat diatur di tingkat nasional.",
    "in-use": "Plugin ini sedang dipakai periode {periods}. Tunggu sampai periode itu ditutup.",
    "choice-on": "menyalakan {what}. {why}",
    "choice-off": "mematikan {what}. {why}",
    "choice-set": "mengatur {what}. {why}",
    "choice-own": "pilihan isi",
    "job-failed": "Pekerjaan ini gagal. Tidak ada yang disimpan. Hubungi admin, lalu coba lagi.",
    "took-too-long": "Pekerjaan ini terlalu lama, jadi dihentikan. Dicoba lagi nanti.",
    "sending-stopped": "Penghubung ini berulang kali gagal, jadi pengiriman dihentikan. Hubungi pengelola situs.",
    "sending-failed": "Pengiriman gagal. Dicoba lagi nanti.",
    "connector-missing": "Penghubung «{connector}» sedang tidak terpasang.",
    "sending-off": "Pengiriman sedang dimatikan untuk satuan ini.",
    "period-planned": "merencanakan {period}",
    "period-opened": "membuka {period}",
    "period-renewed": "memperbarui isi {period}. {why}",
    "period-closed": "menutup {period}",
    "upload-gone": "Berkas yang diunggah sudah tidak ada, jadi tidak ada yang disimpan. Unggah lagi berkasnya.",
    "row-twice": "{number} yang sama tertulis pada dua orang dalam berkas ini.",
    "row-elsewhere": "Menyebut satuan {there} yang bukan bagian dari {unit}. Tidak diambil.",
    "row-numbers": "Nomor-nomornya tercatat pada dua orang. Bila itu satu orang, satukan. Bila bukan, perbaiki di sumbernya.",
    "row-names": "Ada dua orang dengan nama dan tanggal lahir yang sama.",
    "row-other": "Nomornya milik orang lain yang tercatat. Operator perlu memeriksa datanya.",
    "row-number": "{number} berbeda dari yang tercatat ({known}). Operator perlu memastikan yang benar.",
    "row-home": "Sudah tercatat di sekolah induk lain: {what} di {there} sejak {day}. Berkas ini menyebut {new} di {unit}.",
    "row-post": "Tercatat sebagai {what} sejak {day}, sedangkan berkas menyebut {new} di sekolah yang sama.",
    "row-head": "Berkas menyebutnya {new} di {unit}, sedangkan {who} tercatat sebagai {new} di sana sejak {day}.",
    "row-heads": "Berkas menyebut lebih dari satu orang sebagai {new} di {unit}. Pilih siapa yang benar.",
    "row-taken": "Nomornya baru saja dicatat untuk orang lain, lewat impor lain. Impor sekali lagi, lalu periksa hasilnya.",
    "row-homeless": "Belum ada sekolah induknya di mana pun, jadi belum dapat menyusun kinerja. Periksa data induknya di sumbernya.",
    "contents-hidden": "Isi kinerja ini hanya dapat dibaca oleh yang terlibat.",
    "edition-corrected": "Edisi {number} terbit: {what} semula {old}, menjadi {new}",
    "looked": "{name} membaca isi kinerja ini sebagai {role}",
    "post-left": "{post}, sampai {day}",
    "lines-hidden": "Sebagian riwayat hanya dapat dibaca oleh yang terlibat.",
    "not-yours": "Langkah ini bukan giliran Anda. Yang dapat melakukannya: {who}.",
    "not-now": "{stage} sekarang berstatus «{state}», jadi ini tidak dapat dilakukan. Muat ulang halaman untuk melihat yang terbaru.",
    "ended": "Kinerja ini sudah berakhir: {reason}, {day}. Isinya tetap dapat dibaca, tetapi tidak dapat diubah lagi.",
    "closed": "Periode {period} sudah ditutup. Isinya tetap dapat dibaca, tetapi tidak dapat diubah lagi.",
    "too-early": "{stage} dibuka mulai {day}. Anda boleh menyiapkan draf setelah hari itu.",
    "too-late": "Batas {stage} adalah {day}, jadi tidak dapat diajukan lagi. Draf Anda tetap tersimpan. Hubungi Dinas Pendidikan Anda.",
    "waits": "{stage} belum dapat dilanjutkan. {why}",
    "waits-before": "Selesaikan langkah sebelumnya lebih dahulu: {step}.",
    "note-needed": "Tulis catatan agar yang membaca tahu apa yang perlu dilakukan.",
    "incomplete": "Ada {n} isian yang belum lengkap atau belum benar. Perbaiki yang disebut di bawah, lalu coba lagi.",
    "stale": "Isian ini sudah diubah di tempat lain sesudah Anda membukanya. Kedua isian ditampilkan; pilih yang dipakai.",
    "changed-while-reading": "Rencana ini berubah sesudah Anda membukanya. Periksa lagi isinya sebelum memutuskan.",
    "changed-since": "Datanya berubah sesudah pratinjau dibuat. Batalkan impor ini, unggah lagi, lalu periksa hasilnya.",
    "key-reused": "Kiriman ini memakai kunci yang sudah terpakai. Muat ulang halaman, lalu kirim lagi.",
    "objected": "Belum dapat dilanjutkan. {why}",
    "guard-failed": "Pemeriksa «{plugin}» sedang bermasalah, jadi perubahan ini ditahan. Hubungi admin daerah Anda.",
    "plugin-missing": "{what} memerlukan plugin yang sedang tidak terpasang. Data Anda aman. Hubungi admin daerah Anda.",
    "step-failed": "Bagian «{step}» sedang bermasalah. Data Anda aman. Admin daerah sudah diberi tahu.",
    "handed": "Bagian ini sudah diajukan, jadi tidak dapat diubah. Tarik kembali lebih dahulu bila perlu.",
    "too-long": "Isian terlalu panjang untuk disimpan. Pendekkan teksnya, lalu simpan lagi.",
    "busy": "Banyak yang mengubah data ini bersamaan. Tunggu sebentar, lalu coba lagi.",
    "content-missing": "{what} {role} belum tersedia. Anda tidak perlu melakukan apa pun sampai dinas memasangnya.",
    "content-tie": "Ada dua {what} yang sama-sama berlaku: {names}. Admin daerah perlu memilih salah satu di halaman Plugin.",
    "not-asked": "Peran Anda tidak termasuk yang menyusun kinerja di sini.",
    "wrong-year": "{scheme} tidak berlaku untuk tahun {year}. Pilih skema yang sesuai tahunnya.",
    "demo-back": "Tanggal demo hanya dapat dimajukan, tidak dapat dimundurkan.",
    "evidence-none": "Tempat bukti ini tidak ada. Muat ulang halaman bukti.",
    "evidence-wrong": "Bukti ini belum dapat diterima. {why}",
    "evidence-missing-case": "{n} dari {total} bukti belum ada",
    "evidence-missing-unit": "{n} dari {total} bukti sekolah belum ada",
    "news-said": "{who} menulis {n} tanggapan",
    "news-adjusted": "menyesuaikan {n} bagian",
    "news-wrote": "mengisi {n} bagian",
    "system": "Sistem",
    "request-empty": "Tulis {what} yang benar agar operator tahu apa yang perlu diperbaiki.",
    "request-same": "{what} yang Anda tulis sama dengan yang tercatat. Tulis yang benar, atau tidak perlu meminta apa-apa.",
    "request-answered": "Permintaan ini sudah dijawab. Muat ulang halaman untuk melihat jawabannya.",
    "request-log": "{name} meminta: {what}",
    "request-granted": "{name} membuka sekali lagi: {what}. {why}",
    "request-done": "{name} menandai selesai: {what}. {why}",
    "request-denied": "{name} menolak permintaan: {what}. {why}",
    "request-fixed": "Data sudah sesuai sejak impor {day}.",
    "request-holds": "Menunggu perbaikan data: {what}. Dikirim setelah datanya benar.",
    "paper-needed": "Tulis nomor dan tanggal SK atau Surat Tugas agar dasarnya jelas.",
    "days-turned": "Tanggal terakhir lebih awal daripada tanggal mulai. Perbaiki salah satunya.",
    "last-day-needed": "{what} punya batas waktu. Isi tanggal terakhirnya sesuai SK.",
    "not-oneself": "Data sendiri tidak dapat dicatat sendiri. Minta Dinas Pendidikan atau rekan yang berwenang mencatatnya.",
    "day-odd": "Tahun pada tanggal ini tidak masuk akal. Periksa lagi tanggalnya.",
    "longer-than-known": "Menurut catatan, tugas ini berakhir {day}. Perpanjangan dicatat sebagai penugasan baru dengan SK-nya.",
    "resumed": "tanggal berakhir dibatalkan. {why}",
    "value-perbaikan": "{what} yang benar sejak semula {new}, semula tertulis {old}. {why}",
    "value-perubahan": "{what} {old} menjadi {new} sejak {day}. {why}",
    "value-same": "{what} sudah tercatat begitu. Tulis yang benar, atau tidak perlu mencatat apa-apa.",
    "value-needed": "Isi {what} yang benar.",
    "value-unknown": "{what} ini tidak ada dalam daftar. Pilih salah satu yang tersedia.",
    "since-needed": "Isi sejak kapan {what} berubah (TMT), sesuai SK.",
    "number-taken": "{what} ini tercatat untuk {who}. Periksa angkanya; bila keduanya orang yang sama, satukan datanya.",
    "row-entered": "{what} tetap {now} seperti dicatat operator. Berkas menulis {told}; perbaiki di sumbernya.",
    "profile-log": "Data orang diikuti: {what}",
    "profile-confirmed": "{name} memastikan {what}. {why}",
    "case-again": "{name} dibuka lagi: tugasnya tidak berakhir",
    "begins-later": "Tugas ini baru mulai {day}. Pilih yang bertugas hari ini.",
    "nothing-ended": "Tanggal terakhir ini berasal dari SK-nya. Perpanjangan dicatat sebagai penugasan baru dengan SK-nya.",
    "role-elsewhere": "{what} bukan jabatan di {unit}. Pilih jabatan lain, atau catat di satuan yang punya jabatan itu.",
    "ended-already": "Tugas ini sudah berakhir {day}. Muat ulang daftar, lalu periksa lagi.",
    "home-already": "{who} masih tercatat sebagai {what} di {unit}. Catat mutasi atau promosi, agar jabatan itu berakhir.",
    "head-already": "{who} masih {what} di {unit} pada tanggal itu. Catat dahulu mutasi atau hari terakhirnya.",
    "from-above": "{what} di {unit} dicatat oleh Dinas Pendidikan atau yayasan yang membawahinya. Minta mereka mencatatnya.",
    "held-already": "{who} sudah tercatat sebagai {what} di sana pada tanggal itu. Periksa daftar, lalu ubah tanggalnya bila perlu.",
    "reason-unknown": "Alasan ini tidak ada dalam daftar. Pilih salah satu yang tersedia.",
    "other-unit": "{unit} bukan bagian dari satuan Anda. Minta Dinas Pendidikan yang membawahi keduanya untuk mencatatnya.",
    "staff-log": "{name} mencatat {who}: {what}",
    "import-log": "mengambil {people} orang dan {facts} keterangan sekolah dari {what}",
    "vacant": "Tentukan {what}",
    "vacant-why": "Belum ada {what}. Langkah ini menunggu sampai Dinas Pendidikan menetapkannya.",
    "relation-log": "{name} menetapkan {who} sebagai {what}. {why}",
    "day-outside": "Tanggalnya harus dalam periode ini: {first} sampai {last}.",
    "months-wrong": "Isi lama bekerja dari 0 sampai {most} bulan.",
    "note-there": "Catatan penutup sudah ditulis dan tidak diganti. Muat ulang halaman untuk membacanya.",
    "ending-log": "{name} menutup kinerja ini: {reason}, {day}, {months} bulan bekerja",
    "ending-note": "{name} menulis catatan penutup",
    "value-long": "{what} terlalu panjang, paling banyak {n} huruf. Perbaiki di sumber datanya, lalu impor lagi.",
    "note-long": "Catatan terlalu panjang. Paling banyak {n} huruf. Pendekkan, lalu kirim lagi.",
    "note-log": "{name} menulis tanggapan",
    "item-gone": "Butir ini sudah tidak ada. Muat ulang halaman, lalu tulis lagi.",
    "several-none": "Tidak ada rencana yang dapat disetujui bersama. Periksa satu per satu.",
    "several-warned": "Ada yang perlu dibicarakan lebih dahulu, jadi diperiksa satu per satu.",
    "merge-same": "Ini catatan yang sama. Pilih catatan lain dari orang itu.",
    "merged-already": "Catatan {who} ini sudah disatukan dengan catatan lain dari orang yang sama. Tidak perlu disatukan lagi.",
    "merge-elsewhere": "Salah satu catatan punya jabatan di {unit}, di luar wewenang Anda. Minta Dinas Pendidikan yang membawahi keduanya.",
    "merge-homeless": "Catatan {who} belum punya jabatan, jadi tidak dapat menjadi yang tetap. Tukar keduanya, lalu satukan.",
    "merge-busy": "Kinerja salah satu catatan sedang diisi. Tunggu {n} menit sesudah isian terakhir, agar tidak ada yang hilang.",
    "merge-open": "Ada yang tidak dapat tetap dua-duanya dan belum dipilih. Pilih salah satu pada setiap pertanyaan.",
    "merge-choose": "Pilih salah satu.",
    "merge-aside": "Disatukan dengan kinerja lain dari orang yang sama",
    "merge-aside-log": "{name} menutup kinerja ini tanpa dihitung: dua catatan orang yang sama disatukan. {why}",
    "merge-log": "{name} menyatukan catatan {gone} ke dalam catatan {keep}. {why}",
    "held-in-office": "Menurut data, jabatan Anda di sini sudah berakhir, jadi ini bukan keputusan Anda lagi. Keliru? Hubungi Dinas.",
}


def say(code: str, **words: object) -> str:
    """The sentence of a code with its words put in; KeyError for a code that is not here."""
    return SENTENCES[code].format(**words)


LONGEST = 2000
"""Characters a note, a reason or an answer of one person to another may have."""


def bounded(text: str, most: int = LONGEST) -> str:
    """What somebody wrote, without blanks around it; refused where it is too long to be kept."""
    text = text.replace("\0", "").strip()
    refuse_if(len(text) > most, "note-long", n=most)
    return text


def needed(text: str, code: str = "note-needed", most: int = LONGEST, **words: object) -> str:
    """What somebody must write, without blanks around it; refused by *code* where nothing is left of it."""
    text = bounded(text, most)
    refuse_if(not text, code, **words)
    return text


def refuse(code: str, *problems: Problem, **words: object) -> Refusal:
    """A refusal with the sentence of a code, to be raised."""
    return Refusal(code, say(code, **words), problems)


def refuse_if(wrong: object, code: str, *problems: Problem, **words: object) -> None:
    """Raise the refusal of a code where something is wrong: what nobody may do stands in one line each."""
    if wrong:
        raise refuse(code, *problems, **words)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why something may not be done, as a value: the same sentence wherever it is drawn, the day it turns on and the
    person who could, where there are such."""

    code: str
    sentence: str
    day: date | None = None
    person: str = ""

    def refusal(self, *problems: Problem) -> Refusal:
        """The same as an exception, to be raised."""
        return Refusal(self.code, self.sentence, problems)


def refused(code: str, *, day: date | None = None, **words: object) -> Refused:
    """Why not, by a code: *day* is put in as it is read, *who* is kept as the person."""
    told = {"day": day_text(day), **words} if day is not None else words
    return Refused(code, say(code, **told), day, str(words.get("who", "")))


def refuse_as(why: Refused | None) -> None:
    """Raise what was judged, where it was refused."""
    if why is not None:
        raise why.refusal()
