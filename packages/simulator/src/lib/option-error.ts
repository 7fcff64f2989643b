import { SlipstreamError } from "@slipstream/conventions";

/** An option is wrong. The message names it and what is allowed. */
export function optionError(field: string, message: string): SlipstreamError {
  return new SlipstreamError("invalid_option", `${field}: ${message}`, { field });
}
