import type { DashboardInstant } from "@slipstream/engine";

/** An instant of the series, as it was published. */
export interface DashboardPoint {
  /** The 5-second boundary of event time, Unix ms. */
  readonly timeMs: number;
  readonly values: DashboardInstant;
}

/** How many instants of the series a store holds of a UTC day. */
export interface DayCount {
  /** The day's first millisecond, Unix ms. */
  readonly dayMs: number;
  readonly instants: number;
}

/**
 * Where the dashboard's nine values and their series are kept: the embedded store or Redis. Writes are of absolute
 * values keyed by event time, so writing twice changes nothing. Every method may reject; the sink retries.
 */
export interface Dashboards {
  readonly name: string;
  /**
   * Writes instants into the series and, where `current`, the newest of them into the nine keys, which expire after 30 s.
   * `current` is false while catching up and for instants older than one that was written before.
   * @returns how many instants the store holds now of each day that was written to: a store that lost its data tells so.
   */
  write(
    points: readonly DashboardPoint[],
    options: { readonly current: boolean },
  ): Promise<readonly DayCount[]>;
  /** The `dashboard:*` keys with their values; one that is unknown or expired is absent. */
  current(): Promise<Readonly<Record<string, string>>>;
  /** The instants with `fromMs <= timeMs <= toMs`, ascending. */
  series(fromMs: number, toMs: number): Promise<readonly DashboardPoint[]>;
  /** How many instants the store holds of the UTC day that begins at `dayMs`. */
  count(dayMs: number): Promise<number>;
  close(): Promise<void>;
}

/** Seconds after which a key of the nine expires. */
export const currentTtlSeconds = 30;
