import type { SelfBatch } from "@slipstream/engine";
import { z } from "zod";
import type { RecordKind } from "./record-kind.ts";

/** Sinks are few; more than this nobody writes. */
const MOST_SINKS = 256;

const bytes = z.number().min(0);

const schema = z.object({
  sinks: z
    .array(
      z.object({ name: z.string().max(256), up: z.boolean().nullable(), lagSeconds: z.number().nullable() }),
    )
    .max(MOST_SINKS),
  blocksReadable: z.boolean().nullable(),
  log: z.object({ bytes, mostBytes: bytes }).nullable(),
  disk: z.object({ bytes, freeBytes: bytes }).nullable(),
  benchmarks: z.int().min(0).nullable(),
});

/** What the aggregator sees of itself, as JSON: its sinks, the blocks that it reads, its log and its disk. */
export const self: RecordKind<Omit<SelfBatch, "kind">> = {
  name: "self",
  layout: 1,
  encode: (seen) => ({ format: null, compression: null, body: Buffer.from(JSON.stringify(seen)) }),
  decode: ({ body }) => ({ kind: "self", ...schema.parse(JSON.parse(Buffer.from(body).toString())) }),
};
