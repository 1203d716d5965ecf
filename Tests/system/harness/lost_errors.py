"""Finds exceptions of futures and asyncio tasks that no test retrieved.

Exceptions of threads and of finalizers are found by pytest itself, whose warnings about them are errors here
(`filterwarnings` in pyproject.toml).
"""
from __future__ import annotations

import concurrent.futures
import gc
import logging
import traceback
import typing

Future = concurrent.futures.Future


class LostErrors(logging.Handler):
    """Collects exceptions that were not retrieved, from `install` on. It patches `Future`, so it belongs into a
    process that ends with the test."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._failed: dict[int, tuple[Future[typing.Any], BaseException]] = {}
        self._logged: list[str] = []

    def install(self) -> None:
        failed = self._failed
        set_exception, result, exception = Future.set_exception, Future.result, Future.exception

        def note(future: Future[typing.Any], error: BaseException | None) -> None:
            if error is not None:
                failed[id(future)] = (future, error)
            set_exception(future, error)

        def asked_result(future: Future[typing.Any], timeout: float | None = None) -> typing.Any:
            try:
                return result(future, timeout)
            finally:
                if future.done():
                    failed.pop(id(future), None)

        def asked_exception(future: Future[typing.Any], timeout: float | None = None) -> BaseException | None:
            error = exception(future, timeout)
            failed.pop(id(future), None)
            return error

        for name, function in (("set_exception", note), ("result", asked_result), ("exception", asked_exception)):
            setattr(Future, name, function)
        logging.getLogger("asyncio").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Collects what asyncio logs: "Task exception was never retrieved", and errors of callbacks."""
        text = record.getMessage()
        if record.exc_info and record.exc_info[1]:
            text += "\n" + "".join(traceback.format_exception(record.exc_info[1]))
        self._logged.append(text)

    def take(self) -> list[str]:
        """Returns the errors lost so far, as text, and forgets them."""
        gc.collect()
        lost = ["an exception of a future was dropped:\n" + "".join(traceback.format_exception(error))
                for _, error in self._failed.values()]
        lost += [f"asyncio logged: {text}" for text in self._logged]
        self._failed.clear()
        self._logged.clear()
        return lost
