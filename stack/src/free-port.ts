import { createServer } from "node:net";

/** Systems take the ports of outgoing connections from above these. */
const LOWEST = 10_000;
const HIGHEST = 32_000;
const MOST_TRIES = 100;

/**
 * A loopback port that is free now, and that no outgoing connection takes meanwhile. For servers that cannot be told to
 * choose one themselves.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await isPortFree(port)) return port;
  }
  throw new Error(`No free port among ${MOST_TRIES} between ${LOWEST} and ${HIGHEST}.`);
}

/** Whether nothing listens there. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
