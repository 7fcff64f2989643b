import type { MetricFamily } from "@slipstream/exposition";
import type { Entry, Wanted } from "../statistics/statistic.ts";
import type { EvidenceSource, FailedTrade, ImpactedTrade } from "./evidence.ts";
import { keyOf, type StatisticSource } from "./readings.ts";

/** What alerts read of an engine, as it is when they ask. */
export interface AlertHost extends StatisticSource {
  /** The families for `/metrics` of a part. */
  families(part: string): readonly MetricFamily[];
}

/** Trades that evidence names. */
export interface NamedTrades {
  readonly lastImpacted: ImpactedTrade | undefined;
  readonly lastFailed: FailedTrade | undefined;
}

/** Statistics at one time. Each part is read once for all rules, and once more if a text needs it. */
export class Snapshot implements StatisticSource, EvidenceSource {
  readonly lastImpacted: ImpactedTrade | undefined;
  readonly lastFailed: FailedTrade | undefined;
  readonly #host: AlertHost;
  readonly #read: Map<string, Readonly<Record<string, Entry>>> = new Map();
  readonly #families: Map<string, readonly MetricFamily[]> = new Map();

  constructor(host: AlertHost, { lastImpacted, lastFailed }: NamedTrades) {
    this.#host = host;
    this.lastImpacted = lastImpacted;
    this.lastFailed = lastFailed;
  }

  partOf(statistic: string): string | undefined {
    return this.#host.partOf(statistic);
  }

  read(part: string, seconds: number | null, wanted?: Wanted): Readonly<Record<string, Entry>> {
    // Rules read each part once.
    if (wanted !== undefined) return this.#host.read(part, seconds, wanted);
    const key = keyOf({ part, seconds });
    const entries = this.#read.get(key) ?? this.#host.read(part, seconds);
    this.#read.set(key, entries);
    return entries;
  }

  entry(statistic: string, seconds: number | null): Entry | undefined {
    const part = this.partOf(statistic);
    return part === undefined ? undefined : this.read(part, seconds)[statistic];
  }

  families(statistic: string): readonly MetricFamily[] {
    const part = this.partOf(statistic);
    if (part === undefined) return [];
    const families = this.#families.get(part) ?? this.#host.families(part);
    this.#families.set(part, families);
    return families;
  }
}
