import { tlsFault } from "../tls-fault.ts";

/** Why QuestDB cannot be reached. @param trust where to name a CA of one's own */
export function reasonOf(error: unknown, trust: string): string {
  const reason = error instanceof Error ? error.message : String(error);
  return tlsFault(error, trust) ?? (reason || "no answer");
}

export const TRUST_HTTP = "name its file in the configuration string: tls_ca=FILE;";
export const TRUST_PG =
  "name its file: tls_ca=FILE; in the configuration string, or sslrootcert=FILE in questdbPg if that is given";
