/**
 * A log that keeps nothing: it gives each record its position. For a process whose state ends with it, where nobody would read
 * the records again.
 */
export class UnkeptLog {
  #position = 0;

  /** The position of the next record. */
  append(): number {
    this.#position += 1;
    return this.#position;
  }
}
