import { SlipstreamError } from "@slipstream/conventions";
import type { AlertAnswer } from "../client/alerts-schema.ts";

/**
 * The alert that a person means: by its id, or by its rule if only one alert of the rule fires.
 * @throws SlipstreamError `usage` if several may be meant, `failed` if none fires
 */
export function findAlert(alerts: readonly AlertAnswer[], name: string): AlertAnswer {
  const exact = alerts.find(({ id }) => id === name);
  if (exact?.state === "firing") return exact;
  const firing = alerts.filter(({ state }) => state === "firing");
  const ofRule = firing.filter(({ rule }) => rule === name);
  const [found, another] = ofRule;
  if (another !== undefined) {
    const ids = ofRule.map(({ id }) => id).join(", ");
    throw new SlipstreamError("usage", `Several alerts of ${name} fire; name one of them: ${ids}`);
  }
  if (found !== undefined) return found;
  const others = firing.length === 0 ? "none" : firing.map(({ id }) => id).join(", ");
  const state = exact === undefined ? "" : ` (${exact.state.replace("_", " ")})`;
  throw new SlipstreamError(
    "failed",
    `${name} does not fire${state}, so there is nothing to acknowledge or close. Firing: ${others}`,
  );
}
