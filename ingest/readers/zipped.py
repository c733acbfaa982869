"""ZIP archives of notices: their members unpacked in memory, under limits; nothing is ever written to disk.

What one is, its list of names may lie about: each member's bytes are counted and its checksum is compared.
"""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Sequence
from itertools import pairwise

from core.errors import EmptyNoticeError, IngestError, NoticeTooLargeError, UnreadableNoticeError
from ingest.readers.contents import Contents, Member, Room
from ingest.readers.member_names import find_fault, is_clutter, name_member, refuse, tidy_name
from ingest.readers.reading import Limits, Reading

_ENCRYPTED, _UTF8 = 0x1 | 0x40, 0x800
_UNIX = 3
# The fixed part of the header before each member.
_HEADER_BYTES = 30
_STEP_BYTES = 1 << 18
_DAMAGED = "it is damaged in the archive"
_OPEN_IT = "Unpack it with its password, then ingest what is in it."
_UNPACK = "Unpack it in the program that made it, and ingest the folder."
_METHODS = {9: "Deflate64", 1: "Shrink", 6: "Implode", 93: "Zstandard", 95: "XZ", 98: "PPMd"}


def read(path: str, content: bytes, limits: Limits) -> Reading:
    """An archive has no words of its own: a reading that says so."""
    return Reading("", holds_members=True)


def unpack(path: str, content: bytes, limits: Limits, room: Room) -> Contents:
    """The members of an archive, but hidden ones and folders; those that cannot be had are told each.

    Raises UnreadableNoticeError where the archive is damaged, built to harm or wholly encrypted,
    NoticeTooLargeError where more is in it than there is room for, EmptyNoticeError.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableNoticeError(path, "the archive is damaged or incomplete") from error
    with package:
        listed = package.infolist()
        if len(listed) > room.members:
            raise NoticeTooLargeError(path, "there are too many files in it", _UNPACK)
        _refuse_overlaps(path, listed)
        chosen, failed = _choose(path, listed)
        if not chosen and not failed:
            raise EmptyNoticeError(path, "there are no notices in the archive", "Delete it, or pack it again.")
        _check_whole(path, list(chosen.values()), limits, room)
        members: list[Member] = []
        for name, info in chosen.items():
            try:
                members.append(Member(name, _read_member(path, name, package, info, limits)))
            except IngestError as error:
                failed.append(error)
    return Contents(tuple(members), tuple(failed))


def _refuse_overlaps(path: str, listed: Sequence[zipfile.ZipInfo]) -> None:
    """Raise UnreadableNoticeError where members share bytes: so a small archive unpacks to a huge one."""
    for info, following in pairwise(sorted(listed, key=lambda info: info.header_offset)):
        if info.header_offset + _HEADER_BYTES + info.compress_size > following.header_offset:
            raise UnreadableNoticeError(path, "its members overlap, as no program packs them", _UNPACK)


def _choose(path: str, listed: Sequence[zipfile.ZipInfo]) -> tuple[dict[str, zipfile.ZipInfo], list[IngestError]]:
    """The members to unpack by name, in their order, and what is wrong with the others."""
    chosen: dict[str, zipfile.ZipInfo] = {}
    twice: set[str] = set()
    failed: list[IngestError] = []
    for info in listed:
        written = _decode_name(info)
        mode = _find_mode(info)
        if written.endswith(("/", "\\")) or mode == stat.S_IFDIR:
            continue
        name = tidy_name(written)
        fault = find_fault(written)
        if fault:
            failed.append(refuse(path, written, fault))
        elif is_clutter(name):
            continue
        elif mode not in (0, stat.S_IFREG):
            reason = "it is a link, which is not followed" if mode == stat.S_IFLNK else "it is no regular file"
            failed.append(refuse(path, name, reason, "Pack the file itself."))
        elif name not in chosen:
            chosen[name] = info
        elif (chosen[name].CRC, chosen[name].file_size) != (info.CRC, info.file_size):
            twice.add(name)
    failed += [refuse(path, name, "several members have this name") for name in sorted(twice)]
    inside = {name for name in chosen if any(above in chosen for above in _list_folders(name))}
    failed += [refuse(path, name, "its folder has the name of another member") for name in sorted(inside)]
    return {name: info for name, info in chosen.items() if name not in twice | inside}, failed


def _find_mode(info: zipfile.ZipInfo) -> int:
    """What kind of file a member is, as Unix tells it; 0 where another system packed it, unless it is a link."""
    mode = stat.S_IFMT(info.external_attr >> 16)
    return mode if info.create_system == _UNIX or stat.S_ISLNK(mode) else 0


def _list_folders(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def _decode_name(info: zipfile.ZipInfo) -> str:
    """A member's name; one that is not marked as UTF-8 may still be, else it is GB18030 or that of old DOS."""
    written = info.orig_filename
    if info.flag_bits & _UTF8:
        return written
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.encode("cp437").decode(encoding)
        except UnicodeDecodeError:
            continue
    return written


def _check_whole(path: str, chosen: Sequence[zipfile.ZipInfo], limits: Limits, room: Room) -> None:
    """Raise an IngestError where the archive as a whole cannot be unpacked."""
    if sum(info.file_size for info in chosen if info.file_size <= limits.file_bytes) > room.size:
        raise NoticeTooLargeError(
            path, f"it unpacks to more than the limit of {limits.unpacked_bytes / 1e6:.0f} MB", _UNPACK
        )
    if chosen and all(info.flag_bits & _ENCRYPTED for info in chosen):
        raise UnreadableNoticeError(path, "it is protected by a password", _OPEN_IT)


def _read_member(path: str, name: str, package: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> bytes:
    """The bytes of a member; raises an IngestError that names it."""
    if info.flag_bits & _ENCRYPTED:
        raise refuse(path, name, "it is protected by a password", _OPEN_IT)
    if info.file_size > limits.file_bytes:
        raise NoticeTooLargeError(
            name_member(path, name), f"it is larger than the limit of {limits.file_bytes / 1e6:.0f} MB"
        )
    try:
        with package.open(info) as stream:
            # Asked for all at once, zipfile would unpack more than the member says that it is.
            content = b"".join(iter(lambda: stream.read(_STEP_BYTES), b""))
    except NotImplementedError as error:
        method = _METHODS.get(info.compress_type, f"number {info.compress_type}")
        raise refuse(path, name, f"it is packed by a method that is not read ({method})", _UNPACK) from error
    except MemoryError:
        raise
    except Exception as error:
        # Damage shows in zipfile and in the decompressors as half a dozen kinds of exception.
        raise refuse(path, name, _DAMAGED, _UNPACK) from error
    if len(content) != info.file_size:
        raise refuse(path, name, _DAMAGED, _UNPACK)
    return content
