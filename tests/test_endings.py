"""assistant.endings and the words that it rests on: who is repealed, and who repeals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import LinkKind, NoticeCard
from ingest.relations import find_relations
from ingest.sentences import parse_sentences
from store.names import call_names, fits

_OLD = NoticeCard("a", "a.txt", "Notice on School Lockers", number="Education Notice No. 7 [2019]")
_CHINESE = NoticeCard("b", "b.txt", "关于课后服务的通知", number="云教发〔2019〕20号")
_OTHER = NoticeCard("c", "c.txt", "Another notice")
_ENDS = {LinkKind.repeals, LinkKind.replaces, LinkKind.amends}


def is_ended(card: NoticeCard, text: str) -> bool:
    """Whether another notice with this text ends that one."""
    said = [r for r in find_relations(_OTHER, text, parse_sentences(text)) if r.kind in _ENDS]
    return any(fits(r.named, r.terms & call_names(card), card, _OTHER) for r in said if r.terms & call_names(card))


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("Education Notice No. 7 [2019] is repealed.", True),
        ("This notice replaces Education Notice No. 7 [2019], which is repealed from 1 August 2024.", True),
        ("Education Notices No. 3 [2015] and No. 7 [2019] are repealed.", True),
        ("This notice replaces Education Notice No. 3 [2015] and Education Notice No. 7 [2019].", True),
        ("The Department repealed Education Notice No. 7 [2019] in May.", True),
        ("The Notice on School Lockers was superseded in 2022.", True),
        ("Education Notice No. 7 [2019] no longer applies.", True),
        ("Education Notice No. 7 [2019] replaced Education Notice No. 3 [2015].", False),
        ("Education Notice No. 7 [2019] repeals the earlier rules.", False),
        ("Under Education Notice No. 7 [2019], Education Notice No. 3 [2015] is repealed.", False),
        ("Education Notice No. 3 [2015] was replaced by Education Notice No. 7 [2019].", False),
        ("Notice No. 3 [2015] was repealed under Education Notice No. 7 [2019].", False),
        ("Education Notice No. 7 [2019] is not repealed.", False),
        ("Schools report under Education Notice No. 7 [2019]; 29 documents were repealed.", False),
        ("Broken lockers are replaced. See Education Notice No. 7 [2019].", False),
    ],
)
def test_who_is_repealed(text: str, ended: bool) -> None:
    assert is_ended(_OLD, text) is ended


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("《关于课后服务的通知》（云教发〔2019〕20号）自2024年1月1日起废止。", True),
        ("云教发〔2019〕20号同时废止。", True),
        ("本通知施行后，废止云教发〔2019〕20号。", True),
        ("云教发〔2019〕20号继续有效。", False),
        ("根据云教发〔2019〕20号，云教发〔2015〕3号废止。", False),
        ("按云教发〔2019〕20号执行。", False),
    ],
)
def test_who_is_repealed_in_chinese(text: str, ended: bool) -> None:
    assert is_ended(_CHINESE, text) is ended


@given(st.text(max_size=120))
def test_words_that_name_no_notice_end_none(text: str) -> None:
    assert not is_ended(_OLD, text)
