import { differences } from "./differences.ts";

/** Differences of one kind that are told. */
const MOST_TOLD = 8;

/** Lines that say where two values differ; none if they are equal. */
export function compared(what: string, expected: unknown, actual: unknown): string[] {
  const found = differences(expected, actual);
  const told = found.slice(0, MOST_TOLD).map((difference) => `${what}: ${difference}`);
  return found.length > told.length ? [...told, `${what}: ${found.length - told.length} more`] : told;
}
