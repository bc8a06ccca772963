"""What a package must cause in packages to its right: they register for an event, and it calls them.

A handler runs in the transaction of its caller, and neither commits nor rolls back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Registry(Generic[Arguments, Result]):
    """The handlers of one event. It is a decorator that registers a function as one."""

    def __init__(self) -> None:
        self._handlers: list[Callable[Arguments, Result]] = []

    def __call__(self, handler: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        self._handlers.append(handler)
        return handler

    def call(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> list[Result]:
        """Call every handler, in the order in which they were registered; return what each answers."""
        return [handler(*args, **kwargs) for handler in self._handlers]
