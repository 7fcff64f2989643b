import type { Piece } from "../style.ts";

const width = 12;

/** Begins a line of a section. */
export function label(text: string): Piece {
  return { text: text.padEnd(width), style: "dim" };
}

/** Begins a section. */
export function heading(text: string): Piece {
  return { text: text.padEnd(width), style: "bold" };
}
