"""An answer as the fields of JSON that the command and the API print."""

from __future__ import annotations

from assistant.wording import write_answer
from core.fields import list_fields
from core.types import Answer, AnswerSentence, Further, Searched

# So many of the notices that were searched in vain are named.
_LISTED = 50


def list_answer(question_id: str, question: str, answer: Answer, seconds: float) -> dict[str, object]:
    """All of an answer; `question` as it was asked, `seconds` that it took."""
    return {
        "id": question_id,
        "question": question,
        "status": answer.status.value,
        "answer": write_answer(answer),
        "model": answer.model,
        "fallback": answer.fallback.value if answer.fallback else "",
        "sentences": [list_sentence(sentence) for sentence in answer.sentences],
        "citations": [list_fields(citation) for citation in answer.citations],
        "withheld": [{"text": w.text, "reason": w.reason} for w in answer.withheld],
        "searched": _list_searched(answer.searched),
        "missing": list(answer.missing),
        "caveats": [
            {"kind": c.kind.value, "labels": list(c.labels), "by": c.by, "words": list(c.words or ())}
            for c in answer.caveats
        ],
        "further": _list_further(answer.further),
        "confidence": round(answer.confidence, 4),
        "seconds": round(seconds, 4),
    }


def list_sentence(sentence: AnswerSentence) -> dict[str, object]:
    """A sentence of an answer with its labels."""
    return {"text": sentence.text, "labels": list(sentence.labels), "quoted": sentence.quoted}


def _list_searched(searched: Searched) -> dict[str, object]:
    listed = [{"notice_id": card.notice_id, "title": card.title} for card in searched.listed[:_LISTED]]
    return {"notices": searched.notices, "years": list(searched.years), "listed": listed}


def _list_further(further: Further | None) -> dict[str, object] | None:
    if further is None:
        return None
    return {
        "requirements": further.requirements,
        "notices": further.notices,
        "years": list(further.years),
        "strengths": [strength.value for strength in further.strengths],
        "bound": further.bound,
    }
