import { ConfigError } from "@slipstream/config";
import { quantity, SlipstreamError } from "@slipstream/conventions";
import type { ResolvedConfig } from "../config/components.ts";
import type { Finding } from "./check.ts";

const check = "Alert rules";

/** Whether the rules that the configuration sets can be used: what `slipstream rules check` finds. */
export async function checkRules(
  config: Pick<ResolvedConfig, "rules" | "rulesFile" | "mevBudgetUsdPerHour">,
): Promise<Finding> {
  const { loadRules } = await import("../rules/load-rules.ts");
  try {
    const rules = await loadRules(config);
    const on = rules.filter(({ off }) => off === null).length;
    return { check, outcome: "ok", text: `${quantity(rules.length, "rule")}, ${on} of them on` };
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof SlipstreamError)) throw error;
    const text = error.message.replaceAll(/\s*\n\s*/g, " ");
    const remedy = "correct it; slipstream rules check FILE shows each mistake";
    return { check, outcome: "bad", text, remedy };
  }
}
