// What the visitor writes, as it is kept: the texts of policy files by their names, and requests as objects. Reads neither.

export type Request = { [key: string]: unknown };
export type Files = { [name: string]: string };

/** Whether a file's name says that it holds policy tests. */
export function isTest(name: string): boolean {
  return /\.test\.ya?ml$/.test(name);
}
