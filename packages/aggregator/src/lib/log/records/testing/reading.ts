import { z } from "zod";
import type { RecordKind } from "../record-kind.ts";

export interface Reading {
  readonly service: string;
  readonly name: string;
  readonly timeMs: number;
  readonly value: number;
}

const schema = z.object({ service: z.string(), name: z.string(), timeMs: z.number(), value: z.number() });

/** One value of a gauge, from a script that does not speak OTLP. */
export const reading: RecordKind<Reading> = {
  name: "reading",
  layout: 1,
  encode: (value) => ({ format: null, compression: null, body: Buffer.from(JSON.stringify(value)) }),
  decode: ({ body }) => {
    const { service, ...point } = schema.parse(JSON.parse(Buffer.from(body).toString()));
    const resource = { service, desk: "", instance: "" };
    return { kind: "metrics", points: [{ ...point, resource, attributes: {} }], resources: [], refusals: [] };
  },
};
