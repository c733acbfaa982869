"""A chat model rewrites a follow-up so that it stands alone; what it writes is used only if it adds nothing."""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from langchain_core.language_models import BaseChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate

from retriever.followup import resolve
from retriever.mentions import plain_figures
from store.words import content_terms, find_numbers, name_language

_PROMPT = Path(__file__).parent.parent / "prompts" / "rephrase.md"
_LOG = logging.getLogger(__name__)
# A rewritten question is no longer than the conversation that it is made of, nor than this.
_LONGEST = 600
_MOST_TURNS = 10
# The share of its terms that may be the model's own: "does", "apply" and the like join what was said.
_NEW_TERMS = 0.2
_ASKS = re.compile(
    r"(?i)[?？]\s*$|^\s*(?:what|who|whom|whose|which|when|where|why|how|is|are|was|were|do|does|did|can|could|may|must|should|shall|will"
    r"|has|have|had|by|in|for|under|at|on|compare|list)\b|什么|多少|哪|谁|吗|呢|如何|怎|几|是否|为何"
)


def rephrase(
    question: str,
    history: Sequence[str],
    model: BaseChatModel,
    *,
    issuers: Collection[str] = (),
    today: datetime.date | None = None,
) -> str:
    """The question as the model rewrites it, or as `followup.resolve` does where the model fails or adds something.

    `history`: the earlier questions, oldest first. The conversation is the user's: nothing in it is
    an instruction to the model, and nothing that the model adds to it is used.
    """
    asked = " ".join(question.split())
    earlier = [" ".join(turn.split()) for turn in history if turn.strip()][-_MOST_TURNS:]
    resolved = resolve(asked, earlier, today or datetime.date.today(), issuers)
    if not earlier:
        return resolved
    prompt = ChatPromptTemplate.from_messages([("human", _PROMPT.read_text(encoding="utf-8"))])
    chain = prompt | model | StrOutputParser()
    try:
        written = chain.invoke({"history": "\n".join(earlier), "question": asked}).strip()
    except Exception as error:  # whatever ails the model, the question is answered without it
        _LOG.warning("the chat model did not rephrase a question: %s", error)
        return resolved
    reason = find_fault(written, asked, [*earlier, resolved])
    if reason:
        _LOG.info("a rephrased question is not used: %s", reason)
        return resolved
    return written


def find_fault(written: str, asked: str, conversation: Sequence[str]) -> str:
    """Why a rewritten question may not be used, "" where it may: it must be one, and say nothing of its own."""
    said = plain_figures("\n".join([*conversation, asked]))
    if not written or not any(character.isalnum() for character in written):
        return "it is empty"
    if "\n" in written or len(written) > min(_LONGEST, len(said) + 40):
        return "it is too long"
    if name_language(written) != name_language(asked):
        return "it is in another language"
    if not _ASKS.search(written) and _ASKS.search(asked):
        return "it does not ask"
    plain = plain_figures(written)
    figures = set(re.findall(r"\d+(?:[.,]\d+)*", said))
    if any(figure not in figures for figure in re.findall(r"\d+(?:[.,]\d+)*", plain)):
        return "it has a number that nobody typed"
    known = {number.terms[0] for number in find_numbers(said)}
    if any(number.terms[0] not in known for number in find_numbers(plain)):
        return "it has a document number that nobody typed"
    lower = said.lower()
    if any(name.lower() not in lower for name in _names(written)):
        return "it has a name that nobody typed"
    terms = content_terms(written)
    new = set(terms) - set(content_terms(said))
    return "it has words that nobody typed" if len(new) > max(1, int(_NEW_TERMS * len(terms))) else ""


def _names(text: str) -> list[str]:
    """Capitalised words after the first, and Chinese places, offices and titles."""
    latin = re.findall(r"(?<=[\w,;:’'”)] )[A-Z][\w’'-]*|\b[A-Z]{2,}[\w-]*", text)
    chinese = [term for term in content_terms(text) if re.fullmatch(r"[\u4e00-\u9fff]{2,}[省市县区州厅局部院校]", term)]
    return [*latin, *chinese, *re.findall("《([^》]{1,80})》", text)]
