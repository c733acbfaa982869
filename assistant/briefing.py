"""What a chat model is shown: the instructions, passages under short labels, the question, within a budget."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from langchain_core.prompt_values import PromptValue
from langchain_core.prompts import ChatPromptTemplate

from core.types import Hit
from retriever.question import Query
from store.tokens import count_tokens

_PROMPT = Path(__file__).parent.parent / "prompts" / "answer.md"
_LANGUAGES = {"en": "English", "zh": "Chinese (中文)"}
_MOST_PASSAGES = 12
# What a server adds around a message, and what two texts joined count more than apart.
_MARGIN = 40
# Tags, and the marks of chat templates such as <|im_end|> and [INST]; a plain "< 5" is none.
_TAG = re.compile(r"[<＜﹤](?=\s*(?:[/／!?|＜<﹤]|[^\W\d]))")
# What nobody sees, between whose characters a mark would hide: controls, joiners, halves and private characters.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_INSTRUCTION = re.compile(r"\[(/?(?:INST|SYS)[A-Z]*)\]", re.IGNORECASE)
_LABEL = re.compile(r"[\[［【](\s*\d{1,3}(?:\s*[,，、;；–-]\s*\d{1,3})*\s*)[\]］】]")


@dataclass(frozen=True, slots=True)
class Briefing:
    """A prompt, and the passages in it: label n is `passages[n - 1]`."""

    prompt: PromptValue
    passages: tuple[Hit, ...]


def brief(query: Query, hits: Sequence[Hit], tokens: int) -> Briefing:
    """The prompt for a question with as many of the first passages as `tokens` (cl100k, of all) allow, one at least."""
    template = ChatPromptTemplate.from_messages([("human", _PROMPT.read_text(encoding="utf-8"))])
    values = {"language": _LANGUAGES[query.language], "question": disarm(query.text)}
    left = tokens - _MARGIN - count_tokens(template.invoke({**values, "passages": ""}).to_string())
    shown: list[str] = []
    for hit in hits[:_MOST_PASSAGES]:
        written = _write(len(shown) + 1, hit)
        left -= count_tokens(written) + 2
        if left < 0 and shown:
            break
        shown.append(written)
    prompt = template.invoke({**values, "passages": "\n\n".join(shown)})
    return Briefing(prompt, tuple(hits[: len(shown)]))


def _write(label: int, hit: Hit) -> str:
    card = hit.card
    about = "; ".join(part for part in (card.title, card.issuer, card.number, card.issued_on) if part)
    return f"[{label}] {disarm(' '.join(about.split()))}\n{disarm(hit.passage.text)}"


def disarm(text: str) -> str:
    """Text in which nothing looks like a fence of the prompt, a mark of a chat template, or a label.

    Only the model sees it so; what is quoted is the notice's own text.
    """
    seen = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in _UNSEEN)
    plain = _INSTRUCTION.sub(r"(\1)", _TAG.sub("‹", seen))
    return _LABEL.sub(r"(\1)", plain)
