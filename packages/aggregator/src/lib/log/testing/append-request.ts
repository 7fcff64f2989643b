import type { NewRecord } from "../log.ts";
import { newRecord } from "../records/record-kind.ts";
import { traces } from "../records/traces.ts";

/** A request with a body and a time of receipt that tell it from the others. */
export function request(number: number, bytes = 10_000): NewRecord {
  const body = new Uint8Array(bytes).fill(number % 251);
  return newRecord(traces, number, { format: "protobuf", compression: "gzip", body });
}
