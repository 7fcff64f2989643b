import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { sharedFolder } from "@slipstream/testing/folders";
import { describe, expect, it } from "vitest";
import { attack, cases } from "./testing/attack.ts";

const program = join(import.meta.dirname, "../../../bin/slipstream.js");
const folder = sharedFolder();

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function slipstream(args: readonly string[], input?: string): Promise<Run> {
  const child: ChildProcess = spawn(process.execPath, [program, "detect", ...args]);
  child.stdin?.end(input ?? "");
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [code, out, err] = await Promise.all([
    ended,
    child.stdout ? text(child.stdout) : "",
    child.stderr ? text(child.stderr) : "",
  ]);
  return { code, out, err };
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** What the victim would have received without the others: 19,743,160 - 19,356,609. */
const loss = { atoms: "386551", token: "TOKEN", ratio: 386_551 / 19_743_160, residual: 0 };

describe("slipstream detect", () => {
  it("prints what the contract says, with --json", async () => {
    const { code, out, err } = await slipstream([file("cases.json", cases), "--json"]);
    expect([code, err]).toEqual([0, ""]);
    const window = { windowMs: 1_200, slotMs: 400, slots: 3 };
    expect(JSON.parse(out)).toEqual({
      cases: [
        {
          case: "attacked",
          swaps: 3,
          sandwiches: [
            {
              front: "tx0:0",
              victims: ["tx1:0"],
              back: "tx2:0",
              label: "feasible",
              loss,
              evidence: expect.arrayContaining([
                "link: signer attacker",
                "state: reserves given",
                "fee: 30 bps (UniswapV2)",
              ]),
            },
          ],
          candidates: [],
          window,
          open: [],
        },
        { case: "quiet", swaps: 2, sandwiches: [], candidates: [], window, open: [] },
      ],
    });
  });

  it("reads standard input, and events without a case", async () => {
    const lines = attack.map((one) => JSON.stringify(one)).join("\n");
    const { code, out } = await slipstream(["-", "--json"], lines);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ cases: [{ case: "stdin", swaps: 3, sandwiches: [{ loss }] }] });
  });

  it("prints a readable report without --json", async () => {
    const { code, out } = await slipstream([file("cases.json", cases)]);
    expect(code).toBe(0);
    expect(out).toContain("attacked: 3 swaps, 1 sandwich, 0 candidates");
    expect(out).toContain(
      "loss    386551 atoms of TOKEN, 1.96 % of what it would have received; residual 0.0e+0",
    );
    expect(out).toContain("1 sandwich (0 intentional), 1 with a replayed loss, in 5 swaps of 2 cases.");
  });

  it("names file and place of what is wrong, and exits with 1", async () => {
    const bad = cases.replace('"19356609"', '"lots"');
    const { code, out, err } = await slipstream([file("bad.json", bad), "--json"]);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(
      /^slipstream: .*bad\.json: \[0\]\.events\[1\]\.amountOut: expected a decimal string, .* received "lots"\n$/,
    );
    expect((await slipstream(["-"], "{")).err).toMatch(/^slipstream: stdin: not valid JSON/);
    expect((await slipstream([file("empty.json", "")])).code).toBe(1);
  });

  it.each([[[]], [["no-such-file"]], [["-", "--window-ms", "many"]], [["-", "--unknown"]]])(
    "exits with 2 where it is used wrongly: %j",
    async (args) => {
      const { code, err } = await slipstream(args);
      expect(code).toBe(2);
      expect(err).toMatch(/^slipstream: /);
    },
  );

  it("explains itself", async () => {
    const { code, out } = await slipstream(["--help"]);
    expect(code).toBe(0);
    expect(out).toContain("--json");
  });
});
