"""The two parts of the page that Streamlit does not have: an answer with labels, a text with a mark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_ASSETS = Path(__file__).parent / "assets"


def _read(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


@cache
def _register(name: str) -> Callable[..., Any]:
    """The mounting command of a component whose script, style and root element bear its name."""
    component: Callable[..., Any] = st.components.v2.component(
        f"policy_desk_{name}",
        html=f'<div class="{name}"></div>',
        css=_read(f"{name}.css"),
        js="\n".join(_read(script) for script in ("copy.js", "focus.js", "scroll.js", "pieces.js", f"{name}.js")),
    )
    return component


@dataclass(frozen=True, slots=True)
class Clicks:
    """What was clicked in an answer: a label, the place of a nearest passage, of a withheld sentence; else None."""

    opened: int | None = None
    neared: int | None = None
    compared: int | None = None


def draw_answer(values: dict[str, Any], key: str) -> Clicks:
    """Draw an answer; returns what was clicked in it."""
    result = _register("answer")(
        key=key,
        data=values,
        on_opened_change=_ignore,
        on_neared_change=_ignore,
        on_compared_change=_ignore,
        height="content",
    )
    clicked = (result.opened, result.neared, result.compared)
    return Clicks(*(None if place is None else int(place) for place in clicked))


def draw_checked(values: dict[str, Any], key: str) -> int | None:
    """Draw what a draft's statements were found to be; returns the place of the one whose source is asked for."""
    opened = _register("checked")(key=key, data=values, on_opened_change=_ignore, height="content").opened
    return None if opened is None else int(opened)


def draw_required(values: dict[str, Any], key: str) -> int | None:
    """Draw requirements or changes; returns the number of the source that is asked for."""
    opened = _register("required")(key=key, data=values, on_opened_change=_ignore, height="content").opened
    return None if opened is None else int(opened)


def draw_notices(values: dict[str, Any], key: str) -> tuple[str | None, list[str]]:
    """Draw a list of notices; returns the id of the one to open, if any, and the ids of those that are ticked."""
    result = _register("notices")(
        key=key, data=values, on_opened_change=_ignore, on_chosen_change=_ignore, height="content"
    )
    return result.opened and str(result.opened), [str(name) for name in result.chosen or ()]


def hold_top(key: str) -> None:
    """Keep the page at its top when it is opened: a page with a box for questions begins at its end."""
    _register("top")(key=key, data={}, height="content")


def recall(name: str, value: str | None) -> str | None:
    """Keep a choice in the browser; returns what it has kept where none was made in this session (None)."""
    result = _register("memory")(
        key=f"memory-{name}", data={"name": name, "value": value}, on_kept_change=_ignore, height="content"
    )
    return None if result.kept is None else str(result.kept)


def tell_language(language: str, choice: str | None) -> None:
    """Tell the browser which language the page is in; it keeps a `choice`, None leaves what it has kept."""
    _register("language")(key="language-told", data={"language": language, "choice": choice}, height="content")


def keep_place(keep: bool) -> None:
    """Keep the address while somebody signs in elsewhere (True); lead back to it once they have (False)."""
    _register("place")(key=f"place-{keep}", data={"keep": keep}, height="content")


def draw_viewer(values: dict[str, Any], key: str) -> None:
    """Draw a notice's text with a span marked and in view."""
    _register("viewer")(key=key, data=values, height="content")


def _ignore() -> None:
    """A trigger reruns the page; what it asks for is read from the component's result."""
