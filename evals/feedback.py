"""What people said of answers becomes test questions: lines of a …-questions.jsonl."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from assistant.verify import still_holds
from core.types import Answer, Citation, Status
from store.catalogue import Catalogue
from store.feedback import Feedback, read_feedback
from store.records import Records

_Asked = tuple[str, tuple[str, ...]]


def collect_questions(records: Records, catalogue: Catalogue) -> list[dict[str, Any]]:
    """The lines, a question each, the oldest first; a follow-up stands below the questions before it.

    A question whose every verdict is good expects the status, the notices and the quotes of the last answer that
    was praised, where all of them still stand in the notices. Any other is not measured (`measured` is false) until
    somebody completes it: says whether it is answerable, by which paths and which quotes. Reasons and comments are
    kept; who gave them is not. Raises BrokenStoreError.
    """
    judged: dict[_Asked, list[Feedback]] = {}
    for said in read_feedback(records):
        judged.setdefault(_fold_asked(said), []).append(said)
    lines: dict[str, dict[str, Any]] = {}
    for verdicts in judged.values():
        last = verdicts[-1]
        earlier: str | None = None
        for place, question in enumerate(last.history):
            before = last.history[:place]
            # A question that was only asked on the way is there for those that follow it.
            name = _name(question, before)
            lines.setdefault(name, _open_line(name, question, earlier))
            earlier = name
        name = _name(last.question, last.history)
        lines[name] = _open_line(name, last.question, earlier) | _judge(verdicts, catalogue)
    return list(_sort(lines))


def _fold_asked(said: Feedback) -> _Asked:
    return _fold(said.question), tuple(map(_fold, said.history))


def _fold(question: str) -> str:
    """The question as it is compared: case, width and white space do not make another one."""
    return " ".join(unicodedata.normalize("NFKC", question).casefold().split())


def _name(question: str, history: Sequence[str]) -> str:
    asked = json.dumps([_fold(one) for one in (*history, question)])
    return "said-" + hashlib.sha256(asked.encode("utf-8")).hexdigest()[:12]


def _open_line(name: str, question: str, parent: str | None) -> dict[str, Any]:
    """A question of which nothing is known but its words."""
    return {
        "id": name,
        "question": question,
        "parent_id": parent,
        "lang": "",
        "type": "feedback",
        "measured": False,
        "answerable": None,
        "status": "",
        "paths": [],
        "gold_quotes": [],
        "reasons": [],
        "comments": [],
    }


def _judge(verdicts: Sequence[Feedback], catalogue: Catalogue) -> dict[str, Any]:
    """What the verdicts on one question make of it."""
    answers = [said.answer for said in verdicts if said.answer is not None]
    said = {
        "lang": answers[-1].language if answers else "",
        "reasons": _list_once(said.reason.value for said in verdicts),
        "comments": _list_once(said.comment for said in verdicts),
    }
    if not all(one.good for one in verdicts) or not answers:
        return said
    answer = answers[-1]
    if not all(still_holds(catalogue, citation) for citation in answer.citations):
        return said
    return said | _expect(answer)


def _expect(answer: Answer) -> dict[str, Any]:
    """What a right answer looks like: this one."""
    gold = _list_gold(answer)
    return {
        "measured": True,
        "answerable": bool(gold),
        "status": (Status.answered if answer.status is Status.model_failed else answer.status).value,
        "paths": _list_once(citation.card.path for citation in gold),
        "gold_quotes": _list_once(citation.quote for citation in gold),
    }


def _list_gold(answer: Answer) -> list[Citation]:
    """The citations of what is shown; a caveat's alone are no part of the answer."""
    shown = {label for sentence in answer.sentences for label in sentence.labels}
    return [citation for citation in answer.citations if citation.label in shown]


def _list_once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _sort(lines: Mapping[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each line after its parent."""
    told = set[str]()
    for name in lines:
        chain: list[str] = []
        at: str | None = name
        while at is not None and at not in told:
            chain.insert(0, at)
            told.add(at)
            at = lines[at]["parent_id"]
        yield from (lines[one] for one in chain)
