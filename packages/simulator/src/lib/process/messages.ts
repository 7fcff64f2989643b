import type { Summary } from "../simulation.ts";

/** Messages from a simulator process to its parent. */
export type FromSimulator =
  | { readonly type: "ready"; readonly run: string; readonly nodeUrl: string }
  /** Once per second. */
  | { readonly type: "summary"; readonly summary: Summary }
  /** Something prevents telemetry or ground truth from being written; trading continues. */
  | { readonly type: "problem"; readonly message: string }
  /** The last message of a clean end. */
  | { readonly type: "done"; readonly summary: Summary }
  /** The process could not start. `field` is the invalid option. */
  | { readonly type: "error"; readonly message: string; readonly field: string | null };

/** Messages to the process. */
export interface ToSimulator {
  readonly type: "stop";
}

export function isStop(message: unknown): message is ToSimulator {
  return typeof message === "object" && message !== null && "type" in message && message.type === "stop";
}
