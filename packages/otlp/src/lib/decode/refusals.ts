import type { Refusal, Resource } from "./model.ts";

/** Counts the refused items of one resource; the first reason stands for all of them. */
export class RefusalCount {
  private count = 0;
  private reason = "";

  add(reason: string): void {
    if (this.count === 0) this.reason = reason;
    this.count++;
  }

  /** Adds what was counted to `refusals`. */
  report(resource: Resource, refusals: Refusal[]): void {
    if (this.count > 0) refusals.push({ resource, count: this.count, reason: this.reason });
  }
}
