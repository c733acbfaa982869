"""assistant.support: what a source says is let through in light paraphrase, what it does not say is refused."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.derivation import is_derived
from assistant.facts import read_facts
from assistant.support import Fault, FaultKind, find_unsupported
from assistant.wording import say_fault

_CHAIR = "Wu Peiran, head of the Legal Office of the Harbour Education Bureau, presided over the meeting."
_HELD = "The 2022 meeting on school rules was held at Harbour Teachers College in Lanting City on 9 June 2022."
_TWO = "Wu Peiran presided, and Lin Daoming, deputy head of the Bureau, spoke on the new rules."
_HOURS = "Every full-time teacher must complete at least 30 hours of training in each school year."
_FEES = "Schools must not charge fees for textbooks, except for replacement of a lost copy."
_MEALS = "Schools may offer a second meal if the parents agree in writing."
_BUS = "From 1 September 2023, a bus may carry no more than 45 pupils, and a driver must be at least 25 years old."
_SHARE = "In 2022, 1,240 of the 1,600 schools (77.5 %) had a written plan, 85 more than in 2021."
_LATE = "If a plan is late, the bureau must warn the school within ten working days."
_DUTIES = "Schools must publish the list, must not sell books, and may ask parents for help."
_AID = "Secondly, the county bureau shall send an officer to every school that has fewer than 60 pupils."
_ZH_CHAIR = "会议由省教育厅政策法规处处长吴培然主持，副厅长林道明出席会议并讲话。"
_ZH_HELD = "2022年6月9日，全省学校规章工作会议在海湾师范学院召开。"
_ZH_HOURS = "专任教师每学年应当完成不少于30学时的培训，培训经费由县级财政承担。"
_ZH_FEES = "学校不得向学生收取教材费，不得组织统一征订教辅材料，应当公示收费标准。"
_ZH_PLAN = "2022年，全省1600所学校中有1240所（占77.5%）制定了书面计划。"
_ZH_BUS = "自2023年9月1日起，每辆校车载客不超过45人，驾驶人年龄不低于25岁。"
_ZH_LATE = "计划逾期未报的，县教育局应当在十个工作日内书面提醒学校。"
_ZH_PILOT = "二是各县教育局要选派专人到学生人数少于60人的学校指导工作，帮助起草章程；"
_ZH_MEAL = "经家长书面同意，学校可以提供第二份餐食。"
_ABOUT = "Notice on School Rules Harbour Education Bureau Harbour Notice No. 7 [2022] 2022-06-20"

_TRUE = [
    (_CHAIR, [_CHAIR]),
    ("Wu Peiran presided over the meeting.", [_CHAIR]),
    ("Wu Peiran presided over a meeting", [_CHAIR]),
    ("On 9 June 2022, the 2022 meeting on school rules was held at Harbour Teachers College in Lanting City.", [_HELD]),
    ("The 2022 meeting on school rules was held at Harbour Teachers College in Lanting City.", [_HELD]),
    ("The 2022 meeting on school rules was held at Harbour Teachers College on June 9, 2022.", [_HELD]),
    ("The 2022 meeting on school rules was held at Harbour Teachers College in Lanting City on 2022-06-09.", [_HELD]),
    ("Wu Peiran presided.", [_TWO]),
    ("Lin Daoming spoke on the new rules.", [_TWO]),
    ("Lin Daoming, deputy head of the Bureau, spoke on the new rules.", [_TWO]),
    ("Wu Peiran presided, and Lin Daoming spoke on the new rules.", [_TWO]),
    ("Every full-time teacher must complete at least thirty hours of training in each school year.", [_HOURS]),
    ("Each full-time teacher shall complete at least 30 hours of training in each school year.", [_HOURS]),
    ("In each school year, every full-time teacher must complete at least 30 hours of training.", [_HOURS]),
    ("At least 30 hours of training must be completed by every full-time teacher in each school year.", [_HOURS]),
    ("Schools must not charge fees for textbooks, except for replacement of a lost copy.", [_FEES]),
    ("A driver must be at least 25 years old.", [_BUS]),
    ("A driver must be no less than 25 years old.", [_BUS]),
    ("From September 1, 2023, a bus may carry no more than forty-five pupils.", [_BUS]),
    ("1240 of the 1600 schools had a written plan.", [_SHARE]),
    ("In 2022, 1,240 of the 1,600 schools had a written plan.", [_SHARE]),
    ("In 2022, 1,240 of the 1,600 schools (77.5 per cent) had a written plan.", [_SHARE]),
    ("The bureau must warn the school within 10 working days if a plan is late.", [_LATE]),
    ("If a plan is late, the school must be warned by the bureau within ten working days.", [_LATE]),
    ("Schools must not sell books.", [_DUTIES]),
    ("Schools may ask parents for help.", [_DUTIES]),
    ("Schools must publish the list.", [_DUTIES]),
    ("The county bureau shall send an officer to every school that has fewer than 60 pupils.", [_AID]),
    ("The county bureaus shall send officers to every school that has fewer than sixty pupils.", [_AID]),
    ("An officer must be sent by the county bureau to every school that has fewer than 60 pupils.", [_AID]),
    ("According to the Notice on School Rules, a driver must be at least 25 years old.", [_BUS]),
    ("The notice states that a driver must be at least 25 years old.", [_BUS]),
    ("**A driver must be at least 25 years old.**", [_BUS]),
    (f"{_CHAIR} {_HELD}", [_CHAIR, _HELD]),
    ("The bureau shall keep a register of complaints.", ["The bureau shall:", "(a) keep a register of complaints;"]),
    ("The bureau shall keep a register and answer letters.",
     ["The bureau shall:", "1. keep a register;", "2. answer letters."]),
    ("Rank is given for marks and essay.", ["Rank is given for marks (50 %), interview (25 %) and essay (25 %)."]),
    ("The bureau must keep a list and report.", ["The bureau must keep a list, hold a meeting and report."]),
    (_ZH_CHAIR, [_ZH_CHAIR]),
    ("学校要开设音乐、舞蹈课程。", ["学校要开设音乐、美术、舞蹈课程。"]),
    ("会议由省教育厅政策法规处处长吴培然主持。", [_ZH_CHAIR]),
    ("副厅长林道明出席会议并讲话。", [_ZH_CHAIR]),
    ("全省学校规章工作会议于2022年6月9日在海湾师范学院召开。", [_ZH_HELD]),
    ("2022-06-09，全省学校规章工作会议在海湾师范学院召开。", [_ZH_HELD]),
    ("二〇二二年六月九日，全省学校规章工作会议在海湾师范学院召开。", [_ZH_HELD]),
    ("专任教师每学年应当完成不少于三十学时的培训。", [_ZH_HOURS]),
    ("专任教师每学年必须完成至少30学时的培训。", [_ZH_HOURS]),
    ("培训经费由县级财政承担。", [_ZH_HOURS]),
    ("学校不得向学生收取教材费。", [_ZH_FEES]),
    ("学校不得组织统一征订教辅材料。", [_ZH_FEES]),
    ("学校应当公示收费标准。", [_ZH_FEES]),
    ("2022年，全省1,600所学校中有1,240所制定了书面计划。", [_ZH_PLAN]),
    ("2022年，全省1600所学校中有1240所（占百分之77.5）制定了书面计划。", [_ZH_PLAN]),
    ("每辆校车载客不超过四十五人。", [_ZH_BUS]),
    ("计划逾期未报的，县教育局应当在10个工作日内书面提醒学校。", [_ZH_LATE]),
    ("各县教育局要选派专人到学生人数少于60人的学校指导工作，帮助起草章程。", [_ZH_PILOT]),
    ("根据《学校规章通知》，培训经费由县级财政承担。", [_ZH_HOURS]),
    ("经家长书面同意，学校可以提供第二份餐食。", [_ZH_MEAL]),
]  # fmt: skip

_K = FaultKind
_FALSE = [
    ("Lin Daoming presided over the meeting.", [_CHAIR], _K.name),
    ("Lin Daoming presided.", [_TWO], None),
    ("Wu Peiran spoke on the new rules.", [_TWO], None),
    ("Wu Peiran presided and spoke on the new rules.", [_TWO], None),
    ("Lin Daoming presided, and Wu Peiran spoke on the new rules.", [_TWO], None),
    ("Wu Peiran, deputy head of the Bureau, presided.", [_TWO], None),
    ("The 2022 meeting on school rules was held at the Golden Reed Hotel in Lanting City.", [_HELD], _K.name),
    ("The 2022 meeting on school rules was held at Harbour Teachers College on 10 June 2022.", [_HELD], _K.date),
    ("The 2022 meeting on school rules was held at Harbour Teachers College by 9 June 2022.", [_HELD], _K.date),
    ("The 2021 meeting on school rules was held at Harbour Teachers College.", [_HELD], _K.figure),
    ("Every full-time teacher must complete at least 30 days of training in each school year.", [_HOURS], _K.words),
    ("Every full-time teacher must complete at most 30 hours of training in each school year.",
     [_HOURS], _K.comparison),
    ("Every full-time teacher must complete 30 hours of training in each school year.", [_HOURS], _K.comparison),
    ("Every full-time teacher must complete at least 35 hours of training in each school year.", [_HOURS], _K.figure),
    ("Every full-time teacher should complete at least 30 hours of training in each school year.",
     [_HOURS], _K.modality),
    ("Every full-time teacher may complete at least 30 hours of training in each school year.", [_HOURS], _K.modality),
    ("Every full-time teacher completes at least 30 hours of training in each school year.", [_HOURS], _K.modality),
    ("Some full-time teachers must complete at least 30 hours of training in each school year.",
     [_HOURS], _K.quantifier),
    ("Every teacher must complete at least 30 hours of training in each school year.", [_HOURS], None),
    ("Every full-time teacher must not complete at least 30 hours of training in each school year.",
     [_HOURS], _K.negation),
    ("Every full-time teacher must complete at least 30 hours of training in each school year in Lanting City.",
     [_HOURS], _K.name),
    ("Schools must not charge fees for textbooks.", [_FEES], _K.condition),
    ("Schools must charge fees for textbooks, except for replacement of a lost copy.", [_FEES], _K.negation),
    ("Schools may charge fees for textbooks, except for replacement of a lost copy.", [_FEES], _K.modality),
    ("Charge fees for textbooks, except for replacement of a lost copy.", [_FEES], _K.negation),
    ("Schools may offer a second meal.", [_MEALS], _K.condition),
    ("Schools must offer a second meal if the parents agree in writing.", [_MEALS], _K.modality),
    ("Schools may not offer a second meal if the parents agree in writing.", [_MEALS], _K.negation),
    ("A bus may carry no more than 25 pupils.", [_BUS], None),
    ("A driver must be at least 45 years old.", [_BUS], None),
    ("A bus may carry more than 45 pupils.", [_BUS], _K.comparison),
    ("Rank is given for marks (25 %).", ["Rank is given for marks (50 %), interview (25 %) and essay (25 %)."], None),
    ("If it is late, the bureau must warn.", ["If it is late, and no leave was given, the bureau must warn."], None),
    ("Degrees are given by universities; by institutes.",
     ["Degrees are given by universities; diplomas, by institutes."], None),
    ("学士学位由大学授予；由研究所授予。", ["学士学位由大学授予；硕士学位，由研究所授予。"], None),
    ("县教育局负责审批，每年检查一次。", ["县教育局负责审批，学校负责公示，每年检查一次。"], None),
    ("鼓励和引导高校教师，开展各类活动。", ["鼓励和引导高校教师、社会人士到学校任教，开展各类活动。"], None),
    ("A bus must carry no more than 45 pupils.", [_BUS], None),
    ("A driver may be at least 25 years old.", [_BUS], None),
    ("Until 1 September 2023, a bus may carry no more than 45 pupils.", [_BUS], _K.date),
    ("In 2021, 1,240 of the 1,600 schools had a written plan.", [_SHARE], None),
    ("1,600 of the 1,240 schools had a written plan.", [_SHARE], None),
    ("1,240 of the 1,600 schools (77.6 %) had a written plan.", [_SHARE], _K.figure),
    ("1,240 of the 1,600 teachers had a written plan.", [_SHARE], _K.words),
    ("The bureau must warn the school within ten working days.", [_LATE], _K.condition),
    ("If a plan is late, the school must warn the bureau within ten working days.", [_LATE], None),
    ("If a plan is late, the bureau must close the school within ten working days.", [_LATE], _K.words),
    ("Schools must sell books.", [_DUTIES], None),
    ("Schools may sell books.", [_DUTIES], None),
    ("Schools must not publish the list.", [_DUTIES], None),
    ("Schools must ask parents for help.", [_DUTIES], None),
    ("Thirdly, the county bureau shall send an officer to every school that has fewer than 60 pupils.",
     [_AID], _K.words),
    ("The county bureau shall send an officer to every school.", [_AID], None),
    ("The county bureau shall send an officer to every school that has more than 60 pupils.", [_AID], _K.comparison),
    ("Every full-time teacher must publish the list.", [_HOURS, _DUTIES], _K.mixture),
    ("Every full-time teacher must complete at least 30 hours of training, and may ask parents for help.",
     [_HOURS, _DUTIES], _K.mixture),
    ("According to the Notice on Salt Mines, a driver must be at least 25 years old.", [_BUS], None),
    ("Is a driver at least 25 years old?", [_BUS], _K.statement),
    ("## Drivers", [_BUS], _K.statement),
    ("**Requirements:**", [_BUS], _K.statement),
    ("As an AI language model, I cannot say who presided.", [_CHAIR], _K.statement),
    ("The passage says that Wu Peiran presided over the meeting.", [_CHAIR], _K.statement),
    ("Please ask the county bureau for an officer.", [_AID], _K.statement),
    ("", [_AID], _K.statement),
    ("...", [_AID], _K.statement),
    ("A driver must be at least 25 years old.", [], _K.words),
    ("会议由省教育厅政策法规处处长林道明主持。", [_ZH_CHAIR], None),
    ("会议由副厅长林道明主持。", [_ZH_CHAIR], None),
    ("副厅长吴培然出席会议并讲话。", [_ZH_CHAIR], None),
    ("会议由省教育厅政策法规处处长周大勇主持。", [_ZH_CHAIR], _K.words),
    ("全省学校规章工作会议在金苇宾馆召开。", [_ZH_HELD], _K.words),
    ("2022年7月9日，全省学校规章工作会议在海湾师范学院召开。", [_ZH_HELD], _K.date),
    ("专任教师每学年应当完成不超过30学时的培训。", [_ZH_HOURS], _K.comparison),
    ("专任教师每学年应当完成不少于30天的培训。", [_ZH_HOURS], _K.words),
    ("专任教师每学年应当完成30学时的培训。", [_ZH_HOURS], _K.comparison),
    ("专任教师每学年可以完成不少于30学时的培训。", [_ZH_HOURS], _K.modality),
    ("专任教师每学年应当完成不少于三百学时的培训。", [_ZH_HOURS], _K.figure),
    ("培训经费由省级财政承担。", [_ZH_HOURS], _K.words),
    ("学校应当向学生收取教材费。", [_ZH_FEES], None),
    ("学校可以向学生收取教材费。", [_ZH_FEES], _K.modality),
    ("组织统一征订教辅材料。", [_ZH_FEES], _K.negation),
    ("学校不得公示收费标准。", [_ZH_FEES], None),
    ("2022年，全省1240所学校中有1600所制定了书面计划。", [_ZH_PLAN], None),
    ("每辆校车载客不低于45人。", [_ZH_BUS], None),
    ("每辆校车载客不超过25人。", [_ZH_BUS], None),
    ("驾驶人年龄不低于45岁。", [_ZH_BUS], None),
    ("县教育局应当在十个工作日内书面提醒学校。", [_ZH_LATE], _K.condition),
    ("县教育局可以在十个工作日内书面提醒学校。", [_ZH_LATE], _K.modality),
    ("三是各县教育局要选派专人到学生人数少于60人的学校指导工作。", [_ZH_PILOT], None),
    ("各县教育局要选派专人到学生人数多于60人的学校指导工作。", [_ZH_PILOT], _K.comparison),
    ("学校可以提供第二份餐食。", [_ZH_MEAL], _K.condition),
    ("学校应当公示收费标准，培训经费由县级财政承担。", [_ZH_FEES, _ZH_HOURS], _K.mixture),
    ("这些学校有多少学生？", [_ZH_PILOT], _K.statement),
    ("作为人工智能，我无法回答。", [_ZH_PILOT], _K.statement),
    ("专任教师每学年应当完成不少于30学时的培训。", [_HOURS], _K.language),
    ("Every full-time teacher must complete at least 30 hours of training.", [_ZH_HOURS], _K.language),
    ("专任教师每学年应当完成不少于35学时的培训。", [_HOURS], _K.language),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "quotes"), _TRUE)
def test_what_the_source_says_is_let_through(claim: str, quotes: list[str]) -> None:
    about = f"{_ABOUT} 学校规章通知"
    assert find_unsupported(claim, quotes, about=about) is None


@pytest.mark.parametrize(("claim", "quotes", "kind"), _FALSE)
def test_what_the_source_does_not_say_is_refused(claim: str, quotes: list[str], kind: FaultKind | None) -> None:
    fault = find_unsupported(claim, quotes, about=_ABOUT)
    assert fault is not None
    assert kind is None or fault.kind is kind


_SENTENCES = st.sampled_from(
    [
        *(_CHAIR, _HELD, _TWO, _HOURS, _FEES, _MEALS, _BUS, _SHARE, _LATE, _DUTIES, _AID),
        *(_ZH_CHAIR, _ZH_HELD, _ZH_HOURS, _ZH_FEES, _ZH_PLAN, _ZH_BUS, _ZH_LATE, _ZH_PILOT, _ZH_MEAL),
    ]
)
_WORDS = (
    "school teacher must may not 30 45 , and by 9 June 2022 the Bureau ; . 学校 应当 不得 三十 ， 教师 。 ( )".split()
)


@given(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=25).map(" ".join))
def test_a_sentence_says_itself(sentence: str) -> None:
    assume(read_facts(sentence))
    assert is_derived(sentence, sentence)


@given(_SENTENCES)
def test_a_statement_proves_itself(sentence: str) -> None:
    assert find_unsupported(sentence, [sentence]) is None


@given(_SENTENCES, st.integers(100, 10**9), st.data())
def test_a_figure_that_no_quote_has_is_refused(sentence: str, figure: int, data: st.DataObject) -> None:
    assume(f"#{figure}" not in {fact.form for fact in read_facts(sentence)})
    words = sentence.split(" ")
    place = data.draw(st.integers(0, len(words)))
    claim = " ".join([*words[:place], str(figure), *words[place:]])
    assert find_unsupported(claim, [sentence]) is not None


@given(_SENTENCES, st.data())
def test_a_changed_digit_is_refused(sentence: str, data: st.DataObject) -> None:
    digits = [place for place, letter in enumerate(sentence) if letter.isdigit()]
    assume(digits)
    place = data.draw(st.sampled_from(digits))
    digit = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != sentence[place]]))
    assert find_unsupported(sentence[:place] + digit + sentence[place + 1 :], [sentence]) is not None


@pytest.mark.parametrize(
    ("word", "denied"),
    [
        ("must", "must not"),
        ("may", "may not"),
        ("shall", "shall not"),
        ("was", "was not"),
        ("应当", "不得"),
        ("可以", "不可以"),
        ("要", "不要"),
    ],
)
@given(sentence=_SENTENCES)
def test_what_is_denied_is_refused(word: str, denied: str, sentence: str) -> None:
    for place in range(len(sentence)):
        if sentence.startswith(word, place):
            claim = sentence[:place] + denied + sentence[place + len(word) :]
            assert find_unsupported(claim, [sentence]) is not None
            assert find_unsupported(sentence, [claim]) is not None


@settings(max_examples=300)
@given(st.text(max_size=80), st.lists(st.text(max_size=80), max_size=3), st.text(max_size=20))
def test_any_text_is_judged(claim: str, quotes: list[str], about: str) -> None:
    fault = find_unsupported(claim, quotes, about=about)
    assert fault is None or isinstance(fault.kind, FaultKind)


@pytest.mark.parametrize("kind", list(FaultKind))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_fault_is_said_in_both_languages(kind: FaultKind, language: str) -> None:
    said = say_fault(Fault(kind, "30 hours"), language)
    assert said
    assert "{" not in said
    assert not said.endswith((".", "。"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("thirty hours", "30 hours"), ("one hundred and five schools", "105 schools"), ("1,200 pupils", "1200 pupils"),
        ("3.2 million yuan", "3200000 yuan"), ("30 per cent", "30%"), ("三十名", "30名"), ("百分之三十", "30%"),
        ("两千三百所", "2300所"), ("3万人", "三万人"), ("15 March 2023", "2023年3月15日"),
        ("15 March 2023", "March 15, 2023"), ("15 March 2023", "2023-03-15"), ("二〇二三年三月十五日", "2023-03-15"),
        ("by 1 May", "by May 1"), ("5月1日之前", "5月1日前"), ("教办〔2021〕3号", "教办[2021]3号"),
    ],
)  # fmt: skip
def test_one_thing_has_one_form(one: str, other: str) -> None:
    assert [fact.form for fact in read_facts(one)] == [fact.form for fact in read_facts(other)]
