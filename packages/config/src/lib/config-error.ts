import { SlipstreamError } from "@slipstream/conventions";

/** A configuration that cannot be used. The message is one line: the field, the value, where it is from, what is allowed. */
export class ConfigError extends SlipstreamError {
  constructor(field: string, message: string) {
    super("bad_config", message, { field });
  }
}

/** A value as one line of a message shows it, cut if it is long. */
export function shown(value: unknown): string {
  let text: string;
  try {
    text = typeof value === "number" || value === undefined ? String(value) : JSON.stringify(value);
  } catch {
    text = String(value);
  }
  const line = (text ?? String(value)).replaceAll(/\s+/g, " ");
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}
