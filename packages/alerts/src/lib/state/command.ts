import type { Matcher } from "../rule/condition.ts";

/** Something that a person asks of the alerts. It is a record of the log, so it survives a kill. */
export type AlertCommand =
  | {
      readonly command: "acknowledge";
      /** Identity of the alert. */
      readonly alert: string;
      /** Episode it is for; an older one is not acknowledged by it. */
      readonly episode: number;
      readonly by: string;
      readonly comment: string;
    }
  | {
      /** It ends, and does not fire again before its condition has been known not to hold. */
      readonly command: "close";
      readonly alert: string;
      readonly episode: number;
      readonly by: string;
      readonly comment: string;
    }
  | {
      readonly command: "silence";
      /** Made by whoever commits the record, and unique. */
      readonly id: string;
      /** All must match. `alertname` is the rule's id; `severity`, `desk` and the alert's labels are matched as they are named. */
      readonly matchers: readonly Matcher[];
      /** Unix ms, time of receipt. */
      readonly untilMs: number;
      readonly by: string;
      readonly comment: string;
    }
  | { readonly command: "expire"; readonly id: string };
