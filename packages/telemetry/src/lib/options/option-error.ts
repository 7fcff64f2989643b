import { SlipstreamError } from "@slipstream/conventions";

/** An option of Slipstream's telemetry is wrong: a mistake in the program, found before anything is started. */
export function optionError(field: string, allowed: string, value: unknown): SlipstreamError {
  const message = `setUp: ${field} must be ${allowed}, but is ${shown(value)}`;
  return new SlipstreamError("invalid_option", message, { field });
}

function shown(value: unknown): string {
  if (typeof value === "string")
    return value.length > 60 ? `a string of ${value.length} characters` : `"${value}"`;
  if (typeof value === "number" || typeof value === "boolean" || value == null) return String(value);
  return Array.isArray(value) ? "an array" : `of type ${typeof value}`;
}
