const solanaRouters = {
  JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4: "Jupiter v6",
  JUP4Fb2cqiRUcaTHdrPC8h2gNsA2ETXiPDD33WcGuJB: "Jupiter v4",
  JUP3c2Uh3WA4Ng34tw6kPd2G4C5BB21Xo36Je1s32Ph: "Jupiter v3",
  JUP2jxvXaqu7NQY1GmNF4m1vodw12LVXYxbFL2uJvfo: "Jupiter v2",
  "61DFfeTKM7trxYcPQCM78bJ794ddZprZpAwAnLiwTpYH": "Jupiter order engine",
  DCAK36VfExkPdAkYUQg6ewgxyinvcEyPLyHjRbmveKFw: "Jupiter DCA",
  routeUGWgWzqBWFcrCfv8tritsqukccJPu3q5GPP3xS: "Raydium routing",
  "6m2CDdhRgxpH4WjvdzxAYbGxwdGUz5MziiL5jek2kBma": "OKX DEX",
  proVF4pMXVaYqmy4NjniPh4pqKNfMmsihgd4wdkCX3u: "OKX DEX v2",
  HV1KXxWFaSeriyFvXyx48FqG9BoFbfinB8njCJonqP7K: "OKX router",
  DF1ow4tspfHX9JwWJsAb9epbkA8hmpSEAtxXy1V27QBH: "DFlow",
  BSfD6SHZigAfDWSjzD5Q41jw8LmKwtmjskPH9XW1mrRW: "Photon",
  BANANAjs7FJiPQqJTGFzkZJndT9o7UmKiYYGaJz6frGu: "Banana Gun",
  minTcHYRLVPubRK8nt6sqe2ZpWrGDLQoNLipDJCGocY: "Mintech",
  AxiomfHaWDemCFBLBayqnEnNwE6b7B2Qz3UmzMpgbMG6: "Axiom",
  AxiomxSitiyXyPjKgJ9XSrdhsydtZsskZTEDam3PxKcC: "Axiom",
  FLASHX8DrLbgeR8FcfNV1F5krxYcYMUdBkrP1EPBtxB9: "Axiom",
  B3111yJCeHBcA1bizdJjUFPALfhAfSRnAbJzGUtnt56A: "Binance Wallet",
  GMgnVFR8Jb39LoXsEVzb3DvBy3ywCmdmJquHUy1Lrkqb: "GMGN",
  "5ocnV1qiCgaQR8Jb8xWnVbApfaygJ8tNoZfgPwsgx9kx": "Sanctum",
  stkitrT1Uoy18Dk1fTrgPw8W6MVzoCfYoAFT4MLsmhq: "Sanctum",
} as const;

const solanaPools = {
  "675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8": "Raydium v4",
  "5quBtoiQqxF9Jv6KYKctB59NT3gtJD2Y65kdnB1Uev3h": "Raydium stable",
  CPMMoo8L3F4NbTegBCKVNunggL7H1ZpdTHKxQB5qKP1C: "Raydium CPMM",
  CAMMCzo5YL8w4VFF8KVHrK22GGUsp5VTaW7grrKgrWqK: "Raydium CLMM",
  LanMV9sAd7wArD4vJFi2qDdfnVhFxYSUg6eADduJ3uj: "Raydium LaunchLab",
  whirLbMiicVdio4qvUfM5KAg6Ct8VwpYzGff3uctyCc: "Orca Whirlpool",
  "9W959DqEETiGZocYWCQPaJ6sBmUzgfxXfqGeTEdp3aQP": "Orca v2",
  LBUZKhRxPF3XUpBCjp4YzTKgLccjZhTSDM9YuVaPwxo: "Meteora DLMM",
  cpamdpZCGKUy5JxQXB4dcpGPiikHawvSWAd6mEn1sGG: "Meteora DAMM v2",
  Eo7WjKq67rjJQSZxS6z3YkapzY3eMj6Xy8X5EQVn5UaB: "Meteora pools",
  dbcij3LWUppWqq96dh6gJWwBifmcGfLSB5D4DuSMaqN: "Meteora bonding curve",
  "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P": "Pump.fun",
  pAMMBay6oceH9fJKBRHGP5D4bD4sWpmSwMn52FMfXEA: "Pump AMM",
  HpNfyc2Saw7RKkQd8nEL4khUcuPhQ7WwY1B2qjx8jxFq: "PancakeSwap",
  REALQqNEomY6cQGZJUGwywTBD2UmDT32rZcNnfxQ5N2: "Byreal",
  MoonCVVNZFSYkqNXP6bxHLPL6QQJiMagDL3qcqUQTrG: "Moonshot",
  PhoeNiXZ8ByJGLkxNfZRnkUfjvmuYqLR89jjFHGqdXY: "Phoenix",
  opnb2LAfJYbRMAHHvqjCwQxanZn7ReEHp1k81EohpZb: "OpenBook v2",
  "9H6tua7jkLhdm3w8BvgpTn5LZNU7g4ZynDmCiNN3q6Rp": "HumidiFi",
  SoLFiHG9TfgtdUXUjWAxi3LtvYuFyDLVhBWxdMZxyCe: "SolFi",
  SV2EYYJyRz2YhfXwXnhNAevDEui5Q6yrfyo13WtupPF: "SolFi V2",
  TessVdML9pBGgG9yGks7o4HewRaXVAMuoVj4x83GLQH: "Tessera V",
  ZERor4xhbUycZ6gb9ntrhqscUcZmAbQDjEAtCf4hbZY: "ZeroFi",
  goonERTdGsjnkZqWuVjs73BZ3Pb9qoCUdBUL17BnS5j: "GoonFi",
  goonuddtQRrWqqn5nFyczVKaie28f3kDkHWkHtURSLE: "GoonFi V2",
  BiSoNHVpsVZW2F7rx2eQ59yQwKxzU5NvBcmKshCSUypi: "BisonFi",
  obriQD1zbpyLz95G5n7nJe6a4DPjpFwa5XYPoNm113y: "Obric V2",
  ALPHAQmeA7bjrVuccPsYPiCvsi428SNwte66Srvs4pHA: "AlphaQ",
  "2wT8Yq49kHgDzXuPxZSaeLaH1qbmGXtEyPy64bL7aD3c": "Lifinity V2",
} as const;

const evmRouters = {
  "0x7a250d5630b4cf539739df2c5dacb4c659f2488d": "Uniswap v2",
  "0xe592427a0aece92de3edee1f18e0157c05861564": "Uniswap v3",
  "0x68b3465833fb72a70ecdf485e0e4c7bd8665fc45": "Uniswap v3, second",
  "0xef1c6e67703c7bd7107eed8303fbe6ec2554bf6b": "Uniswap universal",
  "0x3fc91a3afd70395cd496c647d5a6cc9d4b2b7fad": "Uniswap universal, second",
  "0xd9e1ce17f2641f24ae83637ab66a2cca9c378b9f": "SushiSwap",
  "0xdef1c0ded9bec7f1a1670819833240f027b25eff": "0x",
  "0x11111112542d85b3ef69ae05771c2dccff4faa26": "1inch v3",
  "0x1111111254fb6c44bac0bed2854e76f90643097d": "1inch v4",
  "0x1111111254eeb25477b68fb85ed929f73a960582": "1inch v5",
  "0x111111125421ca6dc452d289314280a0f8842a65": "1inch v6",
  "0xdef171fe48cf0115b1d80b88dc8eab59176fee57": "ParaSwap v5",
  "0x881d40237659c251811cec9c364ef91dc08d300c": "MetaMask",
  "0x9008d19f58aabd9ed0d60971565aa8510560ab41": "CoW settlement",
  "0x6131b5fae19ea4f9d964eac0408e4408b66337b5": "KyberSwap",
  "0xba12222222228d8ba445958a75a0704d566bf2c8": "Balancer v2 vault",
} as const;

/** The public programs that trade in other programs' pools on behalf of any caller. */
export const publicRouters: ReadonlySet<string> = new Set([
  ...Object.keys(solanaRouters),
  ...Object.keys(evmRouters),
]);

/**
 * Programs and contracts that anyone can trade through, with their common names. Using one says nothing about
 * who trades. Missing programs are found by how they are used (see `sandwich/identities.ts`).
 */
export const publicPrograms: ReadonlyMap<string, string> = new Map(
  Object.entries({ ...solanaRouters, ...solanaPools, ...evmRouters }),
);
