import { optionError } from "../../option-error.ts";

/**
 * Parses weights of attacker kinds from a command line: "classic=1,bundle=2". A kind without a number has
 * weight 1.
 * @throws SlipstreamError (`invalid_option`) if a weight is not a number.
 */
export function readMix(list: string): Record<string, number> {
  return Object.fromEntries(
    list.split(",").map((entry) => {
      const [kind = "", weight = "1"] = entry.split("=");
      const parsed = Number(weight);
      if (weight.trim() === "" || Number.isNaN(parsed)) {
        throw optionError("--attackers", `must be a number, but is ${JSON.stringify(weight)}`);
      }
      return [kind, parsed];
    }),
  );
}
