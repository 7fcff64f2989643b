import { instructionData } from "@slipstream/solana";
import { anchorDecoder, type Hop } from "./anchor.ts";
import type { Recognised, SwapDecoder } from "./swap-decoder.ts";

/** A program that a market maker keeps to itself: neither source nor IDL is public. */
interface MakerProgram extends Hop {
  readonly program: string;
  readonly protocol: string;
  /** First bytes of the data of swaps; undefined if the program scrambles its data. */
  readonly tags?: readonly number[];
  /** Instructions with fewer accounts are not swaps: the maker's own quotes, for example. */
  readonly leastAccounts: number;
}

/**
 * Sources: duneanalytics/spellbook, dbt_subprojects/solana/models/_sector/dex, for program, tags and pool;
 * FixedLocally/sandwich-finder, sandwich-finder/src/events/swaps, and blueshift-gg/beethoven, crates/client/src/swap, for
 * the vaults.
 */
const programs: readonly MakerProgram[] = [
  {
    protocol: "HumidiFi",
    program: "9H6tua7jkLhdm3w8BvgpTn5LZNU7g4ZynDmCiNN3q6Rp",
    leastAccounts: 9,
    pool: 1,
    vaults: [2, 3],
  },
  {
    protocol: "SolFi",
    program: "SoLFiHG9TfgtdUXUjWAxi3LtvYuFyDLVhBWxdMZxyCe",
    tags: [7],
    leastAccounts: 7,
    pool: 1,
    vaults: [2, 3],
  },
  {
    protocol: "SolFiV2",
    program: "SV2EYYJyRz2YhfXwXnhNAevDEui5Q6yrfyo13WtupPF",
    tags: [7, 14],
    leastAccounts: 8,
    pool: 1,
    vaults: [4, 5],
  },
  {
    protocol: "TesseraV",
    program: "TessVdML9pBGgG9yGks7o4HewRaXVAMuoVj4x83GLQH",
    tags: [16, 17],
    leastAccounts: 7,
    pool: 1,
    vaults: [3, 4],
  },
  {
    protocol: "ZeroFi",
    program: "ZERor4xhbUycZ6gb9ntrhqscUcZmAbQDjEAtCf4hbZY",
    tags: [6],
    leastAccounts: 7,
    pool: 0,
    vaults: [2, 4],
  },
  {
    protocol: "GoonFi",
    program: "goonERTdGsjnkZqWuVjs73BZ3Pb9qoCUdBUL17BnS5j",
    tags: [2],
    leastAccounts: 6,
    pool: 1,
    vaults: [4, 5],
  },
  {
    protocol: "GoonFiV2",
    program: "goonuddtQRrWqqn5nFyczVKaie28f3kDkHWkHtURSLE",
    tags: [1],
    leastAccounts: 6,
    pool: 1,
    vaults: [4, 5],
  },
  {
    protocol: "BisonFi",
    program: "BiSoNHVpsVZW2F7rx2eQ59yQwKxzU5NvBcmKshCSUypi",
    tags: [2, 7],
    leastAccounts: 9,
    pool: 1,
    vaults: [2, 3],
  },
  {
    protocol: "AlphaQ",
    program: "ALPHAQmeA7bjrVuccPsYPiCvsi428SNwte66Srvs4pHA",
    tags: [12],
    leastAccounts: 7,
    pool: 1,
    vaults: [5, 6],
  },
];

/** The pools that market makers quote in, with programs of their own. */
export const marketMakers: readonly SwapDecoder[] = [
  ...programs.map(makerDecoder),
  /** Source: okxlabs/DEX-Router-Solana-V1, adapters/obric_v2.rs (swap2); sevenlabs-hq/carbon, ObricSwap (swap). */
  anchorDecoder({
    program: "obriQD1zbpyLz95G5n7nJe6a4DPjpFwa5XYPoNm113y",
    protocol: "ObricV2",
    swaps: [
      { name: "swap", discriminator: 0xf8c69e91e17587c8n, hops: [{ pool: 0, vaults: [3, 4] }] },
      { name: "swap2", discriminator: 0x414b3f4ceb5b5b88n, hops: [{ pool: 0, vaults: [3, 4] }] },
    ],
    virtual: true,
    unpublished: true,
  }),
  /**
   * The vaults are listed in the order of the swap: first the one that is paid.
   * Source: okxlabs/DEX-Router-Solana-V1, adapters/lifinity.rs.
   */
  anchorDecoder({
    program: "2wT8Yq49kHgDzXuPxZSaeLaH1qbmGXtEyPy64bL7aD3c",
    protocol: "LifinityV2",
    swaps: [{ name: "swap", discriminator: 0xf8c69e91e17587c8n, hops: [{ pool: 1, vaults: [5, 6] }] }],
    virtual: true,
    unpublished: true,
  }),
];

function makerDecoder({ program, protocol, tags, leastAccounts, ...hop }: MakerProgram): SwapDecoder {
  return {
    program,
    protocol,
    recognise(instruction): Recognised {
      const { accounts } = instruction;
      const [pool, vault0, vault1] = [hop.pool, ...hop.vaults].map((at) => accounts[at]);
      if (accounts.length < leastAccounts || !pool || !vault0 || !vault1) return [];
      if (tags !== undefined) {
        const data = instructionData(instruction);
        if (data === undefined || data.byteLength === 0 || !tags.includes(data.getUint8(0))) return [];
      }
      return [{ pool, vaults: [vault0, vault1], virtual: true, unpublished: true }];
    },
  };
}
