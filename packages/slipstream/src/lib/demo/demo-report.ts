import type { Summary } from "@slipstream/simulator";
import { dollars, whole } from "../view/format.ts";
import type { Counted } from "./counted.ts";

/** Whether the aggregator counted exactly what the desk did. */
export function agrees(desk: Summary, counted: Counted): boolean {
  const truth = ofDesk(desk);
  return (Object.keys(truth) as (keyof Counted)[]).every((key) => truth[key] === counted[key]);
}

/** The end of a demo, for people. */
export function demoReport(desk: Summary, counted: Counted): string {
  const line = (who: string, { success, failed, priorityFeesLamports, pnlMicroUsd }: Counted): string =>
    `${who} ${whole(success + failed)} trades: ${whole(success)} ok, ${whole(failed)} failed; ` +
    `priority fees ${whole(priorityFeesLamports)} lamports; PnL ${dollars(pnlMicroUsd / 1e6)}`;
  const lost = desk.telemetry.droppedSpans + desk.telemetry.rejectedSpans;
  return [
    line("The desk made         ", ofDesk(desk)),
    line("The aggregator counted", counted),
    agrees(desk, counted)
      ? "They agree."
      : `They do not agree: ${whole(lost)} spans were lost on the way (${desk.telemetry.lastError ?? "no error was told"}).`,
  ].join("\n");
}

function ofDesk({ success, failed, priorityFeesLamports, pnlUsd }: Summary): Counted {
  return { success, failed, priorityFeesLamports, pnlMicroUsd: Math.round(pnlUsd * 1e6) };
}
