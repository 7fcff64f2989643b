import { SlipstreamError } from "@slipstream/conventions";

declare const brand: unique symbol;

/**
 * A place in a log. What is in it only the log knows that gave it: everyone else compares, prints and saves it. Positions rise
 * with each record, and gaps between them are normal.
 */
export interface Position {
  readonly [brand]: "position";
}

/** Before every record of any log. */
export const BEGINNING: Position = positionOf(0);

/** Below 0 if `a` comes before `b`, 0 if they are the same, above 0 if it comes after. For `sort`. */
export function comparePositions(a: Position, b: Position): number {
  return numberOf(a) - numberOf(b);
}

export function isAfter(a: Position, b: Position): boolean {
  return comparePositions(a, b) > 0;
}

export function earlierOf(a: Position, b: Position): Position {
  return isAfter(a, b) ? b : a;
}

/** As text, to be shown and saved: decimal digits. */
export function printPosition(position: Position): string {
  return String(numberOf(position));
}

/** Reads what `printPosition` wrote. @throws SlipstreamError `invalid_position` if it is something else */
export function parsePosition(text: string): Position {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return positionOf(number);
  throw new SlipstreamError("invalid_position", `"${text}" is not a position in a log`);
}

/** For logs alone, which give positions. */
export function positionOf(number: number): Position {
  return number as unknown as Position;
}

/** For logs alone, which know what they gave. */
export function numberOf(position: Position): number {
  return position as unknown as number;
}
