import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const program = join(import.meta.dirname, "program.ts");
const preloaded = import.meta.resolve("@slipstream/testing/print-loaded");

it("a command loads what it needs only when it runs: the program starts without rules of alerts and without a client", async () => {
  const args = ["--conditions=slipstream-source", `--import=${preloaded}`, program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 });
  const ours = stdout.split("\n").flatMap((url) => /\/packages\/([^/]+\/src\/.*)$/.exec(url)?.slice(1) ?? []);
  expect(ours).toContain("cli/src/lib/cli/commands/silence.ts");
  expect(ours).toContain("alerts/src/matchers.ts");
  const needless = /^(alerts\/src\/index|cli\/src\/lib\/(client\/aggregator-client|rules\/load))/;
  expect(ours.filter((path) => needless.test(path))).toEqual([]);
});
