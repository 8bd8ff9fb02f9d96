"""Errors that a person reads: what is wrong, where, and what to do next — in the user's language."""


class UserError(Exception):
    """The request is refused as a whole and nothing was changed (exit status 2 on the command line).

    ``message`` says what is wrong, ``place`` where (file and line, sheet and cell, option), ``next_step`` what to do.
    """

    def __init__(self, message: str, *, place: str = "", next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.next_step = next_step

    def __str__(self) -> str:
        text = f"{self.place}：{self.message}" if self.place else self.message
        if self.next_step:
            text = f"{text.rstrip('。')}。{self.next_step}"
        return text


class NotPermittedError(UserError):
    """The account may not do this, or may not see this region."""


class ConflictError(UserError):
    """Somebody else was faster: what the request stood on has changed since. Nothing was changed by it."""
