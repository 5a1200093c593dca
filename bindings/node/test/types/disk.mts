// What a strict type checker must accept of what needs a disk, which the package for browsers has not.
import { AuditLog } from "bailiwick";
import type { AuditEvent } from "bailiwick";

export const keeps = (path: string, event: AuditEvent): number => AuditLog.open(path, { unsynced: true }).append([event]);
