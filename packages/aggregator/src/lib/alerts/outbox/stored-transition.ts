import type { Transition } from "@slipstream/alerts";
import {
  absentOr,
  array,
  either,
  type Form,
  number,
  object,
  oneOf,
  openObject,
  record,
  string,
} from "../../stored-form/form.ts";

const value = either(number, string).nullable();
const line = object({ label: string.nullable(), text: string });
const severity = oneOf(["info", "warning", "critical"]);
const stored: Form<Transition> = openObject({
  key: string,
  alert: string,
  rule: string,
  labels: record(string),
  episode: number,
  kind: oneOf(["firing", "escalated", "resolved", "acknowledged", "happened", "digest"]),
  severity,
  occurrence: number,
  atMs: number,
  firedMs: number,
  eventMs: number.nullable(),
  value,
  worst: value,
  threshold: value,
  unit: string,
  count: number,
  statistic: string.nullable(),
  channels: array(string),
  closedBy: absentOr(object({ by: string, comment: string })),
  silenceEnded: absentOr(object({ id: string, comment: string })),
  lateMs: absentOr(number),
  text: object({
    title: string,
    lines: array(line),
    evidence: array(line),
    links: array(object({ name: string, url: string })),
  }),
  desk: absentOr(string),
});

/** Reads what the outbox keeps of a notification; undefined if it is damaged, or a newer version wrote it in another form. */
export function readTransition(json: string): Transition | undefined {
  try {
    return stored.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
