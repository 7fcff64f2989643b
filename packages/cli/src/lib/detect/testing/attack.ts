export function event(
  number: number,
  signer: string,
  buy: boolean,
  amountIn: string,
  amountOut: string,
): object {
  return {
    id: `tx${number}:0`,
    slot: 7,
    txIndex: number,
    eventIndex: 0,
    signature: `tx${number}`,
    signer,
    pool: "pool",
    protocol: "UniswapV2",
    tokenIn: buy ? "SOL" : "TOKEN",
    tokenOut: buy ? "TOKEN" : "SOL",
    amountIn,
    amountOut,
    ...(number === 0 ? { reserve0: "1000000000", reserve1: "2000000000" } : {}),
  };
}

/** Uniswap's arithmetic by hand: 10 M in, 10 M in by the victim, the first one's tokens back. */
export const attack: readonly object[] = [
  event(0, "attacker", true, "10000000", "19743160"),
  event(1, "victim", true, "10000000", "19356609"),
  event(2, "attacker", false, "19743160", "10137215"),
];
export const cases: string = JSON.stringify([
  { case: "attacked", events: attack },
  { case: "quiet", events: attack.slice(0, 2) },
]);
