// The package for `import`: the names of index.cjs.
import native from "./index.cjs";

export const {
  ApprovalNeeded,
  BailiwickError,
  Decision,
  Denied,
  Engine,
  InputError,
  PolicyError,
  check,
  checkFolder,
  deed,
  deedFault,
  facts,
  guard,
  redact,
  version,
} = native;
