import type { TradeLabel } from "@slipstream/conventions";
import type { ViewEvent } from "./events.ts";
import { clock } from "./format.ts";
import { alertLines } from "./sections/alerts.ts";
import { callLines } from "./sections/calls.ts";
import { eventLines } from "./sections/events.ts";
import { groupLines } from "./sections/groups.ts";
import { healthLines } from "./sections/health.ts";
import { latencyLines } from "./sections/latency.ts";
import { moneyLines } from "./sections/money.ts";
import { tradeLines } from "./sections/trades.ts";
import type { Snapshot } from "./snapshot.ts";
import { type Line, type Paint, paintLine } from "./style.ts";

export interface View {
  /** What runs here: "demo" or "top". */
  readonly title: string;
  readonly endpoint: string;
  /** The newest snapshot, undefined before the first. */
  readonly snapshot: Snapshot | undefined;
  /** Why there is no newer one; undefined where there is. */
  readonly away: string | undefined;
  readonly events: readonly ViewEvent[];
  readonly nowMs: number;
  /** What trades are shown by; if undefined, by pair, and only if there is room. */
  readonly by?: TradeLabel | undefined;
}

export interface ViewSize {
  readonly columns: number;
  readonly rows: number;
}

/** The head, a line of latency's own, the foot. */
const frameRows = 4;
const roomy = 24;
/** Empty lines between the sections if there is room. */
const MOST_GAPS = 6;
/** Alerts that are listed if there is room. */
const MOST_ALERTS = 6;

/** The view as lines that fit. */
export function renderView(view: View, { columns, rows }: ViewSize, paint: Paint): string[] {
  const lines: Line[] = [headLine(view, columns), awayLine(view)];
  const { snapshot } = view;
  if (snapshot !== undefined) {
    // What the fixed lines leave is shared: most of it to the operations, then services, then events.
    const trades = tradeLines(snapshot);
    const money = moneyLines(snapshot);
    const alerts = alertLines(snapshot, rows > roomy ? MOST_ALERTS : 1);
    const gaps = rows > roomy ? MOST_GAPS : 0;
    const fixedRows =
      frameRows + gaps + alerts.length + trades.length + money.length + healthLines(snapshot, 0).length;
    const spare = Math.max(4, rows - fixedRows);
    const services = Math.min(
      Math.max(1, Object.keys(snapshot.current.services).length),
      Math.ceil(spare / 4),
    );
    const events = Math.max(1, Math.min(view.events.length, Math.floor(spare / 4)));
    const mostGroups = view.by !== undefined || rows > roomy ? Math.max(2, Math.floor(spare / 4)) : 0;
    const groups = groupLines(snapshot, view.by ?? "pair", mostGroups);
    const calls = view.by === "service" ? callLines(snapshot, Math.max(1, Math.floor(mostGroups / 2))) : [];
    const operations = Math.max(2, spare - services - events - groups.length - calls.length);
    const gap: Line[] = rows > roomy ? [[]] : [];
    lines.push(...alerts, ...(alerts.length > 0 ? gap : []));
    lines.push(...trades, ...gap, ...latencyLines(snapshot, operations), ...gap);
    lines.push(
      ...groups,
      ...calls,
      ...(groups.length > 0 ? gap : []),
      ...money,
      ...gap,
      ...healthLines(snapshot, services),
    );
    lines.push(...eventLines(view.events, events));
  }
  const foot: Line = [
    // The legend first, so that a narrow terminal does not cut it off.
    { text: `* few samples  ! beyond target  q quits  metrics ${view.endpoint}/metrics`, style: "dim" },
  ];
  const body = lines.slice(0, Math.max(0, rows - 1));
  return [...body, foot].map((line) => paintLine(line, columns, paint));
}

function headLine({ title, endpoint, snapshot, nowMs }: View, columns: number): Line {
  const time = snapshot?.current.time;
  const age = time === null || time === undefined ? "no data yet" : `data up to ${clock(Date.parse(time))}`;
  const right = `${age}   ${clock(nowMs)} UTC`;
  // Where there is no room for the address, the last line still has it.
  const name = `Slipstream ${title}`;
  const long = `${name}  ${endpoint}`;
  const left = long.length + 2 + right.length <= columns ? long : name;
  return [{ text: left, style: "bold" }, `  ${right}`.padStart(columns - left.length)];
}

function awayLine({ away, snapshot }: View): Line {
  if (away !== undefined) return [{ text: away, style: "bad" }];
  return snapshot === undefined ? ["connecting ..."] : [];
}
