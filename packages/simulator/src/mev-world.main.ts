import { parseArgs } from "node:util";
import { hasCode } from "@slipstream/conventions";
import { readMix } from "./lib/mev-world/attackers/read-mix.ts";
import { recordMevWorld } from "./lib/mev-world/recording.ts";
import { openMevWorld } from "./lib/mev-world/world.ts";
import { optionError } from "./lib/option-error.ts";

const usage = `Writes a simulated MEV world into a folder: blocks, swaps, the desk's trades and the truth.
  --out DIR        required
  --seed N --trades N --days N --attack-rate SHARE --protected-share SHARE --noise FACTOR
  --pairs "SOL/USDC,WIF/SOL"
  --attackers "classic=1,bundle=2"
  --blocks trades|all|none`;

const text = { type: "string" } as const;

/** @returns Exit code: 0, 1 (a file could not be written), 2 (an option is invalid). */
async function main(argv: readonly string[]): Promise<number> {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        out: text,
        seed: text,
        trades: text,
        days: text,
        "attack-rate": text,
        "protected-share": text,
        noise: text,
        pairs: text,
        attackers: text,
        blocks: text,
        help: { type: "boolean" },
      },
    });
    if (values.help === true) {
      console.log(usage);
      return 0;
    }
    if (values.out === undefined) throw optionError("--out", "is required: the output folder");
    const { blocks = "trades" } = values;
    if (blocks !== "trades" && blocks !== "all" && blocks !== "none") {
      throw optionError("--blocks", `must be trades, all or none, but is ${JSON.stringify(blocks)}`);
    }
    const world = openMevWorld({
      seed: number("--seed", values.seed),
      trades: number("--trades", values.trades),
      days: number("--days", values.days),
      attackRate: number("--attack-rate", values["attack-rate"]),
      protectedShare: number("--protected-share", values["protected-share"]),
      noise: number("--noise", values.noise),
      pairs: values.pairs?.split(","),
      attackers: values.attackers === undefined ? undefined : readMix(values.attackers),
    });
    console.log(JSON.stringify(await recordMevWorld(world, values.out, { blocks })));
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return hasCode(error, "invalid_option") || error instanceof TypeError ? 2 : 1;
  }
}

function number(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const parsed = Number(value);
  if (value.trim() === "" || Number.isNaN(parsed)) {
    throw optionError(flag, `must be a number, but is ${JSON.stringify(value)}`);
  }
  return parsed;
}

process.exitCode = await main(process.argv.slice(2));
