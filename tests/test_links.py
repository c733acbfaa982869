"""store.links and ingest.linking: links are the same whatever the order, the runs and what was removed meanwhile."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import StaleIndexError
from core.place import Place
from core.types import Link, LinkKind
from ingest.__main__ import main
from ingest.linking import examine_anew, find_unlinked
from retriever.changes import group_versions
from store.archive import Archive
from store.catalogue import Catalogue, Entry
from store.embedder import Embedder
from store.links import ENDINGS
from tests.conftest import make_entry

_BODY = "\n\n".join(
    f"第{n}条 学校应当在每学期第{n}周组织学生参加游泳课，由第{n + 3}位教师负责安全，家长可观看，三日内报县教育局备案。"
    for n in range(1, 12)
)
_OLD = make_entry(
    f"关于游泳课的通知\n\n{_BODY}", title="关于游泳课的通知", issuer="山城教育局", number="山教发〔2016〕8号",
    issued_on="2016-03-01", year=2016,
)  # fmt: skip
_NEW = make_entry(
    "关于新游泳课的通知\n\n《关于游泳课的通知》（山教发〔2016〕8号）自2020年1月1日起废止。",
    title="关于新游泳课的通知", issuer="山城教育局", issued_on="2020-01-01", year=2020,
)  # fmt: skip
_FORWARD = make_entry(
    f"转发关于游泳课的通知\n\n现将《关于游泳课的通知》（山教发〔2016〕8号）转发给你们。\n\n{_BODY}",
    title="转发关于游泳课的通知", issuer="河县教育局", issued_on="2016-04", year=2016,
)  # fmt: skip
_TYPO = make_entry(
    f"关于游泳课的通知\n\n{_BODY}".replace("第5周", "第五周"), title="游泳课扫描件", issued_on="2016-03-01", year=2016
)
_ENGLISH = make_entry(
    "Report on swimming lessons, 2021\n\nThis notice replaces Circular No. 9 [2020].",
    title="Report on swimming lessons, 2021", issuer="Bureau", issued_on="2021", year=2021,
)  # fmt: skip
_BEFORE = make_entry(
    "Report on swimming lessons, 2020\n\nAll well.",
    title="Report on swimming lessons, 2020", issuer="Bureau", number="Circular No. 9 [2020]", issued_on="2020",
    year=2020,
)  # fmt: skip
_ALL = [_OLD, _NEW, _FORWARD, _TYPO, _ENGLISH, _BEFORE]


def _id(entry: Entry) -> str:
    return entry.notice.card.notice_id


def _pairs(links: list[Link]) -> set[tuple[str, str, str | None]]:
    return {(link.notice_id, link.kind.value, link.to_id) for link in links}


@pytest.fixture
def catalogue(place: Place) -> Iterator[Catalogue]:
    opened = Catalogue(place)
    yield opened
    opened.close()


def test_each_link_is_found(catalogue: Catalogue) -> None:
    catalogue.add(_ALL, [])
    old, new, forward, typo = map(_id, (_OLD, _NEW, _FORWARD, _TYPO))
    assert _pairs(catalogue.links()) == {
        (new, "repeals", old),
        (forward, "forwards", old),
        (old, "resembles", typo), (typo, "resembles", old),
        (forward, "resembles", typo), (typo, "resembles", forward),
        (_id(_ENGLISH), "version_of", _id(_BEFORE)),
        (_id(_ENGLISH), "replaces", _id(_BEFORE)),
    }  # fmt: skip
    link = next(link for link in catalogue.links_to(old) if link.kind is LinkKind.repeals)
    assert link.span is not None
    assert link.span.of(_NEW.notice.text) == "《关于游泳课的通知》（山教发〔2016〕8号）自2020年1月1日起废止。"
    assert next(link for link in catalogue.links() if (link.notice_id, link.to_id) == (forward, old)).measure == 1.0


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(_ALL), st.lists(st.integers(0, len(_ALL) - 1), max_size=6), st.sets(st.integers(0, 5)))
def test_links_are_the_same_in_whatever_order_notices_come_and_go(
    tmp_path_factory: pytest.TempPathFactory, order: list[Entry], again: list[int], gone: set[int]
) -> None:
    one, other = (Catalogue(tmp_path_factory.mktemp(name)) for name in ("one", "other"))
    kept = [entry for place, entry in enumerate(_ALL) if place not in gone]
    one.add(kept, [])
    for entry in [*order, *(order[place] for place in again)]:
        other.add([entry], [])
    for place in gone:
        other.remove(_id(_ALL[place]))
    links = other.links()
    assert links == one.links()
    ids = {_id(entry) for entry in kept}
    for link in links:
        assert link.notice_id in ids
        assert link.to_id is None or link.to_id in ids - {link.notice_id}
        assert link.measure is None or 0 <= link.measure <= 1
    for name in ids:
        assert other.links_to(name) == [link for link in links if link.to_id == name]
        assert other.endings_of(name) == [link for link in other.links_to(name) if link.kind in ENDINGS]
    one.close()
    other.close()


# Guides of six years: in each it says of some that it replaces them; two are called the same but for the year.
_YEARS = range(2018, 2024)


def _guide(year: int, replaced: set[int], yearly: bool) -> Entry:
    said = "".join(f"\n\nThis notice replaces Circular No. 7 [{other}]." for other in sorted(replaced))
    title = f"Guide to pools, {year}" if yearly else f"Guide number {'abcdef'[year - 2018]}"
    return make_entry(
        f"{title}\n\nAll well in {year}.{said}", title=title, issuer="Bureau", number=f"Circular No. 7 [{year}]",
        issued_on=str(year), year=year,
    )  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries({year: st.sets(st.integers(2018, year - 1)) for year in _YEARS if year > 2018}),
    st.sets(st.sampled_from(_YEARS), max_size=3),
)
def test_what_succeeds_what_is_found_through_whatever_lies_between(
    tmp_path_factory: pytest.TempPathFactory, replaced: dict[int, set[int]], yearly: set[int]
) -> None:
    opened = Catalogue(tmp_path_factory.mktemp("guides"))
    opened.add([_guide(year, replaced.get(year, set()), year in yearly) for year in _YEARS], [])
    every, cards = opened.links(), {card.year: card for card in opened.cards()}
    for first in _YEARS:
        for last in range(first + 1, 2024):
            earlier, later = cards[first], cards[last]
            found = opened.lineage({earlier.notice_id, later.notice_id})
            assert {link for link in found if link in every} == set(found)
            assert group_versions([earlier], [later], found) == group_versions([earlier], [later], every)
    opened.close()


def test_links_between_other_notices_are_not_read(catalogue: Catalogue) -> None:
    catalogue.add([*_ALL, _guide(2020, set(), False), _guide(2021, {2020}, False)], [])
    assert _pairs(catalogue.lineage({_id(_BEFORE)})) == {
        (_id(_ENGLISH), "version_of", _id(_BEFORE)),
        (_id(_ENGLISH), "replaces", _id(_BEFORE)),
    }
    assert catalogue.lineage(set()) == []


def test_a_link_dangles_until_the_notice_named_comes_and_when_it_has_gone(catalogue: Catalogue) -> None:
    catalogue.add([_NEW], [])
    assert [(link.to_id, link.named) for link in catalogue.links()] == [
        (None, "《关于游泳课的通知》（山教发〔2016〕8号）")
    ]
    catalogue.add([_OLD], [])
    assert [link.to_id for link in catalogue.links()] == [_id(_OLD)]
    catalogue.remove(_id(_OLD))
    assert [link.to_id for link in catalogue.links()] == [None]
    catalogue.remove(_id(_NEW))
    assert catalogue.links() == []


@pytest.mark.parametrize(
    ("changes", "does"),
    [
        ({}, True),
        ({"number": "河教发〔2016〕8号"}, False),
        ({"number": "", "issued_on": "2021-01-01"}, False),
        ({"number": ""}, True),
        ({"number": "", "title": "山城教育局关于游泳课的通知"}, True),
        ({"number": "", "title": "河县教育局关于游泳课的通知", "issuer": "河县教育局"}, False),
        ({"number": "", "title": "关于游泳课的通知（2016年3月修订）"}, True),
        ({"number": "", "title": "转发关于游泳课的通知"}, False),
        ({"number": "", "title": "关于游泳课的通知的补充通知"}, False),
    ],
)
def test_which_notice_is_named(catalogue: Catalogue, changes: dict[str, str], does: bool) -> None:
    card = replace(_OLD.notice.card, **changes)  # type: ignore[arg-type]
    catalogue.add([replace(_OLD, notice=replace(_OLD.notice, card=card)), _NEW], [])
    ended = [link for link in catalogue.links_to(_id(_OLD)) if link.kind is LinkKind.repeals]
    assert bool(ended) is does


def test_of_notices_with_one_number_that_of_the_same_issuer_is_meant(catalogue: Catalogue) -> None:
    mine, theirs = (
        make_entry(f"Pools of the {issuer}.", title=f"Pools, {issuer}", number="No. 9 [2020]", issuer=issuer, year=2020)
        for issuer in ("Bureau", "Ministry")
    )
    catalogue.add([mine, theirs, make_entry("No. 9 [2020] is repealed.", title="End", issuer="Bureau")], [])
    assert [link.to_id for link in catalogue.links()] == [_id(mine)]


def test_a_notice_that_names_itself_is_linked_with_nothing(catalogue: Catalogue) -> None:
    catalogue.add([make_entry("关于游泳课的通知\n\n《关于游泳课的通知》同时废止。", title="关于游泳课的通知")], [])
    assert catalogue.links() == []


def test_a_notice_that_stands_in_another_is_linked_with_it(catalogue: Catalogue) -> None:
    other = "\n\n".join(
        f"第{n}款 图书馆每周{n}开放，读者凭证入馆，不得携带食品，违者由第{n}管理员劝离，并记录在册，年底上报市文化局。"
        for n in range(30)
    )
    holder = make_entry(f"汇编\n\n{_BODY}\n\n{other}", title="文件汇编", issued_on="2022", year=2022)
    part = make_entry(f"游泳\n\n{_BODY}", title="游泳课办法", issued_on="2016", year=2016)
    catalogue.add([holder, part], [])
    assert [(link.kind.value, link.measure) for link in catalogue.links()] == [("resembles", 1.0)] * 2


def test_a_store_of_the_version_before_is_kept_and_linked_by_the_next_ingest(
    tmp_path: Path, embedder: Embedder
) -> None:
    folder = tmp_path / "store"
    made = Archive(folder, embedder)
    made.catalogue.add([_OLD, _NEW], [])
    expected = made.catalogue.links()
    made.close()
    connection = sqlite3.connect(folder / "catalogue.sqlite")
    for table in ("relations", "relation_terms", "names", "signatures", "marks"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("UPDATE state SET value = '1' WHERE key = 'schema'")
    connection.commit()
    connection.close()
    for _ in range(2):
        opened = Archive(folder, embedder)
        assert len(opened.catalogue.cards()) == 2
        assert len(find_unlinked(opened.catalogue)) == 2
        opened._is_whole = lambda: True  # type: ignore[method-assign]
        with pytest.raises(StaleIndexError, match="links"):
            opened.check_model()
        opened.close()
    opened = Archive(folder, embedder)
    assert examine_anew(opened.catalogue) == 2
    assert opened.catalogue.links() == expected
    assert examine_anew(opened.catalogue) == 0
    opened._is_whole = lambda: True  # type: ignore[method-assign]
    opened.check_model()
    opened.close()


def test_the_command_line_lists_links_and_checks_that_all_are_examined(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue = Catalogue(tmp_path)
    catalogue.add([_OLD, _NEW], [])
    catalogue.close()
    assert main(["--list", "--json", "--store", str(tmp_path)]) == 0
    listed = {line["notice_id"]: line["links"] for line in map(json.loads, capsys.readouterr().out.splitlines())}
    start = _NEW.notice.text.index("《")
    assert listed == {
        _id(_OLD): [],
        _id(_NEW): [
            {
                "kind": "repeals",
                "notice_id": _id(_OLD),
                "named": "《关于游泳课的通知》（山教发〔2016〕8号）",
                "start": start,
                "end": len(_NEW.notice.text),
                "measure": None,
            }
        ],
    }
    connection = sqlite3.connect(tmp_path / "catalogue.sqlite")
    connection.execute("UPDATE signatures SET rules = 'older'")
    connection.commit()
    connection.close()
    assert main(["--check", "--store", str(tmp_path)]) == 1
    assert f"links: notice {_id(_OLD)} is not examined" in capsys.readouterr().out
