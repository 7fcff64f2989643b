import type { Logger } from "@slipstream/aggregator/alerts";
import type { MonitorLogger } from "./logger.ts";

/**
 * The logger of what delivers notifications. A channel of type console logs them too, with their lines: these are printed.
 */
export function deliveryLogger(
  logger: MonitorLogger,
  print: (level: keyof MonitorLogger, text: string) => void,
): Logger {
  const log =
    (level: keyof MonitorLogger) =>
    (details: { readonly text?: unknown }, message: string): void => {
      const { text } = details;
      if (Array.isArray(text)) print(level, [message, ...text].join("\n"));
      else logger[level](`${message} (${detailsText(details)})`);
    };
  return { info: log("info"), warn: log("warn"), error: log("error") };
}

function detailsText(details: object): string {
  return Object.entries(details)
    .map(([key, value]) => `${key}: ${value}`)
    .join(", ");
}
