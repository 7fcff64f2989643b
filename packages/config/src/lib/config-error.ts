/** A configuration that cannot be used. The message is one line: the field, the value, what is allowed. */
export class ConfigError extends Error {
  readonly code = "bad_config";
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.name = "ConfigError";
    this.field = field;
  }
}

/** A value as one line of a message shows it, cut where it is long. */
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
