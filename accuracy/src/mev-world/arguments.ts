import { parseArgs } from "node:util";
import { defaultMix, type MevWorldOptions, readMix } from "@slipstream/simulator";

export type WorldArguments = Required<
  Pick<
    MevWorldOptions,
    "seed" | "trades" | "days" | "attackRate" | "noise" | "attackers" | "creatorFeeShare" | "transferShare"
  >
>;

/** `--seed N --trades N --days N --rate SHARE --noise FACTOR --attackers "classic=1,bundle=2"` of the command line. */
export function worldArguments(): WorldArguments {
  const text = (value: string): { type: "string"; default: string } => ({ type: "string", default: value });
  const { values } = parseArgs({
    options: {
      seed: text("1"),
      trades: text("100000"),
      days: text("10"),
      rate: text("0.02"),
      noise: text("1"),
      attackers: { type: "string" },
      "creator-fees": text("0"),
      transfers: text("0"),
    },
  });
  return {
    seed: Number(values.seed),
    trades: Number(values.trades),
    days: Number(values.days),
    attackRate: Number(values.rate),
    noise: Number(values.noise),
    attackers: values.attackers === undefined ? defaultMix : readMix(values.attackers),
    creatorFeeShare: Number(values["creator-fees"]),
    transferShare: Number(values.transfers),
  };
}
