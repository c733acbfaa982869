"""Who is let in, and as what: the names in the settings, and the role that they give."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from core.errors import UsageError
from core.people import Role

_GROUP = "group:"
_EMAIL = re.compile(r"[^@\s,]+@[^@\s,]+")
_NAMED = re.compile(r"group:\S.*|[^@\s,]*@[^@\s,]+")


@dataclass(frozen=True, slots=True)
class Access:
    """The names for each role: e-mails, domains ("@domain.gov"), groups ("group:NAME").

    `groups_claim` is where the provider of identities names somebody's groups. A sign-in counts for `hours`.
    `is_open` lets everybody in as a reader where nobody can sign in.
    """

    readers: frozenset[str] = frozenset()
    editors: frozenset[str] = frozenset()
    admins: frozenset[str] = frozenset()
    groups_claim: str = "groups"
    hours: float = 12.0
    is_open: bool = False

    def choose_role(self, email: str, groups: Collection[str]) -> Role | None:
        """The highest role that names this e-mail ('' for none), its domain or one of the groups.

        Who is not named is a reader where no readers are named, else None: not let in.
        """
        names = _name(email) | {_GROUP + group for group in groups}
        for role, named in ((Role.admin, self.admins), (Role.editor, self.editors), (Role.reader, self.readers)):
            if names & named:
                return role
        return None if self.readers else Role.reader


def read_names(setting: str, variable: str) -> frozenset[str]:
    """The names in a comma-separated setting; raises UsageError that names the `variable` it is from."""
    entries = [entry.strip() for entry in setting.split(",") if entry.strip()]
    for place, entry in enumerate(entries, start=1):
        if not _NAMED.fullmatch(entry):
            # The entry itself is not told: this is shown to people who have not signed in.
            raise UsageError(
                f"{variable}: name {place} of {len(entries)} is neither an e-mail, nor @domain, nor group:NAME",
                "Separate the names by commas, such as: li@edu.example, @school.example, group:editors",
            )
    return frozenset(entry if entry.startswith(_GROUP) else _fold(entry) for entry in entries)


def _name(email: str) -> set[str]:
    """The names by which an e-mail may stand in the settings; none for what is no plain e-mail."""
    # An e-mail that looks like a group must not pass for one.
    if not _EMAIL.fullmatch(email) or email.startswith(_GROUP):
        return set()
    return {_fold(email), "@" + _fold(email).partition("@")[2]}


def _fold(name: str) -> str:
    """Case does not count; but other letters that become an ASCII one in lower case are not that one."""
    return name.lower() if name.isascii() else name
