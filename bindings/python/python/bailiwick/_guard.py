"""Guards: a tool function that asks before it runs. Decides nothing; it asks the engine and goes by the answer."""

from __future__ import annotations

from ._errors import ApprovalNeeded, Denied

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType
    from typing import Any, ParamSpec, TypeAlias, TypeVar

    from ._native import Decision, Engine
    from .types import State

    P = ParamSpec("P")
    R = TypeVar("R")
    Request: TypeAlias = Mapping[str, Any]


class guard:
    """Asks an engine before something is done: a decorator of functions, plain or async, and a context manager.

    `request` is the request, or a function of the guarded function's arguments that gives it. Where it says no `now`, the
    clock does. Raises `Denied` or `ApprovalNeeded` unless the answer is `allowed`; then what is guarded has not been called.
    `on_decision` gets every decision before that, such as to keep its record and to do what it owes. Whatever fails on the
    way is raised, and nothing is called.
    """

    def __init__(
        self,
        engine: Engine,
        request: Request | Callable[..., Request],
        *,
        state: State | Callable[[], State] | None = None,
        on_decision: Callable[[Decision], object] | None = None,
    ) -> None:
        self._engine = engine
        self._request = request
        self._state = state
        self._on_decision = on_decision

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        import functools
        import inspect

        call: Callable[..., Any] = function

        async def ask_and_await(*args: Any, **kwargs: Any) -> Any:
            self._ask(args, kwargs)
            return await call(*args, **kwargs)

        def ask_and_call(*args: Any, **kwargs: Any) -> Any:
            self._ask(args, kwargs)
            return call(*args, **kwargs)

        asked: Any = ask_and_await if inspect.iscoroutinefunction(function) else ask_and_call
        guarded: Callable[P, R] = functools.wraps(function)(asked)
        return guarded

    def __enter__(self) -> Decision:
        if callable(self._request):
            raise TypeError("a context manager has no arguments: give the request itself, not a function of them")
        return self._ask((), {})

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    async def __aenter__(self) -> Decision:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def _ask(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Decision:
        request = self._request(*args, **kwargs) if callable(self._request) else self._request
        state = self._state() if callable(self._state) else self._state
        if "now" not in request:
            request = {**request, "now": _now()}
        decision = self._engine.decide(request, state=state)
        if self._on_decision is not None:
            self._on_decision(decision)
        if decision.outcome == "allowed":
            return decision
        raise ApprovalNeeded(decision) if decision.outcome == "ask_approval" else Denied(decision)


def _now() -> str:
    from datetime import datetime, timezone

    return datetime.now(timezone.utc).isoformat()
