"""Brings the desk up to date again and again, whenever something changes in the folders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event

from watchfiles import watch

from core.errors import PolicyDeskError, StoreBusyError, UnreachableStoreError

# So long nothing may happen before what has happened is looked at, and so often a busy store is tried again.
_QUIET_MS, _LOOK_MS = 500, 1000


def keep_up(
    paths: Sequence[Path],
    bring_up_to_date: Callable[[], object],
    stop: Event | None = None,
    tell: Callable[[PolicyDeskError], object] = lambda _: None,
) -> None:
    """Call `bring_up_to_date` at once, and again after each change below the paths, until `stop` or Ctrl-C.

    Nothing that changes meanwhile is lost. While another process writes (StoreBusyError), or a server of
    the store does not answer (UnreachableStoreError, of which the first in a row goes to `tell`), it is tried again
    each second; any other error of it ends the watch.
    """
    # A run that is interrupted is mended by the next one.
    with suppress(KeyboardInterrupt):
        _keep_up(paths, bring_up_to_date, stop, tell)


def _keep_up(
    paths: Sequence[Path],
    bring_up_to_date: Callable[[], object],
    stop: Event | None,
    tell: Callable[[PolicyDeskError], object],
) -> None:
    due, told = True, False
    # The first round comes when the folders are watched already, changes or not.
    for changes in watch(*paths, step=_QUIET_MS, rust_timeout=_LOOK_MS, yield_on_timeout=True, stop_event=stop):
        if not changes and not due:
            continue
        try:
            bring_up_to_date()
            due, told = False, False
        except StoreBusyError:
            due = True
        except UnreachableStoreError as error:
            if not told:
                tell(error)
            due, told = True, True
