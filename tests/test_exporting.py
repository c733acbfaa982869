"""assistant.exporting and store.originals: answers of a real desk as files, and the files that they cite."""

from __future__ import annotations

import os
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest

from assistant.__main__ import main
from assistant.exporting import collect_originals, export, make_exchange
from core.errors import UsageError
from core.types import Answer, AnswerSentence, Searched, SentenceKind, Span, Status
from store import originals
from store.archive import Archive
from store.originals import find_originals
from tests.conftest import CORPUS, take_in

pytestmark = pytest.mark.model
_TEXT = "Notice on school meals\n\nBureau, 1 March 2022\n\nEach school serves a warm meal on every school day.\n"


def _take_in(archive: Archive, file: Path, content: bytes) -> str:
    """The id of the notice that a file becomes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    report = take_in(archive, file.parent)
    assert not report.failed
    return archive.catalogue.cards()[0].notice_id


def _quote(archive: Archive, notice_id: str, words: str, kind: SentenceKind = SentenceKind.sentence) -> Answer:
    notice = archive.catalogue.notice(notice_id)
    start = notice.text.index(words)
    citation = notice.cite(1, Span(start, start + len(words)))
    sentences = (AnswerSentence(words, (1,), kind),)
    return Answer("Asked", "en", Status.answered, Searched(1, (2022,)), sentences, (citation,))


def _zip(**members: bytes) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, content in members.items():
            packed.writestr(f"2022/{name}.txt", content)
    return stream.getvalue()


def test_a_file_is_given_while_it_is_as_it_was_read(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "notices" / "meals.txt"
    notice_id = _take_in(archive, file, _TEXT.encode())
    found = find_originals(archive.catalogue, {notice_id})
    assert (found[notice_id].path, found[notice_id].content) == ("meals.txt", _TEXT.encode())
    file.write_bytes(_TEXT.replace("warm", "cold").encode())
    assert not find_originals(archive.catalogue, {notice_id})
    file.unlink()
    assert not find_originals(archive.catalogue, {notice_id})


def test_of_two_files_with_the_same_words_the_one_that_is_left_is_given(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "notices" / "a.txt"
    notice_id = _take_in(archive, file, _TEXT.encode())
    _take_in(archive, file.with_name("b.txt"), _TEXT.encode() + b"\n")
    file.unlink()
    assert find_originals(archive.catalogue, {notice_id})[notice_id].path == "b.txt"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes on this system")
def test_no_link_is_followed_and_no_pipe_waited_for(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "notices" / "meals.txt"
    notice_id = _take_in(archive, file, _TEXT.encode())
    kept = tmp_path / "kept.txt"
    file.rename(kept)
    file.symlink_to(kept)
    assert not find_originals(archive.catalogue, {notice_id})
    file.unlink()
    os.mkfifo(file)
    assert not find_originals(archive.catalogue, {notice_id})
    file.unlink()
    kept.rename(file)
    moved = file.parent.rename(tmp_path / "moved")
    file.parent.symlink_to(moved)
    assert file.read_bytes() == _TEXT.encode()
    assert not find_originals(archive.catalogue, {notice_id})


def test_a_file_in_an_archive_is_read_out_of_it(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "notices" / "all.zip"
    notice_id = _take_in(archive, file, _zip(meals=_TEXT.encode()))
    found = find_originals(archive.catalogue, {notice_id})
    assert (found[notice_id].path, found[notice_id].content) == ("all.zip/2022/meals.txt", _TEXT.encode())
    monkeypatch.setattr(originals, "_LARGEST", len(_TEXT) - 1)
    assert not find_originals(archive.catalogue, {notice_id})
    monkeypatch.undo()
    file.write_bytes(_zip(meals=b"Other words."))
    assert not find_originals(archive.catalogue, {notice_id})
    file.write_bytes(b"PK\x03\x04 no archive")
    assert not find_originals(archive.catalogue, {notice_id})


def test_originals_come_with_what_is_quoted_and_with_the_text_where_the_file_is_gone(
    archive: Archive, tmp_path: Path
) -> None:
    file = tmp_path / "notices" / "meals.txt"
    notice_id = _take_in(archive, file, _TEXT.encode())
    answer = _quote(archive, notice_id, "Each school serves a warm meal on every school day.")
    made = [make_exchange(archive.catalogue, "Meals?", answer)] * 2
    [original] = collect_originals(archive.catalogue, made)
    assert (original.path, original.file) == ("meals.txt", _TEXT.encode())
    assert [citation.quote for citation in original.citations] == [answer.citations[0].quote]
    file.unlink()
    [original] = collect_originals(archive.catalogue, made)
    assert original.file is None and original.text == archive.catalogue.notice(notice_id).text


def test_what_holds_no_more_is_left_out(archive: Archive, tmp_path: Path) -> None:
    notice_id = _take_in(archive, tmp_path / "notices" / "meals.txt", _TEXT.encode())
    answer = _quote(archive, notice_id, "Each school serves a warm meal on every school day.")
    changed = replace(answer, citations=(replace(answer.citations[0], quote="Each school serves nothing."),))
    target = tmp_path / "out.md"
    export(archive.catalogue, [("Meals?", changed)], target, "plain")
    written = target.read_text("utf-8")
    assert "One sentence is left out here" in written and "Each school" not in written


def test_the_first_row_of_a_table_is_its_head(archive: Archive, tmp_path: Path) -> None:
    table = "# Notice on meals\n\n| Grade | Allowance |\n| --- | --- |\n| 1 | 800 |\n| 2 | 900 |\n"
    notice_id = _take_in(archive, tmp_path / "notices" / "meals.md", table.encode())
    head, row = (_quote(archive, notice_id, words, SentenceKind.row) for words in ("Grade\tAllowance", "1\t800"))
    assert make_exchange(archive.catalogue, "Meals?", head).heads == {1}
    assert make_exchange(archive.catalogue, "Meals?", row).heads == frozenset()


def test_a_name_that_says_nothing_is_refused_before_anything_is_asked(archive: Archive, tmp_path: Path) -> None:
    def ask_nothing() -> tuple[str, Answer]:
        raise AssertionError("asked")

    with pytest.raises(UsageError, match="not known what to export"):
        export(archive.catalogue, (ask_nothing() for _ in range(1)), tmp_path / "out.pdf", "plain")
    with pytest.raises(UsageError, match="cannot be written"):
        export(archive.catalogue, [], tmp_path / "none" / "out.md", "plain")


def test_the_command(desk: Archive, desk_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = "How much is the bursary for rural teachers in 2024?"
    for name in ("out.docx", "out.md", "out.ZIP"):
        assert main([question, "--export", str(tmp_path / name), "--store", str(desk_folder)]) == 0
    document = docx.Document(str(tmp_path / "out.docx"))
    assert "4,800 yuan" in "".join(paragraph.text for paragraph in document.paragraphs)
    assert "4,800 yuan" in (tmp_path / "out.md").read_text("utf-8")
    with zipfile.ZipFile(tmp_path / "out.ZIP") as packed:
        name = "2024-rural-teacher-bursaries.txt"
        assert packed.read(f"originals/{name}") == (CORPUS / "samples" / name).read_bytes()
    assert capsys.readouterr().out == ""
    assert main([question, "--export", str(tmp_path / "out.pdf"), "--store", str(desk_folder)]) == 2
