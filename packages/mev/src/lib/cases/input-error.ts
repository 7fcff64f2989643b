import { SlipstreamError } from "@slipstream/conventions";

/** Input that cannot be read. */
export class InputError extends SlipstreamError {
  /** @param place `[3].events[7].amountIn`, `line 12.slot`, which becomes the error's field; "" means all of it. */
  constructor(place: string, message: string) {
    super("bad_input", place === "" ? message : `${place}: ${message}`, { field: place });
  }
}
