import type { Batch, OtlpFormat } from "../decode/model.ts";
import { findFragments } from "./find-fragments.ts";
import { Masking } from "./masking.ts";
import { scrubJson } from "./scrub-json.ts";
import { scrubProtobuf } from "./scrub-protobuf.ts";

/**
 * Overwrites the secrets of an OTLP request with `*` (table: `conventions/secrets`). The body keeps its length and everything
 * else in it. Most bodies hold none, which is found out at a pass over a third of their bytes. A body that is not OTLP is left as it is, as
 * far as it cannot be read.
 *
 * Each step is short: whoever drives it may do other work between two.
 *
 * @returns whether the body was changed
 */
export function* scrubSteps(
  kind: Batch["kind"],
  body: Uint8Array,
  format: OtlpFormat,
): Generator<void, boolean, void> {
  const found = yield* findFragments(body);
  const mayHold = found === undefined || found.length > 0;
  const masking = new Masking(body);
  if (format === "json") {
    // `\u0061pi-key`: no encoder writes letters so, but one may write "=" or "&".
    const isEscaped = masking.bytes.includes("\\u00");
    if (mayHold || isEscaped) yield* scrubJson(masking, isEscaped ? undefined : found);
  } else if (mayHold) yield* scrubProtobuf(masking, kind, found);
  return masking.changed;
}

/** `scrubSteps` at one go. */
export function scrub(kind: Batch["kind"], body: Uint8Array, format: OtlpFormat): boolean {
  const steps = scrubSteps(kind, body, format);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
