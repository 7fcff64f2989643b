import { type Matcher, seriesMatcher } from "@slipstream/alerts";
import type { AlertBatch } from "@slipstream/engine";
import { z } from "zod";
import type { RecordKind } from "./record-kind.ts";

const MOST_MATCHERS = 64;
const name = z.string().max(1_024);
const comment = z.string().max(4_096);

const matcher = z
  .object({ label: name, operator: z.enum(["=", "!=", "=~", "!~"]), value: name })
  .refine(isReadable, "not a regular expression");

const schema = z.object({
  command: z.discriminatedUnion("command", [
    z.object({
      command: z.literal("acknowledge"),
      // An identity has the values of all labels in it.
      alert: z.string().max(65_536),
      episode: z.int().min(0),
      by: name,
      comment,
    }),
    z.object({
      command: z.literal("silence"),
      id: name,
      matchers: z.array(matcher).max(MOST_MATCHERS),
      untilMs: z.number(),
      by: name,
      comment,
    }),
    z.object({ command: z.literal("expire"), id: name }),
  ]),
  desk: name.exactOptional(),
});

/** What a person asks of the alerts, as JSON: to acknowledge one, to silence some, to end a silence. */
export const alert: RecordKind<Omit<AlertBatch, "kind">> = {
  name: "alert",
  layout: 1,
  // A silence holds until its end.
  standing: true,
  encode: (asked) => ({ format: null, compression: null, body: Buffer.from(JSON.stringify(asked)) }),
  decode: ({ body }) => ({ kind: "alert", ...schema.parse(JSON.parse(Buffer.from(body).toString())) }),
};

function isReadable(one: Matcher): boolean {
  try {
    seriesMatcher([one]);
    return true;
  } catch {
    return false;
  }
}
