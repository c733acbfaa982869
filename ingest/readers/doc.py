"""Old Word files (.doc), by LibreOffice or antiword where one is installed, in a process and a folder of its own."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import olefile

from core.errors import NoticeTooLargeError, UnknownFormatError, UnreadableNoticeError
from ingest.readers import docx
from ingest.readers.reading import Limits, Reading, make_canonical

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SECONDS = 60
_SAVE = "Open it in Word and save it as .docx."
_PROTECTED = "Ask its sender for a copy without a password."
# Its fixed name: nothing that an upload is called reaches the child.
_NAME = "notice.doc"
# In the first block of the stream WordDocument: the bit that says that the rest is encrypted.
_FLAGS, _ENCRYPTED = 11, 0x01


def read(path: str, content: bytes, limits: Limits) -> Reading:
    """An old Office file; only Word's can be read, and only where a program that can is installed.

    Raises UnknownFormatError, UnreadableNoticeError or NoticeTooLargeError.
    """
    _check(path, content)
    office, antiword = (shutil.which(program) for program in ("soffice", "antiword"))
    if office is None and antiword is None:
        raise UnknownFormatError(
            path, "it is an old Word file (.doc), and no program that reads it is installed", _SAVE
        )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / _NAME).write_bytes(content)
        if office is not None:
            profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
            order = [office, profile, "--headless", "--norestore", "--convert-to", "docx", _NAME]
            _run(path, order, folder)
            made = folder / "notice.docx"
            return docx.read(path, _load(path, made, limits), limits)
        # One line a paragraph (-w 0); hidden text stays hidden.
        _run(path, [antiword or "antiword", "-w", "0", "-m", "UTF-8.txt", _NAME], folder)
        return Reading(make_canonical(_load(path, folder / "out", limits).decode("utf-8", "replace")))


def _check(path: str, content: bytes) -> None:
    """Raise where this is no old Word file, or one that is protected."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as storage:
            if storage.exists("EncryptedPackage"):
                raise UnreadableNoticeError(path, "it is protected by a password", _PROTECTED)
            if not storage.exists("WordDocument"):
                raise UnknownFormatError(
                    path, "it is an old Office file (.xls, .ppt, .msg)", "Save it as .xlsx or .pdf."
                )
            start = storage.openstream("WordDocument").read(_FLAGS + 1)
    except (OSError, ValueError, IndexError, TypeError, AttributeError) as error:
        raise UnreadableNoticeError(path, "the old Office file is damaged or incomplete") from error
    if len(start) > _FLAGS and start[_FLAGS] & _ENCRYPTED:
        raise UnreadableNoticeError(path, "it is protected by a password", _PROTECTED)


def _run(path: str, order: list[str], folder: Path) -> None:
    """Run a program in the folder, with its output in `out`; raises UnreadableNoticeError where it fails or hangs."""
    environment = {"PATH": os.defpath, "HOME": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"}
    with (folder / "out").open("wb") as out:
        child = subprocess.Popen(  # noqa: S603 - no shell, and no word of the order is from the file
            order,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            failed = child.wait(_SECONDS) != 0
        except subprocess.TimeoutExpired:
            failed = True
        finally:
            # LibreOffice starts others, which would outlive it.
            _end(child)
    if failed:
        raise UnreadableNoticeError(path, "the old Word file could not be converted", _SAVE)


def _end(child: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(child.pid, 9)
    except ProcessLookupError:
        return
    finally:
        child.wait()


def _load(path: str, made: Path, limits: Limits) -> bytes:
    if not made.is_file():
        raise UnreadableNoticeError(path, "the old Word file could not be converted", _SAVE)
    if made.stat().st_size > limits.file_bytes:
        raise NoticeTooLargeError(path, "it unpacks to more than the desk reads")
    return made.read_bytes()
