import type { Transition } from "@slipstream/alerts";
import { z } from "zod";

const value = z.union([z.number(), z.string()]).nullable();
const line = z.object({ label: z.string().nullable(), text: z.string() });
const severity = z.enum(["info", "warning", "critical"]);
const stored: z.ZodType<Transition> = z.looseObject({
  key: z.string(),
  alert: z.string(),
  rule: z.string(),
  labels: z.record(z.string(), z.string()),
  episode: z.number(),
  kind: z.enum(["firing", "escalated", "resolved", "acknowledged", "happened", "digest"]),
  severity,
  occurrence: z.number(),
  atMs: z.number(),
  firedMs: z.number(),
  eventMs: z.number().nullable(),
  value,
  worst: value,
  threshold: value,
  unit: z.string(),
  count: z.number(),
  statistic: z.string().nullable(),
  channels: z.array(z.string()),
  closedBy: z.object({ by: z.string(), comment: z.string() }).exactOptional(),
  silenceEnded: z.object({ id: z.string(), comment: z.string() }).exactOptional(),
  lateMs: z.number().exactOptional(),
  text: z.object({
    title: z.string(),
    lines: z.array(line),
    evidence: z.array(line),
    links: z.array(z.object({ name: z.string(), url: z.string() })),
  }),
  desk: z.string().exactOptional(),
});

/** Reads what the outbox keeps of a notification; undefined if it is damaged, or a newer version wrote it in another form. */
export function readTransition(json: string): Transition | undefined {
  try {
    return stored.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
