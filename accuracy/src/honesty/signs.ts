import { type Estimate, feeReturn, type MevRecord, protectionValues } from "@slipstream/mev";
import { byFee, byProtection, GainTruth } from "./gain-truth.ts";

/** Trades of the short runs that are asked whether something pays off. */
export const shortRuns = [125, 250, 500, 1000, 3000] as const;

/** What a report says of whether something pays off. */
export interface SignOutcome {
  /** "fees", "jito", ... */
  readonly what: string;
  readonly trades: number;
  /** `none`: too few trades to say. `open`: the interval contains 0. `wrong`: it pays off by the report and not in truth, or not the other way. */
  readonly outcome: "none" | "open" | "right" | "wrong";
  /** Whether the interval contains the truth; null if there is none. */
  readonly held: boolean | null;
}

const protections = ["jito", "private_rpc"] as const;

/** What is true in the long run of a world. */
export class SignTruth {
  readonly #fees: GainTruth;
  readonly #protections: ReadonlyMap<string, GainTruth>;

  constructor(long: readonly MevRecord[]) {
    this.#fees = new GainTruth(long, byFee);
    this.#protections = new Map(protections.map((name) => [name, new GainTruth(long, byProtection(name))]));
  }

  feeReturnOf(run: readonly MevRecord[]): number | null {
    return this.#fees.of(run)?.ratio ?? null;
  }

  /** Asks after the first trades of a day, as a desk does that has just begun. */
  ask(day: readonly MevRecord[]): SignOutcome[] {
    const runs = shortRuns.filter((trades) => trades * 0.7 < day.length);
    return runs.flatMap((trades) => {
      const run = day.slice(0, trades);
      const values = protectionValues(run);
      return [
        outcomeOf("fees", trades, feeReturn(run).ratio, this.feeReturnOf(run)),
        ...protections.map((name) => {
          const told = values.find(({ protection }) => protection === name)?.netUsd;
          return outcomeOf(name, trades, told, this.#protections.get(name)?.of(run)?.netUsd ?? null);
        }),
      ];
    });
  }
}

function outcomeOf(
  what: string,
  trades: number,
  told: Estimate | undefined,
  truth: number | null,
): SignOutcome {
  const { low = null, high = null } = told?.interval ?? {};
  if (low === null || high === null || truth === null) return { what, trades, outcome: "none", held: null };
  const held = low <= truth && truth <= high;
  if (low <= 0 && high >= 0) return { what, trades, outcome: "open", held };
  return { what, trades, outcome: low > 0 === truth > 0 ? "right" : "wrong", held };
}
