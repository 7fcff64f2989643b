import { createServer } from "node:net";
import type { Finding } from "./check.ts";

const check = "Port";

/** @param running Whether an aggregator of ours answers on this port. */
export async function checkPort(host: string, port: number, running: boolean): Promise<Finding> {
  const place = `${port} on ${host}`;
  if (port === 0) return { check, outcome: "ok", text: "any free one" };
  const code = await tryListen(host, port);
  if (code === undefined) return { check, outcome: "ok", text: `${place} is free` };
  if (code === "EADDRINUSE") {
    return running
      ? { check, outcome: "ok", text: `${place} is the running aggregator's` }
      : {
          check,
          outcome: "bad",
          text: `${place} is in use by another program`,
          remedy: "choose another with --port N (SLIPSTREAM_PORT), 0 for any free one",
        };
  }
  return {
    check,
    outcome: "bad",
    text: `cannot listen on ${place}: ${code}`,
    remedy: code === "EACCES" ? "choose a port above 1023" : "choose an address of this machine with --host",
  };
}

function tryListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
