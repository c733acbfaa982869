"""The tools of the MCP server: each asks one verb, and adds the citations of what it quotes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, TypeVar, cast

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field, ValidationError

from core.errors import PolicyDeskError
from retriever.question import LONGEST_QUESTION
from serving import told
from serving.asked import (
    MOST_EARLIER,
    SPAN,
    AskBody,
    ChangesQuery,
    Name,
    NoticesQuery,
    RequirementsQuery,
    SearchBody,
    Style,
    Year,
)
from serving.desk import Desk
from serving.faults import explain

if TYPE_CHECKING:
    from serving.verbs import Verbs

Line = dict[str, object]
_Told = TypeVar("_Told", bound=BaseModel)
# What a model can take at once.
_MOST_CHARACTERS = 20_000
_MOST_LINES = 200
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
_QUOTE = (
    " Give a `quote` or `text` as a quotation, to the character, each with its line of `references`; do not reword "
    "within quotation marks."
)

Question = Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION, description="In English or Chinese.")]
FromYear = Annotated[Year | None, Field(description="Only notices of this year and later.")]
ToYear = Annotated[Year | None, Field(description="Only notices of this year and earlier.")]
Issuer = Annotated[Name, Field(description="Only issuers with this in their name.")]
Limit = Annotated[int, Field(ge=1, le=_MOST_LINES, description="How many at most.")]
Offset = Annotated[int, Field(ge=0, le=10**9, description="How many to pass over.")]


class _Referred(BaseModel):
    references: list[told.Reference] = Field(description="The citation of each span that is quoted, ready to paste.")


class Asked(told.Answer, _Referred):
    """An answer with its references."""


class Found(told.Passages, _Referred):
    """Passages with their references."""


class Required(told.Requirements, _Referred):
    """Requirements with their references."""


class Changed(told.Changes, _Referred):
    """Changes with their references."""


class Read(told.Notice, _Referred):
    """A notice with a part of its text, which begins at `start`."""

    start: int
    end: int


class Tools:
    """The tools over one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, server: MCPServer) -> None:
        """Offer them all."""
        for tool in (
            self.ask,
            self.search,
            self.list_notices,
            self.read_notice,
            self.cite,
            self.what_was_required,
            self.what_changed,
        ):
            server.add_tool(tool, description=_describe(tool), annotations=_READS)

    async def ask(
        self,
        question: Question,
        history: Annotated[
            list[Annotated[str, Field(max_length=LONGEST_QUESTION)]],
            Field(max_length=MOST_EARLIER, description="Earlier questions of the conversation, oldest first."),
        ] = [],  # noqa: B006
        year: Annotated[Year | None, Field(description="Only notices of this year.")] = None,
        from_year: FromYear = None,
        to_year: ToYear = None,
        issuer: Issuer = "",
    ) -> Asked:
        """Answer a question from the policy notices; every sentence is proved by the citations that it names.

        Sentences with `quoted` are the notices' own words: give them as quotations. Where `status` is no_evidence or
        out_of_scope_year, tell the user that the notices do not say, in the words of `answer`, and add no answer of
        your own; where it is partly, name what is `missing`. Pass on the `caveats`.
        """
        body = {"question": question, "history": history, "year": year, "from": from_year, "to": to_year}

        def work(verbs: Verbs) -> Line:
            line = verbs.ask(AskBody.model_validate({**body, "issuer": issuer}))
            return {**line, "references": verbs.refer(_lines(line["citations"]))}

        return await self._answer(Asked, work)

    async def search(
        self,
        question: Question,
        k: Annotated[int, Field(ge=1, le=50, description="How many passages.")] = 10,
        year: Annotated[Year | None, Field(description="Only notices of this year.")] = None,
        from_year: FromYear = None,
        to_year: ToYear = None,
        issuer: Issuer = "",
    ) -> Found:
        """Find the passages of notices that fit a question best, best first. Nothing is proved: `ask` answers.

        That a passage was found does not mean that it answers. Where none does, say that the notices do not say.
        """
        body = {"question": question, "k": k, "year": year, "from": from_year, "to": to_year, "issuer": issuer}

        def work(verbs: Verbs) -> Line:
            line = verbs.search(SearchBody.model_validate(body))
            return {**line, "references": verbs.refer(_lines(line["hits"]))}

        return await self._answer(Found, work)

    async def list_notices(
        self,
        year: Annotated[Year | None, Field(description="Only notices of this year.")] = None,
        issuer: Issuer = "",
        words: Annotated[Name, Field(description="Only those with all these in title, issuer or number.")] = "",
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> told.Notices:
        """List the notices on the desk, oldest first: title, issuer, number, dates and id of each."""
        asked = {"year": year, "issuer": issuer, "words": words, "limit": limit, "offset": offset}
        return await self._answer(told.Notices, lambda verbs: verbs.list_notices(NoticesQuery.model_validate(asked)))

    async def read_notice(
        self,
        notice_id: Name,
        start: Annotated[int, Field(ge=0, description="Where to begin, in code points.")] = 0,
        length: Annotated[int, Field(ge=1, le=_MOST_CHARACTERS, description="How many.")] = _MOST_CHARACTERS,
    ) -> Read:
        """Read the text of a notice, or a part of it; `characters` says how long the whole is."""

        def work(verbs: Verbs) -> Line:
            line = verbs.read_notice(notice_id, with_text=True)
            text = str(line["text"])
            span = {"start": min(start, len(text)), "end": min(start + length, len(text))}
            part = {**line, **span, "text": text[span["start"] : span["end"]]}
            return {**part, "references": verbs.refer([part])}

        return await self._answer(Read, work)

    async def cite(
        self,
        notice_id: Name,
        span: Annotated[str | None, Field(pattern=SPAN, description="START-END of what is quoted.")] = None,
        style: Style = "plain",
    ) -> told.Cited:
        """Write the citation of a notice, or of a span of it with its quote, ready to paste: paste it as it is."""
        return await self._answer(told.Cited, lambda verbs: verbs.cite(notice_id, span, style))

    async def what_was_required(
        self,
        year: Annotated[Year | None, Field(description="Only what is about this year.")] = None,
        from_year: FromYear = None,
        to_year: ToYear = None,
        issuer: Issuer = "",
        topic: Annotated[Name, Field(description="Words of the topic, of the title or of the requirement.")] = "",
        as_of: Annotated[date | None, Field(description="Only what held on this day.")] = None,
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> Required:
        """List what the notices ask of whom, and by when; `superseded_by` names the notice that ended one.

        An empty list means that the notices require nothing of the kind, as far as they are on the desk: say so.
        """
        asked = {"year": year, "from": from_year, "to": to_year, "issuer": issuer, "topic": topic, "as_of": as_of}

        def work(verbs: Verbs) -> Line:
            query = RequirementsQuery.model_validate({**asked, "limit": limit, "offset": offset})
            line = verbs.list_requirements(query)
            return {**line, "references": verbs.refer(_lines(line["requirements"]))}

        return await self._answer(Required, work)

    async def what_changed(
        self,
        from_year: Annotated[Year, Field(description="The earlier year.")],
        to_year: Annotated[Year, Field(description="The later year.")],
        issuer: Issuer = "",
        topic: Annotated[Name, Field(description="Only statements with all these words.")] = "",
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> Changed:
        """Compare the notices of two years: which statements are new, dropped or changed, each with both quotes.

        An empty list means that the notices do not say that anything changed: say so.
        """
        asked = {"from": from_year, "to": to_year, "issuer": issuer, "topic": topic, "limit": limit, "offset": offset}

        def work(verbs: Verbs) -> Line:
            line = verbs.list_changes(ChangesQuery.model_validate(asked))
            both = [side for change in _lines(line["changes"]) for side in (change["before"], change["after"])]
            return {**line, "references": verbs.refer(_lines([side for side in both if side]))}

        return await self._answer(Changed, work)

    async def _answer(self, kind: type[_Told], work: Callable[[Verbs], Line]) -> _Told:
        """What a verb tells; raises ToolError that says what went wrong and what to do."""
        try:
            return kind.model_validate(await self._desk.answer(work))
        except ValidationError as error:
            raise ToolError(f"{error.errors()[0]['msg']}.") from error
        except PolicyDeskError as error:
            explained = explain(error)
            raise ToolError(f"{explained.error}. {explained.help}") from error


def _describe(tool: Callable[..., object]) -> str:
    told_of_tool = " ".join((tool.__doc__ or "").split())
    return told_of_tool + (_QUOTE if tool.__name__ != "list_notices" else "")


def _lines(value: object) -> Sequence[Mapping[str, object]]:
    return cast(Sequence[Mapping[str, object]], value)
