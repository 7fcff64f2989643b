import { gzipSync, zstdCompressSync } from "node:zlib";
import type { FuzzTarget } from "@slipstream/testing/fuzz-target";
import { Turns } from "../../pipeline/turns.ts";
import { HttpError } from "../../server/http-error.ts";
import { decode } from "../decode.ts";
import { InFlightLimit } from "../in-flight.ts";
import { Inflater } from "../inflate.ts";
import { tracesBody, tracesJsonBody, tradeSpan } from "./bodies.ts";

// A body as it comes in, compressed or not: it is taken, or refused with a status and a reason. The first byte says how.

const MAX_BODY_BYTES = 4 * 1024 * 1024;
const compressions = ["none", "gzip", "zstd"] as const;
const turns = new Turns(1_000);
const inflater = new Inflater(MAX_BODY_BYTES, turns);
const limit = new InFlightLimit({ bytes: 64 * 1024 * 1024, items: 200_000 });

const inForm = (form: number, body: Uint8Array): Buffer => Buffer.concat([Buffer.of(form), body]);

export const target: FuzzTarget = {
  seeds: () => {
    const [json, protobuf] = [Buffer.from(tracesJsonBody(tradeSpan())), tracesBody(tradeSpan())];
    const dense = Buffer.from(`{"resourceSpans":[${"{},".repeat(20_000)}{}]}`);
    return [
      ...[json, dense].flatMap((body) => [
        inForm(0, body),
        inForm(1, gzipSync(body)),
        inForm(2, zstdCompressSync(body)),
      ]),
      ...[inForm(6, protobuf), inForm(7, gzipSync(protobuf)), inForm(8, zstdCompressSync(protobuf))],
      inForm(3, dense),
    ];
  },
  tokens: [gzipSync(""), zstdCompressSync(""), gzipSync("{}"), Buffer.from("184d2a5002000000", "hex")],
  run: async (input) => {
    const form = input[0] ?? 0;
    const compression = compressions[form % 3] ?? "none";
    const kind = Math.floor(form / 3) % 2 === 0 ? "traces" : "metrics";
    const inFlight = limit.open();
    try {
      const body = await inflater.inflate(Buffer.from(input.subarray(1)), compression);
      await turns.run(decode(kind, body, form < 6 ? "json" : "protobuf", inFlight));
    } catch (error) {
      if (!(error instanceof HttpError) || error.status >= 500) throw error;
    } finally {
      inFlight.release();
    }
    if (limit.bytes !== 0 || limit.items !== 0) throw new Error("something is left in flight");
  },
};
