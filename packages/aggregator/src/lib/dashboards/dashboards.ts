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

/** The dashboard's nine values and their series, to be read. Every method may reject. */
export interface Dashboards {
  /** The `dashboard:*` keys with their values; one that is unknown or expired is absent. */
  current(): Promise<Readonly<Record<string, string>>>;
  /** The instants with `fromMs <= timeMs <= toMs`, ascending. */
  series(fromMs: number, toMs: number): Promise<readonly DashboardPoint[]>;
  /** How many instants are held of the UTC day that begins at `dayMs`. */
  count(dayMs: number): Promise<number>;
}

/**
 * Where they are kept: in memory or in Redis. Writes are absolute values keyed by event time, so writing twice changes
 * nothing. Whoever writes retries.
 */
export interface WritableDashboards extends Dashboards {
  readonly name: string;
  /**
   * Writes instants into the series and, if `current`, the newest of them into the nine keys, which expire after 30 s.
   * `current` is false while catching up and for instants older than one that was written before.
   * @returns how many instants are held now of each day that was written to, which shows lost data.
   */
  write(
    points: readonly DashboardPoint[],
    options: { readonly current: boolean },
  ): Promise<readonly DayCount[]>;
}

/** Seconds after which a key of the nine expires. */
export const currentTtlSeconds = 30;
