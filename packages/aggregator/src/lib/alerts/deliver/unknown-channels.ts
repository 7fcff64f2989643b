import type { Rule } from "@slipstream/alerts";
import type { Logger } from "../../logger.ts";

/** Logs which channels rules escalate to that do not exist: nobody would notice before the night on which they are needed. */
export function warnOfUnknownChannels(
  rules: readonly Rule[],
  channels: Iterable<string>,
  logger: Pick<Logger, "warn">,
): void {
  const known = new Set(channels);
  for (const { id, off, escalation } of rules) {
    const unknown = escalation.channels.filter((name) => !known.has(name));
    if (off === null && unknown.length > 0)
      logger.warn(
        { rule: id, channels: unknown, known: [...known] },
        "A rule escalates to channels that are not configured",
      );
  }
}
