import type { Finding } from "./check.ts";

const check = "Clock";
/** When this was written: no clock that is right shows less. */
const earliestMs = Date.UTC(2025, 0, 1);
const mostApartMs = 2_000;

export interface ClockComparison {
  /** Whose clock: "Redis". */
  readonly name: string;
  readonly theirMs: number;
  readonly ourMs: number;
}

/** The clock of a server, from the Date header of its answer. */
export function clockOf(
  name: string,
  { dateMs }: { readonly dateMs: number | undefined },
): readonly ClockComparison[] {
  // An HTTP date is in whole seconds; the middle of one is at most half a second off.
  return dateMs === undefined ? [] : [{ name, theirMs: dateMs + 500, ourMs: Date.now() }];
}

/** Event times are those of the services' clocks, so that a clock that is off spoils windows. */
export function checkClock(nowMs: number, others: readonly ClockComparison[]): Finding[] {
  const remedy = "let the machine keep its time with NTP (timedatectl set-ntp true)";
  if (nowMs < earliestMs) {
    return [{ check, outcome: "bad", text: `it shows ${new Date(nowMs).toISOString()}`, remedy }];
  }
  const off = others.filter(({ theirMs, ourMs }) => Math.abs(theirMs - ourMs) > mostApartMs);
  if (off.length === 0) {
    const compared = others.length === 0 ? "nothing to compare it with" : `within 2 s of ${names(others)}`;
    return [{ check, outcome: "ok", text: `${new Date(nowMs).toISOString()}, ${compared}` }];
  }
  return off.map(({ name, theirMs, ourMs }) => {
    const seconds = ((ourMs - theirMs) / 1_000).toFixed(1);
    return { check, outcome: "warn", text: `it is ${seconds} s ahead of that of ${name}`, remedy };
  });
}

function names(others: readonly ClockComparison[]): string {
  return others.map(({ name }) => name).join(" and ");
}
