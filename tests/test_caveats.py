"""assistant.caveats: what a reader must know beside an answer."""

from __future__ import annotations

import pytest

from assistant.ask import ask
from assistant.caveats import add_caveats, looks_garbled
from assistant.endings import find_endings
from assistant.wording import say_caveats
from core.types import Answer, AnswerSentence, CaveatKind, Citation, NoticeCard, Searched, Span, Status
from store.archive import Archive
from tests.conftest import make_entry


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("More than 70 people attended the meeting 160, including comrades.", True),
        ("The sum is \ufffd\ufffd yuan.", True),
        ("学校应当锟斤拷报告。", True),
        ("the minister’s wordâ€™s", True),
        ("More than 70 people attended the meeting, as annex 3, says.", False),
        ("At least 30 pupils sit in grade 4, and 20 in grade 5.", False),
        ("Schools report by 30 June 2022, at the latest.", False),
        ("学校应当在2022年6月30日前报告。", False),
        ("In 2022 the province had 4,268 schools, with 2.81 million pupils and 201,900 full-time teachers.", False),
        ("The 12 schools named in section 3, chapter 2, report.", False),
    ],
)
def test_garbled_words(text: str, does: bool) -> None:
    assert looks_garbled(text) is does


def _cited(*texts: str) -> Answer:
    cards = [NoticeCard(str(place), f"{place}.txt", f"Notice {place}") for place in range(len(texts))]
    citations = [
        Citation(n + 1, card, Span(0, len(t)), t) for n, (card, t) in enumerate(zip(cards, texts, strict=True))
    ]
    sentences = tuple(AnswerSentence(text, (place + 1,)) for place, text in enumerate(texts))
    return Answer("How much?", "en", Status.answered, Searched(2, ()), sentences, tuple(citations))


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        (
            "The bursary for rural teachers is 3,600 yuan a year.",
            "The bursary for rural teachers is 4,800 yuan a year.",
            True,
        ),
        (
            "The bursary for rural teachers is 3,600 yuan a year.",
            "The bursary for rural teachers is 3,600 yuan each year.",
            False,
        ),
        ("The bursary for rural teachers is 3,600 yuan a year.", "Schools close at 16:00 on Fridays.", False),
        ("乡村教师生活补助标准为每人每月300元。", "乡村教师生活补助标准为每人每月400元。", True),
    ],
)
def test_notices_that_differ_are_told(archive: Archive, one: str, other: str, differ: bool) -> None:
    caveats = add_caveats(archive, _cited(one, other), compared=False).caveats
    assert [caveat.labels for caveat in caveats if caveat.kind is CaveatKind.differ] == ([(1, 2)] if differ else [])
    assert add_caveats(archive, _cited(one, other), compared=True).caveats == ()


@pytest.mark.model
def test_a_notice_that_a_later_one_repeals_is_said_to_be(archive: Archive) -> None:
    old = make_entry(
        "Schools may ask for a deposit of 20 yuan for each locker.",
        title="Notice on school lockers",
        number="Education Notice No. 7 [2019]",
        issued_on="2019-03-01",
        year=2019,
    )
    new = make_entry(
        "Schools ask for no deposit for lockers.\n\nEducation Notice No. 7 [2019] is repealed.",
        title="Notice on free lockers",
        issued_on="2022-03-01",
        year=2022,
    )
    entries = [old, new]
    archive.add(entries, archive.embed(entries), [])
    assert [e.draft.text for e in find_endings(archive, [old.notice.card, new.notice.card])] == [
        "Education Notice No. 7 [2019] is repealed."
    ]
    answer = ask(archive, "What deposit could schools ask for a locker in 2019?")
    superseded = [caveat for caveat in answer.caveats if caveat.kind is CaveatKind.superseded]
    assert len(superseded) == 1
    by = next(citation for citation in answer.citations if citation.label == superseded[0].by)
    assert by.quote == "Education Notice No. 7 [2019] is repealed."
    told = say_caveats(answer)
    assert any("repealed or replaced" in line and f"[{by.label}]" in line for line in told)


@pytest.mark.model
def test_a_notice_that_is_said_to_stay_in_force_is_not_called_repealed(archive: Archive) -> None:
    old = make_entry("Lockers are 20 yuan.", title="Notice on school lockers", number="No. 7 [2019]", issued_on="2019")
    new = make_entry("No. 7 [2019] is not repealed.", title="Other", issued_on="2022", year=2022)
    archive.add([old, new], archive.embed([old, new]), [])
    assert find_endings(archive, [old.notice.card]) == []


@pytest.mark.model
def test_a_part_that_is_replaced_is_told_with_what_replaces_it(archive: Archive) -> None:
    old = make_entry(
        "Every school adopts a charter. Charters are approved by the county.",
        title="Notice on charters",
        number="Education Notice No. 4 [2018]",
        issued_on="2018-03-01",
        year=2018,
    )
    new = make_entry(
        "Clause 1 of Education Notice No. 4 [2018] is replaced by the following: Every school adopts a charter by May.",
        title="Notice on the review of charters",
        issued_on="2022-03-01",
        year=2022,
    )
    archive.add([old, new], archive.embed([old, new]), [])
    answer = ask(archive, "Who approved charters in 2018?")
    assert [caveat.kind for caveat in answer.caveats] == [CaveatKind.amended]
    assert any("at least a part of the one quoted" in line for line in say_caveats(answer))
