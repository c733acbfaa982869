"""A collection of Chroma on a server: what is tried again, and what is said where the server does not answer."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from json import JSONDecodeError
from typing import TypeVar

import chromadb
import httpx
from chromadb.errors import ChromaError, InvalidArgumentError, NotFoundError
from chromadb.types import Collection as CollectionModel
from tenacity import Retrying, retry_if_exception, stop_after_attempt, stop_after_delay, wait_exponential, wait_fixed

from core.errors import BrokenStoreError, StaleIndexError, UnreachableStoreError
from core.place import Place
from store.chroma_api import Address, ChromaApi

Result = TypeVar("Result")

# Seconds in which a server starts again, and a proxy finds it.
_PATIENCE = 60.0
_LARGEST_BATCH = 500
_LARGEST_PAGE = 5000
_NAMES = 100
_REFUSED = {401, 403, 407}
_TOKEN_HELP = "Ask whoever runs the desk to look at POLICY_DESK_CHROMA_TOKEN: the server or its proxy refuses it."  # noqa: S105
_TRUST_HELP = "Ask whoever runs the desk to look at POLICY_DESK_CHROMA_CERTIFICATE and at the name in the address."
_ADDRESS_HELP = "Ask whoever runs the desk to look at POLICY_DESK_CHROMA_URL and at the log of Chroma's server."
_EMPTY_HELP = "Run `python -m ingest` once: it makes it anew."


class ChromaServer:
    """One collection of a server; safe to use from many threads at once.

    Nothing is asked of the server before it is needed: a desk may start before its server does. Every method but
    `close` and `reopen` raises UnreachableStoreError; StaleIndexError where the collection has gone from the server.
    """

    def __init__(self, place: Place, family: str, name: str, graph: Mapping[str, str | int]) -> None:
        """The collection family-name, to be made with `graph` where there is none; raises UsageError."""
        self._address = Address(place.chroma_url)
        self._api = ChromaApi(place, self._address)
        self._family, self._name, self._graph = f"{family}-", f"{family}-{name}", dict(graph)
        self._collection: chromadb.Collection | None = None

    def close(self) -> None:
        """End the connections."""
        self._api.close()

    def reopen(self) -> None:
        """Look for the collection anew: another desk may have made it again. The server shows what others wrote."""
        self._collection = None

    def reach(self) -> None:
        """Ask whether the server is there, for three seconds."""
        with self._told():
            self._api.heartbeat()

    @property
    def batch(self) -> int:
        """How many records are written with one call."""
        return min(self._find_limit(), _LARGEST_BATCH)

    @property
    def page(self) -> int:
        """How many records are read with one call."""
        return min(self._find_limit(), _LARGEST_PAGE)

    def _find_limit(self) -> int:
        """What the server takes at once; asked but once, before the first write, so with the patience of one."""
        limit = self.write(lambda _: self._api.get_max_batch_size())
        return limit if limit > 0 else _LARGEST_PAGE

    def read(self, work: Callable[[chromadb.Collection], Result]) -> Result:
        """The result of work that only reads. Somebody waits: it is tried twice, a time-out not again."""
        again = Retrying(
            retry=retry_if_exception(lambda error: _may_pass(error) and not isinstance(error, httpx.TimeoutException)),
            stop=stop_after_attempt(2),
            wait=wait_fixed(0.5),
            reraise=True,
        )
        with self._told():
            return again(lambda: work(self._open()))

    def write(self, work: Callable[[chromadb.Collection], Result]) -> Result:
        """The result of work that may be done twice without harm; tried for a minute, for an ingest takes hours."""
        again = Retrying(
            retry=retry_if_exception(_may_pass),
            stop=stop_after_delay(_PATIENCE),
            wait=wait_exponential(0.25, max=10),
            reraise=True,
        )
        with self._told():
            return again(lambda: work(self._open()))

    def drop_others(self) -> None:
        """Delete the collections of this family that have other names; those of other desks stay."""
        self.write(lambda _: self._drop_others())

    def _drop_others(self) -> None:
        for name in [model.name for model in self._list()]:
            if name.startswith(self._family) and name != self._name:
                with suppress(NotFoundError):
                    self._api.delete_collection(name, self._address.tenant, self._address.database)

    def _list(self) -> Iterator[CollectionModel]:
        found = 0
        while page := self._api.list_collections(_NAMES, found, self._address.tenant, self._address.database):
            yield from page
            found += len(page)

    def _open(self) -> chromadb.Collection:
        """The collection. Two threads may open it at once: they find the same."""
        collection = self._collection
        if collection is None:
            tenant, database = self._address.tenant, self._address.database
            self._make_database()
            # The old way to say it: a server whose indexes are of another kind takes it as mere words.
            model = self._api.get_or_create_collection(
                self._name, metadata=self._graph, tenant=tenant, database=database
            )
            _insist_on_cosine(model)
            collection = self._collection = chromadb.Collection(self._api, model, embedding_function=None)
        return collection

    def _make_database(self) -> None:
        if self._has_database():
            return
        try:
            self._api.create_database(self._address.database, self._address.tenant)
        except ChromaError as error:
            # Another desk may have been quicker.
            if not self._has_database():
                raise InvalidArgumentError(f"no database is made: {error}") from error

    def _has_database(self) -> bool:
        try:
            self._api.get_database(self._address.database, self._address.tenant)
        except NotFoundError:
            return False
        return True

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Faults of the server told in the desk's own words; of its address the host alone."""
        where = f"Chroma's server {self._address.name}"
        try:
            yield
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            if status in _REFUSED:
                raise UnreachableStoreError(f"{where} refuses the desk's token ({status})", _TOKEN_HELP) from error
            help = None if _may_pass(error) else _ADDRESS_HELP
            raise UnreachableStoreError(f"{where} fails ({status})", help) from error
        except httpx.RequestError as error:
            if _is_distrust(error):
                raise UnreachableStoreError(f"{where} has a certificate that is not trusted", _TRUST_HELP) from error
            raise UnreachableStoreError(f"{where} does not answer ({type(error).__name__})") from error
        except NotFoundError as error:
            raise StaleIndexError(f"a part of the index is missing on {where}", _EMPTY_HELP) from error
        except ChromaError as error:
            raise BrokenStoreError(f"{where} refuses what it is asked ({error})", _ADDRESS_HELP) from error
        except JSONDecodeError as error:
            # A page of a proxy, or another program at this address.
            raise UnreachableStoreError(f"{where} does not answer as Chroma does", _ADDRESS_HELP) from error


def _may_pass(error: BaseException) -> bool:
    """Whether it may be over in a moment: a server that starts, a connection that broke, a proxy before neither."""
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code >= 500 or error.response.status_code == 429
    return isinstance(error, httpx.RequestError) and not _is_distrust(error)


def _is_distrust(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


def _insist_on_cosine(model: CollectionModel) -> None:
    kinds = (model.configuration_json.get(kind) or {} for kind in ("hnsw", "spann"))
    spaces = {kind["space"] for kind in kinds if "space" in kind}
    if spaces - {"cosine"}:
        raise InvalidArgumentError(f"the collection {model.name} is not measured by cosine")
