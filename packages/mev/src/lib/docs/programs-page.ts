import { withGeneratedPart } from "@slipstream/testing/generated-part";
import { programTable } from "../programs/program-table.ts";
import type { SwapDecoder } from "../programs/swap-decoder.ts";

/** The page of `docs/` that lists the decoded programs. */
export const mevPage: URL = new URL("../../../../../docs/mev.md", import.meta.url);

/**
 * The page with its table of programs made anew.
 * @throws Error if its markers are missing, or if a decoder has no entry in the table or the table has others.
 */
export function withPrograms(page: string, decoders: readonly SwapDecoder[]): string {
  return withGeneratedPart(page, "docs/mev.md", "decoders", programsTable(decoders));
}

function programsTable(decoders: readonly SwapDecoder[]): string {
  const programs = new Map(decoders.map(({ protocol, program }) => [protocol, program]));
  const rows = programTable.map(({ protocol, name, swaps, loss, since, source }) => {
    const program = programs.get(protocol);
    if (program === undefined) throw new Error(`program-table.ts: no decoder is called ${protocol}`);
    programs.delete(protocol);
    return `| ${name} | \`${protocol}\` | \`${program}\` | ${swaps} | ${loss} | ${since ?? "unknown"} | ${source} |`;
  });
  const missing = [...programs.keys()];
  if (missing.length > 0) throw new Error(`program-table.ts: no entry for ${missing.join(", ")}`);
  return [
    "| program | protocol | address | swaps | loss | on chain since | source |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
