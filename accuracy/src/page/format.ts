import { nearestRank, wilson } from "@slipstream/stats";

export function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}

/** "99.2 % (97.1 to 99.8), 252 of 254"; "none" if there were no cases. */
export function shareText(hits: number, of: number): string {
  const interval = wilson(hits, of);
  if (interval === undefined) return "none";
  const [low, high] = [interval.low, interval.high].map((end) => Number((100 * end).toFixed(2)));
  return `${percent(hits / of)} (${low} to ${high}), ${number(hits)} of ${number(of)}`;
}

/** "1,234". */
export function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

export function usd(value: number): string {
  const whole = Math.round(value);
  return whole < 0 ? `-${number(-whole)}` : number(whole);
}

export interface ErrorQuantiles {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
  readonly count: number;
}

/** By nearest rank; undefined if there are no values. */
export function errorQuantiles(values: readonly number[]): ErrorQuantiles | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q: number): number => sorted[nearestRank(q, sorted.length) - 1] ?? 0;
  if (sorted.length === 0) return undefined;
  return { median: at(0.5), p95: at(0.95), max: at(1), count: sorted.length };
}

/** Three cells: median, P95, max. */
export function errorCells(values: readonly number[]): readonly string[] {
  const quantiles = errorQuantiles(values);
  if (quantiles === undefined) return ["none", "none", "none"];
  const { median, p95, max } = quantiles;
  return [median, p95, max].map(errorText);
}

export function errorText(value: number): string {
  return value === 0 ? "0" : value.toExponential(1);
}

export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
