/** Prints a text and a line break. Resolves when everything is written: the reader of a pipe may be slow. */
export function print(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${text}\n`, () => resolve()));
}

/** Prints a value as JSON for programs. */
export function printJson(value: unknown): Promise<void> {
  return print(JSON.stringify(value, undefined, 2));
}
