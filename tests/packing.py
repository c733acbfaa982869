"""ZIP archives written byte by byte, so that they may lie as no program for packing does."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

UTF8, ENCRYPTED = 0x800, 0x1


@dataclass(frozen=True)
class Packed:
    """A member; `name` is written as it is (text as UTF-8, marked so), `size` and `crc` may be false."""

    name: str | bytes
    content: bytes = b"Schools must report."
    flags: int = 0
    method: int = 8
    mode: int = 0
    crc: int | None = None
    size: int | None = None
    offset: int | None = None


def pack(*members: Packed) -> bytes:
    """An archive of these members, in their order."""
    archive, listed = b"", b""
    for member in members:
        name = member.name if isinstance(member.name, bytes) else member.name.encode()
        flags = member.flags | (0 if isinstance(member.name, bytes) else UTF8)
        squeeze = zlib.compressobj(wbits=-15)
        squeezed = squeeze.compress(member.content) + squeeze.flush() if member.method == 8 else member.content
        crc = zlib.crc32(member.content) if member.crc is None else member.crc
        size = len(member.content) if member.size is None else member.size
        common = struct.pack("<HHHHHIIIHH", 20, flags, member.method, 0, 0x21, crc, len(squeezed), size, len(name), 0)
        offset = len(archive) if member.offset is None else member.offset
        archive += b"PK\x03\x04" + common + name + squeezed
        made_by = struct.pack("<H", 3 << 8 | 20)
        listed += b"PK\x01\x02" + made_by + common + struct.pack("<HHHII", 0, 0, 0, member.mode << 16, offset) + name
    count = len(members)
    return archive + listed + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(listed), len(archive), 0)
