/** What the documentation says of a decoded program, beside its address. */
export interface ProgramFacts {
  /** As in its decoder. */
  readonly protocol: string;
  readonly name: string;
  /** Instructions that are read as swaps, and how if not by the two vaults that they list. */
  readonly swaps: string;
  readonly loss: string;
  /** The first day with swaps, or with the program, on the chain; null if no source says. */
  readonly since: string | null;
  /** Where address and layout are from, with the date of the copy that was read. */
  readonly source: string;
}

const oneRange = "replayed within one range, and over two if the swaps tell the liquidity of both";
const quoted = "not replayable: the maker's quotes are not in the swaps";
const book = "not replayable: other traders' orders are not in the swaps";
const curve = "not replayable: the curve's virtual reserves and its fee are not in the swaps";

const spellbook = "spellbook (2026-08-21)";
const finder = "sandwich-finder (2025-10-21)";
const okx = "okx (2025-11-14)";
/** kGo2toyarf9z8UX2ajqcG3vU8JEcjXhfQYLeGceY9GjGmbtThC8gStH6MeBu1YAwuweWT1j6ohdWHeMT1HRqjYT: LaunchLab, SolFi V2, HumidiFi. */
const routed = "a real transaction (2025-10-06)";
const beethoven = "beethoven (read 2026-11-29)";

/** Every program that has a decoder, in the order of the documentation. */
export const programTable: readonly ProgramFacts[] = [
  {
    protocol: "RaydiumV4",
    name: "Raydium v4",
    swaps: "swap base in, swap base out, and their versions 2",
    loss: "replayed",
    since: "2021-03-21",
    source: "raydium-io/raydium-amm",
  },
  {
    protocol: "RaydiumCPMM",
    name: "Raydium CPMM",
    swaps: "swap_base_input, swap_base_output",
    loss: "replayed, with the fees that its swaps follow",
    since: "2024-05-16",
    source: "raydium-io/raydium-idl",
  },
  {
    protocol: "RaydiumCLMM",
    name: "Raydium CLMM",
    swaps:
      "swap, swap_v2, swap_router_base_in (one swap per pool, found from the token transfers: the pools are listed among a varying number of tick arrays)",
    loss: oneRange,
    since: null,
    source: "raydium-io/raydium-idl, raydium-io/raydium-clmm",
  },
  {
    protocol: "RaydiumLaunchLab",
    name: "Raydium LaunchLab",
    swaps: "buy_exact_in, buy_exact_out, sell_exact_in, sell_exact_out",
    loss: curve,
    since: "2025-04-15",
    source: `raydium-io/raydium-idl, ${spellbook}, ${finder}, ${okx}, ${routed}`,
  },
  {
    protocol: "OrcaWhirlpool",
    name: "Orca Whirlpool",
    swaps: "swap, swap_v2, two_hop_swap, two_hop_swap_v2 (two swaps: the second's id ends in `/2`)",
    loss: oneRange,
    since: "2022-04-06",
    source: "orca-so/whirlpools",
  },
  {
    protocol: "PumpAMM",
    name: "Pump AMM",
    swaps: "buy, buy_exact_quote_in, sell",
    loss: "replayed, with the fee that its swaps follow",
    since: "2025-02-20",
    source: "pump-fun/pump-public-docs",
  },
  {
    protocol: "PumpFun",
    name: "Pump.fun (bonding curves)",
    swaps: "buy, buy_exact_sol_in, sell, buy_v2, buy_exact_quote_in_v2, sell_v2",
    loss: "replayed if the program's event contains the reserves that the curve trades against",
    since: "2024-01-14",
    source: "pump-fun/pump-public-docs",
  },
  {
    protocol: "MeteoraDLMM",
    name: "Meteora DLMM",
    swaps: "swap, swap2, swap_exact_out, swap_exact_out2, swap_with_price_impact, swap_with_price_impact2",
    loss: "not replayable: dynamic",
    since: null,
    source: "MeteoraAg/dlmm-sdk",
  },
  {
    protocol: "MeteoraDAMMv2",
    name: "Meteora DAMM v2",
    swaps: "swap, swap2",
    loss: "not replayable: dynamic",
    since: null,
    source: "MeteoraAg/damm-v2-sdk",
  },
  {
    protocol: "MeteoraDAMMv1",
    name: "Meteora DAMM v1",
    swaps: "swap",
    loss: "not replayable: shares in vaults",
    since: "2022-07-27",
    source: "mercurial-finance/mercurial-dynamic-amm-sdk",
  },
  {
    protocol: "MeteoraDBC",
    name: "Meteora DBC (bonding curves)",
    swaps: "swap, swap2",
    loss: curve,
    since: null,
    source: `MeteoraAg/dynamic-bonding-curve, ${spellbook}, ${finder}, ${okx}`,
  },
  {
    protocol: "PancakeSwapCLMM",
    name: "PancakeSwap (fork of Raydium CLMM)",
    swaps: "swap, swap_v2",
    loss: oneRange,
    since: "2025-06-26",
    source: `${spellbook}, ${okx}`,
  },
  {
    protocol: "ByrealCLMM",
    name: "Byreal (fork of Raydium CLMM)",
    swaps: "swap, swap_v2",
    loss: oneRange,
    since: "2025-06-26",
    source: `${spellbook}, ${okx}`,
  },
  {
    protocol: "Moonshot",
    name: "Moonshot (bonding curves; now Moonit)",
    swaps: "buy, sell; lamports as sent to the curve or missing from it",
    loss: curve,
    since: null,
    source: `${okx}, ${spellbook} (address), a real transaction (a fixture of sevenlabs-hq/carbon)`,
  },
  {
    protocol: "Phoenix",
    name: "Phoenix (order book)",
    swaps:
      "Swap. Swaps with funds in the market, and limit orders that took others' by the program's log, are undecoded",
    loss: book,
    since: "2023-02-15",
    source: `Ellipsis-Labs/phoenix-v1, ${spellbook}, ${okx}`,
  },
  {
    protocol: "OpenBookV2",
    name: "OpenBook v2 (order book)",
    swaps: "place_take_order. Other orders that are not post-only are undecoded",
    loss: book,
    since: null,
    source: `openbook-dex/openbook-v2, ${spellbook} (address), ${finder}, ${okx}`,
  },
  {
    protocol: "HumidiFi",
    name: "HumidiFi",
    swaps:
      "instructions with 9 accounts or more that move tokens through the two vaults (the program scrambles its data)",
    loss: quoted,
    since: "2025-06-13",
    source: `${spellbook}, ${finder}, ${routed}`,
  },
  {
    protocol: "SolFi",
    name: "SolFi",
    swaps: "tag 7",
    loss: quoted,
    since: "2024-10-29",
    source: `${spellbook}, ${finder}, a real transaction (slot 338521977)`,
  },
  {
    protocol: "SolFiV2",
    name: "SolFi V2",
    swaps: "tags 7 and 14",
    loss: quoted,
    since: "2025-08-07",
    source: `${spellbook}, ${finder}, ${beethoven}, ${routed}`,
  },
  {
    protocol: "TesseraV",
    name: "Tessera V",
    swaps: "tags 16 and 17",
    loss: quoted,
    since: "2025-06-12",
    source: `${spellbook}, ${finder}, ${beethoven}`,
  },
  {
    protocol: "ZeroFi",
    name: "ZeroFi",
    swaps: "tag 6",
    loss: quoted,
    since: "2024-12-12",
    source: `${spellbook}, ${finder}, ${beethoven}, a real transaction (slot 327561062)`,
  },
  {
    protocol: "GoonFi",
    name: "GoonFi",
    swaps: "tag 2",
    loss: quoted,
    since: "2025-05-26",
    source: `${spellbook}, ${finder}`,
  },
  {
    protocol: "GoonFiV2",
    name: "GoonFi V2",
    swaps: "tag 1",
    loss: quoted,
    since: "2025-12-12",
    source: `${spellbook}, ${beethoven}`,
  },
  {
    protocol: "BisonFi",
    name: "BisonFi",
    swaps: "tags 2 and 7 with 9 accounts or more",
    loss: quoted,
    since: "2025-11-05",
    source: `${spellbook}, ${beethoven}`,
  },
  {
    protocol: "ObricV2",
    name: "Obric V2",
    swaps: "swap, swap2",
    loss: quoted,
    since: "2024-06-04",
    source: `${spellbook}, ${okx}, a real transaction (slot 338521977)`,
  },
  {
    protocol: "AlphaQ",
    name: "AlphaQ",
    swaps: "tag 12",
    loss: quoted,
    since: "2025-08-29",
    source: `${spellbook}, ${finder}, ${beethoven} (pool)`,
  },
  {
    protocol: "LifinityV2",
    name: "Lifinity V2",
    swaps: "swap",
    loss: quoted,
    since: "2022-09-13",
    source: `${spellbook}, ${finder}, ${okx}`,
  },
];
