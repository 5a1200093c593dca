"""The native part: what the surface shows. Made from the table of the surface by `cargo bindings generate`."""

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn, final

from .types import (
    AuditCheckpoint,
    AuditEntry,
    AuditEvent,
    AuditExport,
    AuditReader,
    AuditReport,
    Compliance,
    Deed,
    DeedFault,
    DeedResult,
    Diagnostic,
    Explanation,
    Outcome,
    Problem,
    Record,
    Redacted,
    Seen,
    Sink,
    Source,
    State,
    TestReport,
    TestSource,
    Validity,
    Version,
    Way,
)

__all__ = ["Engine", "Decision", "AuditLog", "version", "check", "check_folder", "facts", "redact", "deed", "deed_fault", "provenance", "audit_event", "audit_lines", "audit_verify", "audit_verify_file", "audit_to_sign"]

def version() -> Version:
    """The versions of the engine and of the language."""
def check(policies: str | Mapping[str, str] | Sequence[Source], /) -> list[Diagnostic]:
    """Every finding of policies, errors and warnings. Empty where nothing is wrong."""
def check_folder(path: str | os.PathLike[str], /) -> list[Diagnostic]:
    """Every finding of the policies in a folder."""
def facts(value: Mapping[str, Any] | str | bytes, /) -> Seen:
    """What is seen in a value, apart from any rule: a tool call as a request says it, or one of `command`, `argv`,
    `path`, `url`, `patch` and `text`, with `cwd`, `root`, `home` and `links` beside it. Never fails: what cannot be
    read is opaque, and `error` says why."""
def redact(text: str, sink: Sink, /, *, owed: Iterable[str] | None = None) -> Redacted:
    """Takes out of a text what must not reach a sink: all that can be, or with `owed`, the names of a record's
    obligations, what they ask for. Raises `InputError`."""
def deed(
    record: Record | str | bytes,
    result: DeedResult,
    /,
    *,
    rationale: str | None = None,
    ticket: str | None = None,
    result_hash: str | None = None,
    at: str | None = None,
) -> Deed:
    """The outcome record: what became of what was decided, tied to the decision record by its hash. Raises
    `InputError`."""
def deed_fault(deed: Deed | str | bytes, record: Record | str | bytes, /) -> DeedFault | None:
    """Why an outcome record is not that of a decision record; null where it is. Raises `InputError`."""
def provenance(
    records: Iterable[Record | str | bytes],
    /,
    *,
    given: dict[str, Any] | None = None,
    statement: bool = False,
) -> dict[str, Any]:
    """What a change made by an agent carries with it: `agent_provenance` out of the records of one run, in the order
    in which they were made, and of what the caller gives besides, which may not contradict them. With `statement`
    as an in-toto statement, to be signed by whoever has a key. Raises `InputError`."""
def audit_event(
    request: Mapping[str, Any] | str | bytes,
    record: Record | str | bytes,
    audit_id: str,
    /,
) -> AuditEvent:
    """The audit event of a decision: who asked for what, and what came out. Its time is the record's stamp, or else
    the request's `now`. Raises `InputError`."""
def audit_lines(log: str, events: Iterable[AuditEvent | str | bytes], /) -> str:
    """The lines by which a log grows, for hosts that keep it elsewhere than in a file: `log` is the whole of it so
    far. Secrets are taken out of the events. Where one of them is no event, no line is made. Raises `InputError`,
    `AuditError`."""
def audit_verify(
    log: str,
    /,
    *,
    checkpoint: AuditCheckpoint | str | bytes | None = None,
    extract: bool = False,
) -> AuditReport:
    """Whether the text of a log is sound, and where it is not: the first entry that was changed, is missing, reordered
    or repeated, or behind which the log was cut off. With `extract` it holds all entries of some runs, or of a
    tenant. Raises `InputError`."""
def audit_verify_file(
    path: str | os.PathLike[str],
    /,
    *,
    checkpoint: AuditCheckpoint | str | bytes | None = None,
    extract: bool = False,
) -> AuditReport:
    """Whether a log is sound, read line by line from its file. Raises `InputError`, `AuditError`."""
def audit_to_sign(checkpoint: AuditCheckpoint | str | bytes, /) -> str:
    """What of a checkpoint is signed (DSSE). Its UTF-8 is the message; whoever has a key signs it. Raises
    `InputError`."""

@final
class Engine:
    """Compiled policies, and the state of their switches. Shared between threads."""

    @staticmethod
    def load(policies: str | Mapping[str, str] | Sequence[Source], /, *, by_tenant: bool = False) -> Engine:
        """Loads policies: one text, a mapping of file names to texts, or a list of sources. A name says by its folders
        for whom the file speaks; a text alone speaks for the platform. With `by_tenant` a tenant whose policies do
        not compile is denied everything, and the others are not touched by it; without it one mistake stops all.
        Raises `PolicyError`."""
    @staticmethod
    def load_folder(path: str | os.PathLike[str], /, *, by_tenant: bool = False) -> Engine:
        """Loads the policies of a folder by its layout. Raises `PolicyError`."""
    @staticmethod
    def from_bundle(bundle: bytes, /) -> Engine:
        """Loads a compiled bundle, in a tenth to a fifth of the time that its policies take. It decides as the engine
        that it was made from, with the same records. One that is damaged or of another version is refused. Whoever
        can write a bundle can write the policies: take it from where you would take them. Raises `PolicyError`."""
    def to_bundle(self) -> bytes:
        """The compiled policies as one run of bytes, with their texts and without tests and state. The same policies
        give the same bytes; the first line holds their hash."""
    @property
    def diagnostics(self) -> list[Diagnostic]:
        """What loading found: warnings, and the errors of tenants that are denied everything."""
    def decide(
        self,
        request: Mapping[str, Any] | str | bytes,
        /,
        *,
        state: State | str | bytes | None = None,
    ) -> Decision:
        """Decides one request. Never fails: what is no request is denied, and its record says `invalid_request`.
        Without a `state` the engine's own counts."""
    def decide_many(
        self,
        requests: Iterable[Mapping[str, Any] | str | bytes],
        /,
        *,
        state: State | str | bytes | None = None,
    ) -> list[Decision]:
        """Decides many requests, each by itself and all in one state, in one crossing of the border. The decisions
        stand in the order of the requests. Where there are threads, larger numbers are shared out over the cores."""
    def allows(
        self,
        request: Mapping[str, Any] | str | bytes,
        /,
        *,
        state: State | str | bytes | None = None,
    ) -> bool:
        """Whether a request is allowed as it stands. What is still to be approved is not."""
    def record(
        self,
        request: Mapping[str, Any] | str | bytes,
        /,
        *,
        state: State | str | bytes | None = None,
        decision_id: str | None = None,
        created_at: str | None = None,
    ) -> Record:
        """Decides one request and gives its record. Id and time are stamped as they are given."""
    def explain(
        self,
        request: Mapping[str, Any] | str | bytes,
        /,
        *,
        state: State | str | bytes | None = None,
    ) -> Explanation:
        """Decides one request and says why: the ladder of levels, the rules with their lines, what would make it
        allowed."""
    def facts(self, value: Mapping[str, Any] | str | bytes, /, *, tenant: str | None = None) -> Seen:
        """What is seen in a value by the vocabulary of the policies, which may describe more programs. `tenant` says
        by whose, where they differ."""
    def due(self, now: str, /, *, ahead_days: int | None = None) -> list[Diagnostic]:
        """What loading found, and what has ended or is due at an instant, or within `ahead_days` (30) after it. It
        changes no answer. Raises `InputError`."""
    def test(self, tests: str | TestSource | None = None, /) -> list[TestReport]:
        """Runs policy tests: those given, or all that came with the policies. Raises `PolicyError`."""
    def compliance(self, tests: str | TestSource | None = None, /) -> Compliance:
        """Which rules carry out which controls, and which policy tests show them at work: those given, or all that
        came with the policies. Raises `PolicyError`."""
    def flip(self, name: str, on: bool, /, *, at: str | None = None) -> None:
        """Flips a switch of the engine's own state, by the name `<policy id>/<switch id>`. `at` says when that was
        seen. Raises `InputError`."""
    @property
    def state(self) -> State:
        """The engine's own state."""
    def set_state(self, state: State | str | bytes, /) -> None:
        """Puts a whole state in place of the engine's own. Raises `InputError`."""
    def still_holds(
        self,
        record: Record | str | bytes,
        now: str,
        /,
        *,
        state: State | str | bytes | None = None,
    ) -> Validity:
        """Whether a record that was kept still holds at an instant, or the policies, the state or the time have moved
        on. Raises `InputError`."""

@final
class Decision:
    """The answer to one request. It refuses to stand for true or false: compare `outcome`, or read `allowed`."""

    @property
    def outcome(self) -> Outcome:
        """The answer."""
    @property
    def allowed(self) -> bool:
        """Whether the host may go on. It must then do what the record lists under `obligations`."""
    @property
    def explanation(self) -> str:
        """Why, in one or two sentences."""
    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the request, where it could not be read; empty where it could."""
    def record(self, *, decision_id: str | None = None, created_at: str | None = None) -> Record:
        """The decision made to last. Id and time are stamped as they are given."""
    def record_json(self, *, decision_id: str | None = None, created_at: str | None = None) -> str:
        """The record as canonical JSON (RFC 8785): the same bytes in every language."""
    def explain(self) -> Explanation:
        """Why, in full: the ladder of levels, the rules with their lines, what would make it allowed."""
    def tree(self) -> list[Way]:
        """The ways of its first twelve effects through the compiled trees, for a drawing: the questions, the answers,
        the rules that remained. Empty where no policies were asked."""
    def __bool__(self) -> NoReturn: ...

@final
class AuditLog:
    """An audit log as a file, open for appending. Shared between threads, and by its lock between processes."""

    @staticmethod
    def open(path: str | os.PathLike[str], /, *, unsynced: bool = False) -> AuditLog:
        """Opens a log, and makes it where there is none. It is read through: nothing is appended to a log that is not
        sound. With `unsynced` the system says when entries are on the disk; they survive the end of the process
        either way. Raises `AuditError`."""
    @property
    def path(self) -> str:
        """The path that it was opened by."""
    def append(self, events: Iterable[AuditEvent | str | bytes], /) -> int:
        """Appends events, all or none, and gives the number of the last entry. Secrets are taken out of them. Raises
        `InputError`, `AuditError`."""
    def checkpoint(self, name: str, created_at: str, /) -> AuditCheckpoint | None:
        """How far the log has come, with all that others have added; null where it is empty. Kept elsewhere, it shows
        that nothing before it was cut off or written anew. Raises `AuditError`."""
    def entries(self, *, run: str | None = None) -> list[AuditEntry]:
        """All entries, or those of a run. It is for the host itself; what a person may see, `export` says. Raises
        `AuditError`."""
    def export(
        self,
        reader: AuditReader,
        now: str,
        audit_id: str,
        /,
        *,
        run: str | None = None,
        access: dict[str, Any] | None = None,
        record: Record | str | bytes | None = None,
    ) -> AuditExport:
        """The lines that a reader may see. That somebody reads, or was refused, is appended first, under `audit_id`.
        `access` is `audit_access` of the form `compliance`; `record` is what the policies said of the reading,
        where they were asked. Raises `InputError`, `AuditError`."""
