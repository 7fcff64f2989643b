import type { Refusal, Resource } from "./model.ts";

/** Counts the refused items of one resource; the first reason stands for all of them. */
export class RefusalCount {
  private count = 0;
  private reason = "";

  add(reason: string): void {
    if (this.count === 0) this.reason = reason;
    this.count++;
  }

  copy(): RefusalCount {
    const copy = new RefusalCount();
    copy.become(this);
    return copy;
  }

  /** Forgets what was counted since `before` was copied. */
  become(before: RefusalCount): void {
    this.count = before.count;
    this.reason = before.reason;
  }

  /** Adds what was counted to `refusals`. */
  report(resource: Resource, refusals: Refusal[]): void {
    if (this.count > 0) refusals.push({ resource, count: this.count, reason: this.reason });
  }
}
