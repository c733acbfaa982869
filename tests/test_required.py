"""retriever.obligations and retriever.topics: what was required in a year, of whom, on which day, about what."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import StaleIndexError
from core.types import Obligation, Span, Strength
from ingest.linking import examine_anew, find_unlinked
from ingest.obligations import OBLIGATIONS_RULES
from retriever.__main__ import main
from retriever.obligations import Required, search_obligations
from retriever.topics import find_topics, fits_topic
from store.archive import Archive
from store.catalogue import Catalogue, Entry
from store.embedder import Embedder
from store.obligations import Obligations
from store.tables import SCHEMA_VERSION
from tests.conftest import make_entry, take_in

_OLD = make_entry(
    "关于借阅的通知\n\n学校应当免费借阅图书。",
    title="关于借阅的通知", issuer="山城教育局", number="山教发〔2016〕8号", issued_on="2016-03-01", year=2016,
    language="zh",
)  # fmt: skip
_NEW = make_entry(
    "关于新借阅的通知\n\n学校应当每天开放图书馆。\n\n《关于借阅的通知》（山教发〔2016〕8号）自2020年9月1日起废止。",
    title="关于新借阅的通知", issuer="山城教育局", issued_on="2020-06-01", in_force_on="2020-09-01", year=2020,
    language="zh",
)  # fmt: skip
_LIMITED = make_entry(
    "Schools may close early.", title="Heat", issuer="Bureau", issued_on="2018", repealed_on="2018-10", year=2018
)
_UNDATED = make_entry("Schools must keep a list.", title="Lists", issuer="Bureau", year=None)
_SPEECH = make_entry(
    "The meeting was held in May. We must unite and work hard. Schools must not close before 1 June 2018.",
    title="Report on the 2018 meeting", issuer="Bureau", issued_on="2018-05-02", year=2018,
)  # fmt: skip
_ALL = [_OLD, _NEW, _LIMITED, _UNDATED, _SPEECH]


def _id(entry: Entry) -> str:
    return entry.notice.card.notice_id


def _quotes(found: list[Required]) -> list[str]:
    return [each.quote for each in found]


@pytest.fixture
def library(archive: Archive) -> Archive:
    """A desk with the notices above; nothing of it is embedded, for nothing here asks what words mean."""
    archive.catalogue.add(_ALL, [])
    archive.refresh()
    return archive


def test_what_was_written_is_read_back_by_notice_year_and_strength(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path)
    one = Obligation(0, Span(0, 4), Strength.must_not, "学校", "2021-03", 2021, True)
    other = Obligation(1, Span(4, 8), Strength.may)
    entry = replace(_OLD, obligations=Obligations("1", (one, other)))
    catalogue.add([entry, replace(_NEW, obligations=Obligations("1"))], [])
    name = _id(_OLD)
    assert catalogue.obligations() == {name: [one, other]}
    assert catalogue.obligations([name, "nope"]) == {name: [one, other]}
    assert catalogue.obligations([_id(_NEW)]) == {}
    assert catalogue.obligations(years=[2021, 1999]) == catalogue.obligations(strengths=[Strength.must_not])
    assert catalogue.obligations(years=[2021]) == {name: [one]}
    assert catalogue.obligation_years() == [2021]
    assert catalogue.without_obligations("1") == []
    catalogue.add([replace(entry, obligations=Obligations("2", (other,)))], [])
    assert catalogue.obligations() == {name: [other]}
    catalogue.remove(name)
    assert catalogue.obligations() == {}
    catalogue.close()


def test_the_years_are_asked_for_by_an_index(tmp_path: Path) -> None:
    Catalogue(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "catalogue.sqlite")
    plan = connection.execute("EXPLAIN QUERY PLAN SELECT * FROM obligations WHERE year = 2021").fetchall()
    connection.close()
    assert any("USING INDEX" in str(row) for row in plan)


@pytest.mark.parametrize("version", ["1", "2", "3"])
def test_a_store_of_a_version_before_is_kept_and_examined_by_the_next_ingest(
    tmp_path: Path, embedder: Embedder, version: str
) -> None:
    folder = tmp_path / "store"
    made = Archive(folder, embedder)
    made.catalogue.add(_ALL, [])
    expected = made.catalogue.obligations()
    made.close()
    connection = sqlite3.connect(folder / "catalogue.sqlite")
    for table in ("obligations", "obligation_rules"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("UPDATE state SET value = ? WHERE key = 'schema'", [version])
    connection.commit()
    connection.close()
    for _ in range(2):
        opened = Archive(folder, embedder)
        assert opened.catalogue.read_state("schema") == SCHEMA_VERSION
        assert sum(line.startswith("obligations") for line in find_unlinked(opened.catalogue)) == len(_ALL)
        with pytest.raises(StaleIndexError, match="obligations") as caught:
            search_obligations(opened)
        assert "python -m ingest" in caught.value.help
        opened.close()
    opened = Archive(folder, embedder)
    assert examine_anew(opened.catalogue) == len(_ALL)
    assert opened.catalogue.obligations() == expected
    assert search_obligations(opened)
    assert (examine_anew(opened.catalogue), find_unlinked(opened.catalogue)) == (0, [])
    opened.close()


def test_notices_of_older_rules_are_examined_anew_and_a_kill_loses_nothing(library: Archive) -> None:
    catalogue = library.catalogue
    expected = catalogue.obligations()
    catalogue.put_obligations({_id(entry): Obligations("older") for entry in _ALL})
    assert catalogue.obligations() == {}

    class _KilledError(Exception):
        pass

    def kill(_done: int) -> None:
        raise _KilledError

    with pytest.raises(_KilledError):
        examine_anew(catalogue, step=kill)
    assert len(catalogue.without_obligations(OBLIGATIONS_RULES)) == len(_ALL)
    assert examine_anew(catalogue) == len(_ALL)
    assert catalogue.obligations() == expected


def test_quotes_are_the_canonical_text_in_the_order_of_years_and_general_calls_last(library: Archive) -> None:
    found = search_obligations(library)
    assert _quotes(found) == [
        "Schools must keep a list.",
        "学校应当免费借阅图书。",
        "Schools may close early.",
        "Schools must not close before 1 June 2018.",
        "学校应当每天开放图书馆。",
        "We must unite and work hard.",
    ]
    assert [each.obligation.exhorts for each in found] == [False] * 5 + [True]
    for each in found:
        assert each.quote == library.catalogue.quote(each.card.notice_id, each.obligation.span)


def test_what_narrows_a_search(library: Archive) -> None:
    assert _quotes(search_obligations(library, years=[2016])) == ["学校应当免费借阅图书。"]
    assert search_obligations(library, years=[1999]) == []
    assert len(search_obligations(library, issuer="bureau")) == 4
    assert search_obligations(library, issuer="nobody") == []
    assert _quotes(search_obligations(library, strengths=[Strength.may])) == ["Schools may close early."]
    assert len(search_obligations(library, bound="学校")) == 2
    assert _quotes(search_obligations(library, bound="schools", years=[2018])) == [
        "Schools may close early.",
        "Schools must not close before 1 June 2018.",
    ]


@pytest.mark.parametrize(
    ("day", "held"),
    [
        ("2015-01-01", []),
        ("2016-03-01", ["2016"]),
        ("2018-06-01", ["2016", "2018", "2018"]),
        ("2018-10-31", ["2016", "2018", "2018"]),
        ("2018-11-01", ["2016", "2018"]),
        # Announced, and not in force before September.
        ("2020-07-01", ["2016", "2018"]),
        ("2020-09-01", ["2018", "2020"]),
    ],
)
def test_what_held_on_a_day(library: Archive, day: str, held: list[str]) -> None:
    found = [each for each in search_obligations(library, as_of=day) if each.card.title != "Lists"]
    assert sorted(issued[:4] for issued, _ in {(each.card.issued_on, each.card.title) for each in found}) == held
    assert any(each.card.title == "Lists" for each in search_obligations(library, as_of=day)), "no date excludes it"


def test_what_supersedes_it_is_named_as_far_as_the_day_knows(library: Archive) -> None:
    def name(day: str) -> str | None:
        found = search_obligations(library, years=[2016], as_of=day)
        return found[0].superseded_by.title if found and found[0].superseded_by else None

    assert name("") == "关于新借阅的通知"
    assert name("2020-07-01") == "关于新借阅的通知"
    assert name("2020-05-31") is None
    assert all(each.superseded_by is None for each in search_obligations(library, years=[2018, 2020]))


def _many() -> list[Entry]:
    themes = ("the school bus and its driver", "lunch in the school kitchen", "the swimming pool and the lifeguard")
    texts = [f"Schools must inspect {theme} in week {week}." for theme in themes for week in range(1, 13)]
    chinese = ("校车驾驶员和校车安全", "食堂午餐和食堂卫生")
    texts += [f"学校应当在第{week}周检查{theme}。" for theme in chinese for week in range(1, 13)]
    return [make_entry(text, path=f"{place}.txt") for place, text in enumerate(texts)]


def test_obligations_on_one_matter_share_a_topic_named_in_their_language(archive: Archive) -> None:
    archive.catalogue.add(_many(), [])
    archive.refresh()
    topics = find_topics(archive)
    assert len(topics) == len(_many())
    named = {each.quote: each.topic for each in search_obligations(archive)}
    assert all(named.values())
    buses = [topic for quote, topic in named.items() if "bus" in quote]
    assert any("bus" in topic or "driver" in topic for topic in buses)
    assert not set(buses) & {topic for quote, topic in named.items() if "食堂" in quote}
    assert any("食堂" in topic for topic in named.values())
    found = search_obligations(archive, topic="食堂")
    assert found and all("食堂" in each.quote for each in found)
    assert search_obligations(archive, topic=found[0].topic) == found
    assert search_obligations(archive, topic="football") == []


def test_topics_are_the_same_for_the_same_notices(tmp_path: Path, embedder: Embedder) -> None:
    found = []
    for name, entries in (("one", _many()), ("two", _many()[::-1])):
        made = Archive(tmp_path / name, embedder)
        made.catalogue.add(entries, [])
        found.append(find_topics(made))
        assert find_topics(made) is found[-1], "they are found once a generation"
        made.catalogue.remove(_id(entries[0]))
        assert len(find_topics(made)) == len(entries) - 1
        made.close()
    assert found[0] == found[1]


def test_a_topic_is_asked_for_by_its_name_or_a_word_in_any_form() -> None:
    assert fits_topic("bus, driver", "Bus, Driver")
    assert fits_topic("bus, driver", "drivers")
    assert not fits_topic("bus, driver", "lunch")


def test_a_desk_without_obligations_has_no_topics(archive: Archive) -> None:
    assert find_topics(archive) == {}
    assert search_obligations(archive) == []


def test_the_pipeline_keeps_obligations_with_the_notice(tmp_path: Path, archive: Archive) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("Notice on lists\n\nSchools must keep a list by 1 May 2021.\n", encoding="utf-8")
    take_in(archive, folder)
    found = search_obligations(archive, years=[2021])
    assert [(each.quote, each.obligation.due) for each in found] == [
        ("Schools must keep a list by 1 May 2021.", "2021-05-01")
    ]
    assert find_unlinked(archive.catalogue) == []
    (folder / "a.txt").unlink()
    take_in(archive, folder, prune=True)
    assert search_obligations(archive) == []


def test_the_command_line_lists_what_was_required(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalogue = Catalogue(tmp_path)
    catalogue.add(_ALL, [])
    catalogue.close()

    def ask(*options: str) -> list[dict[str, object]]:
        assert main(["--obligations", "--json", "--store", str(tmp_path), *options]) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    start = _OLD.notice.text.index("学校")
    assert ask("--year", "2016") == [
        {
            "notice_id": _id(_OLD), "path": "a.txt", "title": "关于借阅的通知", "issued_on": "2016-03-01",
            "start": start, "end": len(_OLD.notice.text), "quote": "学校应当免费借阅图书。", "strength": "must",
            "bound": "学校", "year": 2016, "due": "", "topic": ask()[0]["topic"], "exhorts": False,
            "superseded_by": _id(_NEW),
        }
    ]  # fmt: skip
    assert [line["year"] for line in ask("--from", "2017", "--to", "2020")] == [2018, 2018, 2020, 2018]
    assert len(ask("--issuer", "山城", "--as-of", "2020-07-01")) == 1
    assert ask("--year", "1999") == []
    assert main(["--obligations", "--year", "2018", "--store", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "[may; 2018] Schools may close early.\n   Heat (2018; a.txt)" in said
    assert "[must; 2018; a general call] We must unite and work hard." in said
    assert main(["--obligations", "--year", "1999", "--store", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "Nothing was found.\n"


@pytest.mark.parametrize(
    "options", [["--obligations", "question"], ["--topic", "x", "question"], ["--obligations", "--as-of", "May"]]
)
def test_wrong_use_is_told(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(options)
    assert ended.value.code == 2
    assert capsys.readouterr().err
