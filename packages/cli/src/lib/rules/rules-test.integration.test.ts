import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { shippedRules } from "@slipstream/alerts";
import { testFolder } from "@slipstream/testing/folders";
import { expect, it, onTestFinished } from "vitest";
import { runCli } from "../testing/run-cli.ts";

interface Received {
  readonly path: string;
  readonly body: { readonly data: { readonly isTest: boolean; readonly rule: string } };
}

/** A receiver of webhooks: `/ok` takes all, `/busy` only the second time, `/gone` nothing. */
async function receiver(): Promise<{ readonly url: string; readonly received: Received[] }> {
  const received: Received[] = [];
  let busy = true;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const path = request.url ?? "";
    if (path === "/gone") return response.writeHead(410).end();
    if (path === "/busy" && busy) {
      busy = false;
      return response.writeHead(429, { "retry-after": "1" }).end();
    }
    received.push({ path, body: JSON.parse(Buffer.concat(chunks).toString()) as Received["body"] });
    return response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

function folderWith(channels: object): string {
  const cwd = testFolder();
  writeFileSync(join(cwd, "slipstream.config.ts"), `export default ${JSON.stringify({ channels })};\n`);
  return cwd;
}

const on = shippedRules()
  .filter(({ off }) => off === null)
  .map(({ id }) => id);

it("rules test sends each rule that is on through every channel, whatever its routing, marked as a test", async () => {
  const { url, received } = await receiver();
  const cwd = folderWith({
    hook: { type: "webhook", url: `${url}/ok`, minSeverity: "critical", match: "pair=none" },
    log: { type: "file", path: "alerts.log", format: "text" },
  });
  const { code, stdout, stderr } = await runCli(["rules", "test"], { cwd });
  expect(code).toBe(0);
  expect(received.map(({ body }) => body.data.rule)).toEqual(on);
  expect(received.every(({ body }) => body.data.isTest)).toBe(true);
  const file = readFileSync(join(cwd, "alerts.log"), "utf8");
  expect(file.match(/^\[TEST\] \[/gm)).toHaveLength(on.length);
  // The console is always there.
  expect(stderr).toContain("[TEST] [CRITICAL] High Node Latency Detected\nSolana node P99 latency is 240ms");
  for (const channel of ["console", "hook", "log"]) {
    expect(stdout).toMatch(new RegExp(`^${channel} +\\w+ +${on.length} +0 +0$`, "m"));
  }
});

it("rules test waits as long as a receiver asks for, and ends with 1 if a channel refuses", async () => {
  const { url, received } = await receiver();
  const cwd = folderWith({
    busy: { type: "webhook", url: `${url}/busy` },
    gone: { type: "webhook", url: `${url}/gone` },
  });
  const args = ["rules", "test", "--rule", "memory-high", "mev-budget-hour", "--channel", "busy", "gone"];
  const { code, stdout, stderr } = await runCli([...args, "--json"], { cwd });
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  expect(JSON.parse(stdout)).toEqual({
    channels: [
      {
        channel: "busy",
        type: "webhook",
        answers: [
          { rules: ["memory-high"], outcome: "delivered" },
          { rules: ["mev-budget-hour"], outcome: "delivered" },
        ],
        notSent: [],
      },
      {
        channel: "gone",
        type: "webhook",
        answers: [{ rules: ["memory-high"], outcome: "parked", reason: expect.stringContaining("410") }],
        notSent: ["mev-budget-hour"],
      },
    ],
  });
  expect(received).toHaveLength(2);
});

it("rules test names a rule or a channel that there is not, and what was meant", async () => {
  const cwd = folderWith({});
  expect(await runCli(["rules", "test", "--rule", "memory-hihg"], { cwd })).toMatchObject({
    code: 2,
    stderr: 'slipstream: --rule: there is no rule "memory-hihg"; did you mean memory-high?\n',
  });
  expect(await runCli(["rules", "test", "--channel", "slack"], { cwd })).toMatchObject({
    code: 2,
    stderr: 'slipstream: --channel: there is no channel "slack"; there are: console\n',
  });
});
