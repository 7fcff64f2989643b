/** Escapes a label's value: backslash, quote, line feed. The same in both formats. */
export function escapeLabelValue(value: string): string {
  return /[\\"\n]/.test(value)
    ? value.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`))
    : value;
}

/** Escapes a HELP text for the Prometheus format, in which a quote stays as it is. */
export function escapeHelp(help: string): string {
  return help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
