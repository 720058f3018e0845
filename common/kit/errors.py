"""What can go wrong that a person is told about. Everything else is a bug and stays loud.

EpoError
    Invalid         values do not fit their fields; .fields names which
    RuleBroken      values fit, the rules of the trade forbid it
    Conflict        somebody changed the record meanwhile; .fields names what
    NotSignedIn     no token, or one that has run out
        StepNeeded  the password is right and one thing more is asked; .fields["step"] says which
        AccessEnded the account has ended: what its desks hold of others goes; .fields has the proof and the college's key
    NotAllowed      this user may not
    NotFound        no such record, or not this user's to see
    TooMany         too many attempts; .retry_after in seconds
    Unavailable     transient trouble: try again; .retry_after in seconds
"""

from __future__ import annotations

from typing import ClassVar

import msgspec


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """An EpoError on the wire, as `application/problem+json` (RFC 9457)."""

    type: str
    title: str
    status: int
    request_id: str = ""
    fields: dict[str, str] = {}
    retry_after: int = 0


class EpoError(Exception):
    """The message is one Russian sentence that names the thing and the way out; it is shown as it is."""

    status: ClassVar[int] = 500

    def __init__(
        self, message: str, fields: dict[str, str] | None = None, *, retry_after: int = 0
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields or {}
        self.retry_after = retry_after

    def problem(self, request_id: str = "") -> Problem:
        return Problem(
            type(self).__name__,
            self.message,
            self.status,
            request_id,
            self.fields,
            self.retry_after,
        )


class Invalid(EpoError):
    status = 422


class RuleBroken(EpoError):
    status = 409


class Conflict(EpoError):
    status = 409


class NotSignedIn(EpoError):
    status = 401


class StepNeeded(NotSignedIn):
    """`step` is old (the password before it), new_password, second (a code of the telephone) or enrol (with the `uri` and `secret` of a new one)."""


class AccessEnded(NotSignedIn):
    """Obeyed by a desk only with the `proof` whose digest it was given at its sign-in."""


class NotAllowed(EpoError):
    status = 403


class NotFound(EpoError):
    status = 404


class TooMany(EpoError):
    status = 429


class Unavailable(EpoError):
    status = 503


KINDS = {
    kind.__name__: kind
    for kind in (
        Invalid,
        RuleBroken,
        Conflict,
        NotSignedIn,
        StepNeeded,
        AccessEnded,
        NotAllowed,
        NotFound,
        TooMany,
        Unavailable,
    )
}


def from_problem(problem: Problem) -> EpoError:
    """Turn what the server answered into the error it raised there."""
    kind = KINDS.get(problem.type, EpoError)
    return kind(problem.title, problem.fields, retry_after=problem.retry_after)
