"""How long work says how far it is: one small callable that a page, a terminal or nobody listens to."""

from typing import Protocol


class Progress(Protocol):
    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        """``step`` in words for the person waiting; ``total`` 0 when it is not known."""


def silent(step: str, done: int = 0, total: int = 0) -> None:
    """For callers that nobody watches."""
