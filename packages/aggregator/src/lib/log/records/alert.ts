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

const ofEpisode = {
  // An identity has the values of all labels in it.
  alert: z.string().max(65_536),
  episode: z.int().min(0),
  by: name,
  comment,
};

const schema = z.object({
  command: z.discriminatedUnion("command", [
    z.object({ command: z.literal("acknowledge"), ...ofEpisode }),
    z.object({ command: z.literal("close"), ...ofEpisode }),
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

const named = z.object({ command: z.object({ command: z.string() }) });

/** What a person asks of the alerts, as JSON: to acknowledge or close one, to silence some, to end a silence. */
export const alert: RecordKind<Omit<AlertBatch, "kind">> = {
  name: "alert",
  // Layout 1 had no `close`.
  layout: 2,
  layoutOf: ({ body }) => (named.parse(jsonOf(body)).command.command === "close" ? 2 : 1),
  // A silence holds until its end.
  standing: true,
  encode: (asked) => ({ format: null, compression: null, body: Buffer.from(JSON.stringify(asked)) }),
  decode: ({ body }) => ({ kind: "alert", ...decoded(body) }),
};

function decoded(body: Uint8Array): z.infer<typeof schema> {
  return schema.parse(jsonOf(body));
}

function jsonOf(body: Uint8Array): unknown {
  return JSON.parse(Buffer.from(body).toString());
}

function isReadable(one: Matcher): boolean {
  try {
    seriesMatcher([one]);
    return true;
  } catch {
    return false;
  }
}
