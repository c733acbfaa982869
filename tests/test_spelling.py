"""assistant.spelling: a misspelt name is read as the notices' own, and the reader is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.ask import ask
from assistant.spelling import Respelt, mend_names
from assistant.wording import write_answer
from core.types import CaveatKind, Status
from store.archive import Archive
from store.embedder import Embedder
from tests.conftest import take_in

pytestmark = pytest.mark.model

_NOTICE = """Notice on the visit to Brannigan College

The visit to Brannigan College took place on 4 May 2023. Professor Montcalm spoke about reading aloud.

The schools of Shanxi and of Hubei sent 40 teachers. The Germans of the exchange came by train.

The Kestrel Prize went to Willowby School and the Kestral Prize to Ashdown School.
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Archive:
    folder: Path = tmp_path_factory.mktemp("spelling")
    (folder / "visit.txt").write_text(_NOTICE, encoding="utf-8")
    archive = Archive(folder / "store", embedder)
    take_in(archive, folder / "visit.txt")
    return archive


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Montcalm", ""),
        ("Moncalm", "Montcalm"),
        ("Montcalmm", "Montcalm"),
        ("Motncalm", "Montcalm"),
        ("Montcelm", "Montcalm"),
        ("Moncelm", ""),
        ("Lontcalm", ""),
        # Both are provinces; neither is a slip for the other.
        ("Shaanxi", ""),
        ("Hebei", ""),
        ("Germany", ""),
        # Two names are as near.
        ("Kestrol", ""),
        ("Willowbys", ""),
        ("Wilowby's", "Willowby's"),
    ],
)
def test_a_name_is_read_as_the_nearest(desk: Archive, typed: str, read: str) -> None:
    question = f"What did {typed} speak about?"
    mended, respelt = mend_names(desk, question)
    assert respelt == ((Respelt(typed, read),) if read else ())
    assert mended == (question.replace(typed, read) if read else question)


def test_the_reader_is_told(desk: Archive) -> None:
    answer = ask(desk, "What did Professor Moncalm speak about?")
    assert answer.status is Status.answered
    assert answer.question == "What did Professor Moncalm speak about?"
    assert "Professor Montcalm spoke about reading aloud." in [sentence.text for sentence in answer.sentences]
    assert [(caveat.kind, caveat.words) for caveat in answer.caveats] == [(CaveatKind.respelt, ("Moncalm", "Montcalm"))]
    assert "No notice has “Moncalm”; it was read as “Montcalm”." in write_answer(answer)


def test_a_name_that_is_right_is_not_spoken_of(desk: Archive) -> None:
    assert ask(desk, "What did Professor Montcalm speak about?").caveats == ()
    assert ask(desk, "How many teachers did the schools of Shaanxi send?").status is Status.no_evidence
