import { programTable } from "../programs/program-table.ts";
import type { SwapDecoder } from "../programs/swap-decoder.ts";

/** The page of `docs/` that lists the decoded programs. */
export const mevPage: URL = new URL("../../../../../docs/mev.md", import.meta.url);

const START = "<!-- Made from the decoders by `npm run docs`. -->";
const END = "<!-- End of the decoders. -->";

/**
 * The page with its table of programs made anew.
 * @throws Error if its markers are missing, or if a decoder has no entry in the table or the table has others.
 */
export function withPrograms(page: string, decoders: readonly SwapDecoder[]): string {
  const [before, after] = [page.indexOf(START), page.indexOf(END)];
  if (before === -1 || after < before) throw new Error(`docs/mev.md has no ${START} ... ${END}`);
  return `${page.slice(0, before + START.length)}\n${programsTable(decoders)}\n${page.slice(after)}`;
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
