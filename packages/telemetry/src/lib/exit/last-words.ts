import { spawnSync } from "node:child_process";
import { basename } from "node:path";
import type { Batch } from "../export/batch.ts";
import { requestHeaders, type Signal, type SignalSettings } from "../export/http-sender.ts";

/** What an exiting process still has to send, and where to. */
export interface LastWords {
  readonly requestSettings: SignalSettings;
  readonly requests: readonly { readonly signal: Signal; readonly batch: Batch }[];
  /** Called if they were not delivered. Must not throw. */
  readonly onUndelivered: () => void;
}

/**
 * Runs in a separate process, which exits with 1 if something was not accepted. It reads what to send from standard input: a line of JSON, then the bodies.
 * Plain CommonJS that any Node version runs. It tries each body until it is accepted, refused permanently, or
 * the time is up.
 */
const SENDER = `
const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk)).on("end", async () => {
  const input = Buffer.concat(chunks);
  const lineEnd = input.indexOf(10);
  let at = lineEnd + 1;
  for (const { url, headers, length } of JSON.parse(input.subarray(0, lineEnd).toString())) {
    const body = input.subarray(at, (at += length));
    const { request } = require(url.startsWith("https:") ? "node:https" : "node:http");
    const attempt = () => new Promise((resolve) => {
      const req = request(url, { method: "POST", headers }, (res) => {
        res.resume().on("end", () => resolve(res.statusCode)).on("error", () => resolve(0));
      });
      req.on("error", () => resolve(0)).end(body);
    });
    let status = 0;
    for (let tries = 0; ; tries += 1) {
      status = await attempt();
      if (status === 0 && tries >= 2) process.exit(1);
      if (status !== 0 && status !== 408 && status !== 429 && status < 500) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    if (status < 200 || status >= 300) process.exitCode = 1;
  }
});
`;

/**
 * Delivers when the event loop no longer runs: nothing asynchronous runs in the 'exit' event, which follows
 * an uncaught error or `process.exit`. Takes at most `timeoutMs`. Never throws.
 */
export function sendLastWords(words: readonly LastWords[], timeoutMs: number): void {
  const requests = words.flatMap(({ requestSettings, requests: list }) =>
    list.map(({ signal, batch }) => ({
      url: requestSettings[signal].url.href,
      // Never compressed, because there is no time.
      headers: requestHeaders(requestSettings[signal].headers, "none", batch.body.length),
      length: batch.body.length,
      body: batch.body,
    })),
  );
  if (requests.length === 0) return;
  if (isNode(process.execPath) && wasSent(requests, timeoutMs)) return;
  for (const { requests: list, onUndelivered } of words) if (list.length > 0) onUndelivered();
}

interface Request {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly length: number;
  readonly body: Uint8Array;
}

function wasSent(requests: readonly Request[], timeoutMs: number): boolean {
  try {
    const line = JSON.stringify(requests.map(({ url, headers, length }) => ({ url, headers, length })));
    // Not on the command line: the headers contain a token, and every user of the machine can see arguments.
    const { status } = spawnSync(process.execPath, ["-e", SENDER], {
      input: Buffer.concat([Buffer.from(`${line}\n`), ...requests.map(({ body }) => body)]),
      env: childEnvironment(),
      timeout: timeoutMs,
      killSignal: "SIGKILL",
      stdio: ["pipe", "ignore", "ignore"],
      windowsHide: true,
    });
    return status === 0;
  } catch {
    return false;
  }
}

/**
 * Whether a program accepts `-e SCRIPT` like node. A service packed into a single executable would be started
 * a second time, and trade.
 */
export function isNode(program: string): boolean {
  return /^node(?:js)?[\d.]*(?:\.exe)?$/i.test(basename(program));
}

/** Without variables that would load the service's own instrumentation, or a debugger, into the sender. */
function childEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...env } = process.env;
  return env;
}
