// The approvals that an answer needs, as boxes to tick: one for each person of each requirement. A ticked box is a statement in
// the request, bound to the operation as the record says it. Whether it counts, the engine says.

import type { Record, RequiredApproval } from "bailiwick-wasm";

import { counted, h } from "../element";
import type { Child } from "../element";

/** An approval that the visitor gives in somebody's name. */
export interface Tick {
  requirement: string;
  slot: number;
  operation: string;
  approver: { type: "human"; id: string; roles: string[]; teams: string[]; tenant?: string };
}

interface Slot {
  by?: string;
  roles?: string[];
  teams?: string[];
}

export function approvals(record: Record, ticks: Tick[], tick: (tick: Tick, on: boolean) => void): Child {
  const { required, satisfied, moot, rejected, blocked } = record.approvals;
  if (required.length === 0) return null;
  const state = (id: string): string => {
    const has = (list: { id: string }[]): boolean => list.some((it) => it.id === id);
    if (has(satisfied)) return "met";
    if (has(rejected)) return "rejected";
    if (has(blocked)) return "nobody answered in time";
    return has(moot) ? "would be asked, were it not denied anyway" : "outstanding";
  };
  const group = (it: RequiredApproval): HTMLElement => {
    const slots = it.slots as Slot[];
    const boxes = slots.map((slot, at) => box(record, it, slot, at, ticks, tick));
    if (it.escalation !== null) {
      const late: Slot = { by: slots.every((slot) => slot.by === "human") ? "human" : "any", roles: [it.escalation] };
      boxes.push(box(record, it, late, slots.length, ticks, tick, ", once the time is over"));
    }
    const notes = [it.timeout === null ? null : `${spell(it.timeout)} to answer`, it.valid_for === null ? null : `good for ${spell(it.valid_for)}`];
    const more = notes.filter((note) => note !== null).join(", ");
    return h(
      "fieldset",
      { "data-requirement": it.id, "data-state": state(it.id) },
      h("legend", {}, h("code", {}, it.id.replace(/@[0-9a-f]+$/, "")), " ", h("span.state", {}, state(it.id))),
      boxes,
      more === "" ? null : h("p.note", {}, more),
    );
  };
  return h("div.approvals", { id: "approvals" }, h("h3", {}, "Approvals ", h("span.aside", {}, "tick one to give it")), required.map(group));
}

function box(record: Record, requirement: RequiredApproval, slot: Slot, at: number, ticks: Tick[], tick: (tick: Tick, on: boolean) => void, more = ""): HTMLElement {
  const [roles, teams] = [slot.roles ?? [], slot.teams ?? []];
  const tenant = (record.scope as { tenant?: { id?: string } | null }).tenant?.id;
  const name = roles[0] ?? teams[0] ?? "somebody-else";
  const given: Tick = {
    requirement: requirement.id,
    slot: at,
    operation: record.operation_hash,
    approver: { type: "human", id: `${name}-${at + 1}`, roles: roles.slice(0, 1), teams: teams.slice(0, 1), ...(tenant === undefined ? {} : { tenant }) },
  };
  const id = `approve ${requirement.id} ${at}`;
  const input = h("input", { type: "checkbox", id, "data-key": id, change: () => tick(given, input.checked) });
  input.checked = ticks.some((it) => matches(it, given));
  const whom = [...roles, ...teams].join(" or ") || (slot.by === "human" ? "a person other than the requester" : "anybody else");
  return h("label.check", { for: id }, input, " ", `Approve as ${whom}${more}`);
}

export function matches(a: Tick, b: Tick): boolean {
  return a.requirement === b.requirement && a.slot === b.slot && a.operation === b.operation;
}

/** The statement in the request. */
export function statement(tick: Tick, at: unknown): object {
  return { requirement: tick.requirement, operation: tick.operation, approver: tick.approver, decision: "approve", at };
}

function spell(seconds: number): string {
  if (seconds % 3600 === 0) return counted(seconds / 3600, "hour");
  return seconds % 60 === 0 ? counted(seconds / 60, "minute") : `${seconds} s`;
}
