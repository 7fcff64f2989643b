import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { eventually } from "@slipstream/testing/eventually";
import { expect, onTestFinished, test } from "vitest";
import type { ConnectionsNews } from "./connections.ts";

/** Fewer than 64 connections, the least that is allowed, and what Node itself has open. */
const FILES = 70;

test("a process that runs out of files closes who waits, says so once, and answers", async () => {
  const script = fileURLToPath(new URL("../testing/few-files.main.ts", import.meta.url));
  const limited = `ulimit -n ${FILES}; exec "$0" "$@"`;
  const args = ["-c", limited, process.execPath, "--conditions=slipstream-source", script];
  const child = spawn("sh", args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  const output = createInterface(child.stdout).on("line", (line) => lines.push(line));
  await once(output, "line");
  const port = Number(lines[0]);
  for (let i = 0; i < 3 * FILES; i++) {
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    onTestFinished(() => void socket.destroy());
  }
  const status = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`);
    return (await response.json()) as { full: boolean; limit: number; closed: { files: number } };
  };
  await eventually("it has made room", async () => (await status()).closed.files > 0);
  expect(await status()).toMatchObject({ full: true });
  expect((await status()).limit).toBeLessThan(64);
  const news = lines.slice(1).map((line) => JSON.parse(line) as ConnectionsNews);
  expect(news.filter(({ fault }) => fault?.includes("EMFILE"))).toHaveLength(1);
  expect(child.exitCode).toBeNull();
});
