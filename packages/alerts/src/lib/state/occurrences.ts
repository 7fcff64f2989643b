import { type Saved, SavedFields } from "@slipstream/stats";
import type { Rule, Severity } from "../rule/rule.ts";
import { worseSeverity } from "../rule/severity.ts";

/** After so long without firing, occurrences are counted from 1 again. */
const FORGOTTEN_AFTER_MS = 30 * 60_000;

/**
 * What is remembered of an alert from one episode to the next: how often it occurred, whether that has escalated it, and when
 * its firing was last sent.
 */
export class Occurrences {
  /** Number of the latest episode. */
  episode: number;
  count = 0;
  escalated = false;
  /** When a firing was last sent, Unix ms. */
  sentMs: number | undefined;
  /** When the latest episode ended, Unix ms; undefined while it fires. */
  endedMs: number | undefined;

  /** @param episode The episodes before it. */
  constructor(episode: number) {
    this.episode = episode;
  }

  /** An episode begins. */
  begin(nowMs: number): void {
    this.episode += 1;
    if (this.endedMs !== undefined && nowMs - this.endedMs >= FORGOTTEN_AFTER_MS) {
      this.count = 0;
      this.escalated = false;
    }
    this.endedMs = undefined;
  }

  /** Counts one more. Returns whether the alert escalates with it. */
  add(rule: Rule): boolean {
    const { after, channels } = rule.escalation;
    this.count += 1;
    if (this.escalated || after === null || this.count < after) return false;
    this.escalated = true;
    return this.severity(rule) !== rule.severity || channels.length > 0;
  }

  severity(rule: Rule): Severity {
    return this.escalated ? worseSeverity(rule.severity, rule.escalation.severity) : rule.severity;
  }

  channels(rule: Rule): readonly string[] {
    return this.escalated ? rule.escalation.channels : [];
  }

  /** Until when a notification would come too soon after the last, Unix ms. */
  suppressedUntilMs({ suppressSeconds }: Rule): number {
    return this.sentMs === undefined ? Number.NEGATIVE_INFINITY : this.sentMs + suppressSeconds * 1000;
  }

  /** Its rule was changed or removed: what fires next is a new alert, but has a number of its own. */
  forget(): void {
    this.count = 0;
    this.escalated = false;
    this.sentMs = undefined;
    this.endedMs = undefined;
  }

  save(): Saved {
    const { episode, count, escalated, sentMs = null, endedMs = null } = this;
    return { episode, count, escalated, sentMs, endedMs };
  }

  static loaded(saved: Saved): Occurrences {
    const fields = new SavedFields("saved occurrences of an alert", saved);
    const loaded = new Occurrences(fields.number("episode"));
    loaded.count = fields.number("count");
    loaded.escalated = fields.boolean("escalated");
    loaded.sentMs = fields.optionalNumber("sentMs");
    loaded.endedMs = fields.optionalNumber("endedMs");
    return loaded;
  }
}
