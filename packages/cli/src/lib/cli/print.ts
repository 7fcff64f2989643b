/** Writes a text to stdout. Resolves when everything is written: the reader of a pipe may be slow. */
export function write(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}

/** Prints a text and a line break. */
export function print(text: string): Promise<void> {
  return write(`${text}\n`);
}

/** Prints a value as JSON for programs. */
export function printJson(value: unknown): Promise<void> {
  return print(JSON.stringify(value, undefined, 2));
}
