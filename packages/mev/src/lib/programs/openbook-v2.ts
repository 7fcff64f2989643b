import { type Instruction, instructionData } from "@slipstream/solana";
import type { Recognised, SwapDecoder } from "./swap-decoder.ts";

/** place_take_order: takes others' orders and settles at once. */
const takeOrder = 0x032c47031ac7cb55n;

interface Order {
  readonly name: string;
  /** Position of the market in the accounts. */
  readonly market: number;
  /** Position of the order type in the data. */
  readonly typeAt: number;
}

/** Instructions that may take others' orders too, but settle later. */
const orders: ReadonlyMap<bigint, Order> = new Map([
  [0x33c29baf6d82606an, { name: "place_order", market: 4, typeAt: 41 }],
  [0xfed0761dadf8c846n, { name: "edit_order", market: 4, typeAt: 57 }],
  [0x8db9fb3f4a55d291n, { name: "place_order_pegged", market: 4, typeAt: 49 }],
  [0x3ebb7d451add9d85n, { name: "edit_order_pegged", market: 4, typeAt: 65 }],
  [0x3c3f327b0cc53cben, { name: "place_orders", market: 5, typeAt: 8 }],
  [0x809bde3cba28e132n, { name: "cancel_all_and_place_orders", market: 5, typeAt: 8 }],
]);

/** PostOnly, PostOnlySlide: they never take an order. */
const postOnly: ReadonlySet<number> = new Set([2, 4]);

/**
 * OpenBook's second order book. A take order is a swap between the taker and the market's vaults (accounts: signer,
 * penalty_payer, market, market_authority, bids, asks, market_base_vault, market_quote_vault). Another order that is not
 * post-only may have taken others' too; what it got stays in the market until it is settled, so no transfer shows it.
 * Source: openbook-dex/openbook-v2, idl/openbook_v2.json; PlaceOrderType in programs/openbook-v2/src/state/orderbook.
 */
export const openBookV2: SwapDecoder = {
  program: "opnb2LAfJYbRMAHHvqjCwQxanZn7ReEHp1k81EohpZb",
  protocol: "OpenBookV2",
  recognise,
};

/** Characters in base58 of 8 bytes: a discriminator without arguments, as no order has. */
const noArguments = 11;

function recognise(instruction: Instruction): Recognised {
  if (instruction.data.length <= noArguments) return [];
  // Several orders in one instruction are longer than most.
  const data = instructionData(instruction, 1366);
  if (data === undefined || data.byteLength < 8) return [];
  const discriminator = data.getBigUint64(0);
  const { accounts } = instruction;
  if (discriminator === takeOrder) {
    const [, , pool, , , , base, quote] = accounts;
    if (pool !== undefined && base !== undefined && quote !== undefined)
      return [{ pool, vaults: [base, quote], virtual: true }];
    const reason = `place_take_order needs at least 8 accounts, this instruction has ${accounts.length}`;
    return [{ pool: pool ?? null, reason }];
  }
  const order = orders.get(discriminator);
  if (order === undefined) return [];
  const type = order.typeAt < data.byteLength ? data.getUint8(order.typeAt) : undefined;
  if (type !== undefined && postOnly.has(type)) return [];
  const pool = accounts[order.market] ?? null;
  return [{ pool, reason: `${order.name} may have taken others' orders, and settles later` }];
}
