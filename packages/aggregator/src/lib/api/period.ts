import { z } from "zod";
import { badQuery, type Parameter } from "../server/parameters.ts";

/** A period, Unix ms: [fromMs, toMs). */
export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

type Time = Parameter & { readonly schema: z.ZodType<string | undefined> };

const time = z.iso.datetime({ offset: true }).or(z.iso.date()).optional();
const allowed = "a time such as 2026-03-01T10:30:00Z (a + in a URL is %2B), or a date";

/** The parameters `from` and `to`. @param usual The length of the period without `from`, in words. */
export function periodParameters(usual: string): { readonly from: Time; readonly to: Time } {
  return {
    from: { schema: time, allowed, about: `Start. Default: ${usual} before \`to\`.` },
    to: { schema: time, allowed, about: "End. Default: now." },
  };
}

/**
 * @param usualMs The length of the period without `from`.
 * @param nowMs Its end without `to`.
 * @throws HttpError 400 if it ends before it starts
 */
export function periodOf(
  { from, to }: { readonly from: string | undefined; readonly to: string | undefined },
  usualMs: number,
  nowMs: number,
): Period {
  const toMs = to === undefined ? nowMs : Date.parse(to);
  const fromMs = from === undefined ? toMs - usualMs : Date.parse(from);
  if (fromMs >= toMs) throw badQuery("from", "must be before to");
  return { fromMs, toMs };
}
