import { type Mergeable, type Savable, type Saved, SavedFields } from "@slipstream/stats";
import type { Trade } from "../event.ts";

/** Trades by status. */
export class StatusCounts implements Mergeable<StatusCounts>, Savable {
  succeeded = 0;
  failed = 0;
  unknown = 0;

  count(status: Trade["status"]): void {
    if (status === "success") this.succeeded += 1;
    else if (status === "failed") this.failed += 1;
    else this.unknown += 1;
  }

  /** Those whose status is known. */
  get known(): number {
    return this.succeeded + this.failed;
  }

  get all(): number {
    return this.known + this.unknown;
  }

  merge(other: StatusCounts): void {
    this.succeeded += other.succeeded;
    this.failed += other.failed;
    this.unknown += other.unknown;
  }

  /** As versions before had it, which took what is unknown for a success, and counted no unknown ones. */
  save(): Saved {
    return { part: this.succeeded, all: this.known, unknown: this.unknown };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved trades by status", saved);
    this.succeeded = fields.number("part");
    this.failed = fields.number("all") - this.succeeded;
    this.unknown = Object.hasOwn(Object(saved), "unknown") ? fields.number("unknown") : 0;
  }
}

/** Events, and those of them that are of interest. */
export class Share implements Mergeable<Share>, Savable {
  part = 0;
  all = 0;

  count(inPart: boolean): void {
    this.all += 1;
    if (inPart) this.part += 1;
  }

  merge(other: Share): void {
    this.part += other.part;
    this.all += other.all;
  }

  save(): Saved {
    return { part: this.part, all: this.all };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("a saved share", saved);
    this.part = fields.number("part");
    this.all = fields.number("all");
  }
}
