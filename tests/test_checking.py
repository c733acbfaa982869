"""assistant.checking: drafts checked against the sample notices, and the command that does it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.__main__ import main
from assistant.checking import Checked, Verdict, check_draft
from assistant.claiming import strip_citation
from assistant.manuscript import StatementKind, read_manuscript
from assistant.matching import says_exactly
from assistant.naming import Roster
from assistant.references import find_references
from core.types import SentenceKind
from evals.alterations import alter, leave_alone
from evals.drafts import measure_drafts
from evals.planting import Soil
from store.archive import Archive
from tests.conftest import make_entry

pytestmark = pytest.mark.model


def _check(desk: Archive, draft: str) -> Checked:
    found = check_draft(desk, read_manuscript(draft))
    assert len(found) == 1
    return found[0]


def _cited(checked: Checked) -> str:
    assert checked.citation is not None
    return checked.citation.card.number


def test_what_the_named_notice_says_is_exact(desk: Archive) -> None:
    found = _check(desk, "Under Education Notice No. 14 [2024], “The bursary is 4,800 yuan for each teacher”.")
    assert (found.verdict, found.difference) == (Verdict.exact, "")
    assert _cited(found) == "Yunlan Education Notice No. 14 [2024]"
    assert found.citation is not None
    assert found.citation.quote == "The bursary is 4,800 yuan for each teacher"
    assert "No. 14 [2024]" in found.named


def test_what_was_changed_is_shown(desk: Archive) -> None:
    found = _check(desk, "“The bursary is 4,900 yuan for each teacher for each school year” (No. 14 [2024]).")
    assert found.verdict is Verdict.altered
    assert "[-4,800-] {+4,900+}" in found.difference
    assert "figure" in found.note
    assert _cited(found) == "Yunlan Education Notice No. 14 [2024]"


def test_only_punctuation_is_told(desk: Archive) -> None:
    found = _check(desk, "“It is paid in addition to salary; and must not be set off against any allowance” it says.")
    assert found.verdict is Verdict.altered
    assert "Only punctuation" in found.note


def test_words_of_another_notice_are_told(desk: Archive) -> None:
    found = _check(desk, "Under Education Notice No. 22 [2020], “The bursary is 4,800 yuan for each teacher”.")
    assert found.verdict is Verdict.other_notice
    assert _cited(found) == "Yunlan Education Notice No. 14 [2024]"
    assert "not in the notice that the draft names" in found.note


def test_words_of_a_notice_that_is_not_there_are_told(desk: Archive) -> None:
    found = _check(desk, "Under Education Notice No. 99 [2017], “The bursary is 4,800 yuan for each teacher”.")
    assert found.verdict is Verdict.other_notice
    assert "is not on the desk" in found.note


def test_a_body_that_the_desk_does_not_know_by_that_name_may_still_be_meant(desk: Archive) -> None:
    words = "“The bursary is 4,800 yuan for each teacher”"
    found = check_draft(desk, read_manuscript(words + " (Rural Schools Office, 2024)."))
    assert [one.verdict for one in found] == [Verdict.exact]
    found = check_draft(desk, read_manuscript(words + " (Rural Schools Office, 2016)."))
    assert [one.verdict for one in found] == [Verdict.other_notice]


def test_words_of_a_repealed_notice_are_told(desk: Archive) -> None:
    found = _check(desk, "“The bursary is 3,600 yuan a year for each teacher” (Yunlan Education Notice No. 31 [2019]).")
    assert found.verdict is Verdict.superseded
    assert _cited(found) == "Yunlan Education Notice No. 31 [2019]"
    assert "No. 14 [2024]" in found.note
    altered = _check(
        desk, "“The bursary is 3,700 yuan a year for each teacher” (Yunlan Education Notice No. 31 [2019])."
    )
    assert altered.verdict is Verdict.altered
    assert "No. 14 [2024]" in altered.note


def test_invented_words_are_not_found(desk: Archive) -> None:
    found = _check(desk, "The notice says “three telescopes are lent to each family before the lantern festival”.")
    assert (found.verdict, found.citation) == (Verdict.not_found, None)


def test_what_limits_a_quotation_is_told(desk: Archive) -> None:
    found = _check(desk, "“It is granted for three school years” (No. 31 [2019]).")
    assert "provided that the conditions continue to be met" in found.note


@pytest.mark.parametrize(
    ("draft", "verdict"),
    [
        ("According to the Notice on Bursaries for Rural Teachers, the bursary is 4,800 yuan for each teacher for "
         "each school year.", Verdict.exact),
        ("The bursary is 4,800 yuan for each teacher for each school year (Yunlan Provincial Department of Education, "
         "2024; No. 14 [2024]).", Verdict.exact),
        ("Under Yunlan Education Notice No. 14 [2024], the bursary is 4,900 yuan for each teacher for each school "
         "year.", Verdict.altered),
        ("Under Yunlan Education Notice No. 14 [2024], telescopes are lent to families at festivals.",
         Verdict.not_found),
        ("Under Yunlan Education Notice No. 99 [2017], telescopes are lent to families at festivals.",
         Verdict.not_found),
        ("根据云教发〔2021〕34号，每生每学期收费不超过180元。", Verdict.exact),
        ("根据云教发〔2021〕34号，每生每学期收费不超过280元。", Verdict.altered),
    ],
)  # fmt: skip
def test_claims_are_proved_by_the_notice_that_they_name(desk: Archive, draft: str, verdict: Verdict) -> None:
    found = _check(desk, draft)
    assert found.kind is StatementKind.claim
    assert found.verdict is verdict
    assert (found.difference != "") == (verdict is Verdict.altered)
    assert (found.citation is None) == (verdict is Verdict.not_found)


@pytest.mark.parametrize(
    ("claim", "left"),
    [
        (
            "Schools must keep the table for five years (Yunlan Education Notice No. 9 [2022], para. 4).",
            "Schools must keep the table for five years.",
        ),
        (
            "Schools must keep the table (but not primary schools, Notice No. 9 [2022]).",
            "Schools must keep the table (but not primary schools, Notice No. 9 [2022]).",
        ),
        ("学校应当公开章程（见云教发〔2021〕34号第三条）。", "学校应当公开章程。"),
        ("学校应当公开章程（小学除外，云教发〔2021〕34号）。", "学校应当公开章程（小学除外，云教发〔2021〕34号）。"),
    ],
)
def test_of_a_claim_only_what_names_the_notice_is_taken_away(claim: str, left: str) -> None:
    (statement,) = read_manuscript(claim).statements
    assert next(strip_citation(statement)) == left


def test_what_somebody_says_is_no_claim_of_a_notice(desk: Archive) -> None:
    assert check_draft(desk, read_manuscript("According to the director, all is well with our schools.")) == []


def test_a_chinese_draft_is_told_in_chinese(desk: Archive) -> None:
    found = _check(desk, "根据《关于做好义务教育学校课后服务工作的通知》，“每生每学期收费不超过１８０元”。")
    assert found.verdict is Verdict.exact
    assert found.note == "文件中有这段文字。"


def test_ways_to_name_a_notice(desk: Archive) -> None:
    roster = Roster(desk)
    ways = {
        "Yunlan Education Notice No. 14 [2024]": "No. 14 [2024]",
        "(Yunlan Provincial Department of Education, 2019; No. 31 [2019])": "No. 31 [2019]",
        "According to the Guidance on the Use of Artificial Intelligence Tools in the Classroom, x": "No. 29 [2023]",
        "《关于规范教师培训经费使用的通知》": "〔2022〕30号",
        "（云岚省教育厅、云岚省财政厅，2023）": "〔2023〕33号",
    }
    for words, number in ways.items():
        named = roster.resolve(find_references(words, 0, len(words), {}))
        assert [card.number for card in named.cards if card.number.endswith(number)], words
    assert not roster.resolve(find_references("see No. 77 [2016]", 0, 17, {})).cards


def test_a_short_title_names_a_law(archive: Archive) -> None:
    entry = make_entry("第一条　教师应当按时到校上课，不得无故缺席。", title="中华人民共和国教师法", language="zh")
    archive.add([entry], archive.embed([entry]), [])
    archive.end()
    found = _check(archive, "根据《教师法》，教师“应当按时到校上课，不得无故缺席”。")
    assert (found.verdict, found.named) == (Verdict.exact, "《中华人民共和国教师法》")


def _statements(desk: Archive) -> list[tuple[str, str]]:
    found = []
    for card in desk.catalogue.cards():
        text = desk.catalogue.text(card.notice_id)
        for one in desk.catalogue.sentences(card.notice_id):
            words = one.span.of(text)
            if one.kind is SentenceKind.sentence and len(words) > 30 and not set(words) & set('“”"‘’'):
                found.append((words, card.language))
    return found


@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_is_called_exact_that_is_not(desk: Archive, data: st.DataObject) -> None:
    words, language = data.draw(st.sampled_from(_statements(desk)))
    chance = data.draw(st.randoms(use_true_random=False))
    soil = Soil(
        words,
        tuple(data.draw(st.lists(st.sampled_from(_statements(desk)), max_size=4).map(lambda x: [w for w, _ in x]))),
        language,
    )
    planted = [*alter(soil, chance), *leave_alone(soil)]
    draft = "\n\n".join(f"It says: “{one.text}”" for one in planted)
    for found in check_draft(desk, read_manuscript(draft)):
        if found.verdict in (Verdict.exact, Verdict.superseded):
            assert found.citation is not None
            assert says_exactly(found.text, [found.citation.quote])
            assert desk.catalogue.quote(found.citation.card.notice_id, found.citation.span) == found.citation.quote
        if found.verdict is Verdict.altered:
            assert found.difference


def test_planted_alterations_are_caught_and_harmless_ones_are_not(desk: Archive) -> None:
    figures = measure_drafts(desk, 12, 3)
    for language in ("en", "zh"):
        assert figures.share("harmless", language) == 1.0
        assert figures.share_cited(language) == 1.0
        assert figures.share("altered", language) >= 0.98
        assert figures.share("wrong notice", language) == 1.0
        assert figures.share("invented", language) == 1.0
    assert sum(of for (group, _, _), (_, of) in figures.counts.items() if group == "altered") > 150
    assert measure_drafts(desk, 2, 5) == measure_drafts(desk, 2, 5)


def test_the_command_prints_a_line_for_each(
    desk: Archive, desk_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(
        "“The bursary is 4,800 yuan for each teacher” and “three telescopes are lent to each family”.", "utf-8"
    )
    assert main(["--check", str(draft), "--json", "--store", str(desk_folder)]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["verdict"], second["verdict"]) == ("exact", "not_found")
    assert first["citation"]["number"] == "Yunlan Education Notice No. 14 [2024]"
    assert (second["citation"], second["difference"]) == (None, "")
    assert first["text"] == draft.read_text("utf-8")[first["start"] : first["end"]]
    assert main(["--check", str(draft), "--store", str(desk_folder)]) == 0
    assert capsys.readouterr().out.startswith("EXACT")
    assert main(["--check", str(tmp_path / "none.md"), "--store", str(desk_folder)]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_another_clause_than_the_one_named_is_told(desk: Archive) -> None:
    words = (
        "A teacher who without good reason does not complete the hours required by Article 6 must make up the missing"
    )
    found = check_draft(
        desk, read_manuscript(f"Article 2 of the Teacher Development Regulations says: “{words} hours”.")
    )
    assert "(Article 2)" in found[0].note
    place = found[0].citation.place.clause if found[0].citation else ""
    assert place in found[0].note
    found = check_draft(desk, read_manuscript(f"{place} of the Teacher Development Regulations says: “{words} hours”."))
    assert "where the draft says" not in found[0].note


def test_what_is_said_with_a_quoted_term_is_checked_too(desk: Archive) -> None:
    draft = "Under Yunlan Education Notice No. 14 [2024], 900 yuan are paid as “the bursary” to each teacher every day."
    kinds = {one.kind: one.verdict for one in check_draft(desk, read_manuscript(draft))}
    assert kinds[StatementKind.claim] in (Verdict.altered, Verdict.not_found)
