import type { Mergeable } from "@slipstream/stats";

/** Events, and those of them that are of interest. */
export class Share implements Mergeable<Share> {
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
}
