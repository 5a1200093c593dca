// The engine as the page sees it: questions to the worker, answers as promises. Knows what may be asked, and no policy.

import type { Diagnostic, Explanation, MatchedRule, Outcome, Problem, Record, TestReport, Version, Way } from "bailiwick-wasm";

import BenchWorker from "./bench.worker?worker";
import type { Files, Request } from "./texts";

/** What loading the policies said. */
export interface Checked {
  compiles: boolean;
  diagnostics: Diagnostic[];
  ms: number;
}

/** What there is to show of one decision. */
export interface Answer {
  outcome: Outcome;
  problems: Problem[];
  explanation: Explanation;
  record: Record;
  /** How long the answer took. */
  ms: number;
  /** How long it took with its explanation and its record. */
  shownMs: number;
}

/** How the policy tests went. */
export interface Tested {
  /** Null where the policies or the tests cannot be read. */
  reports: TestReport[] | null;
  diagnostics: Diagnostic[];
  ms: number;
}

/** A request that two versions of the policies answer differently. */
export interface Difference {
  what: string;
  before: Outcome;
  now: Outcome;
  stricter: boolean;
  ruleBefore: MatchedRule | null;
  ruleNow: MatchedRule | null;
  /** The request, where it is one of the calls. */
  call: Request | null;
}

/** Two versions of the policies on the same requests. Where one does not compile, what is wrong with it. */
export interface Compared {
  before: Diagnostic[];
  now: Diagnostic[];
  asked: number;
  differences: Difference[];
}

export interface Asked {
  version: null;
  set: Files;
  edit: { name: string; text: string | null };
  answer: Request | string;
  outcomes: Request[];
  tree: Request | string;
  test: null;
  compare: { before: Files; calls: Request[] };
}

export interface Answers {
  version: Version;
  set: Checked;
  /** Null where the file holds tests: they do not change what the policies mean. */
  edit: Checked | null;
  /** Null where no policies have compiled yet. */
  answer: Answer | null;
  outcomes: Outcome[];
  tree: Way[];
  test: Tested;
  compare: Compared;
}

export type Kind = keyof Asked;

interface Waiting {
  resolve: (answer: never) => void;
  reject: (error: Error) => void;
}

export class Bench {
  #worker = new BenchWorker({ name: "bailiwick" });
  #waiting = new Map<number, Waiting>();
  #next = 0;

  constructor() {
    this.#worker.addEventListener("message", ({ data }: MessageEvent<{ id: number; answer: never; failed?: string }>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.failed === undefined) waiting?.resolve(data.answer);
      else waiting?.reject(new Error(data.failed));
    });
    this.#worker.addEventListener("error", (event) => {
      for (const waiting of this.#waiting.values()) waiting.reject(new Error(event.message));
      this.#waiting.clear();
    });
  }

  ask<K extends Kind>(kind: K, asked: Asked[K]): Promise<Answers[K]> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as never, reject });
      this.#worker.postMessage({ id, kind, asked });
    });
  }
}

/** Runs the last of what is asked for while it is busy, and drops what came between. */
export function latest(run: () => Promise<void>): () => Promise<void> {
  let busy: Promise<void> | null = null;
  let again = false;
  const all = async (): Promise<void> => {
    try {
      do {
        again = false;
        await run();
      } while (again);
    } finally {
      busy = null;
    }
  };
  return () => {
    again = busy !== null;
    return (busy ??= all());
  };
}
