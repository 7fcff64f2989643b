import { createHash } from "node:crypto";
import { base58 } from "@scure/base";
import { describe, expect, it } from "vitest";
import { swapDecoders } from "./decoders.ts";

const pumpV2 =
  "baseMint quoteMint program program program fee feeQuote buyback buybackQuote POOL VAULT VAULT user userBase userQuote";

const launchLab = "payer authority config platform POOL userBase userQuote VAULT VAULT base quote";

/** Accounts by name, in the order of the programs' own IDLs. What follows the vaults is left out. */
const layouts: readonly [protocol: string, instruction: string, accounts: string, pools: string][] = [
  ["RaydiumCPMM", "swap_base_input", "payer authority config POOL in out VAULT VAULT", "3"],
  ["RaydiumCPMM", "swap_base_output", "payer authority config POOL in out VAULT VAULT", "3"],
  ["RaydiumCLMM", "swap", "payer config POOL in out VAULT VAULT observation token tick", "2"],
  ["RaydiumCLMM", "swap_v2", "payer config POOL in out VAULT VAULT observation token token22 memo", "2"],
  ["OrcaWhirlpool", "swap", "token authority POOL ownA VAULT ownB VAULT tick0", "2"],
  ["OrcaWhirlpool", "swap_v2", "tokenA tokenB memo authority POOL mintA mintB ownA VAULT ownB VAULT", "4"],
  [
    "OrcaWhirlpool",
    "two_hop_swap",
    "token authority POOL POOL ownA VAULT ownB VAULT ownA2 VAULT ownB2 VAULT tick",
    "2 3",
  ],
  [
    "OrcaWhirlpool",
    "two_hop_swap_v2",
    "POOL POOL mintIn mintMid mintOut tokenIn tokenMid tokenOut ownIn VAULT VAULT VAULT VAULT ownOut",
    "0 1",
  ],
  ["PumpAMM", "buy", "POOL user config baseMint quoteMint userBase userQuote VAULT VAULT feeRecipient", "0"],
  ["PumpAMM", "buy_exact_quote_in", "POOL user config base quote userBase userQuote VAULT VAULT", "0"],
  ["PumpAMM", "sell", "POOL user config base quote userBase userQuote VAULT VAULT feeRecipient", "0"],
  ["PumpFun", "buy", "global fee mint POOL CURVE_VAULT userToken user system token", "3"],
  ["PumpFun", "buy_exact_sol_in", "global fee mint POOL CURVE_VAULT userToken user system token", "3"],
  ["PumpFun", "sell", "global fee mint POOL CURVE_VAULT userToken user system creatorVault", "3"],
  ["PumpFun", "buy_v2", `global ${pumpV2}`, "10"],
  ["PumpFun", "buy_exact_quote_in_v2", `global ${pumpV2}`, "10"],
  ["PumpFun", "sell_v2", `global ${pumpV2}`, "10"],
  ["MeteoraDLMM", "swap", "POOL bitmap VAULT VAULT in out mintX mintY", "0"],
  ["MeteoraDLMM", "swap2", "POOL bitmap VAULT VAULT in out mintX mintY", "0"],
  ["MeteoraDLMM", "swap_exact_out", "POOL bitmap VAULT VAULT in out", "0"],
  ["MeteoraDLMM", "swap_exact_out2", "POOL bitmap VAULT VAULT in out", "0"],
  ["MeteoraDLMM", "swap_with_price_impact", "POOL bitmap VAULT VAULT in out", "0"],
  ["MeteoraDLMM", "swap_with_price_impact2", "POOL bitmap VAULT VAULT in out", "0"],
  ["MeteoraDAMMv1", "swap", "POOL in out aVault bVault VAULT VAULT aLpMint bLpMint aLp bLp fee user", "0"],
  ["MeteoraDAMMv2", "swap", "authority POOL in out VAULT VAULT mintA mintB", "1"],
  ["MeteoraDAMMv2", "swap2", "authority POOL in out VAULT VAULT mintA mintB", "1"],
  ["MeteoraDBC", "swap", "authority config POOL in out VAULT VAULT base quote payer", "2"],
  ["MeteoraDBC", "swap2", "authority config POOL in out VAULT VAULT base quote payer", "2"],
  ["RaydiumLaunchLab", "buy_exact_in", launchLab, "4"],
  ["RaydiumLaunchLab", "buy_exact_out", launchLab, "4"],
  ["RaydiumLaunchLab", "sell_exact_in", launchLab, "4"],
  ["RaydiumLaunchLab", "sell_exact_out", launchLab, "4"],
  ["PancakeSwapCLMM", "swap", "payer config POOL in out VAULT VAULT observation token tick", "2"],
  ["PancakeSwapCLMM", "swap_v2", "payer config POOL in out VAULT VAULT observation token token22", "2"],
  ["ByrealCLMM", "swap", "payer config POOL in out VAULT VAULT observation token tick", "2"],
  ["ByrealCLMM", "swap_v2", "payer config POOL in out VAULT VAULT observation token token22", "2"],
  [
    "OpenBookV2",
    "place_take_order",
    "signer payer POOL authority bids asks VAULT VAULT heap base quote",
    "2",
  ],
  ["ObricV2", "swap", "POOL mintX mintY VAULT VAULT userX userY fee feedX feedY user token", "0"],
  ["ObricV2", "swap2", "POOL oracle2 oracle3 VAULT VAULT userX userY oracle feedX feedY user token", "0"],
  ["LifinityV2", "swap", "authority POOL user in out VAULT VAULT mint fee token oracle", "1"],
];

/** Anchor instruction data: the first 8 bytes of the hash, followed by any arguments. */
function dataOf(name: string): string {
  const hash = createHash("sha256").update(`global:${name}`).digest();
  return base58.encode(new Uint8Array([...hash.subarray(0, 8), ...new Uint8Array(40)]));
}

describe("a swap of", () => {
  it.each(layouts)("%s: %s", (protocol, name, list, pools) => {
    const accounts = list.split(" ").map((account, at) => `${account}${at}`);
    const vaults = accounts.filter((account) => account.startsWith("VAULT"));
    const decoder = swapDecoders.find((one) => one.protocol === protocol);
    const place = { place: "", label: "0", program: "", topProgram: "", depth: 1, isInner: false };
    const found = decoder?.recognise({ ...place, accounts, data: dataOf(name) });
    expect(found).toMatchObject(
      pools.split(" ").map((pool, hop) => ({
        pool: `POOL${pool}`,
        ...(list.includes("CURVE_VAULT")
          ? { vault: "CURVE_VAULT4", mint: "mint2", user: "user6" }
          : { vaults: vaults.slice(2 * hop, 2 * hop + 2) }),
      })),
    );
    const [unread] = decoder?.recognise({ ...place, accounts: [], data: dataOf(name) }) ?? [];
    expect(unread).toMatchObject({ pool: null, reason: expect.stringContaining(`${name} needs at least`) });
    expect(decoder?.recognise({ ...place, accounts, data: dataOf("deposit") })).toEqual([]);
  });

  it("each program has a name of its own", () => {
    expect(new Set(swapDecoders.map(({ program }) => program)).size).toBe(swapDecoders.length);
    expect(new Set(swapDecoders.map(({ protocol }) => protocol)).size).toBe(swapDecoders.length);
  });
});
