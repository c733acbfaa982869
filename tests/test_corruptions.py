"""evals.corruptions: of faults planted in the samples the verifier catches nearly all, and it lets truth through."""

from __future__ import annotations

import random

import pytest

from evals.corruptions import VerifierFigures, main, measure_verifier
from evals.paraphrases import paraphrase
from evals.planting import Soil, plant_faults
from store.archive import Archive

_SOIL = {
    "en": Soil(
        "First, in Lanting City the Harbour Education Bureau must inspect at least 30 schools (all of them rural) by "
        "9 June 2022, unless the Bureau of Roads objects, and Wu Peiran of the Legal Office reports within 12 days.",
        ("The report goes to the River County Council, and it is read in public.",),
        "en",
    ),
    "zh": Soil(
        "一是自2022年6月9日起，县教育局应当检查不少于30所学校（均为农村学校），由海湾市教育局每10天通报全部结果；"
        "除节假日外，不得拖延。",
        ("每月向滨江市教育局报告，并在网上公布。", "由云溪大学培训检查人员。"),
        "zh",
    ),
}


@pytest.fixture(scope="module")
def figures(desk: Archive) -> VerifierFigures:
    """What the verifier does with eighty samples of each language."""
    return measure_verifier(desk, 80, 7)


@pytest.mark.model
@pytest.mark.parametrize("language", ["en", "zh"])
def test_planted_faults_are_caught(figures: VerifierFigures, language: str) -> None:
    assert sum(of for (_, found), (_, of) in figures.caught.items() if found == language) > 200
    assert figures.share_caught(language) >= 0.95


@pytest.mark.model
@pytest.mark.parametrize("language", ["en", "zh"])
def test_true_sentences_are_let_through(figures: VerifierFigures, language: str) -> None:
    assert sum(of for (_, found), (_, of) in figures.withheld.items() if found == language) > 100
    assert figures.share_withheld(language) <= 0.05


@pytest.mark.model
def test_the_same_seed_plants_the_same(desk: Archive) -> None:
    assert measure_verifier(desk, 5, 3) == measure_verifier(desk, 5, 3)


@pytest.mark.parametrize(
    ("language", "kinds"),
    [
        (
            "en",
            "name,swapped names,figure,date,year,negation,modality,comparison,unit,quantifier,merged clause,"
            "other ending,added place,dropped exception",
        ),
        (
            "zh",
            "name,figure,date,year,negation,modality,comparison,unit,quantifier,merged clause,other ending,added place,"
            "dropped exception",
        ),
    ],
)
def test_every_kind_of_fault_can_be_planted(language: str, kinds: str) -> None:
    soil = _SOIL[language]
    planted = plant_faults(soil, random.Random(1))  # noqa: S311
    assert [fault.kind for fault in planted] == kinds.split(",")
    assert all(fault.text != soil.text for fault in planted)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_paraphrases_begin_with_the_sentence_itself(language: str) -> None:
    made = paraphrase(_SOIL[language], random.Random(1))  # noqa: S311
    assert made[0].text == _SOIL[language].text
    assert {"lead-in dropped", "brackets dropped", "date format"} <= {one.kind for one in made}


def test_a_store_that_is_not_there_has_nothing_to_measure(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert main(["--store", str(tmp_path_factory.mktemp("none")), "--count", "3"]) == 0


def test_shares_of_nothing() -> None:
    assert VerifierFigures({}, {}).share_caught() == 1.0
    assert VerifierFigures({}, {}).share_withheld() == 0.0
