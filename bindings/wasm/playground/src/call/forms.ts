// The forms of common tool calls: which fields each has, and where in a request they stand. A table; the engine says what is
// missing or wrong.

import type { Request } from "../texts";

export type Path = readonly string[];

export interface Field {
  label: string;
  at: Path;
  kind: "command" | "text" | "number" | "check" | "list" | "choice";
  options?: readonly string[];
  hint?: string;
}

export interface Form {
  action: string;
  label: string;
  fields: Field[];
  /** Arguments to begin with. */
  sample: Request;
}

const arg = (name: string, label: string, kind: Field["kind"] = "text", more: Partial<Field> = {}): Field => ({
  label,
  at: ["arguments", ...name.split(".")],
  kind,
  ...more,
});

const CLASSES = [
  "test_change",
  "documentation",
  "code_change",
  "refactoring",
  "config_non_destructive",
  "dependency_patch_minor",
  "dependency_major_upgrade",
  "ci_workflow_change",
  "production_config_change",
  "schema_migration",
  "security_change",
  "infrastructure_change",
];
const DATA = ["public", "internal", "confidential", "regulated"];
const ENVIRONMENTS = ["dev", "test", "staging", "production"];
const CHANGED = arg("changed_files", "Changed files", "list", { hint: "one path after the other, with commas" });
const CHANGE_CLASS = arg("change_class", "Class of change", "choice", { options: CLASSES });
const PATH = arg("path", "Path");
const BELOW = arg("recursive", "and everything below it", "check");
const PULL = [arg("number", "Number", "number"), arg("branch.name", "Branch"), CHANGED, CHANGE_CLASS, arg("head_sha", "Commit")];
const pull = { number: 7, branch: { name: "fix/retry", protected: false }, changed_files: ["src/a.rs"], change_class: "code_change", head_sha: "a1" };

export const FORMS: Form[] = [
  { action: "shell.exec", label: "run a shell command", fields: [arg("command", "Command", "command")], sample: { command: "git status" } },
  { action: "file.read", label: "read a file", fields: [PATH, BELOW], sample: { path: "README.md", recursive: false } },
  { action: "file.write", label: "write a file", fields: [PATH], sample: { path: "src/main.rs" } },
  { action: "file.delete", label: "delete a file", fields: [PATH, BELOW], sample: { path: "src/old.rs", recursive: false } },
  {
    action: "http.request",
    label: "ask a web address",
    fields: [arg("url", "Address"), arg("method", "Method", "choice", { options: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] })],
    sample: { url: "https://docs.example.org/", method: "GET" },
  },
  {
    action: "git.push",
    label: "push commits",
    fields: [
      arg("remote", "Remote"),
      arg("branch.name", "Branch"),
      arg("branch.protected", "the branch is protected", "check"),
      arg("force", "by force", "check"),
    ],
    sample: { remote: "origin", branch: { name: "fix/retry", protected: false }, force: false },
  },
  { action: "pr.create", label: "open a pull request", fields: PULL.slice(1), sample: { ...pull, number: undefined } },
  { action: "pr.merge", label: "merge a pull request", fields: PULL, sample: pull },
  {
    action: "deploy",
    label: "deploy a service",
    fields: [
      arg("service", "Service"),
      { label: "Environment", at: ["context", "environment"], kind: "choice", options: ENVIRONMENTS },
      CHANGE_CLASS,
      arg("digest", "Digest"),
    ],
    sample: { service: "shop", change_class: "code_change", digest: "sha256:d1" },
  },
  {
    action: "mcp.call",
    label: "call a tool of an MCP server",
    fields: [arg("server", "Server"), arg("mcp_tool", "Tool")],
    sample: { server: "issue-tracker", mcp_tool: "comment" },
  },
  {
    action: "model.call",
    label: "ask a model",
    fields: [
      arg("model", "Model"),
      arg("provider", "Provider"),
      arg("data_class", "Class of data", "choice", { options: DATA }),
      arg("tokens", "Tokens", "number"),
    ],
    sample: { model: "coder-small", provider: "in-house", data_class: "internal", tokens: 4000 },
  },
  { action: "secret.read", label: "read a secret", fields: [arg("secret", "Secret")], sample: { secret: "prod/payments-db" } },
];

const entity = (level: string, label: string): Field => ({ label, at: ["scope", level], kind: "text" });

/** Who calls, and where. */
export const AROUND: Field[] = [
  { label: "Who calls", at: ["subject", "type"], kind: "choice", options: ["agent", "service", "human"] },
  { label: "in the roles", at: ["subject", "roles"], kind: "list", hint: "with commas" },
  entity("team", "Team"),
  entity("repository", "Repository"),
  entity("campaign", "Campaign"),
  entity("task", "Task"),
  entity("runtime", "Runtime"),
  { label: "Environment", at: ["context", "environment"], kind: "choice", options: ENVIRONMENTS },
  {
    label: "It follows from",
    at: ["context", "origin"],
    kind: "choice",
    options: ["human", "platform", "instruction_file", "tool_output", "build_log", "issue", "review_comment", "web_page"],
  },
];

/** The fields of an action without a form: its arguments that are plain values. */
export function fieldsOf(request: Request): Field[] {
  const form = FORMS.find((it) => it.action === request.action);
  if (form !== undefined) return form.fields;
  const given = Object.entries((request.arguments ?? {}) as Request);
  return given.flatMap(([name, value]): Field[] => {
    if (typeof value === "string") return [{ label: name, at: ["arguments", name], kind: "text" }];
    if (typeof value === "number") return [{ label: name, at: ["arguments", name], kind: "number" }];
    if (typeof value === "boolean") return [{ label: name, at: ["arguments", name], kind: "check" }];
    return [];
  });
}
