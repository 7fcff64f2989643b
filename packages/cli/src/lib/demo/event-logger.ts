import type { Logger } from "@slipstream/aggregator";
import type { EventLog } from "../view/events.ts";

/** How the aggregator's lines begin that tell whether it can read the chain. */
const CHAIN_STATE = "The blocks around the trades";

/** Puts the aggregator's log into the view, for a line printed over the screen would be lost. */
export function eventLogger(events: EventLog): Logger {
  const add = (details: object, message: string): void => {
    const topic = message.startsWith(CHAIN_STATE) ? CHAIN_STATE : undefined;
    events.add(sentence(details, message), Date.now(), topic);
  };
  return { info: add, warn: add, error: add };
}

function sentence(details: object, message: string): string {
  const parts = Object.entries(details).map(([key, value]) => {
    if (value instanceof Error) return value.message;
    return `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`;
  });
  return parts.length === 0 ? message : `${message} (${parts.join(", ")})`;
}
