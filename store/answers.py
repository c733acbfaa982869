"""Answers as they are kept: written as JSON, and read back whichever version of the desk wrote them."""

from __future__ import annotations

from pydantic import TypeAdapter

from core.types import Answer

_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)


def write_answer(answer: Answer) -> str:
    """The answer as JSON, with its citations: digest, span and quote outlive the notices."""
    return _ANSWER.dump_json(answer).decode("utf-8")


def read_answer(written: str) -> Answer | None:
    """The answer that was written, None where this version cannot read it.

    What this version does not know is left out, and what an older one did not write has its default.
    """
    try:
        answer = _ANSWER.validate_json(written)
    except ValueError:
        return None
    return answer if _resolves(answer) else None


def _resolves(answer: Answer) -> bool:
    """Whether each sentence has labels, and each label its citation: what draws an answer trusts in it."""
    known = {citation.label for citation in answer.citations}
    named = {label for caveat in answer.caveats for label in caveat.labels}
    named |= {caveat.by for caveat in answer.caveats if caveat.by is not None}
    named |= {label for sentence in answer.sentences for label in sentence.labels}
    return named <= known and all(sentence.labels for sentence in answer.sentences)
