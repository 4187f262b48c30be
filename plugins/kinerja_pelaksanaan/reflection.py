"""Steps refleksi (four questions, after the follow-up) and kompetensi-refleksi (two questions on competence)."""

from __future__ import annotations

from collections.abc import Callable

from kinerja import SUBJECT, Field, Form, Step, StepContext
from kinerja_pelaksanaan.asking import asked
from kinerja_pelaksanaan.people import READERS

# An empty question is asked in the words of the rubric.
_PRACTICE: tuple[tuple[str, str], ...] = (
    ("inspirasi", "Apa inspirasi baru dari upaya tindak lanjut Anda?"),
    ("perubahan", ""),
    ("tantangan", "Apa tiga tantangan paling sulit dalam melakukan perubahan itu?"),
    ("rencana", "Apa rencana Anda mengatasi tantangan itu agar perubahan terjadi?"),
)
_COMPETENCE = (
    ("inspirasi", "Apa inspirasi menarik yang Anda peroleh dari kegiatan refleksi?"),
    ("penerapan", "Bagaimana Anda menerapkan inspirasi untuk kemajuan penguasaan kompetensi?"),
)


def _asking(label: str, questions: tuple[tuple[str, str], ...]) -> Callable[[StepContext], Form]:
    def form(ctx: StepContext) -> Form:
        fields = tuple(
            Field(key, question or asked(ctx, key), "longtext", required=True) for key, question in questions
        )
        return Form(str(ctx.options.get("label", label)), fields, submit=str(ctx.options.get("lanjut", "")))

    return form


PRACTICE = Step(
    id="refleksi",
    label="Refleksi",
    author=SUBJECT,
    form=_asking("Refleksi", _PRACTICE),
    readers=READERS,
)
COMPETENCE = Step(
    id="kompetensi-refleksi",
    label="Refleksi Pengembangan Kompetensi",
    author=SUBJECT,
    form=_asking("Refleksi Pengembangan Kompetensi", _COMPETENCE),
    readers=READERS,
)
