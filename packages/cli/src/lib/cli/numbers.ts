import { InvalidArgumentError } from "commander";

/** A parser for a flag that takes a whole number. Commander prints the message with the flag's name. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Allowed: a whole number from ${least} to ${most}.`);
  };
}

/** A parser for a flag that takes a number above 0. */
export function positiveNumber(most: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (value > 0 && value <= most) return value;
    throw new InvalidArgumentError(`Allowed: a number above 0, up to ${most}.`);
  };
}

/** Parses a flag that takes a share. */
export function shareOfAll(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("Allowed: a number from 0 to 1.");
}
