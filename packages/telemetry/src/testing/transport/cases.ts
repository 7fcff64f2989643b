import { told } from "./told.ts";

const [server = "", nobody = ""] = process.argv.slice(2);

/** The loopback server. */
export const url: string = server;
/** Of a port that nobody listens on. */
export const closed: string = nobody;

/** What a service without any telemetry does, by what is looked at. */
export type Cases = Readonly<Record<string, () => unknown>>;

/** Runs one case after the other, and prints what came of each. */
export async function runCases(cases: Cases): Promise<void> {
  for (const [name, run] of Object.entries(cases)) {
    const outcome = await told(run);
    console.log(JSON.stringify({ name, outcome }));
  }
}
