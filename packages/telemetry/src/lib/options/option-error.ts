/**
 * An option passed to Slipstream's telemetry is invalid: a programming error, found before anything is
 * started.
 */
export class TelemetryOptionError extends TypeError {
  readonly code: "SLIPSTREAM_OPTION" = "SLIPSTREAM_OPTION" as const;
  /** Name of the option. */
  readonly field: string;

  constructor(field: string, allowed: string, value: unknown) {
    super(`setUp: ${field} must be ${allowed}, but is ${shown(value)}`);
    this.name = "TelemetryOptionError";
    this.field = field;
  }
}

function shown(value: unknown): string {
  if (typeof value === "string")
    return value.length > 60 ? `a string of ${value.length} characters` : `"${value}"`;
  if (typeof value === "number" || typeof value === "boolean" || value == null) return String(value);
  return Array.isArray(value) ? "an array" : `of type ${typeof value}`;
}
