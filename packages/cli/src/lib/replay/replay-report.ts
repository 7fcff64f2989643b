import { BEGINNING, isAfter, printPosition, type Replay } from "@slipstream/aggregator";
import { quantity } from "@slipstream/conventions";
import { fixed } from "../view/format.ts";
import { latencyLines } from "../view/sections/latency.ts";
import { moneyLines } from "../view/sections/money.ts";
import { serviceLines } from "../view/sections/services.ts";
import { tradeLines } from "../view/sections/trades.ts";
import { paintFor, paintLine } from "../view/style.ts";

/** What a replay found, for programs: the answer of `/api/current`, and what was read. */
export function replayJson(replay: Replay): string {
  const { current, records, missing, spans, base, position, seconds } = replay;
  return JSON.stringify(
    {
      ...current,
      replay: {
        base: Number(printPosition(base)),
        position: Number(printPosition(position)),
        records,
        missing,
        spans,
        seconds,
        ...received(replay),
      },
    },
    undefined,
    2,
  );
}

/** What a replay found, for people. @param desk whose statistics `replay.current` are; undefined: the own desk's */
export function replayReport(replay: Replay, columns: number, desk?: string): string {
  const { current, others, records, spans, base, position, missing, seconds } = replay;
  const { firstReceived, lastReceived } = received(replay);
  const head = [
    `${quantity(records, "record")} with ${quantity(spans, "span")}, up to position ${printPosition(position)}, in ${fixed(seconds, 1)} s`,
    ...(firstReceived === null ? [] : [`received from ${firstReceived} to ${lastReceived}`]),
    ...(missing === 0
      ? []
      : [`the log lacks ${quantity(missing, "record")}, which were lost: these statistics are without them`]),
    ...(!isAfter(base, BEGINNING)
      ? []
      : [
          `what came before position ${printPosition(base)} is from a checkpoint: the log no longer holds it`,
        ]),
    ...(others.size === 0
      ? []
      : [
          `of ${quantity(others.size + 1, "desk")}; below is ${desk === undefined ? "the aggregator's own" : `"${desk}"`}, and --desk shows another`,
        ]),
    `data up to ${current.time ?? "nothing"}`,
  ];
  const snapshot = { current };
  const lines = [
    ...tradeLines(snapshot),
    [],
    ...latencyLines(snapshot, Number.POSITIVE_INFINITY),
    [],
    ...moneyLines(snapshot),
    [],
    ...serviceLines(snapshot, Number.POSITIVE_INFINITY),
  ];
  const paint = paintFor(process.stdout.isTTY && !process.env.NO_COLOR);
  return [...head, "", ...lines.map((line) => paintLine(line, columns, paint))].join("\n");
}

function received({ receivedMs }: Replay): { firstReceived: string | null; lastReceived: string | null } {
  const iso = (ms: number | undefined): string | null =>
    ms === undefined ? null : new Date(ms).toISOString();
  return { firstReceived: iso(receivedMs?.first), lastReceived: iso(receivedMs?.last) };
}
