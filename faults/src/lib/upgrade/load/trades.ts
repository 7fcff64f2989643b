import type { SpanDraft, Value } from "./otlp-json.ts";

/** Begin of the first part, Unix ms: a multiple of 5 s. */
export const FIRST_MS: number = Date.UTC(2026, 10, 20, 10);
/** Parts are so far apart that the log begins a new segment with each of them. */
const PART_MS = 7 * 3_600_000;
export const PARTS = 3;
/** Trades of a part. */
export const TRADES = 40;
export const TRADE_MS = 1_500;
export const SLOTS_APART = 10;
const FIRST_SLOT = 300_000_000;

export const POOL = "PoolAddress11111111111111111111111111111111";
const PAIRS = ["SOL/USDC", "BONK/SOL", "WIF/SOL"];
const PROTECTIONS = ["none", "jito", "private_rpc"];

/** When a part begins, Unix ms. */
export function beginOf(part: number): number {
  return FIRST_MS + part * PART_MS;
}

export function slotOf(part: number, at: number): number | undefined {
  return at % 10 === 7 ? undefined : FIRST_SLOT + (part * TRADES + at) * SLOTS_APART;
}

/** Digits that look like chance and are always the same. */
function digits(part: number, at: number, salt: number): number {
  let x = (part * 7_919 + at * 104_729 + salt * 1_299_709 + 12_345) >>> 0;
  for (let round = 0; round < 3; round += 1) x = (Math.imul(x ^ (x >>> 15), 2_246_822_519) + salt) >>> 0;
  return x;
}

function between(part: number, at: number, salt: number, low: number, high: number): number {
  return low + (digits(part, at, salt) % (high - low + 1));
}

export function tradeSpans(part: number, at: number, beginMs: number): SpanDraft[] {
  const endMs = beginMs + (at + 1) * TRADE_MS;
  const trace = part * 1_000 + at + 1;
  const id = trace * 100;
  const seq = at * 5 + 1 + (at >= 20 ? 3 : 0); // Three numbers never come.
  const ms = between(part, at, 1, 12, 480);
  const failed = at % 6 === 5;
  const quoted = BigInt(between(part, at, 2, 1_000_000, 900_000_000)) * 1_000n;
  const slot = slotOf(part, at);
  const numbered = (number: number): Record<string, Value> => ({ "slipstream.seq": seq + number });
  return [
    rpc(
      { id: id + 1, parent: id, trace, endMs: endMs - 5, ms: between(part, at, 3, 2, 90) },
      at,
      numbered(0),
    ),
    {
      name: "jupiter.quote",
      id: id + 2,
      parent: id,
      trace,
      kind: 3,
      endMs: endMs - 7,
      ms: between(part, at, 4, 8, 240),
      failed: at % 13 === 1,
      attributes: numbered(1),
    },
    {
      name: "db.write",
      id: id + 3,
      parent: id,
      trace,
      kind: 3,
      endMs: endMs - 1,
      ms: between(part, at, 5, 1, 9),
      attributes: numbered(2),
    },
    // A stock instrumentation's span of the same call: it counts once.
    {
      name: "POST",
      id: id + 4,
      parent: id + 2,
      trace,
      kind: 3,
      endMs: endMs - 7,
      ms: between(part, at, 4, 8, 240),
      attributes: {
        "http.request.method": "POST",
        "url.full": "https://api.jup.ag/swap/v1/quote",
        ...numbered(3),
      },
    },
    {
      name: "trade.execute",
      id,
      trace,
      endMs,
      ms,
      failed,
      attributes: {
        ...numbered(4),
        "trade.id": `trade-${part}-${at}`,
        "trade.pair": PAIRS[at % PAIRS.length],
        "trade.side": at % 2 === 0 ? "buy" : "sell",
        "trade.status": failed ? "failed" : "success",
        "trade.size_usd": between(part, at, 6, 1_000, 2_000_000) / 100,
        "trade.pnl_usd": failed ? undefined : between(part, at, 7, -4_000_000, 6_000_000) / 1e4,
        "trade.quoted_out": failed ? undefined : String(quoted),
        "trade.actual_out": failed ? undefined : String(quoted - (quoted * BigInt(at % 9)) / 1_000n),
        "trade.pool": at % 4 === 0 ? POOL : undefined,
        "trade.confirm_ms": failed ? undefined : ms + between(part, at, 8, 300, 900),
        "trade.strategy": at % 3 === 0 ? "arbitrage" : "market-making",
        "trade.sol_usd": at % 5 === 0 ? between(part, at, 9, 12_000, 16_000) / 100 : undefined,
        "solana.signature": at % 8 === 6 ? undefined : signatureOf(part, at),
        "solana.slot": slot,
        "solana.priority_fee_lamports": between(part, at, 10, 5_000, 2_000_000),
        "jito.tip_lamports": at % 3 === 1 ? between(part, at, 11, 1_000, 50_000) : undefined,
        "mev.protection": PROTECTIONS[at % PROTECTIONS.length],
      },
    },
  ];
}

function rpc(
  place: Pick<SpanDraft, "id" | "parent" | "trace" | "endMs" | "ms">,
  at: number,
  numbered: Readonly<Record<string, Value>>,
): SpanDraft {
  const method = at % 4 === 3 ? "getProgramAccounts" : "sendTransaction";
  return {
    ...place,
    name: "solana.rpc",
    kind: 3,
    failed: at % 11 === 4,
    attributes: { "rpc.method": method, ...numbered },
  };
}

/** Spans of a service with stock OpenTelemetry only, some whose parents never come. */
export function stockSpans(part: number, lastMs: number): SpanDraft[] {
  return Array.from({ length: 12 }, (_, at) => {
    const trace = 500_000 + part * 100 + at;
    const shared = { trace, id: trace * 100, endMs: lastMs - 400 + at * 10, kind: 3 };
    const ms = between(part, at, 12, 3, 180);
    if (at % 3 === 0)
      return {
        ...shared,
        name: "GET",
        parent: trace * 100 + 50,
        ms,
        attributes: { "http.request.method": "GET", "url.full": "https://lite-api.jup.ag/price/v3?ids=a" },
      };
    if (at % 3 === 1)
      return {
        ...shared,
        name: "INSERT prices",
        ms,
        attributes: { "db.system.name": "postgresql", "db.operation.name": "INSERT" },
      };
    return { ...shared, name: `job-${at}`, kind: 1, ms };
  });
}

export function oddSpans(part: number, beginMs: number, lastMs: number): SpanDraft[] {
  const trace = 900_000 + part * 100;
  const trade = { "trade.status": "success", "trade.pair": "SOL/USDC", "trade.pnl_usd": 0.000_001 };
  return [
    {
      name: "trade.execute",
      trace,
      id: trace * 100,
      endMs: beginMs + 2_000,
      ms: 33,
      attributes: { ...trade, "slipstream.seq": 1 },
    },
    {
      name: "trade.execute",
      trace: trace + 1,
      id: trace * 100 + 1,
      endMs: lastMs + 60_000,
      ms: 44,
      attributes: { ...trade, "slipstream.seq": 2 },
    },
    {
      name: "trade.execute",
      trace: trace + 2,
      id: trace * 100 + 2,
      endMs: beginMs - 86_400_000,
      ms: 0,
      attributes: { ...trade, "trade.source": "block", "solana.priority_fee_lamports": 7 },
    },
    { name: "solana.rpc", trace: 0, id: 0, endMs: lastMs, ms: 1, kind: 3 },
  ];
}

export function signatureOf(part: number, at: number): string {
  return `signature-${part}-${at}`;
}
