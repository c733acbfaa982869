"""An answer as a run of LangChain: its stages and what a chat model does are told to callbacks, which make traces."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from langchain_core.callbacks import BaseCallbackHandler, CallbackManager, CallbackManagerForChainRun
from langchain_core.runnables import RunnableConfig
from langchain_core.runnables.config import set_config_context

from core.events import Finding, Stage, follow_stages
from core.types import Answer

Step = TypeVar("Step")
_ANSWER = "answer"


@dataclass(frozen=True)
class Tracing:
    """Callbacks of LangChain that are told of each answer, its searches, its other stages, and its chat model.

    `close` sends what is left.
    """

    handlers: Sequence[BaseCallbackHandler]
    close: Callable[[], object] = lambda: None

    def follow(self, question: str, steps: Iterator[Step]) -> Iterator[Step]:
        """The steps of an answer, each made inside of one run of LangChain; raises what they raise."""
        manager = CallbackManager.configure(inheritable_callbacks=list(self.handlers))
        run = manager.on_chain_start(None, {"question": question}, name=_ANSWER)
        last: Step | None = None
        try:
            # A chat model that is asked in this context finds there whom to tell.
            with set_config_context(RunnableConfig(callbacks=run.get_child())) as context:
                context.run(follow_stages, lambda stage, finding: _follow_stage(run, stage, finding))
                while (step := context.run(next, steps, None)) is not None:
                    last = step
                    yield step
        except Exception as error:
            run.on_chain_error(error)
            raise
        except GeneratorExit:
            run.on_chain_end(_sum_up(last))
            raise
        run.on_chain_end(_sum_up(last))


def _sum_up(last: object) -> dict[str, str | int]:
    """How an answer ended; "left" where nobody waited for its end."""
    if not isinstance(last, Answer):
        return {"status": "left"}
    return {"status": last.status.value, "citations": len(last.citations), "withheld": len(last.withheld)}


@contextmanager
def _follow_stage(parent: CallbackManagerForChainRun, stage: Stage, finding: Finding) -> Iterator[None]:
    """A stage as a run of its own: a search as a retriever's, its passages only counted, any other as a chain's."""
    child = parent.get_child()
    ended: Callable[[], object]
    failed: Callable[[BaseException], object]
    if stage is Stage.search:
        retrieval = child.on_retriever_start(None, finding.asked, name=stage.value)
        ended, failed = lambda: retrieval.on_retriever_end([], count=finding.count), retrieval.on_retriever_error
    else:
        run = child.on_chain_start(None, {"input": finding.asked}, name=stage.value)
        ended, failed = lambda: run.on_chain_end({"count": finding.count}), run.on_chain_error
    try:
        yield
    except Exception as error:
        failed(error)
        raise
    ended()
