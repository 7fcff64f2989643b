import { Agent, get as httpGet } from "node:http";
import type { Attack } from "../attack.ts";

export const scrapers: Attack = {
  name: "scrapers",
  about: "32 scrapers that ask for /metrics again as soon as they have it",
  begin: (port) => {
    const agent = new Agent({ keepAlive: true });
    const scrape = (): void => {
      const again = (): void => void setTimeout(scrape, 1);
      httpGet({ port, host: "127.0.0.1", path: "/metrics", agent }, (response) =>
        response.resume().on("end", again),
      ).on("error", again);
    };
    for (let i = 0; i < 32; i++) scrape();
  },
};
