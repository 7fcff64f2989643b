import { type DashboardStatistic, dashboardKey, dashboardValues } from "@slipstream/conventions";
import type { DashboardInstant } from "@slipstream/engine";
import { either, matching, number, openObject, string } from "../stored-form/form.ts";
import type { DashboardPoint } from "./dashboards.ts";

/**
 * A number as a dashboard reads it: a plain decimal, never an exponent. Integers are exact; else six significant digits,
 * at least three of them after the point for numbers from 1,000 up, so that rounding is far below what 0.5 % of truth allows.
 * @returns undefined for what is no number: such a value is unknown.
 */
export function formatDecimal(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (Number.isInteger(value)) return BigInt(value).toString();
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  const text = value.toFixed(Math.min(100, Math.max(3, 5 - exponent)));
  return text.replace(/\.?0+$/, "").replace(/^-0$/, "0");
}

function formatValue(value: number | string | undefined): string | undefined {
  return typeof value === "number" ? formatDecimal(value) : value;
}

/** The nine keys with their texts, in the table's order; undefined where a value is unknown. */
export function currentEntries(values: DashboardInstant): readonly (readonly [string, string | undefined])[] {
  return dashboardValues.map(({ statistic }) => [dashboardKey(statistic), formatValue(values[statistic])]);
}

/** An instant as a member of the series: its time, then what is known, numbers rounded as in the keys. */
export function encodePoint({ timeMs, values }: DashboardPoint): string {
  // The time makes members differ: in a sorted set two instants with equal values would else be one.
  const member: Record<string, string | number> = { time: new Date(timeMs).toISOString() };
  for (const { statistic } of dashboardValues) {
    const value = values[statistic];
    const text = formatValue(value);
    if (text !== undefined) member[statistic] = typeof value === "number" ? Number(text) : text;
  }
  return JSON.stringify(member);
}

/** As `encodePoint` writes it. */
const timeForm = matching("a time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
const memberSchema = openObject({ time: timeForm });
const valueSchema = either(number, string);

/** Reads a member back; undefined for one that this program did not write. */
export function decodePoint(text: string): DashboardPoint | undefined {
  const member = memberSchema.safeParse(parseJson(text)).data;
  if (member === undefined) return undefined;
  const time = new Date(member.time);
  // February 30th has the form of a time, and is one of March for JavaScript.
  const isTime = !Number.isNaN(time.getTime()) && time.toISOString().startsWith(member.time.slice(0, 19));
  if (!isTime) return undefined;
  const values: Partial<Record<DashboardStatistic, number | string>> = {};
  for (const { statistic } of dashboardValues) {
    const value = valueSchema.safeParse(member[statistic]).data;
    if (value !== undefined) values[statistic] = value;
  }
  return { timeMs: time.getTime(), values: values satisfies DashboardInstant };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
