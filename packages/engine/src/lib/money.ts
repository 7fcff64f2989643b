import { limits, type MicroUsd, microUsd } from "@slipstream/conventions";
import type { Mergeable, Savable, Saved } from "@slipstream/stats";

/** Of one trade. */
export const MOST_MICRO_USD: number = limits.tradeUsd * 1e6;

/** A sum of integers of any size, exact, whatever the order of the addends. */
export class ExactSum<Amount extends number | bigint = number | bigint>
  implements Mergeable<ExactSum<Amount>>, Savable
{
  #small = 0;
  #large = 0n;

  /** Adds an integer; a double that is none is a mistake of the caller. */
  add(value: Amount): void {
    this.#add(value);
  }

  #add(value: number | bigint): void {
    if (typeof value === "bigint" || !Number.isSafeInteger(value)) {
      this.#large += BigInt(value);
      return;
    }
    const sum = this.#small + value;
    if (Number.isSafeInteger(sum)) {
      this.#small = sum;
    } else {
      this.#large += BigInt(this.#small);
      this.#small = value;
    }
  }

  merge(other: ExactSum<Amount>): void {
    this.#add(other.#small);
    this.#large += other.#large;
  }

  save(): bigint {
    return this.value;
  }

  load(saved: Saved): void {
    if (typeof saved !== "bigint") throw new TypeError("Not a saved sum: it is no bigint");
    const number = Number(saved);
    this.#add(Number.isSafeInteger(number) ? number : saved);
  }

  get value(): Amount & bigint {
    return (this.#large + BigInt(this.#small)) as Amount & bigint;
  }
}

/**
 * Checks a saved sum: versions before took amounts that nothing can be, after which a sum is wrong for good.
 *
 * @throws TypeError if it is more than so many addends of the most that each may be
 */
export function assertPlausible(what: string, sum: bigint, addends: number, most: number): void {
  if (Math.abs(Number(sum)) <= addends * most) return;
  throw new TypeError(`${what} of ${addends} trades cannot be ${Number(sum)}: one of them was absurd`);
}

/** Micro-dollars, the integers that money is summed in; undefined where a double cannot hold them. */
export function microUsdOf(usd: number): MicroUsd | undefined {
  const micro = Math.round(usd * 1e6);
  return Number.isFinite(micro) ? microUsd(micro + 0) : undefined;
}

/** The double nearest to an amount of micro-dollars. */
export function usd(micro: MicroUsd<bigint>): number {
  return Number(micro) / 1e6;
}

/** An integer as JSON can carry it without loss: a number, or a decimal string past 2^53. */
export function exactNumber(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
