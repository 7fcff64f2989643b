import type { Rule } from "../../rule/rule.ts";
import { AlertBook } from "../alert-book.ts";
import type { AlertCommand } from "../command.ts";
import type { Reading } from "../reading.ts";
import type { Transition } from "../transition.ts";
import { reading } from "./rules.ts";

/** When runs begin, Unix ms. */
export const START_MS = 1_796_000_000_000;

type Read = number | string | null | readonly Reading[];

/** A book that is told of seconds since the run began, and what came of each. */
export class Run {
  readonly book: AlertBook;
  catchingUp = false;
  /** How old what is read is, seconds. */
  behindSeconds = 0;

  constructor(...rules: readonly Rule[]) {
    this.book = new AlertBook((_rule, { kind }) => ({ title: kind, lines: [], evidence: [], links: [] }));
    this.book.setRules(rules, START_MS);
  }

  /** What each rule reads: a value, or its series. */
  at(seconds: number, read: Readonly<Record<string, Read>> = {}): Transition[] {
    const nowMs = START_MS + seconds * 1000;
    const time = { nowMs, eventMs: nowMs - this.behindSeconds * 1000, catchingUp: this.catchingUp };
    return this.book.evaluate(
      time,
      Object.entries(read).map(([rule, of]) => ({
        rule,
        readings: typeof of === "object" && of !== null ? of : [reading(of)],
      })),
    );
  }

  command(seconds: number, command: AlertCommand): Transition[] {
    return this.book.command(command, START_MS + seconds * 1000);
  }

  silence(
    seconds: number,
    id: string,
    untilSeconds: number,
    label = "alertname",
    value = "latency",
  ): Transition[] {
    return this.command(seconds, {
      ...{ command: "silence", id, untilMs: START_MS + untilSeconds * 1000, by: "ops", comment: `for ${id}` },
      matchers: [{ label, operator: "=", value }],
    });
  }
}

/** `KIND ALERT/EPISODE occurrence N SEVERITY`, and why it is sent to nobody. */
export function told(transitions: readonly Transition[]): string[] {
  return transitions.map(({ kind, alert, episode, occurrence, severity, muted }) => {
    const why = muted === undefined ? "" : ` (${muted.by})`;
    return `${kind} ${alert}/${episode} occurrence ${occurrence} ${severity}${why}`;
  });
}
