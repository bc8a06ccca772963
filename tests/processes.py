"""Several processes that do one thing at the same instant."""

from __future__ import annotations

import io
import multiprocessing
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr
from typing import Any

SECONDS = 60
# Its processes are forked from one that has done nothing but import the application: to import it anew
# takes each of them one and a half seconds of work.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["bookclub.app", "bookclub.schema"])


def run_at_once(act: Callable[..., Any], *jobs: tuple[Any, ...]) -> list[Any]:
    """Run ``act(wait, *job)`` in a process of its own for each job, and return what each returned.

    ``act`` is a function of a module. It prepares itself and calls ``wait()``, from which all go on at the
    same instant. Raises AssertionError where one fails, or says something on its standard error.
    """
    barrier = CONTEXT.Barrier(len(jobs))
    pipes = [CONTEXT.Pipe(duplex=False) for _ in jobs]
    started = [
        CONTEXT.Process(target=_act, args=(answers, barrier, act, job))
        for (_, answers), job in zip(pipes, jobs, strict=True)
    ]
    for process, (_, answers) in zip(started, pipes, strict=True):
        process.start()
        answers.close()
    returned, said = [], []
    for process, (receiver, _) in zip(started, pipes, strict=True):
        came, words = receiver.recv() if receiver.poll(SECONDS) else (None, "it took too long")
        returned.append(came)
        said.append(words)
        receiver.close()
        process.join(SECONDS)
        if process.is_alive():
            process.kill()
            process.join()
        if process.exitcode:
            said[-1] += f"it ended with {process.exitcode}"
        process.close()
    assert not any(said), said
    return returned


def _act(answers: Any, barrier: Any, act: Callable[..., Any], job: tuple[Any, ...]) -> None:
    """Do the job of one process and send (what it returned, what it said on its standard error)."""
    came = None
    with redirect_stderr(io.StringIO()) as said:
        try:
            came = act(lambda: barrier.wait(SECONDS), *job)
        except BaseException:
            barrier.abort()
            traceback.print_exc(file=sys.stderr)
    answers.send((came, said.getvalue()))
