/** The examples at the end of a command's help, in columns. */
export function examplesText(...examples: readonly (readonly [call: string, what: string])[]): string {
  const width = Math.max(...examples.map(([call]) => call.length));
  const lines = examples.map(([call, what]) => `  ${call.padEnd(width)}  ${what}`);
  return ["", "Examples:", ...lines].join("\n");
}
