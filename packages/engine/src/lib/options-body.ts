import { SlipstreamError } from "@slipstream/conventions";
import { z } from "zod";
import { completeOptions, type EngineOptions } from "./options.ts";

const count = z.int().min(0);
const seconds = z.number().min(0);
const texts = z.array(z.string());

/** Fields that another version has written and this one does not know are left out. */
const schema = z.object({
  rateWindowSeconds: seconds.optional(),
  percentileWindowSeconds: seconds.optional(),
  mevWindowSeconds: seconds.optional(),
  slippageToleranceBps: z.number().optional(),
  capitalUsd: z.number().optional(),
  nodeMethods: z.object({ include: texts.optional(), exclude: texts.optional() }).optional(),
  allowedLatenessMs: seconds.optional(),
  amendmentSeconds: seconds.optional(),
  maxOperations: count.optional(),
  maxServices: count.optional(),
  dedupeSpans: count.optional(),
  jupiterHosts: texts.optional(),
  rpcHosts: texts.optional(),
}) satisfies z.ZodType<{ [Name in keyof EngineOptions]?: unknown }>;

/** The body of a log record that sets the options: all of them, so that a later version's defaults do not change it. */
export function encodeOptions(options: EngineOptions): Uint8Array {
  return Buffer.from(JSON.stringify(options));
}

/**
 * Reads what `encodeOptions` wrote; what is left out has its default.
 *
 * @throws SlipstreamError `invalid_option` where it is something else.
 */
export function decodeOptions(body: Uint8Array): EngineOptions {
  const result = schema.safeParse(jsonOf(body));
  if (result.success) return completeOptions(JSON.parse(JSON.stringify(result.data)));
  const [issue] = result.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw new SlipstreamError("invalid_option", `${field || "Options"} in the log: ${issue?.message}`, {
    field,
  });
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch (cause) {
    throw new SlipstreamError("invalid_option", "Options in the log are no JSON", { cause });
  }
}
