import type { CurrentStatistics } from "@slipstream/engine";
import { whole } from "./format.ts";

type Services = CurrentStatistics["services"];
type Gap = NonNullable<Services[string]["gaps"]>[number];

/** How much of what the services' processes ended is in the statistics. */
export interface Coverage {
  /** null where no service numbers its spans. Never 100 while a span is missing. */
  readonly percent: number | null;
  /** Spans that numbered processes ended. */
  readonly ended: number;
  readonly missing: number;
  /** The largest gap of all; undefined where none is. */
  readonly largest: (Gap & { readonly service: string }) | undefined;
  /** Services whose spans carry no numbers. */
  readonly unnumbered: readonly string[];
}

/** Of all services together. */
export function coverageOf(services: Services): Coverage {
  let ended = 0;
  let missing = 0;
  let largest: Coverage["largest"];
  const unnumbered: string[] = [];
  for (const [name, service] of Object.entries(services)) {
    if (service.ended === null || service.missing === null) {
      unnumbered.push(name);
      continue;
    }
    ended += service.ended;
    missing += service.missing;
    for (const gap of service.gaps ?? []) {
      if (largest === undefined || sizeOf(gap) > sizeOf(largest)) largest = { ...gap, service: name };
    }
  }
  return { percent: percentOf(missing, ended), ended, missing, largest, unnumbered };
}

/** The share that is not missing, in percent, rounded down to what is shown: 99.99 where one of a million is missing. */
export function percentOf(missing: number, ended: number): number | null {
  if (ended === 0) return null;
  return missing === 0 ? 100 : Math.min(99.99, (100 * (ended - missing)) / ended);
}

/** "a-1 5,012 to 5,021". */
export function gapText({ instance, from, to }: Gap): string {
  const numbers = from === to ? whole(from) : `${whole(from)} to ${whole(to)}`;
  return instance === "" ? numbers : `${instance} ${numbers}`;
}

function sizeOf({ from, to }: Gap): number {
  return to - from + 1;
}
