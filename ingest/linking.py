"""Notices that are in, and that no rules or older ones have examined, are examined again; none is read or embedded."""

from __future__ import annotations

from collections.abc import Callable

from ingest.obligations import OBLIGATIONS_RULES, take_obligations
from ingest.relations import RULES_VERSION, trace_notice
from store.catalogue import UNLINKED, WITHOUT_OBLIGATIONS, Catalogue

# So many are written together: what a kill loses at most.
_BATCH = 200


def find_unlinked(catalogue: Catalogue) -> list[str]:
    """A line for each notice that these rules have not examined for links, or for obligations."""
    return [f"links: notice {notice_id} is not examined" for notice_id in catalogue.unexamined(RULES_VERSION)] + [
        f"obligations: notice {notice_id} is not examined"
        for notice_id in catalogue.without_obligations(OBLIGATIONS_RULES)
    ]


def examine_anew(
    catalogue: Catalogue,
    start: Callable[[str, int], None] = lambda stage, total: None,
    step: Callable[[int], None] = lambda done: None,
) -> int:
    """Examine the notices that lack it, from their stored text; how many there were. `start` and `step` show it."""
    unlinked = set(catalogue.unexamined(RULES_VERSION))
    without = set(catalogue.without_obligations(OBLIGATIONS_RULES))
    waiting = sorted(unlinked | without)
    if waiting:
        start("Looking for links and obligations", len(waiting))
    for first in range(0, len(waiting), _BATCH):
        traces, obligations = {}, {}
        for notice_id in waiting[first : first + _BATCH]:
            notice, sentences = catalogue.notice(notice_id), catalogue.sentences(notice_id)
            if notice_id in unlinked:
                traces[notice_id] = trace_notice(notice.card, notice.text, sentences)
            if notice_id in without:
                obligations[notice_id] = take_obligations(notice.card, notice.text, sentences)
            step(1)
        if traces:
            catalogue.put_traces(traces)
        if obligations:
            catalogue.put_obligations(obligations)
    catalogue.write_state(UNLINKED, None)
    catalogue.write_state(WITHOUT_OBLIGATIONS, None)
    return len(waiting)
