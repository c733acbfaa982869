"""Notices that are in, and that no rules or older ones have examined for links, are examined again; none is read."""

from __future__ import annotations

from collections.abc import Callable

from ingest.relations import RULES_VERSION, trace_notice
from store.catalogue import UNLINKED, Catalogue

# So many are written together: what a kill loses at most.
_BATCH = 200


def find_unlinked(catalogue: Catalogue) -> list[str]:
    """A line for each notice that these rules have not examined."""
    return [f"links: notice {notice_id} is not examined" for notice_id in catalogue.unexamined(RULES_VERSION)]


def examine_anew(
    catalogue: Catalogue,
    start: Callable[[str, int], None] = lambda stage, total: None,
    step: Callable[[int], None] = lambda done: None,
) -> int:
    """Examine the notices that lack it, from their stored text; how many there were. `start` and `step` show it."""
    waiting = catalogue.unexamined(RULES_VERSION)
    if waiting:
        start("Looking for links", len(waiting))
    for first in range(0, len(waiting), _BATCH):
        traces = {}
        for notice_id in waiting[first : first + _BATCH]:
            notice = catalogue.notice(notice_id)
            traces[notice_id] = trace_notice(notice.card, notice.text, catalogue.sentences(notice_id))
            step(1)
        catalogue.put_traces(traces)
    catalogue.write_state(UNLINKED, None)
    return len(waiting)
