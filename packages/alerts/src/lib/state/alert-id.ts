type Labels = Readonly<Record<string, string>>;

/** Identity of an alert: the same rule and labels give the same text, others another one. */
export function alertId(rule: string, labels: Labels): string {
  const names = Object.keys(labels).sort();
  if (names.length === 0) return rule;
  return `${rule}:${names.map((name) => `${encoded(name)}=${encoded(labels[name] ?? "")}`).join(",")}`;
}

/** Percent-encodes all but letters, digits, `.`, `_`, `-` and `/`. Half a surrogate pair becomes `%uXXXX`. */
export function encoded(text: string): string {
  return text.replace(/[^A-Za-z0-9._/-]/gu, (symbol) => {
    const code = symbol.codePointAt(0) ?? 0;
    if (code < 0x80) return `%${hex(code, 2)}`;
    return code >= 0xd800 && code <= 0xdfff ? `%u${hex(code, 4)}` : encodeURIComponent(symbol);
  });
}

function hex(code: number, digits: number): string {
  return code.toString(16).toUpperCase().padStart(digits, "0");
}
