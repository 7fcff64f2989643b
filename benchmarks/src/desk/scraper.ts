import { Agent, get } from "node:http";

const EVERY_MS = 5_000;
/** As Prometheus asks. */
const ACCEPT =
  "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4," +
  "text/plain;version=1.0.0;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1";

/** Reads /metrics of an aggregator every 5 seconds, over one connection. @returns what ends it */
export function scrape(url: string): () => void {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const timer = setInterval(() => {
    const headers = { accept: ACCEPT, "accept-encoding": "gzip" };
    get(`${url}/metrics`, { agent, headers }, (response) => response.resume()).on("error", () => {});
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    agent.destroy();
  };
}
