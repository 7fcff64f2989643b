import { Redis } from "ioredis";
import type { Series } from "../aggregator/stored-series.ts";

/** The dashboards' series of all days in a Redis; undefined if it does not answer. */
export async function redisSeries(url: string): Promise<Series | undefined> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  client.on("error", () => {});
  try {
    const days = await client.keys("dashboard:timeseries:*");
    const members = await Promise.all(days.sort().map((day) => client.zrange(day, "0", "-1")));
    const points = members.flat().map((member) => JSON.parse(member) as Record<string, unknown>);
    return new Map(points.map(({ time, ...values }) => [Date.parse(String(time)), values]));
  } catch {
    return undefined;
  } finally {
    client.disconnect();
  }
}
