"""ingest.obligations: who must do what, told apart from what only holds the same words; English and Chinese."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.types import NoticeCard, Obligation, Strength
from ingest.obligations import find_obligations
from ingest.readers import read_file
from ingest.sentences import parse_sentences
from tests.conftest import CORPUS, LIMITS

_LABELS = Path(__file__).with_name("obligations.jsonl")
_ENGLISH = NoticeCard("n", "a.txt", "Notice on school libraries", "Bureau", "", "2019-03-02", 2019, "en")
_CHINESE = NoticeCard("n", "a.txt", "关于加强学校图书馆工作的通知", "山城教育局", "", "2019-03-02", 2019, "zh")
_LAW = NoticeCard("n", "a.txt", "山城市图书馆条例", "山城市人大常委会", "", "2019-03-02", 2019, "zh")
_SPEECH = NoticeCard("n", "a.txt", "Speech at the library conference", "Bureau", "", "2019", 2019, "en")
_MEETING = NoticeCard("n", "a.txt", "全市图书馆工作会议召开", "山城教育局", "", "2019", 2019, "zh")


def _find(text: str, card: NoticeCard = _ENGLISH) -> list[Obligation]:
    return find_obligations(card, text, parse_sentences(text))


def _say(text: str, card: NoticeCard) -> tuple[str, str] | None:
    """(strength, who is bound) of the one obligation in a text."""
    found = _find(text, card)
    assert len(found) <= 1, text
    return (found[0].strength.value, found[0].bound) if found else None


@pytest.mark.parametrize(
    ("text", "strength", "bound"),
    [
        ("Schools must lend books free of charge.", "must", "Schools"),
        ("The governing board shall appoint a librarian.", "must", "The governing board"),
        ("A school that has no library must lend books by post.", "must", "A school"),
        ("Pupils who lose a book have to pay for it.", "must", "Pupils"),
        ("Every reader is required to show a card.", "must", "Every reader"),
        ("You need to return the book within two weeks.", "must", "You"),
        ("The head teacher is responsible for keeping the catalogue.", "must", "The head teacher"),
        ("If a book is lost, the school must replace it.", "must", "the school"),
        ("Written consent is required.", "must", ""),
        ("It is the duty of the head teacher to keep the key.", "must", "the head teacher"),
        ("It is unlawful for a teacher to charge a fee.", "must_not", "a teacher"),
        ("Books must be returned within two weeks.", "must", ""),
        ("The list must be approved by the bureau.", "must", "the bureau"),
        ("Any change requires written approval.", "must", ""),
        ("The bureau may inspect a library, and the school must open it.", "must", "the school"),
        ("Teachers must keep a list and must show it on request.", "must", "Teachers"),
        ("Parents should sign the card.", "should", "Parents"),
        ("Schools are encouraged to open at weekends.", "should", "Schools"),
        ("Staff are expected to wear a badge.", "should", "Staff"),
        ("Keep the record for five years.", "should", ""),
        ("Pupils may borrow three books.", "may", "Pupils"),
        ("Teachers are entitled to borrow ten books.", "may", "Teachers"),
        ("Applicants can apply for a second card.", "may", "Applicants"),
        ("A card may be withdrawn.", "may", ""),
        ("Schools must not lend reference books.", "must_not", "Schools"),
        ("Readers may not eat in the library.", "must_not", "Readers"),
        ("No school may charge a fee.", "must_not", "school"),
        ("From 1 May 2020 no school may charge a fee.", "must_not", "school"),
        ("Smoking is prohibited in the library.", "must_not", ""),
        ("Do not lend reference books.", "must_not", ""),
        ("Schools may lend films, but they must not copy them.", "must_not", "they"),
        ("The school board strictly prohibits the lending of keys.", "must_not", ""),
        ("The Bureau requires all libraries to keep a list.", "must", "all libraries"),
        ("The department expects every school to open its library.", "should", "every school"),
        ("The board authorizes the librarian to buy books.", "may", "the librarian"),
        ("State law requires libraries to keep a list.", "must", "libraries"),
        ("The Act requires that every library be open to all.", "must", "every library"),
        ("The board does not permit the use of ink.", "must_not", ""),
        ("It is essential that the list is kept up to date.", "must", ""),
        ("It is recommended that libraries review the list.", "should", ""),
        ("It is expected that all staff will attend.", "should", "all staff"),
        ("It is the responsibility of the head to:", "must", "the head"),
        ("Order is the responsibility of the librarian.", "must", "the librarian"),
        ("We expect schools to ask the readers.", "should", "schools"),
        ("We recommend keeping a second list.", "should", ""),
        ("Governors have a duty to visit the library.", "must", "Governors"),
        ("The board is charged with keeping the books.", "must", "The board"),
        ("A card is compulsory.", "must", ""),
        ("Schools will be required to report.", "must", "Schools"),
        ("Phones are not to be used in the library.", "must_not", ""),
        ("Readers are asked not to speak.", "must_not", "Readers"),
        ("Smoking shall be prohibited in the library.", "must_not", ""),
        ("Under no circumstances should staff lend keys.", "must_not", ""),
        ("Under no circumstances may a child be left alone.", "must_not", ""),
        ("Whoever finds a book shall return it.", "must", ""),
        ("Should a book be lost, the reader must replace it.", "must", "the reader"),
        ("If you lose a book you must replace it.", "must", "you"),
        ("Teachers, as well as parents, must show a card.", "must", "Teachers"),
        ("To join, you'll need proof of address.", "must", "you"),
        ("Pupils are eligible to apply for a card.", "may", "Pupils"),
        ("Pupils who have left are still able to apply for a card.", "may", "Pupils"),
        ("Photography is permitted in the hall.", "may", ""),
        ("Use of Funds The school board may buy books.", "may", "The school board"),
        ("If you move house, please tell the school.", "should", ""),
        ("Where a book is late, inform the parents at once.", "should", ""),
        ("Ensure that all books are marked.", "should", ""),
        ("Make available all lists that readers ask for.", "should", ""),
        ("Use the list to mark each book.", "should", ""),
        ("The duties of the librarian shall be as follows:", "must", "the librarian"),
        ("The librarian’s main responsibilities include:", "must", "The librarian"),
        ("Readers are subject to all rules on noise.", "must", "Readers"),
        ("It is the expectation of the board that readers will return books.", "should", "readers"),
        ("The head has the authority to close the library.", "may", "The head"),
        ("Lending is not normally to be refused by the librarian.", "must_not", "the librarian"),
        ("You need a librarian’s certificate to work in a school library.", "must", "You"),
        ("Guide Dogs The School Board does not permit the exclusion of readers.", "must_not", ""),
    ],
)
def test_what_an_english_notice_asks(text: str, strength: str, bound: str) -> None:
    assert _say(text, _ENGLISH) == (strength, bound)


@pytest.mark.parametrize(
    "text",
    [
        "Schools need not keep old newspapers.",
        "Readers do not have to show a card.",
        "A school is not required to open on Sundays.",
        "You will not be required to pay a fee.",
        "This may help pupils to read more.",
        "You may be able to get a second card.",
        "The number of readers may vary from year to year.",
        "It should be clear by then which books are missing.",
        "It must be said that the work was hard.",
        "Must schools lend films?",
        "Should you need help, the librarian is there.",
        "What schools must do",
        "The library is for all who must read for their studies.",
        "The aim of this notice is to bring books to every village.",
        "A reader is a person who must hold a card.",
        'The Act of 1999 says: "Every school must have a library."',
        "The Bureau will publish a list of books.",
        "We will open a new library next year.",
        "In 2018 the schools had to close their libraries.",
        "The school spoke about its committee, which has four members and must answer within a week.",
        "Questions may be addressed to the Bureau.",
        "Find out more about borrowing.",
        "Report issued on 22 March 2019.",
        'In this notice "card" shall mean a card with a picture.',
        "The most that you can borrow is three books.",
        "Mr Han said that schools may close early.",
        "The 2018 notice explains what schools should buy.",
        "Of the 90 schools, 40 have a library.",
        "This is meant to give you the skills you need to read well.",
        "State schools are schools that the state pays for.",
        "The school requires a new roof.",
        "The law prohibited the lending of films until 2019.",
        "The survey requires some patience.",
        "The aim is not to fill shelves.",
        "This is not to say that readers fail.",
        "It is important to note that fewer pupils read.",
        "It is expected that numbers will rise.",
        "Many schools require readers to hold a card.",
        "Schools require readers to hold a card.",
        "Pupils reported that they have to wait for books.",
        "For example, they may read at home.",
        "You may also receive a second card.",
        "They may close earlier than in summer.",
        "If the head says they must, they do.",
        "For more information, please contact the library.",
        "Please note that figures are rounded.",
        "The new system allows readers to see the list.",
        "The reader is charged with theft.",
        "You do not need a card to be eligible to apply.",
        "Use the catalogue to find out which books are there.",
        "You can also get a second card.",
        "Our first duty is to the readers.",
        "Readers need time to read.",
        "Prices are subject to change.",
    ],
)
def test_what_only_looks_like_a_duty_in_english(text: str) -> None:
    assert _say(text, _ENGLISH) is None


@pytest.mark.parametrize(
    ("text", "strength", "bound"),
    [
        ("学校应当免费借阅图书。", "must", "学校"),
        ("各级教育行政部门必须检查图书馆。", "must", "各级教育行政部门"),
        ("各县区要配备图书管理员。", "must", "各县区"),
        ("申请人须提交身份证明。", "must", "申请人"),
        ("校长负责图书馆的安全工作。", "must", "校长"),
        ("（市教育局、各县区政府负责）", "must", "市教育局、各县区政府"),
        ("学校应对破损图书进行登记。", "must", "学校"),
        ("学校组织学生外出阅读，应当制定安全预案。", "must", "学校"),
        ("图书馆设计应当安全、环保。", "must", ""),
        ("鼓励学校周末开放图书馆。", "should", ""),
        ("加强图书馆队伍建设。", "should", ""),
        ("（二）开齐开足阅读课程。", "should", ""),
        ("请各县教育局于3月底前报送总结。", "should", "各县教育局"),
        ("普通高中按照课程方案，开设阅读课程。", "should", "普通高中"),
        ("学生可以借阅三本图书。", "may", "学生"),
        ("家长有权查阅借阅记录。", "may", "家长"),
        ("学校不得收取借阅费用。", "must_not", "学校"),
        ("严禁在图书馆内吸烟。", "must_not", ""),
        ("学校应当开放图书馆，不得收费。", "must_not", "学校"),
        ("教师不应要求学生购买指定图书。", "must_not", "教师"),
    ],
)
def test_what_a_chinese_notice_asks(text: str, strength: str, bound: str) -> None:
    found = _say(text, _CHINESE)
    assert found is not None
    assert (found[0], found[1] or bound) == (strength, bound)


@pytest.mark.parametrize(
    "text",
    [
        "学校不必保存旧报纸。",
        "读者无须出示证件。",
        "阅读对儿童的成长很重要，主要原因有三。",
        "图书馆建设需要社会各方的关心。",
        "只要有图书，孩子就会阅读。",
        "会议的要求是明确的。",
        "新的方法与学生的年龄相适应。",
        "新技术的应用十分广泛，市场供应充足。",
        "借阅须知",
        "阅读可能改变一生。",
        "这一做法得到了家长的认可。",
        "学校应当怎样开放图书馆？",
        "本通知所称图书，是指公开出版的读物。",
        "近年来，各地加强了图书馆建设。",
        "市教育局将公布检查结果。",
        "《义务教育法》规定：“学校应当免收学费。”",
        "到2022年，基本形成覆盖城乡的图书馆体系。",
        "为加强图书馆工作，现就有关事项通知如下。",
        "本通知自印发之日起施行。",
        "各县区教育局：",
        "全市共有图书馆120个。",
        "阅读是学生不可或缺的活动。",
    ],
)
def test_what_only_looks_like_a_duty_in_chinese(text: str) -> None:
    assert _say(text, _CHINESE) is None


def test_a_bare_verb_directs_in_a_notice_and_not_in_a_law() -> None:
    assert _say("加强图书馆队伍建设。", _CHINESE) is not None
    assert _say("国家建立图书馆制度。", _LAW) is None
    assert _say("国家鼓励社会力量捐赠图书。", _LAW) == ("should", "国家")


@pytest.mark.parametrize(
    ("text", "card", "expected"),
    [
        (
            "Each library must:\n\n- open every day;\n- keep a list of its books.\n\nSome are small.",
            _ENGLISH,
            [("must", "Each library")] * 3,
        ),
        (
            "Readers may:\n\n- take notes;\n- must not copy films.",
            _ENGLISH,
            [("may", "Readers")] * 2 + [("must_not", "Readers")],
        ),
        ("You must:\n\nopen an account\n\nbring your card", _ENGLISH, [("must", "You")] * 3),
        ("The library has:\n\n- twenty seats;\n- a reading room.", _ENGLISH, []),
        ("学校应当做到：\n\n（一）每天开放；\n\n（二）登记图书。", _CHINESE, [("must", "学校")] * 3),
        ("读者享有下列权利：\n\n（一）借阅图书；\n\n（二）提出建议。", _LAW, [("may", "读者")] * 3),
        ("读者不得有下列行为：\n\n（一）损坏图书；\n\n（二）大声喧哗。", _LAW, [("must_not", "读者")] * 3),
        ("有下列情形之一的，学校应当停止借阅：\n\n（一）图书损坏；\n\n（二）读者失约。", _LAW, [("must", "学校")]),
    ],
)
def test_the_head_of_a_list_governs_its_items(text: str, card: NoticeCard, expected: list[tuple[str, str]]) -> None:
    assert [(each.strength.value, each.bound) for each in _find(text, card)] == expected


_RULES = "Library policy. The librarian shall keep the list. A reader shall show a card."
_POLICY = NoticeCard("n", "a.txt", "Library policy", "Town School Board", "", "2019-03-02", 2019, "en")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The librarian will answer within ten days.", ("must", "The librarian")),
        ("Late requests will be placed on a list.", ("must", "")),
        ("The librarian will not lend keys.", ("must_not", "The librarian")),
        ("A request will be filed, and the librarian may refuse it.", ("may", "the librarian")),
        ("The School Board will buy books.", None),
        ("The weather will depend on the month.", None),
        ("Readers often will ask for films.", None),
        ("It will rain.", None),
    ],
)
def test_what_rules_say_will_be_done_binds_others_than_their_writer(
    text: str, expected: tuple[str, str] | None
) -> None:
    found = _find(f"{_RULES} {text}", _POLICY)[2:]
    assert [(each.strength.value, each.bound) for each in found] == ([expected] if expected else [])


def test_a_notice_that_speaks_to_its_readers_only_tells_what_will_be() -> None:
    told = "Your policy shall be sent to you. You shall wait. The librarian will answer you."
    assert "must" not in [each.strength.value for each in _find(told, _POLICY)[2:]]
    assert _say("The librarian will answer within ten days.", _ENGLISH) is None


def test_the_cases_that_a_list_excepts_are_no_duties() -> None:
    text = "A parent is eligible to obtain a card unless:\n\n- the parent has a debt;\n- the card was lost."
    assert [each.strength.value for each in _find(text)] == ["may"]


def test_a_sentence_is_read_across_its_lines() -> None:
    wrapped = "A school that was founded without a library of its own\nmust lend books by post, and must\nkeep a list."
    assert _say(wrapped, _ENGLISH) == ("must", "A school")


def test_an_item_that_opens_with_a_modal_has_its_own_strength() -> None:
    found = _find("The librarian shall:\n\n- May close early;\n- Should not lend films;\n- open daily.")
    assert [each.strength.value for each in found] == ["must", "may", "must_not", "must"]
    assert {each.bound for each in found} == {"The librarian"}


def test_a_row_is_a_task_where_the_head_of_its_table_says_whose() -> None:
    tasks = "时间\t工作事项\t责任单位\n5月底前\t登记图书\t各学校\n6月底前\t汇总\t县教育局"
    assert [each.bound for each in _find(tasks, _CHINESE)] == ["各学校", "县教育局"]
    assert _find("学段\t册数\n小学\t20\n初中\t30", _CHINESE) == []
    assert [each.strength for each in _find("Item\tRule\nFilms\tSchools must not lend films.", _ENGLISH)] == [
        "must_not"
    ]


@pytest.mark.parametrize(
    ("text", "year", "due"),
    [
        ("Schools must open a library by 31 December 2021.", 2021, "2021-12-31"),
        ("Schools must open a library by the end of 2021.", 2021, "2021"),
        ("Schools must open a library by March 2021.", 2021, "2021-03"),
        ("In the 2020 to 2021 school year schools must open a library.", 2020, ""),
        ("Schools must report by the end of the 2020–2021 school year.", 2020, "2021"),
        ("From 1 September 2020 schools must lend films.", 2020, ""),
        ("Under the Libraries Act 2002 schools must lend books.", 2019, ""),
        ("Schools must follow the rules issued in 2017.", 2019, ""),
        ("Schools must report each year.", 2019, ""),
        ("学校应当于2021年12月31日前开放图书馆。", 2021, "2021-12-31"),
        ("到2022年，各县区要建成图书馆。", 2022, "2022"),
        ("2021年底前，学校必须登记图书。", 2021, "2021"),
        ("2020年起，学校应当开放图书馆。", 2020, ""),
        ("“十四五”期间，各县区要建立图书馆。", 2021, ""),
        ("2021—2022学年，学校应当开放图书馆。", 2021, ""),
        ("学校应当执行2015年印发的规定。", 2019, ""),
        ("学校应当执行《2015年阅读计划》。", 2019, ""),
    ],
)
def test_the_year_that_it_is_about(text: str, year: int, due: str) -> None:
    card = _CHINESE if text[0] > "\u3000" or "年" in text else _ENGLISH
    assert [(each.year, each.due) for each in _find(text, card)] == [(year, due)]


def test_a_speakers_general_call_is_kept_apart() -> None:
    speech = "The conference was held in May. We must unite and work hard. Schools must report by 1 June 2019."
    assert [(each.bound, each.exhorts) for each in _find(speech, _SPEECH)] == [("We", True), ("Schools", False)]
    assert _say("We must unite and work hard.", _ENGLISH) is None
    meeting = "会议强调，要提高政治站位，抓好落实。\n\n会议要求，各校应当在2019年6月1日前上报总结。"
    assert [each.exhorts for each in _find(meeting, _MEETING)] == [True, False]


def test_the_sample_notices_are_read_as_a_person_labelled_them() -> None:
    with (CORPUS / "sources.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["path"]: row for row in csv.DictReader(stream)}
    labelled: dict[str, list[dict[str, object]]] = {}
    for line in _LABELS.read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        labelled.setdefault(label["path"], []).append(label)
    total: Counter[tuple[str, str]] = Counter()
    for path, labels in labelled.items():
        row, text = rows[path], read_file(path, (CORPUS / path).read_bytes(), LIMITS).text
        year = int(row["issued_on"][:4])
        card = NoticeCard("n", path, row["title"], row["issuer"], "", row["issued_on"], year, row["language"])
        sentences = parse_sentences(text)
        assert [sentence.span.of(text) for sentence in sentences] == [label["sentence"] for label in labels]
        found = {each.ordinal: each for each in find_obligations(card, text, sentences)}
        for sentence, label in zip(sentences, labels, strict=True):
            _count(total, str(label["language"]), found.get(sentence.ordinal), label)
    for language in ("en", "zh"):
        right, found_wrongly, missed = (total[language, name] for name in ("right", "wrong", "missed"))
        assert right / (right + found_wrongly) >= 0.9, language
        assert right / (right + missed) >= 0.8, language
        assert total[language, "alike"] / total[language, "compared"] >= 0.9, language


def _count(total: Counter[tuple[str, str]], language: str, found: Obligation | None, label: dict[str, object]) -> None:
    """Count one sentence: whether it is an obligation, and whether what is said of it is what the label says."""
    wanted = "strength" in label
    total[language, "right"] += found is not None and wanted
    total[language, "wrong"] += found is not None and not wanted
    total[language, "missed"] += found is None and wanted
    if found is not None and wanted:
        bound = found.bound if label["bound"] is None else label["bound"]
        said = (label["strength"], bound, label["year"], label["exhorts"])
        total[language, "compared"] += 1
        total[language, "alike"] += said == (found.strength.value, found.bound, found.year, found.exhorts)


@pytest.mark.parametrize("run", ["要", "学校应当", "must and ", "《", "we recommend the ", "if it will be, "])
@pytest.mark.parametrize("card", [_CHINESE, _POLICY])
def test_a_text_that_never_stops_is_read_to_its_end(run: str, card: NoticeCard) -> None:
    text = run * (20_000 // len(run))
    sentences = parse_sentences(text)
    assert len(find_obligations(card, text, sentences)) <= len(sentences)


_PIECES = st.sampled_from(
    """must shall may|may not|Should not be|May |Must not
    |should|schools|the board|who|that|if|, and |: |\n\n|- |1. |（一）|学校|应当|不得|要|可以
    |will|will not|we recommend|it is expected that|please|shall be prohibited|as well as|Should the|policy|shall
    |负责|2021年|by 2021|会议强调|的|，|。|；|：|“|”|《|》|?|\t|加强|建立|每年|(|)|You must:|is to|need""".split("|")
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(_PIECES | st.text(max_size=6), max_size=40),
    st.sampled_from([_ENGLISH, _CHINESE, _LAW, _MEETING, _SPEECH, _POLICY]),
)
def test_any_text_has_obligations_that_are_its_sentences_in_order(pieces: list[str], card: NoticeCard) -> None:
    text = " ".join(pieces)
    sentences = parse_sentences(text)
    found = find_obligations(card, text, sentences)
    spans = {sentence.ordinal: sentence.span for sentence in sentences}
    assert [each.span for each in found] == [spans[each.ordinal] for each in found]
    assert sorted({each.ordinal for each in found}) == [each.ordinal for each in found]
    assert all(each.strength in Strength for each in found)


def test_a_list_of_conditions_asks_for_nothing_but_its_head_does() -> None:
    found = _find("You must show your card again if you:\n\n- have moved house\n\n- have lost a book\n")
    assert [(one.strength.value, one.bound) for one in found] == [("must", "You")]


def test_the_tasks_of_somebody_are_his_duties() -> None:
    found = _find("Responsibilities of the librarian include:\n\na. Choice of new books;\n\nb. Care of the rooms.\n")
    assert [(one.strength.value, one.bound) for one in found] == [("must", "the librarian")] * 3
