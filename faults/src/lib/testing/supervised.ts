import { onTestFinished } from "vitest";
import { Supervisor } from "../crash/supervisor.ts";
import { settings } from "../uninterrupted.ts";

/** A supervisor of a real aggregator on the data directory; it has ended when the test has. */
export function supervised(data: string, env: Readonly<Record<string, string>> = {}): Supervisor {
  const supervisor = new Supervisor({ data, env: { ...settings, ...env } });
  onTestFinished(() => supervisor.stop());
  return supervisor;
}
