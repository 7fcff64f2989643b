import type { Logger } from "../../../logger.ts";
import { layoutOf } from "../../text/layout.ts";
import { plainMessage } from "../../text/message-layout.ts";
import type { Channel, Message } from "../channel.ts";
import type { ChannelContext } from "../channel-context.ts";

/** Prints notifications as text if somebody reads it, and writes them to the log otherwise, a line each. */
export function createConsole(
  name: string,
  { logger, print }: Pick<ChannelContext, "logger" | "print">,
): Channel {
  return {
    name,
    type: "console",
    mostTogether: 100,
    send(message) {
      if (print === undefined) log(logger, message);
      else print(`${plainMessage(message)}\n\n`);
      return Promise.resolve({ outcome: "delivered" });
    },
  };
}

function log(logger: Logger, { notifications, more, collapsed, lateMs, isTest }: Message): void {
  for (const transition of notifications) {
    const { key, alert, kind, severity, labels, value, unit, threshold, count, desk } = transition;
    const { heading, lines } = layoutOf(transition, isTest);
    const of = { key, alert, kind, severity, labels, unit, threshold, count, text: lines };
    const details = { ...of, value: typeof value === "number" ? Number(value.toPrecision(6)) : value };
    const entry = {
      ...details,
      ...(desk !== undefined && { desk }),
      ...(lateMs !== undefined && { lateMs }),
    };
    if (kind === "resolved" || severity === "info") logger.info(entry, heading);
    else if (severity === "critical") logger.error(entry, heading);
    else logger.warn(entry, heading);
  }
  if (more > 0 || collapsed > 0) logger.warn({ more, collapsed }, "There were more alerts than are shown");
}
