"""Events with registered handlers, by which a package calls packages that it must not import.

A handler runs in its caller's transaction, and neither commits nor rolls back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Registry(Generic[Arguments, Result]):
    """The handlers of one event. An instance is the decorator that registers a handler."""

    def __init__(self) -> None:
        self._handlers: list[Callable[Arguments, Result]] = []

    def __call__(self, handler: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        self._handlers.append(handler)
        return handler

    def call(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> list[Result]:
        """Call every handler, in the order of registration, and return their results."""
        return [handler(*args, **kwargs) for handler in self._handlers]
