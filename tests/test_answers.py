"""store.answers: what is kept comes back as it was, and whatever is read never breaks the page."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.wording import write_answer as say_answer
from core.types import Answer, Caveat, CaveatKind
from store.answers import read_answer, write_answer
from tests.exchanges import NEW, OLD, SAID, make_answer
from views.description import describe_answer
from views.wording import read_words

ANSWER = replace(
    make_answer((OLD, "A meal is 5 yuan.", SAID), (NEW, "Meals are free.", SAID)),
    caveats=(Caveat(CaveatKind.superseded, (1,), 2),),
)


def _change(**values: Any) -> str:
    return json.dumps(json.loads(write_answer(ANSWER)) | values)


def test_an_answer_comes_back_as_it_was() -> None:
    assert read_answer(write_answer(ANSWER)) == ANSWER


def test_what_a_later_version_adds_is_left_out() -> None:
    written = json.loads(_change(mood="sure"))
    written["citations"][0]["colour"] = {"red": 1}
    written["citations"][0]["card"]["seal"] = "round"
    assert read_answer(json.dumps(written)) == ANSWER


def test_what_an_older_version_did_not_write_has_its_default() -> None:
    written = json.loads(write_answer(ANSWER))
    for name in ("caveats", "fallback", "confidence", "withheld", "nearest"):
        del written[name]
    del written["citations"][0]["card"]["provenance"]
    assert read_answer(json.dumps(written)) == replace(ANSWER, caveats=())


@pytest.mark.parametrize(
    "written",
    [
        "",
        "null",
        "{",
        _change(status="of a later version"),
        _change(citations=[]),
        _change(sentences=[{"text": "Nobody says so.", "labels": []}]),
        _change(caveats=[{"kind": "differ", "labels": [9]}]),
        _change(searched=None),
    ],
)
def test_what_cannot_be_read_is_none(written: str) -> None:
    assert read_answer(written) is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def _list_places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [place for key in keys for place in ((*path, key), *_list_places(value[key], (*path, key)))]


@given(st.data())
def test_whatever_stands_in_the_file_is_drawn_or_none(data: st.DataObject) -> None:
    written = json.loads(write_answer(ANSWER))
    *path, last = data.draw(st.sampled_from(_list_places(written)))
    holder = written
    for key in path:
        holder = holder[key]
    if data.draw(st.booleans()):
        del holder[last]
    else:
        holder[last] = data.draw(_JSON)
    answer = read_answer(json.dumps(written))
    assert answer is None or isinstance(answer, Answer)
    if answer is not None:
        describe_answer(answer, {citation.label for citation in answer.citations}, read_words("en"))
        say_answer(answer)
