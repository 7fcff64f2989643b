import { type Mergeable, type Savable, type Saved, SavedFields } from "@slipstream/stats";

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
