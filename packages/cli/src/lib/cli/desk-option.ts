import type { HistoryReader } from "@slipstream/aggregator";
import { SlipstreamError } from "@slipstream/conventions";
import { Option } from "commander";

/** `--desk` of the commands that read. Take it out of what the configuration is made of: there it names the aggregator's own desk. */
export function deskOption(): Option {
  return new Option(
    "--desk <name>",
    "the desk whose data to show, as services send it in slipstream.desk (default: the aggregator's own desk)",
  );
}

/**
 * The desk as a history keeps it: undefined for the own one.
 *
 * @param own the configured name of the own desk
 * @throws SlipstreamError `desk_unknown`
 */
export async function deskIn(
  reader: Pick<HistoryReader, "desks">,
  name: string | undefined,
  own: string | undefined,
): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const found = await reader.desks();
  // The history may have rows of it from before it became the own one.
  if (name === (found.own || own)) return undefined;
  if (found.others.includes(name)) return name;
  if (name === own) return undefined;
  throw unknownDesk(name, [found.own, ...found.others]);
}

/** @param known names of the desks that there are; "" is none */
export function unknownDesk(name: string, known: readonly string[]): SlipstreamError {
  // The own desk's name is there twice if another one had it before.
  const names = [...new Set(known)].filter((one) => one !== "").map((one) => JSON.stringify(one));
  const hint =
    names.length === 0
      ? "Only the aggregator's own desk has sent data: leave out --desk."
      : `There are: ${names.join(", ")}. Without --desk, the aggregator's own is shown.`;
  return new SlipstreamError("desk_unknown", `There is no desk ${JSON.stringify(name)}. ${hint}`, {
    field: "desk",
  });
}
