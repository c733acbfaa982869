"""cite.transcripts: each conversation a file of its own, with a name that is safe."""

from __future__ import annotations

import zipfile
from io import BytesIO

from assistant import wording
from cite.export import Transcript, pack_transcripts
from tests.exchanges import make_chinese, make_english


def _pack(*transcripts: Transcript) -> dict[str, str]:
    packed = pack_transcripts(transcripts, "plain", said=wording)
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def test_each_conversation_is_a_file_with_its_title_and_its_quotes() -> None:
    english, chinese = tuple(make_english()), tuple(make_chinese())
    files = _pack(Transcript("Meals", "2026-11-23", english), Transcript("供餐", "2026-11-22", chinese))
    assert list(files) == ["conversations/2026-11-23 Meals.md", "conversations/2026-11-22 供餐.md"]
    assert files["conversations/2026-11-23 Meals.md"].startswith("# Meals\n")
    assert english[0].answer.citations[0].quote in files["conversations/2026-11-23 Meals.md"]
    assert "[^1]:" in files["conversations/2026-11-22 供餐.md"]


def test_a_title_names_no_folder_and_none_is_lost_to_another() -> None:
    made = tuple(make_english())
    files = _pack(Transcript("../a/b?", "2026-11-23", made), Transcript("..\\A\\b?", "2026-11-23", made))
    assert list(files) == ["conversations/2026-11-23 .._a_b_.md", "conversations/2026-11-23 .._A_b_ (2).md"]
