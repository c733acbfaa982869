"""The search as a LangChain retriever, so that chains, agents and tracing of its ecosystem can use it."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from core.types import Hit
from retriever.question import read_question
from retriever.search import search
from store.archive import Archive


class NoticeRetriever(BaseRetriever):
    """Passages as LangChain documents: `page_content` is the passage, the metadata cite it.

    `start` and `end` in the metadata are code points of the notice's canonical text.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    archive: Archive
    k: int = 10
    years: tuple[int, ...] = ()
    issuer: str = ""

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        self.archive.refresh()
        issuers = self.archive.shelf.issuers
        understood = read_question(query, only_years=self.years, issuer=self.issuer, issuers=issuers)
        return [_to_document(hit) for hit in search(self.archive, understood, self.k)]


def _to_document(hit: Hit) -> Document:
    return Document(
        id=hit.passage.passage_id,
        page_content=hit.passage.text,
        metadata={
            "notice_id": hit.card.notice_id,
            "path": hit.card.path,
            "title": hit.card.title,
            "issuer": hit.card.issuer,
            "number": hit.card.number,
            "issued_on": hit.card.issued_on,
            "year": hit.card.year,
            "start": hit.passage.span.start,
            "end": hit.passage.span.end,
            "score": hit.score,
            "year_reading": hit.reading,
        },
    )
