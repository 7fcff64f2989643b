import { SlipstreamError } from "@slipstream/conventions";

/** A block that cannot be read. */
export class BlockError extends SlipstreamError {
  /** @param place path in the block, such as `transactions[12].meta.fee`, which becomes the error's field; "" means all of it. */
  constructor(place: string, message: string) {
    super("bad_block", place === "" ? message : `${place}: ${message}`, { field: place });
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
