/**
 * A block that cannot be read. `place` is where the problem is, for example
 * `transactions[12].meta.postTokenBalances`.
 */
export class BlockError extends Error {
  readonly code = "bad_block";
  /** Path within the answer; "" means all of it. */
  readonly place: string;

  constructor(place: string, message: string) {
    super(place === "" ? message : `${place}: ${message}`);
    this.name = "BlockError";
    this.place = place;
  }
}

/** A path in the usual notation: `["transactions", 12, "meta"]` becomes `transactions[12].meta`. */
export function placeOf(path: readonly PropertyKey[]): string {
  let place = "";
  for (const step of path) {
    if (typeof step === "number") place += `[${step}]`;
    else place += place === "" ? String(step) : `.${String(step)}`;
  }
  return place;
}
