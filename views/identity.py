"""Who sits before the page: the person who signed in, or the one local user of a desk without sign-in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from time import time
from uuid import uuid4

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from core.access import Access
from core.errors import UsageError
from core.exposure import is_exposed
from core.people import Person, Role
from store.people import remember_person
from store.records import Records

LOCAL = Person("local", "", Role.admin)
_GUEST = "guest"
_GREETED = "greeted"
_LONGEST_NAME = 200
# An issuer is an address; with any other word, somebody's key could be that of a guest or of the command line.
_ISSUER = re.compile(r"https?://[!-~]+")
# By so many seconds the provider's clock may be ahead.
_CLOCKS_DIFFER = 300
_NEEDED = ("redirect_uri", "cookie_secret")
_HELP = "Compare .streamlit/secrets.toml with the example in docs/operations.md, then start the desk again."


class Refusal(StrEnum):
    """Why nobody is let in: the desk is open to others without sign-in, or this is nobody whom it knows."""

    exposed = "exposed"
    signed_out = "signed_out"
    expired = "expired"
    not_named = "not_named"


def identify(access: Access) -> Person | Refusal:
    """The person of this session, or why there is none; raises UsageError where sign-in is set up wrongly."""
    if find_providers():
        return read_person(st.user.to_dict(), access, time())
    if access.is_open:
        # Each session is somebody else: nobody sees another's conversations.
        return Person(st.session_state.setdefault(_GUEST, f"guest {uuid4().hex}"), "", Role.reader)
    if is_exposed(st.get_option("server.address"), st.context.headers, st.context.ip_address):
        return Refusal.exposed
    return LOCAL


def greet(records: Records, person: Person) -> None:
    """Keep, once in a session, what a person who has signed in is called."""
    if person.name and st.session_state.get(_GREETED) != person:
        remember_person(records, person)
        st.session_state[_GREETED] = person


def read_person(claims: Mapping[str, object], access: Access, now: float) -> Person | Refusal:
    """Who has signed in, by the claims of the provider of identities (OpenID Connect Core 1.0, section 2).

    `now` is in seconds since 1970. Issuer and subject together are the key: no other claim is theirs for ever.
    """
    if claims.get("is_logged_in") is not True:
        return Refusal.signed_out
    issuer, subject, issued = claims.get("iss"), claims.get("sub"), claims.get("iat")
    # Streamlit keeps its cookie for 30 days and never asks the provider again. A time that is none, or is to come,
    # would count for ever.
    if not isinstance(issued, int | float) or not -_CLOCKS_DIFFER <= now - issued <= access.hours * 3600:
        return Refusal.expired
    email = _read_email(claims)
    role = access.choose_role(email, _read_groups(claims.get(access.groups_claim)))
    if role is None or not isinstance(issuer, str) or not isinstance(subject, str) or not subject:
        return Refusal.not_named
    if not _ISSUER.fullmatch(issuer) or not _is_written(subject):
        return Refusal.not_named
    name = claims.get("name")
    called = name if isinstance(name, str) and name.strip() and _is_written(name) else email or subject
    return Person(f"{issuer} {subject}", " ".join(called.split())[:_LONGEST_NAME], role)


def find_providers() -> list[str]:
    """The names of the providers of identities in secrets.toml, 'default' for one without a name; none: no sign-in.

    Raises UsageError where the file cannot be read or lacks something: a desk that was meant to be closed never opens.
    """
    try:
        section = st.secrets.get("auth")
    except StreamlitSecretNotFoundError as error:
        if error.error_id == "no-secrets-found":
            return []
        raise UsageError("the file .streamlit/secrets.toml cannot be read", _HELP) from error
    if section is None:
        return []
    if not isinstance(section, Mapping):
        raise UsageError("secrets.toml: [auth] is not a table", _HELP)
    named = [name for name, value in section.items() if isinstance(value, Mapping) and "client_id" in value]
    providers = (["default"] if "client_id" in section else []) + named
    missing = [name for name in _NEEDED if not section.get(name)]
    if missing or not providers:
        raise UsageError(f"secrets.toml: [auth] has no {', '.join(missing or ['client_id'])}", _HELP)
    return providers


def _read_email(claims: Mapping[str, object]) -> str:
    """The e-mail, '' where the provider says anything but that it was verified; many say nothing."""
    email, verified = claims.get("email"), claims.get("email_verified")
    if not isinstance(email, str) or verified not in (None, True, "true", "True") or not _is_written(email):
        return ""
    return email.strip()


def _is_written(text: str) -> bool:
    """Whether it can be kept and shown: JSON may hold halves of characters, which nothing else takes."""
    return all(not "\ud800" <= character <= "\udfff" for character in text)


def _read_groups(claim: object) -> list[str]:
    if isinstance(claim, str):
        return [claim]
    return [group for group in claim if isinstance(group, str)] if isinstance(claim, list | tuple) else []
