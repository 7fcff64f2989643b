import { inspectData, type LogInspection, missingText, type TradesInspection } from "@slipstream/aggregator";
import { quantity } from "@slipstream/conventions";
import type { Finding } from "./check.ts";

/** How long each is looked at. */
const BUDGET_MS = 3_000;
const MOST_PROBLEMS = 3;

/** Whether what the data folder holds can be read: the log's files, and the trades of the history. Nothing is made or changed. */
export function checkStored(folder: string): Finding[] {
  const { log, trades } = inspectData(folder, BUDGET_MS);
  return [
    ...(log === undefined
      ? []
      : typeof log === "string"
        ? [unreadable("Log", "its folder", log)]
        : logFindings(log)),
    ...(trades === undefined
      ? []
      : [typeof trades === "string" ? unreadable("History", "state.sqlite", trades) : tradesFinding(trades)]),
  ];
}

function logFindings({ positions, problems, ...seen }: LogInspection): Finding[] {
  const check = "Log";
  const { segments, bytes, seenSegments, seenBytes } = seen;
  const isAll = seenSegments === segments;
  const what = isAll
    ? `${quantity(segments, "file")}, ${mib(bytes)}`
    : `the newest ${seenSegments} of ${quantity(segments, "file")} (${mib(seenBytes)} of ${mib(bytes)}) were read in ${BUDGET_MS / 1_000} s`;
  if (problems.length > 0) {
    const more = problems.length - MOST_PROBLEMS;
    const remedy =
      "put back what was there; or start once with slipstream aggregate --salvage, which keeps what can be read and says how many records are lost";
    return problems.slice(0, MOST_PROBLEMS).map((problem, at) => ({
      check,
      outcome: "bad",
      text:
        at === MOST_PROBLEMS - 1 && more > 0 ? `${problem}; and ${quantity(more, "more problem")}` : problem,
      ...(at === 0 && !problem.includes("--salvage") && { remedy }),
    }));
  }
  const range =
    positions === undefined
      ? "no record yet"
      : `records ${positions[0]} to ${positions[1]} are as they were written`;
  return [{ check, outcome: "ok", text: `${what}; ${range}` }];
}

function tradesFinding({ hours, seenHours, seenTrades, missing }: TradesInspection): Finding {
  const check = "History";
  const what =
    seenHours === hours
      ? quantity(seenTrades, "trade")
      : `the newest ${quantity(seenTrades, "trade")} were read in ${BUDGET_MS / 1_000} s, of ${seenHours} of ${quantity(hours, "hour")}`;
  if (missing === undefined) return { check, outcome: "ok", text: `${what}; all can be read` };
  return {
    check,
    outcome: "bad",
    text: `${missingText(missing)}; ${what}`,
    remedy:
      "check the disk. If the log still holds that time: stop the aggregator, move state.sqlite away and start it again, which makes the history again from the log",
  };
}

function unreadable(check: string, what: string, reason: string): Finding {
  return {
    check,
    outcome: "bad",
    text: `${what} cannot be read: ${reason}`,
    remedy: "check the disk; slipstream aggregate says what can be done",
  };
}

function mib(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}
