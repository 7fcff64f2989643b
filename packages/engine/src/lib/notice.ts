import type { RefusalReason } from "./refuse.ts";

/** Something about a service that whoever runs it should know. Each is given once, when it is noticed. */
export type Notice = (RefusedNotice | ClockNotice | CanaryNotice) & {
  /** Absent: the aggregator's own desk. */
  readonly desk?: string;
};

/** Values of a kind, or a word, that are not counted. */
export interface RefusedNotice {
  readonly kind: "refused";
  readonly service: string;
  /** Name of the attribute or of the metric. */
  readonly attribute: string;
  readonly reason: RefusalReason;
  /** The first one, cut to a readable length; null if there is none. */
  readonly value: string | null;
}

/** The clock of a process is behind, or no longer. */
export interface ClockNotice {
  readonly kind: "clock";
  readonly service: string;
  /** `service.instance.id`, else "". */
  readonly instance: string;
  /** How far it is behind, seconds; null: it no longer is. */
  readonly behindSeconds: number | null;
}

/** Spans of a service are marked as canaries, so that they are in no statistic. */
export interface CanaryNotice {
  readonly kind: "canary";
  readonly service: string;
}
