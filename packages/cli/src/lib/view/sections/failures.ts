import { whole } from "../format.ts";
import { labelValues, member, type WithCurrent } from "../snapshot.ts";

/** Reasons that are named; the rest is summed. */
const MOST_NAMED = 4;

/** "expired 12, slippage 3": why trades failed since the log began, the most frequent reason first; empty if none did. */
export function failureCounts(
  snapshot: WithCurrent,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): string {
  const counts = labelValues(snapshot, name, "reason").flatMap((reason) => {
    const value = member(snapshot, name, { ...labels, reason })?.value;
    return typeof value === "number" && value > 0 ? [{ reason, value }] : [];
  });
  const sorted = counts.toSorted((a, b) => b.value - a.value);
  const rest = sorted.slice(MOST_NAMED).reduce((sum, { value }) => sum + value, 0);
  const texts = sorted
    .slice(0, MOST_NAMED)
    .map(({ reason, value }) => `${reason.replaceAll("_", " ")} ${whole(value)}`);
  return [...texts, ...(rest > 0 ? [`others ${whole(rest)}`] : [])].join(", ");
}
