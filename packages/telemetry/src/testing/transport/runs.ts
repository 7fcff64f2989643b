import { join } from "node:path";
import { asJavaScript, installNode } from "@slipstream/testing/service-nodes";
import { afterAll, beforeAll } from "vitest";
import { type Loopback, startLoopback } from "./loopback.ts";
import type { Seen } from "./observe.main.ts";
import { type CasesRun, startCases } from "./start-cases.ts";

/** Runs of one program of cases against a loopback server that ends with the test file. */
export interface Runs {
  /** On a version of Node, or on the one of the tests. */
  run(version: string, observed: boolean, env?: Readonly<Record<string, string>>): Promise<CasesRun>;
  /** What was seen of requests to a path. */
  at(seen: readonly Seen[], path: string): Seen[];
}

export function runsOf(program: string): Runs {
  let sources: ReturnType<typeof asJavaScript> | undefined;
  let loopback: Loopback | undefined;
  beforeAll(async () => {
    sources = asJavaScript("telemetry");
    loopback = await startLoopback();
  });
  afterAll(async () => {
    sources?.remove();
    await loopback?.close();
  });
  return {
    async run(version, observed, env = {}) {
      if (sources === undefined || loopback === undefined) throw new Error("The tests have not begun.");
      const node = version === "current" ? process.execPath : join(await installNode(version), "node");
      const args = [loopback.url, loopback.closedUrl];
      return startCases({ node, folder: sources.folder, program, args, observed, env });
    },
    at: (seen, path) => seen.filter(({ url }) => url === `${loopback?.url}${path}`),
  };
}
