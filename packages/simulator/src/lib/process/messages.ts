import type { Summary } from "../simulation.ts";

/** What a simulator process tells its parent. */
export type FromSimulator =
  | { readonly type: "ready"; readonly run: string; readonly nodeUrl: string }
  /** Once a second. */
  | { readonly type: "summary"; readonly summary: Summary }
  /** Something keeps telemetry or the ground truth from being written; trading goes on. */
  | { readonly type: "problem"; readonly message: string }
  /** The last message of a clean end. */
  | { readonly type: "done"; readonly summary: Summary }
  /** It could not start: `field` names the option that is wrong. */
  | { readonly type: "error"; readonly message: string; readonly field: string | null };

/** What it is told. */
export interface ToSimulator {
  readonly type: "stop";
}

export function isStop(message: unknown): message is ToSimulator {
  return typeof message === "object" && message !== null && "type" in message && message.type === "stop";
}
