import { readFileSync } from "node:fs";
import { join } from "node:path";
import { encode } from "@slipstream/testing/otlp-schema";
import { root, trackedFiles } from "../manifests/workspace.ts";
import { run } from "../run.ts";
import { blocksOf } from "./blocks.ts";
import { plan } from "./plan.ts";
import { runPage } from "./run-page.ts";
import { Session } from "./session.ts";

/**
 * Runs every example of every page of the repository as `plan` says.
 *
 * @param project a folder in which the packages are installed
 * @throws Error with, for each page, the line of the first example that does not do what it should, or that has no step
 */
export async function runExamples(project: string): Promise<void> {
  const block = await attackedBlock(project);
  const pages = new Map(pagesWithExamples());
  const faults = Object.keys(plan)
    .filter((page) => !pages.has(page))
    .map((page) => `${page} has no examples any more`);
  // The README's take about as long as all the others.
  const waiting = [...pages.keys()].filter((page) => page !== "README.md");
  const work = async (first?: string): Promise<void> => {
    for (let page = first ?? waiting.shift(); page !== undefined; page = waiting.shift()) {
      await tryPage(page, pages.get(page) ?? "", project, block).catch((error: Error) =>
        faults.push(error.message),
      );
    }
  };
  await Promise.all([work("README.md"), work()]);
  if (faults.length > 0) throw new Error(faults.join("\n\n"));
}

/** The pages of the repository that have examples, with their text. */
export function pagesWithExamples(): readonly (readonly [page: string, markdown: string])[] {
  const pages = trackedFiles().filter((path) => path.endsWith(".md") && !path.includes("/fixtures/"));
  const texts = pages.map((page) => [page, readFileSync(join(root, page), "utf8")] as const);
  return texts.filter(([, markdown]) => blocksOf(markdown).length > 0);
}

async function tryPage(page: string, markdown: string, project: string, block: string): Promise<void> {
  await using session = await Session.open(project, page.replaceAll("/", "-"));
  session.write("block.json", block);
  session.write("traces.pb", oneSpan());
  await runPage(page, markdown, plan[page] ?? [], session);
}

/** A block of the simulated chain that holds a sandwich. */
async function attackedBlock(project: string): Promise<string> {
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", findBlock], {
    cwd: project,
  });
  return stdout;
}

const findBlock = `
  import { openMevWorld } from "@slipstream/simulator";
  import { decodeBlock, detectSandwiches } from "@slipstream/mev";
  import { parseBlockText } from "@slipstream/solana/block";
  const world = openMevWorld({ seed: 7, trades: 500, days: 0.05, attackRate: 0.2 });
  for (const record of world.slots()) {
    const text = JSON.stringify(world.block(record));
    if (text === "null" || detectSandwiches(decodeBlock(parseBlockText(text), null).swaps).sandwiches.length === 0) continue;
    process.stdout.write(text);
    break;
  }
`;

function oneSpan(): Uint8Array {
  const span = {
    traceId: Buffer.alloc(16, 1),
    spanId: Buffer.alloc(8, 1),
    name: "trade.execute",
    startTimeUnixNano: `${Date.now()}000000`,
    endTimeUnixNano: `${Date.now()}000001`,
  };
  return encode("TracesRequest", { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
}
