import type { ViewEvent } from "../events.ts";
import { clock } from "../format.ts";
import type { Line } from "../style.ts";

/** What happened lately, newest last. */
export function eventLines(events: readonly ViewEvent[], most: number): Line[] {
  return events.slice(-most).map(({ timeMs, text }) => [{ text: `${clock(timeMs)}  `, style: "dim" }, text]);
}
