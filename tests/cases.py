"""Cases of one test that leave the club as it was, and so need only one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from inspect import signature
from typing import Any


def each(
    names: str | tuple[str, ...], cases: Iterable[Any]
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test with all cases in turn, on what was set up once.

    It is written as ``pytest.mark.parametrize`` is, which sets everything up anew for each case: that takes
    longer than most refusals. A failure says which case it was.
    """
    names, cases = (names,) if isinstance(names, str) else names, list(cases)

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def run_all(**fixtures: Any) -> None:
            for case in cases:
                values = case if len(names) > 1 else (case,)
                try:
                    test(**fixtures, **dict(zip(names, values, strict=True)))
                except BaseException as problem:
                    problem.add_note(f"in the case {case!r:.200}")
                    raise

        wanted = signature(test)
        others = [parameter for name, parameter in wanted.parameters.items() if name not in names]
        run_all.__signature__ = wanted.replace(parameters=others)  # type: ignore[attr-defined]
        return run_all

    return decorate
