"""What other programs ask: the bodies and the parameters of requests, with their limits."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.manuscript import LONGEST_DRAFT
from retriever.batch import LATEST_YEAR, Asked
from retriever.question import LONGEST_QUESTION

MOST_EARLIER = 50
LONGEST_NAME = 200
MOST_LISTED = 1000
MOST_PASSAGES = 100
# A span as START-END, in code points of the notice's text.
SPAN = r"^\d{1,12}-\d{1,12}$"

Style = Literal["plain", "gbt7714", "apa", "chicago", "bibtex", "ris", "csl-json"]
Year = Annotated[int, Field(ge=1, le=LATEST_YEAR)]
Name = Annotated[str, Field(max_length=LONGEST_NAME)]


class _Strict(BaseModel):
    # A filter that is misspelt must not be passed over in silence.
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Turn(_Strict):
    """An earlier turn of a conversation; its answer is not read."""

    question: str = Field(max_length=LONGEST_QUESTION)
    answer: str = ""


class Narrowed(_Strict):
    """Filters: only notices of one year, or from one year to another, of issuers with these words in their name."""

    year: Year | None = Field(default=None, description="Only notices of this year.", examples=[2023])
    first: Year | None = Field(default=None, alias="from", description="Only notices of this year and later.")
    last: Year | None = Field(default=None, alias="to", description="Only notices of this year and earlier.")
    issuer: Name = Field(default="", description="Only notices of issuers with this in their name.")


class Question(Narrowed):
    """A question, with the questions before it in the conversation, oldest first."""

    question: str = Field(
        min_length=1,
        max_length=LONGEST_QUESTION,
        description="In English or Chinese.",
        examples=["How many teachers were trained in 2022?"],
    )
    history: list[Annotated[str, Field(max_length=LONGEST_QUESTION)] | Turn] = Field(
        default_factory=list, max_length=MOST_EARLIER, description="Earlier questions, oldest first."
    )

    @property
    def earlier(self) -> list[str]:
        """The earlier questions, oldest first."""
        return [turn if isinstance(turn, str) else turn.question for turn in self.history]

    def as_asked(self) -> Asked:
        """The same as the commands read it."""
        return Asked.model_construct(id="", question=self.question, history=self.earlier, year=self.year)


class AskBody(Question):
    """A question to be answered."""

    language: Literal["en", "zh"] | None = Field(
        default=None,
        description="The language of the desk's own words ('The notices do not say'); by default the question's.",
    )
    stream: bool = Field(
        default=False, description="Send each sentence as soon as it is proved, as server-sent events."
    )


class SearchBody(Question):
    """A question for which passages are wanted."""

    k: int = Field(default=10, ge=1, le=MOST_PASSAGES, description="How many passages.")


class CheckBody(_Strict):
    """A draft to be checked."""

    draft: str = Field(
        max_length=LONGEST_DRAFT,
        description="The text of the draft, plain or Markdown.",
        examples=["The notice says that “homework is not assigned in grades one and two”."],
    )


class Listing(_Strict):
    """Which part of a list is wanted."""

    limit: int = Field(default=100, ge=1, le=MOST_LISTED, description="How many at most.")
    offset: int = Field(default=0, ge=0, le=10**9, description="How many to pass over.")


class NoticesQuery(Listing):
    """Which notices are listed."""

    year: Year | None = Field(default=None, description="Only notices of this year.")
    issuer: Name = Field(default="", description="Only notices of issuers with this in their name.")
    words: Name = Field(default="", description="Only notices with all these in title, issuer or number.")


class RequirementsQuery(Narrowed, Listing):
    """Which requirements are listed; a year is the one that a requirement is about."""

    topic: Name = Field(default="", description="A topic's name, or words of it, of the title or the requirement.")
    as_of: date | None = Field(default=None, description="Only what held on this day.", examples=["2023-09-01"])


class ChangesQuery(Listing):
    """Which two years are compared."""

    first: Year = Field(alias="from", description="The earlier year.", examples=[2021])
    last: Year = Field(alias="to", description="The later year.", examples=[2023])
    issuer: Name = Field(default="", description="Only notices of issuers with this in their name.")
    topic: Name = Field(default="", description="Only statements with all these words.")


class CiteQuery(_Strict):
    """What is cited, and how."""

    notice: Name = Field(description="The id of a notice.", examples=["0f1e2d3c4b5a6978"])
    span: str | None = Field(
        default=None, pattern=SPAN, description="START-END in the notice's text, in code points.", examples=["0-40"]
    )
    style: Style = Field(default="plain", description="The style of the citation.")
