import { type Position, positionOf } from "./position.ts";

/**
 * A log that keeps nothing: it gives each record its position. For a process whose state ends with it, where nobody would read
 * the records again.
 */
export class UnkeptLog {
  #position = 0;

  /** The position of the next record. */
  append(): Position {
    this.#position += 1;
    return positionOf(this.#position);
  }
}
