"""The exceptions. The native part raises the first three, guards the others."""

from __future__ import annotations

# Type checkers hold this for true; importing `typing` would take a third of the time that the package has.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._native import Decision
    from .types import AuditReport, Diagnostic, Problem, Record


class BailiwickError(Exception):
    """The base of all errors of this package."""


class PolicyError(BailiwickError):
    """Policies or tests that do not load. The message shows each finding with its lines and its cure."""

    diagnostics: list[Diagnostic]

    def __init__(self, message: str, diagnostics: list[Diagnostic]) -> None:
        super().__init__(message, diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return str(self.args[0])


class InputError(BailiwickError, ValueError):
    """A state, a record or a time that cannot be read, where nothing is decided by it."""

    problems: list[Problem]

    def __init__(self, message: str, problems: list[Problem]) -> None:
        super().__init__(message, problems)
        self.problems = problems

    def __str__(self) -> str:
        return str(self.args[0])


class AuditError(BailiwickError):
    """An audit log that is not sound, where `fault` says what was found; or that cannot be read or written."""

    fault: AuditReport | None

    def __init__(self, message: str, fault: AuditReport | None) -> None:
        super().__init__(message, fault)
        self.fault = fault

    def __str__(self) -> str:
        return str(self.args[0])


class _NotAllowed(BailiwickError):
    decision: Decision

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision)
        self.decision = decision

    def __str__(self) -> str:
        return self.decision.explanation

    @property
    def record(self) -> Record:
        """The record of the decision, without stamps."""
        return self.decision.record()


class Denied(_NotAllowed):
    """A guard met a denial: what it guards was not called."""


class ApprovalNeeded(_NotAllowed):
    """A guard met a call that needs approvals first: `record` lists them as outstanding."""
