/** Marks a piece of text for the terminal; plain where there are no colours. */
export type Paint = Readonly<Record<"bold" | "dim" | "good" | "warn" | "bad", (text: string) => string>>;

const codes = { bold: 1, dim: 2, good: 32, warn: 33, bad: 31 } as const;

/** Colours by ANSI codes, or none. Source of NO_COLOR: https://no-color.org */
export function paintFor(colours: boolean): Paint {
  const by =
    (code: number) =>
    (text: string): string =>
      colours && text !== "" ? `\x1b[${code}m${text}\x1b[0m` : text;
  return {
    bold: by(codes.bold),
    dim: by(codes.dim),
    good: by(codes.good),
    warn: by(codes.warn),
    bad: by(codes.bad),
  };
}

/** A line of pieces, cut to the width: colour codes take no room, so they are kept apart from the text. */
export type Line = readonly Piece[];
export type Piece = string | { readonly text: string; readonly style: keyof Paint };

export function paintLine(line: Line, width: number, paint: Paint): string {
  let left = width;
  let painted = "";
  for (const piece of line) {
    const { text, style } = typeof piece === "string" ? { text: piece, style: undefined } : piece;
    const shown = text.slice(0, left);
    left -= shown.length;
    painted += style === undefined ? shown : paint[style](shown);
  }
  return painted;
}
