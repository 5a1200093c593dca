// The package for `import`: the names of index.cjs.
import native from "./index.cjs";

export const {
  ApprovalNeeded,
  AuditError,
  AuditLog,
  BailiwickError,
  Decision,
  Denied,
  Engine,
  InputError,
  PolicyError,
  auditEvent,
  auditLines,
  auditToSign,
  auditVerify,
  auditVerifyFile,
  check,
  checkFolder,
  deed,
  deedFault,
  facts,
  guard,
  provenance,
  redact,
  version,
} = native;
