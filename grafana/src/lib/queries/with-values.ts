import { OWN_DESK } from "../build/own-desk.ts";

/** What a user of a dashboard has chosen. */
export interface QueryValues {
  /** `instance` of the aggregator, as Prometheus has it. */
  readonly aggregator: string;
  /** What the desk is called; left out: the aggregator's own. */
  readonly desk?: string;
  /** `questdbTablePrefix`. */
  readonly tablePrefix?: string;
  /** The time shown. */
  readonly from: Date;
  readonly to: Date;
  /** Window of rates, in seconds. */
  readonly rateSeconds: number;
}

const EVERYTHING = ".+";

/**
 * Fills in the variables as Grafana does, with everything chosen where several values may be.
 * @throws Error if the text has a variable that has no value
 */
export function withValues(text: string, values: QueryValues): string {
  const { aggregator, desk = OWN_DESK, tablePrefix = "", from, to, rateSeconds } = values;
  const seconds = Math.round((to.getTime() - from.getTime()) / 1000);
  const known: Readonly<Record<string, string>> = {
    aggregator,
    desk,
    "desk:sqlstring": `'${desk.replaceAll("'", "''")}'`,
    "table_prefix:raw": tablePrefix,
    pair: EVERYTHING,
    operation: EVERYTHING,
    job: EVERYTHING,
    instance: EVERYTHING,
    __rate_interval: `${rateSeconds}s`,
    __range: `${seconds}s`,
  };
  return text
    .replaceAll(/\$__timeFilter\(([^)]*)\)/g, `$1 BETWEEN '${from.toISOString()}' AND '${to.toISOString()}'`)
    .replaceAll(/\$(?:\{([^}]*)\}|(\w+))/g, (_, braced: string | undefined, bare: string | undefined) => {
      const value = known[braced ?? bare ?? ""];
      if (value === undefined) throw new Error(`Nothing is known of the variable ${braced ?? bare}.`);
      return value;
    });
}
