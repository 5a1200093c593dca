"""A policy decision point for AI coding agents: may this subject do this, here, now?

    >>> import bailiwick
    >>> engine = bailiwick.Engine.load("rules: [{id: look, allow: run.view}]")
    >>> engine.decide({"action": "run.view", "now": "2026-11-20T10:00:00Z"}).outcome
    'allowed'

The shapes of what goes in and comes out are in `bailiwick.types`, for type checkers; nothing here imports them.
"""

from ._errors import ApprovalNeeded, AuditError, BailiwickError, Denied, InputError, PolicyError
from ._guard import guard
from ._native import (
    AuditLog,
    Decision,
    Engine,
    audit_event,
    audit_lines,
    audit_to_sign,
    audit_verify,
    audit_verify_file,
    check,
    check_folder,
    deed,
    deed_fault,
    facts,
    provenance,
    redact,
    version,
)

__all__ = [
    "ApprovalNeeded",
    "AuditError",
    "AuditLog",
    "BailiwickError",
    "Decision",
    "Denied",
    "Engine",
    "InputError",
    "PolicyError",
    "audit_event",
    "audit_lines",
    "audit_to_sign",
    "audit_verify",
    "audit_verify_file",
    "check",
    "check_folder",
    "deed",
    "deed_fault",
    "facts",
    "guard",
    "provenance",
    "redact",
    "version",
]
