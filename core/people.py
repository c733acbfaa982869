"""Who sits at the desk, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do: a reader asks, an editor also changes the notices, an admin also sees who did what."""

    reader = "reader"
    editor = "editor"
    admin = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the desk. `key` is theirs for ever and no other's; `name` is what they are called."""

    key: str
    name: str
    role: Role

    @property
    def may_edit(self) -> bool:
        """Whether they may add, replace and remove notices."""
        return self.role in (Role.editor, Role.admin)

    @property
    def may_administer(self) -> bool:
        """Whether they may see what others did: the trail of changes, and feedback."""
        return self.role is Role.admin
