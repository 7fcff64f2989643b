/** Columns of a terminal that everything fits into. */
export const WIDTH = 80;

const LABEL = 13;
/** Longer ones are cut in the middle. */
const ADDRESS = 9;

/** "9xQe…VFin": an address or a signature as a table has room for. */
export function short(address: string): string {
  return address.length <= ADDRESS ? address : `${address.slice(0, 4)}…${address.slice(-4)}`;
}

/** "3c2D…9fQk:2.1": the instruction stays. */
export function shortId(id: string): string {
  const at = id.lastIndexOf(":");
  return at < 0 ? short(id) : `${short(id.slice(0, at))}${id.slice(at)}`;
}

/** All digits of atoms, or twelve of them if there are more than eighteen. */
export function exactly(digits: string): string {
  return digits.length <= 18 ? digits : Number(digits).toExponential(11).replace("e+", "e");
}

/** A text with its signatures and addresses shortened. */
export function shortened(text: string): string {
  return text.replace(/[1-9A-HJ-NP-Za-km-z]{32,}/g, (address) => short(address));
}

/** How far a replay may be off: its largest relative error, in percent. */
export function errorText(residual: number): string {
  if (residual === 0) return "exact";
  const percent = 100 * residual;
  return `off by ${percent < 0.01 ? percent.toExponential(1) : percent.toFixed(2)} % at most`;
}

/** Lines of at most so many columns. Words that are longer are broken. */
export function wrapped(text: string, width: number = WIDTH): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    let rest = word;
    if (line !== "" && line.length + 1 + rest.length <= width) {
      line += ` ${rest}`;
      continue;
    }
    if (line !== "") lines.push(line);
    for (; rest.length > width; rest = rest.slice(width)) lines.push(rest.slice(0, width));
    line = rest;
  }
  return line === "" ? lines : [...lines, line];
}

/** An entry of a list. */
export function bulleted(text: string): string[] {
  return wrapped(text, WIDTH - 2).map((line, at) => `${at === 0 ? "- " : "  "}${line}`);
}

/** Labels and their texts; those without a text are left out. */
export function fields(all: readonly (readonly [label: string, text: string])[]): string[] {
  return all.flatMap(([label, text]) =>
    wrapped(text, WIDTH - LABEL).map((line, at) => (at === 0 ? label : "").padEnd(LABEL) + line),
  );
}

/** Atoms with at most seven digits: 1,234,567 or 1.234567e13. */
export function atoms(digits: string): string {
  const isLong = digits.replace("-", "").length > 9;
  return isLong ? Number(digits).toExponential(6).replace("e+", "e") : Number(digits).toLocaleString("en-US");
}
