"""retriever.followup and what it rests on: a follow-up finds what its standalone form finds."""

from __future__ import annotations

import datetime
import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from core.errors import UsageError
from retriever.followup import resolve
from retriever.question import Query, read_question
from retriever.search import search
from store.archive import Archive
from tests.conftest import ROOT

TODAY = datetime.date(2026, 11, 23)


class Conversation(BaseModel):
    """A follow-up of `followups.jsonl`, the same as a question that stands alone, and the notice that answers."""

    history: list[str]
    question: str
    standalone: str
    path: str


@cache
def _read_conversations() -> list[Conversation]:
    lines = (ROOT / "tests" / "followups.jsonl").read_text(encoding="utf-8").splitlines()
    return [Conversation.model_validate(json.loads(line)) for line in lines]


@pytest.mark.model
@pytest.mark.parametrize("english", [True, False], ids=["English", "Chinese"])
def test_a_follow_up_finds_the_notice_of_its_standalone_form(desk: Archive, english: bool) -> None:
    conversations = [c for c in _read_conversations() if c.question.isascii() == english]
    assert len(conversations) >= 30

    def finds(query: Query, conversation: Conversation) -> bool:
        return search(desk, query, 1)[0].card.path == conversation.path

    alone = [finds(read_question(c.standalone), c) for c in conversations]
    as_asked = [finds(read_question(c.question, c.history), c) for c in conversations]
    missed = [c.question for c, right in zip(conversations, as_asked, strict=True) if not right]
    assert sum(as_asked) / len(as_asked) >= sum(alone) / len(alone) - 0.05, missed


def test_a_question_that_stands_alone_takes_nothing_from_the_conversation() -> None:
    conversations = _read_conversations()
    carrying = []
    for place, conversation in enumerate(conversations):
        before = conversations[(place + len(conversations) // 2) % len(conversations)]
        query = read_question(conversation.standalone, [*before.history, before.question], today=TODAY)
        if query.carried or query.text != query.asked:
            carrying.append(conversation.standalone)
    assert len(carrying) <= 0.05 * len(conversations), carrying


@pytest.mark.parametrize(
    "question",
    [
        "How much is the rural teacher bursary in 2024?",
        "How many schools were there in 2021?",
        "limits on written homework",
        "What does policy KDCA say about visitors?",
        "What does Yunlan Education Notice No. 9 [2022] require?",
        "By when must schools review their charters in 2022?",
        "What happens to physical education when it rains?",
        "Is it allowed to bring telephones to school?",
        "Can teachers refuse to use AI tools, and can they be rated lower for it?",
        "Why must oversize classes be removed?",
        "课后服务收费标准是多少？",
        "云教发〔2021〕34号规定了什么？",
        "职业教育法是哪一年修订的？",
        "民办学校招生可以考试吗？",
        "2023年全省教育督导工作会议由谁主持？",
    ],
)
def test_nothing_is_carried_over(question: str) -> None:
    query = read_question(question, ["How much was the school transport allowance in 2020?"], today=TODAY)
    assert (query.text, query.carried) == (question, ())
    assert 2020 not in query.years


_GRANT = "How much is the travel grant for a full-time trainee starting in 2023 to 2024?"
_ALLOWANCE = "What allowance do deputy principals in inner London get from 1 March 2024?"
_BURSARY = "How many places does Linque County have for the rural teacher bursary in 2024?"


@pytest.mark.parametrize(
    ("history", "question", "text"),
    [
        ([_GRANT], "What about part-time trainees?", _GRANT.replace("full", "part")),
        ([_GRANT, "What about part-time trainees?"], "And one year later?",
         "How much is the travel grant for a part-time trainee starting in 2024 to 2025?"),
        ([_ALLOWANCE], "And one year later?", _ALLOWANCE.replace("2024", "2025")),
        ([_ALLOWANCE], "two years earlier?", _ALLOWANCE.replace("2024", "2022")),
        ([_ALLOWANCE], "And in outer London?", _ALLOWANCE.replace("inner", "outer")),
        ([_ALLOWANCE, "And one year later?", "and in outer London?"], "why?",
         "What allowance do deputy principals in outer London get from 1 March 2025? why?"),
        ([_BURSARY], "And Baitao County?", _BURSARY.replace("Linque", "Baitao")),
        (["How much is paid to music teachers in 2022/23?"], "What about art teachers?",
         "How much is paid to art teachers in 2022/23?"),
        (["How much is paid to music teachers in 2022/23?"], "And the year before?",
         "How much is paid to music teachers in 2021/22?"),
        (["How much do rural teachers get?"], "And temporary teachers?", "How much do temporary teachers get?"),
        (["How much homework may grades 3 to 6 have?"], "What about grade 9?", "How much homework may grade 9 have?"),
        (["What did the rules say in 2018?"], "And since 2021?", "What did the rules say since 2021?"),
        (["limits on homework"], "And in 2021?", "limits on homework 2021"),
        (["2021年公办学校有多少名音乐教师？"], "那美术教师呢？", "2021年公办学校有多少名美术教师？"),
        (["2021年公办学校有多少名音乐教师？"], "那第二年呢？", "2022年公办学校有多少名音乐教师？"),
        (["二〇二一年公办学校有多少名教师？"], "前一年呢？", "2020公办学校有多少名教师？"),
        (["青萝市学校章程什么时候完成？", "谢谢！"], "那2022年呢？", "青萝市学校章程什么时候完成？ 2022年"),
        (["What does No. 4 [2018] require?"], "And No. 9 [2022]?", "What does No. 9 [2022] require? And No. 9 [2022]?"),
    ],
)  # fmt: skip
def test_what_is_meant(history: list[str], question: str, text: str) -> None:
    assert resolve(question, history, TODAY) == text


def test_a_place_takes_the_place_of_another_where_the_desk_knows_both() -> None:
    known = ["南桥市人民政府办公室", "东沐市教育局"]
    query = read_question("那东沐呢？", ["南桥市每年的培训经费是多少？"], issuers=known, today=TODAY)
    assert query.text == "东沐每年的培训经费是多少？"
    assert query.issuers == ("东沐市教育局",)


@pytest.mark.parametrize(
    "question",
    [
        "Why?",
        "Who presided?",
        "How is it paid?",
        "What if they miss the date?",
        "Can temporary teachers apply?",
        "And for those who join later?",
        "Even in the last grade?",
        "为什么？",
        "登记表什么时候前上交？",
        "由谁主持？",
        "有哪些例外？",
    ],
)
def test_the_topic_is_carried_over(question: str) -> None:
    query = read_question(question, ["Do boarding pupils get a transport allowance in 2023?"], today=TODAY)
    assert {"board", "transport", "allow"} - set(read_question(question).terms) <= set(query.carried)
    assert query.years == (2023,)


def test_the_topic_is_the_one_that_was_set_last() -> None:
    history = ["Do boarding pupils get a transport allowance in 2023?", "How much written homework may grade 9 have?"]
    query = read_question("Who marks it?", history, today=TODAY)
    assert "homework" in query.carried
    assert "transport" not in query.terms
    assert query.years == ()


def test_a_question_may_be_about_another_year_without_saying_what() -> None:
    history = ["What was required about school charters in 2018?", "Who approves them?", "And in 2022?"]
    query = read_question("why?", history, today=TODAY)
    assert query.years == (2022,)
    assert {"charter", "approv"} <= set(query.carried)


_TURNS = st.lists(
    st.sampled_from(
        [
            "And in 2022?",
            "why?",
            "What about part-time trainees?",
            "And one year later?",
            "那初中呢？",
            "第二年呢？",
            "Thanks.",
            "",
            "What was required of full-time teachers in 2018 and 2020?",
            "小学生活补助标准是多少？",
            "No. 4 [2018]",
            "云教发〔2021〕34号",
            "2019年以来",
            "“十四五”规划的目标",
            "And Baitao County?",
            "five years earlier?",
            "How many places does Linque County have since 2019?",
        ]
    )
    | st.text(max_size=40),
    min_size=1,
    max_size=8,
)


@settings(deadline=None)
@given(_TURNS)
def test_any_conversation_is_understood(turns: list[str]) -> None:
    *history, question = turns
    try:
        query = read_question(question, history, issuers=["云岚省教育厅"], today=TODAY)
    except UsageError:
        assert not any(character.isalnum() for character in question)
        return
    own = set(read_question(question, today=TODAY).terms)
    assert set(query.carried) <= set(query.terms)
    assert not set(query.carried) & own
    assert query.text.strip() == query.text
    if not history:
        assert (query.text, query.carried) == (query.asked, ())
