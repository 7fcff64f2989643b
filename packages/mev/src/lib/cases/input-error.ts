/** Input that cannot be read. `place` is where the problem is: `[3].events[7].amountIn`, `line 12.slot`. */
export class InputError extends Error {
  readonly code = "bad_input";
  /** Path within the input; "" means all of it. */
  readonly place: string;

  constructor(place: string, message: string) {
    super(place === "" ? message : `${place}: ${message}`);
    this.name = "InputError";
    this.place = place;
  }
}
