"""retriever.sameness: which statements belong together, and whether they say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retriever.sameness import Wording, is_same, measure, pair_up

_SAME = [
    ("Schools must report by 30 June.", "Schools must report by 30 June."),
    ("- Schools must report by 30 June;", "(a) Schools must report by 30 June."),
    ("You’ll need to report to the bureau once a year.", "You will need to report to the bureau once a year."),
    ("The bursary is £5,000 for each trainee in physics.", "Each trainee in physics gets a bursary of £5,000."),
    ("学校应当每年审查章程。", "一、学校应当每年审查章程"),
]
_OTHER = [
    ("Schools must report by 30 June.", "Schools must report by 15 June."),
    ("Schools must report by 30 June.", "Schools should report by 30 June."),
    ("Pupils may leave the premises at noon.", "Pupils may not leave the premises at noon."),
    ("Pupils can leave the premises at noon.", "Pupils can't leave the premises at noon."),
    ("The bursary is £5,000 for each trainee in physics.", "Each trainee in physics gets a bursary of £6,000."),
    ("每生每年补助1500元。", "每生每年补助1800元。"),
    ("学校应当每年审查章程。", "学校不得每年审查章程。"),
    ("小学每周三节体育课。", "小学每周四节体育课。"),
]


@pytest.mark.parametrize(("before", "after"), _SAME)
def test_what_says_the_same(before: str, after: str) -> None:
    assert pair_up([Wording(before)], [Wording(after)]) == [(0, 0)]
    assert is_same(Wording(before), Wording(after))


@pytest.mark.parametrize(("before", "after"), _OTHER)
def test_what_says_something_else_of_the_same_thing(before: str, after: str) -> None:
    assert pair_up([Wording(before)], [Wording(after)]) == [(0, 0)]
    assert not is_same(Wording(before), Wording(after))


def test_what_has_nothing_to_do_with_each_other_is_not_paired() -> None:
    before = [Wording("Schools must report by 30 June."), Wording("学校应当每年审查章程。")]
    after = [Wording("Canteens may serve radishes."), Wording("食堂供应萝卜。")]
    assert pair_up(before, after) == []


def test_rows_go_by_their_first_cell_and_what_stands_above_them() -> None:
    pay, allowances = Wording("Pay of teachers"), Wording("Allowances of teachers")
    before = [
        Wording("London\t£30,000", pay),
        Wording("London\t£1,000", allowances),
        Wording("Elsewhere\t£20,000", pay),
    ]
    after = [Wording("Elsewhere\t£21,000", pay), Wording("London\t£1,100", allowances), Wording("London\t£31,000", pay)]
    assert pair_up(before, after) == [(0, 2), (1, 1), (2, 0)]


_WORDINGS = st.lists(
    st.lists(st.sampled_from("schools must report may not 30 £5,000 June 学 校 应 当".split()), max_size=8).map(
        lambda words: Wording(" ".join(words))
    ),
    max_size=8,
)


@given(before=_WORDINGS, after=_WORDINGS)
def test_each_is_paired_once_and_with_itself_where_it_can_be(before: list[Wording], after: list[Wording]) -> None:
    pairs = pair_up(before, after)
    assert len({one for one, _ in pairs}) == len({other for _, other in pairs}) == len(pairs)
    assert all(0 <= measure(before[one], after[other]) <= 1 for one, other in pairs)
    assert all(is_same(wording, wording) for wording in before)
    free = set(range(len(after))) - {other for _, other in pairs}
    lost = [before[one] for one in range(len(before)) if one not in {first for first, _ in pairs}]
    assert not [wording for wording in lost if wording.tokens and wording.tokens in {after[o].tokens for o in free}]
