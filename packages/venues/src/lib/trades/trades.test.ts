import { expect, test } from "vitest";
import { confirmed, Desk, JITO, otherSwap, reverted, sendRequest, T0 } from "../testing/desk.ts";
import { quoteAnswer } from "../testing/jupiter.ts";
import { base64, key, SOL, signature, swapDraft, trader, USDC } from "../testing/transactions.ts";

/** A trade from its quote to its confirmation, in 900 ms. */
function wholeTrade(desk: Desk, scope: object = {}): void {
  desk.quote({ at: 0, took: 30, scope });
  desk.swap({ at: 40, took: 25, scope });
  desk.send({ at: 70, took: 10, scope });
  desk.poll({ at: 400, scope }, null);
  desk.poll({ at: 890, scope }, confirmed);
}

test("quote, swap, sign, send and confirm are one trade", () => {
  const desk = new Desk();
  wholeTrade(desk);
  desk.due(2_500);
  const [root, ...others] = desk.roots;
  expect(others).toEqual([]);
  expect(root).toMatchObject({ name: "trade.execute", startMs: T0, endMs: T0 + 900, failed: false });
  expect(desk.childrenOf(root?.trade)).toEqual([
    ...["quote", "swap", "send", "getSignatureStatuses", "getSignatureStatuses"],
    ...["solana.sign", "solana.confirm"],
  ]);
  expect(root?.attributes).toEqual({
    "trade.id": signature(9),
    "trade.pair": "SOL/USDC",
    "trade.side": "buy",
    "trade.size_usd": 250,
    "trade.status": "success",
    "trade.latency_ms": 80,
    "trade.confirm_ms": 900,
    "trade.token_in": USDC,
    "trade.token_out": SOL,
    "trade.amount_in": "250000000",
    "trade.quoted_out": "1640000000",
    "trade.min_out": "1631800000",
    "trade.pool": "Czfq3xZZDmsdGdUyrNLtRhGc47cXcZtLG4crryfu44zE",
    "trade.slippage_tolerance_bps": 50,
    "solana.signature": signature(9),
    "solana.signer": trader,
    "solana.slot": 371_000_004,
    "solana.priority_fee_lamports": 7_000,
    "solana.compute_unit_limit": 140_000,
    "solana.compute_unit_price": 50_000,
    "jito.tip_lamports": 200_000,
  });
  expect(desk.spans).toContainEqual(
    expect.objectContaining({ name: "solana.sign", startMs: T0 + 65, endMs: T0 + 70 }),
  );
  expect(desk.spans).toContainEqual(
    expect.objectContaining({ name: "solana.confirm", startMs: T0 + 80, endMs: T0 + 900 }),
  );
});

test("quotes that nobody takes go out after 2 s as they are, and are no trade", () => {
  const desk = new Desk();
  for (const at of [0, 100, 200]) desk.quote({ at }, { contextSlot: at });
  desk.due(1_900);
  expect(desk.spans).toEqual([]);
  desk.due(2_300);
  expect(desk.spans).toMatchObject([
    { kind: "call", trade: undefined },
    { trade: undefined },
    { trade: undefined },
  ]);
  desk.due(100_000);
  expect(desk.spans).toHaveLength(3);
});

test("of several quotes, the swap takes the one that it names", () => {
  const desk = new Desk();
  const scope = {};
  desk.quote({ at: 0, scope }, { outAmount: "1" });
  desk.quote({ at: 100, scope }, { outAmount: "1650000000" });
  desk.quote({ at: 150, scope });
  desk.swap({ at: 200, scope }, swapDraft(), { outAmount: "1650000000" });
  desk.send({ at: 300, scope });
  desk.poll({ at: 900, scope }, confirmed);
  desk.due(3_000);
  const [root] = desk.roots;
  expect(root).toMatchObject({ startMs: T0 + 100, attributes: { "trade.quoted_out": "1650000000" } });
  expect(desk.childrenOf(root?.trade).filter((name) => name === "quote")).toHaveLength(1);
  expect(desk.childrenOf(undefined)).toEqual(["quote", "quote"]);
});

test("an offer that is taken late is still the beginning", () => {
  const desk = new Desk();
  desk.quote({ at: 0 });
  desk.due(5_000);
  desk.swap({ at: 9_000 });
  desk.send({ at: 9_100 });
  desk.poll({ at: 9_900 }, confirmed);
  desk.due(12_000);
  expect(desk.roots).toMatchObject([{ startMs: T0, attributes: { "trade.latency_ms": 9_110 } }]);
});

test("what is built and never sent is no trade", () => {
  const desk = new Desk();
  desk.quote({ at: 0 });
  desk.swap({ at: 50 });
  desk.due(80_000);
  expect(desk.roots).toEqual([]);
  desk.due(95_000);
  expect(desk.roots).toMatchObject([{ name: "trade.prepared", attributes: {}, failed: false }]);
  expect(desk.childrenOf(desk.roots[0]?.trade)).toEqual(["quote", "swap"]);
});

test("web3.js sends again after a 429, to the same service and to others: the trade counts once", () => {
  const desk = new Desk();
  desk.quote({ at: 0 });
  desk.swap({ at: 50 });
  desk.call("send", sendRequest(swapDraft()), "Too many requests", { at: 100 }, 429);
  desk.call("send", sendRequest(swapDraft()), { id: 1, result: signature(9) }, { at: 610 });
  const bundle = {
    jsonrpc: "2.0",
    id: 1,
    method: "sendBundle",
    params: [[base64(swapDraft())], { encoding: "base64" }],
  };
  desk.call("bundle", { url: JITO, body: bundle }, { id: 1, result: "5c".repeat(32) }, { at: 620 });
  desk.poll({ at: 1_200 }, confirmed);
  desk.due(3_000);
  expect(desk.roots).toHaveLength(1);
  expect(desk.roots[0]?.attributes).toMatchObject({
    "trade.status": "success",
    "trade.latency_ms": 620,
    "jito.bundle_id": "5c".repeat(32),
  });
  // It went to a node as well, so that nobody can tell which way it landed.
  expect(desk.roots[0]?.attributes).not.toHaveProperty("mev.protection");
  desk.send({ at: 4_000 });
  desk.due(200_000);
  expect(desk.roots).toHaveLength(1);
  expect(desk.childrenOf(desk.roots[0]?.trade).filter((name) => name === "send")).toHaveLength(3);
});

test("a trade that went to Jito alone was protected by it; the tip may be in another transaction of the bundle", () => {
  const desk = new Desk();
  const swap = { ...otherSwap(1), instructions: otherSwap(1).instructions.slice(3) };
  const tip = {
    ...swapDraft({ signatures: [signature(70)] }),
    instructions: swapDraft().instructions.slice(2, 3),
  };
  const body = {
    jsonrpc: "2.0",
    id: 1,
    method: "sendBundle",
    params: [[base64(swap), base64(tip)], { encoding: "base64" }],
  };
  desk.call("bundle", { url: JITO, body }, { id: 1, result: "5c".repeat(32) }, { at: 0 });
  const landed = {
    bundle_id: "5c".repeat(32),
    transactions: [signature(21), signature(70)],
    slot: 371_000_004,
    confirmation_status: "confirmed",
    err: { Ok: null },
  };
  const asked = { jsonrpc: "2.0", id: 1, method: "getBundleStatuses", params: [["5c".repeat(32)]] };
  desk.call(
    "bundle status",
    { url: JITO, body: asked },
    { id: 1, result: { context: { slot: 1 }, value: [landed] } },
    { at: 900 },
  );
  desk.due(3_000);
  expect(desk.roots).toMatchObject([
    {
      attributes: {
        "trade.status": "success",
        "mev.protection": "jito",
        "jito.tip_lamports": 200_000,
        "solana.signature": signature(21),
      },
    },
  ]);
});

test("the chain decides: a client's exception, or a resend that is processed already, does not", () => {
  const desk = new Desk();
  wholeTrade(desk);
  const already = { error: { code: -32_002, message: "text", data: { err: "AlreadyProcessed" } } };
  desk.send({ at: 895 }, swapDraft(), already);
  desk.due(3_000);
  expect(desk.roots).toMatchObject([{ attributes: { "trade.status": "success" } }]);
});

test("a transaction that reverts on the chain failed, and has paid its fee", () => {
  const desk = new Desk();
  desk.quote({ at: 0 });
  desk.swap({ at: 50 });
  desk.send({ at: 100 });
  desk.poll({ at: 900 }, reverted);
  desk.due(3_000);
  expect(desk.roots).toMatchObject([
    {
      failed: true,
      attributes: {
        "trade.status": "failed",
        "trade.failure_reason": "slippage",
        "solana.priority_fee_lamports": 7_000,
      },
    },
  ]);
});

test("what every service refuses failed; a later send can still succeed", () => {
  const refused = {
    error: { code: -32_002, message: "text", data: { err: { InstructionError: [3, { Custom: 6001 }] } } },
  };
  const desk = new Desk();
  desk.send({ at: 0 }, swapDraft(), refused);
  desk.due(5_000);
  expect(desk.roots).toEqual([]);
  desk.send({ at: 6_000 }, otherSwap(1), refused);
  desk.due(11_000);
  expect(desk.roots).toMatchObject([
    {
      endMs: T0 + 10,
      failed: true,
      attributes: { "trade.failure_reason": "slippage", "trade.status": "failed" },
    },
  ]);
  // Nothing that is not on the chain has paid a fee, and nobody has taken it.
  expect(desk.roots[0]?.attributes).not.toHaveProperty("solana.priority_fee_lamports");
  expect(desk.roots[0]?.attributes).not.toHaveProperty("trade.latency_ms");
  desk.send({ at: 12_000 }, otherSwap(1));
  desk.poll({ at: 13_000 }, confirmed, signature(21));
  desk.due(20_000);
  expect(desk.roots[1]).toMatchObject({
    attributes: { "trade.status": "success", "trade.latency_ms": 6_010 },
  });
});

test("a send whose answer never came is unknown until the chain says more, and never failed", () => {
  const desk = new Desk();
  desk.call("send", sendRequest(swapDraft()), undefined, { at: 0 });
  desk.due(60_000);
  expect(desk.roots).toEqual([]);
  desk.due(121_000);
  expect(desk.roots).toMatchObject([{ failed: false, endMs: T0 + 121_000 }]);
  expect(desk.roots[0]?.attributes).not.toHaveProperty("trade.status");
});

test("a blockhash that the chain has passed has expired, once a node does not know the transaction", () => {
  const desk = new Desk();
  desk.quote({ at: 0 });
  desk.swap({ at: 50 });
  desk.send({ at: 100 });
  desk.poll({ at: 500 }, null);
  desk.rpc("getBlockHeight", [], { result: 350_000_150 }, { at: 59_000 });
  desk.due(60_000);
  expect(desk.roots).toEqual([]);
  desk.rpc("getBlockHeight", [], { result: 350_000_151 }, { at: 60_400 });
  desk.due(61_000);
  expect(desk.roots).toEqual([]);
  desk.poll({ at: 61_000 }, null);
  desk.due(63_000);
  expect(desk.roots).toMatchObject([
    { endMs: T0 + 61_010, attributes: { "trade.status": "failed", "trade.failure_reason": "expired" } },
  ]);
});

test("kit asks no more after the blockhash has expired: its subscription had nothing to report until then", () => {
  const desk = new Desk();
  desk.rpc(
    "getLatestBlockhash",
    [],
    { result: { context: { slot: 1 }, value: { blockhash: key(2), lastValidBlockHeight: 350_000_150 } } },
    { at: 0 },
  );
  desk.rpc("signatureSubscribe", [signature(9), { commitment: "confirmed" }], { result: 5 }, { at: 20 });
  desk.send({ at: 50 });
  desk.rpc("getEpochInfo", [], { result: { blockHeight: 350_000_151 } }, { at: 60_000 });
  desk.trades.noticed([{ kind: "watching", signature: signature(9), isOver: true }], T0 + 60_020);
  desk.due(63_000);
  expect(desk.roots).toMatchObject([
    { endMs: T0 + 60_010, attributes: { "trade.failure_reason": "expired" } },
  ]);
});

test("a subscription that was lost before proves nothing", () => {
  const desk = new Desk();
  desk.quote({ at: 0 });
  desk.swap({ at: 10 });
  desk.rpc("signatureSubscribe", [signature(9)], { result: 5 }, { at: 20 });
  desk.send({ at: 50 });
  desk.trades.noticed([{ kind: "watching", signature: signature(9), isOver: true }], T0 + 30_000);
  desk.rpc("getBlockHeight", [], { result: 350_000_151 }, { at: 60_000 });
  desk.due(121_000);
  expect(desk.roots).toHaveLength(1);
  expect(desk.roots[0]?.attributes).not.toHaveProperty("trade.status");
});

test("a notification that overtakes the answer of the send counts, and a repeated one counts once", () => {
  const desk = new Desk();
  const answered = desk.begin("send", sendRequest(swapDraft()), { at: 0 });
  const fact = {
    kind: "status",
    signature: signature(9),
    slot: 371_000_004,
    commitment: "confirmed",
    failed: false,
    reason: undefined,
  } as const;
  desk.trades.noticed([fact, fact], T0 + 400);
  answered({ id: 1, result: signature(9) }, 450);
  desk.trades.noticed([fact], T0 + 500);
  desk.due(1_500);
  desk.due(200_000);
  expect(desk.roots).toMatchObject([
    { attributes: { "trade.status": "success", "trade.confirm_ms": 400, "trade.latency_ms": 450 } },
  ]);
});

test("a processed status alone counts only after a while", () => {
  const desk = new Desk();
  desk.send({ at: 0 });
  desk.poll({ at: 400 }, { slot: 371_000_004, err: null, confirmationStatus: "processed" });
  desk.due(20_000);
  expect(desk.roots).toEqual([]);
  desk.due(32_000);
  expect(desk.roots).toMatchObject([{ attributes: { "trade.status": "success" } }]);
  expect(desk.roots[0]?.attributes).not.toHaveProperty("trade.confirm_ms");
});

test("a gasless order is joined on its request id: another payer, and a signature that is known at the end", () => {
  const desk = new Desk();
  const order = new URL(
    `https://api.jup.ag/swap/v2/order?inputMint=${USDC}&outputMint=${SOL}&amount=250000000&taker=${trader}`,
  );
  const gasless = swapDraft({ payer: key(77), signatures: ["", signature(9)] });
  const requestId = "0199a1b2-cafe-7000";
  const answer = {
    ...quoteAnswer(),
    requestId,
    gasless: true,
    transaction: base64({ ...gasless, signatures: ["", ""] }),
    lastValidBlockHeight: "350000150",
  };
  desk.call("order", { url: String(order) }, answer, { at: 0, took: 60 });
  const body = { requestId, signedTransaction: base64(gasless) };
  const done = {
    status: "Success",
    code: 0,
    signature: signature(50),
    slot: "371000009",
    outputAmountResult: "1639000000",
  };
  desk.call("execute", { url: "https://api.jup.ag/swap/v2/execute", body }, done, { at: 100, took: 900 });
  desk.due(3_000);
  expect(desk.roots).toMatchObject([
    {
      startMs: T0,
      endMs: T0 + 1_000,
      attributes: {
        "trade.status": "success",
        "trade.actual_out": "1639000000",
        "trade.quoted_out": "1640000000",
        "solana.signature": signature(50),
        "solana.slot": 371_000_009,
        "solana.signer": key(77),
      },
    },
  ]);
  expect(desk.childrenOf(desk.roots[0]?.trade)).toEqual([
    "order",
    "execute",
    "solana.sign",
    "solana.confirm",
  ]);
});

test("a negative code of an execution is a failed trade, unless the chain says otherwise", () => {
  const execute = (desk: Desk): void => {
    const body = { requestId: "0199a1b2-cafe-7000", signedTransaction: base64(swapDraft()) };
    const failed = { status: "Failed", code: -1000, signature: signature(9), error: "text" };
    desk.call("execute", { url: "https://api.jup.ag/ultra/v1/execute", body }, failed, { at: 0 });
  };
  const [failed, landed] = [new Desk(), new Desk()];
  execute(failed);
  failed.due(3_000);
  expect(failed.roots).toMatchObject([
    { failed: true, attributes: { "trade.status": "failed", "trade.failure_reason": "other" } },
  ]);
  execute(landed);
  landed.poll({ at: 500 }, confirmed);
  landed.due(3_000);
  expect(landed.roots).toMatchObject([{ failed: false, attributes: { "trade.status": "success" } }]);
});

test("one poll for several trades is a child of none; one for a single trade is its child", () => {
  const desk = new Desk();
  for (const number of [1, 2]) desk.send({ at: number }, otherSwap(number));
  const result = { context: { slot: 1 }, value: [confirmed, null] };
  desk.rpc("getSignatureStatuses", [[signature(21), signature(22)]], { result }, { at: 900 });
  desk.due(3_000);
  expect(desk.roots).toMatchObject([
    { attributes: { "trade.status": "success", "solana.signature": signature(21) } },
  ]);
  expect(desk.childrenOf(undefined)).toEqual(["getSignatureStatuses"]);
});

test("of a service that trades one after another, a call belongs to the trade that runs", () => {
  const [desk, scope] = [new Desk(), {}];
  wholeTrade(desk, scope);
  const height = (at: number) => desk.rpc("getBlockHeight", [], { result: 1 }, { at, scope });
  // The first one's outcome is known since 900 ms, but what it moved may still be asked for.
  desk.quote({ at: 950, scope }, { outAmount: "1650000000" });
  height(1_000);
  desk.swap({ at: 1_050, scope }, otherSwap(1), { outAmount: "1650000000" });
  desk.send({ at: 1_100, scope }, otherSwap(1));
  height(1_200);
  expect(desk.roots).toEqual([]);
  desk.poll({ at: 1_500, scope }, confirmed, signature(21));
  desk.due(5_000);
  const [first, second] = desk.roots;
  expect(desk.childrenOf(first?.trade)).not.toContain("getBlockHeight");
  expect(desk.childrenOf(second?.trade).filter((name) => name === "getBlockHeight")).toHaveLength(2);
  expect(desk.childrenOf(undefined)).toEqual([]);
});

test("where queues mix contexts, what calls name outranks the context", () => {
  const desk = new Desk();
  const scope = {};
  const offers = [1, 2, 3].map((number) => ({ outAmount: String(1_640_000_000 + number) }));
  for (const [index, offer] of offers.entries()) desk.quote({ at: index, scope }, offer);
  for (const [index, offer] of offers.toReversed().entries())
    desk.swap({ at: 50 + index, scope }, otherSwap(3 - index), offer);
  desk.rpc("getBalance", [trader], { result: { context: { slot: 1 }, value: 5 } }, { at: 90, scope });
  for (const number of [2, 3, 1]) desk.send({ at: 100 + number, scope }, otherSwap(number));
  for (const number of [1, 2, 3]) desk.poll({ at: 900, scope }, confirmed, signature(20 + number));
  desk.due(3_000);
  const quoted = Object.fromEntries(
    desk.roots.map(({ attributes }) => [attributes["solana.signature"], attributes["trade.quoted_out"]]),
  );
  expect(quoted).toEqual({
    [signature(21)]: "1640000001",
    [signature(22)]: "1640000002",
    [signature(23)]: "1640000003",
  });
  // Which of the three asked for the balance, nobody can tell.
  expect(desk.childrenOf(undefined)).toEqual(["getBalance"]);
});

test("a message that the service builds itself from instructions is known by the swap's data", () => {
  const desk = new Desk();
  const draft = swapDraft({ blockhash: key(99) }, new Uint8Array(27).fill(8));
  desk.quote({ at: 0 });
  const body = { userPublicKey: trader, quoteResponse: quoteAnswer() };
  const swapInstruction = { programId: "JUP6", data: Buffer.alloc(27, 8).toString("base64"), accounts: [] };
  desk.call(
    "instructions",
    { url: "https://api.jup.ag/swap/v1/swap-instructions", body },
    { swapInstruction },
    { at: 40 },
  );
  desk.rpc(
    "simulateTransaction",
    [base64(draft), { encoding: "base64" }],
    { result: { context: { slot: 1 }, value: { err: null } } },
    { at: 60 },
  );
  desk.send({ at: 100 }, draft);
  desk.poll({ at: 900 }, confirmed);
  desk.due(3_000);
  expect(desk.roots).toHaveLength(1);
  expect(desk.childrenOf(desk.roots[0]?.trade).slice(0, 4)).toEqual([
    "quote",
    "instructions",
    "simulateTransaction",
    "send",
  ]);
});

test("a transaction that is signed again with a new blockhash is the same trade", () => {
  const desk = new Desk();
  desk.quote({ at: 0 });
  desk.swap({ at: 40 });
  const expired = { error: { code: -32_002, message: "text", data: { err: "BlockhashNotFound" } } };
  desk.send({ at: 100 }, swapDraft(), expired);
  desk.send({ at: 300 }, swapDraft({ blockhash: key(66), signatures: [signature(88)] }));
  desk.poll({ at: 900 }, confirmed, signature(88));
  desk.due(3_000);
  expect(desk.roots).toMatchObject([
    { attributes: { "trade.status": "success", "solana.signature": signature(88) } },
  ]);
});

test("without a name for it, a send by Jupiter's program is of the only offer of its context; one by another program is not", () => {
  const raydium = {
    program: "675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8",
    accounts: [trader],
    data: new Uint8Array(17),
  };
  for (const [draft, quoted] of [
    [otherSwap(1), "1640000000"],
    [{ ...otherSwap(1), instructions: [raydium] }, undefined],
  ] as const) {
    const [desk, scope] = [new Desk(), {}];
    desk.quote({ at: 0, scope });
    desk.send({ at: 100, scope }, draft);
    desk.poll({ at: 900 }, confirmed, signature(21));
    desk.due(3_000);
    expect(desk.roots.map(({ attributes }) => attributes["trade.quoted_out"])).toEqual([quoted]);
  }
});

test("what nobody could read is of the only trade of its context, and has the signature that the service answers", () => {
  const [desk, scope] = [new Desk(), {}];
  desk.quote({ at: 0, scope });
  desk.swap({ at: 40, scope });
  const url = "http://ny.solana.dex.blxrbdn.com/api/v2/submit";
  desk.call("submit", { url, body: {} }, { signature: signature(61) }, { at: 100, scope });
  desk.poll({ at: 900 }, confirmed, signature(61));
  desk.due(3_000);
  expect(desk.roots).toMatchObject([
    {
      attributes: {
        "solana.signature": signature(61),
        "mev.protection": "bloxroute",
        "trade.quoted_out": "1640000000",
      },
    },
  ]);
});

test("a transfer is no trade", () => {
  const desk = new Desk();
  const transfer = { ...swapDraft(), instructions: swapDraft().instructions.slice(0, 3) };
  desk.send({ at: 0 }, transfer);
  desk.poll({ at: 500 }, confirmed);
  desk.due(200_000);
  expect(desk.roots).toEqual([]);
  expect(desk.childrenOf(undefined)).toEqual(["send", "getSignatureStatuses"]);
});

test("realised output comes from balances; the price of SOL gives the size of what has no dollars in it", () => {
  const desk = new Desk();
  const mint = key(33);
  const offer = {
    inputMint: SOL,
    inAmount: "2000000000",
    outputMint: mint,
    outAmount: "5000",
    otherAmountThreshold: "4900",
  };
  desk.call(
    "price",
    { url: `https://api.jup.ag/price/v3?ids=${SOL}` },
    { [SOL]: { usdPrice: 150 } },
    { at: 0 },
  );
  desk.quote({ at: 10 }, offer);
  desk.swap({ at: 40 }, swapDraft(), offer);
  desk.send({ at: 100 });
  const result = {
    slot: 371_000_004,
    transaction: {
      signatures: [signature(9)],
      message: { accountKeys: [trader, key(40)], instructions: [] },
    },
    meta: {
      err: null,
      fee: 12_500,
      preBalances: [9_000_000_000, 0],
      postBalances: [9_000_000_000 - 2_000_000_000 - 12_500 - 2_039_280, 2_039_280],
      preTokenBalances: [],
      postTokenBalances: [{ accountIndex: 1, mint, owner: trader, uiTokenAmount: { amount: "4990" } }],
    },
  };
  desk.rpc("getTransaction", [signature(9), { commitment: "confirmed" }], { result }, { at: 900 });
  desk.due(911);
  expect(desk.roots).toMatchObject([
    {
      attributes: {
        "trade.actual_out": "4990",
        "trade.quoted_out": "5000",
        "trade.size_usd": 300,
        "trade.sol_usd": 150,
        "trade.side": "buy",
        "trade.pair": `${mint}/SOL`,
        "solana.priority_fee_lamports": 7_500,
        "solana.base_fee_lamports": 5_000,
      },
    },
  ]);
});

test("who names a trade has its name, and all calls of it in it", () => {
  const desk = new Desk();
  const made = { scope: {}, name: { pair: "WIF/SOL", side: "sell", strategy: "momentum" } } as const;
  desk.rpc("getBalance", [trader], { result: { context: { slot: 1 }, value: 5 } }, { at: 0, ...made });
  desk.send({ at: 100, ...made });
  desk.poll({ at: 900, ...made }, confirmed);
  desk.due(3_000);
  desk.rpc("getBalance", [trader], { result: { context: { slot: 1 }, value: 5 } }, { at: 3_100, ...made });
  desk.due(200_000);
  expect(desk.roots).toMatchObject([
    {
      startMs: T0,
      attributes: {
        "trade.pair": "WIF/SOL",
        "trade.side": "sell",
        "trade.strategy": "momentum",
        "trade.status": "success",
      },
    },
  ]);
  expect(desk.childrenOf(desk.roots[0]?.trade)).toEqual([
    "getBalance",
    "send",
    "getSignatureStatuses",
    "solana.confirm",
    "getBalance",
  ]);
});

test("a call of no trade goes out at once, under its own context", () => {
  const desk = new Desk();
  desk.rpc("getBalance", [trader], { result: { context: { slot: 1 }, value: 5 } }, { at: 0, scope: {} });
  expect(desk.spans).toEqual([{ kind: "call", call: "getBalance", context: "context", trade: undefined }]);
});

test("when the process ends, everything goes out with what is known of it", () => {
  const desk = new Desk();
  wholeTrade(desk);
  desk.send({ at: 920 }, otherSwap(1));
  desk.swap({ at: 930 }, otherSwap(2), { outAmount: "7" });
  desk.quote({ at: 940 }, { outAmount: "8" });
  desk.spans.push(...desk.trades.end(T0 + 1_000));
  expect(desk.roots.map(({ name, attributes }) => [name, attributes["trade.status"]])).toEqual([
    ["trade.execute", "success"],
    ["trade.execute", undefined],
    ["trade.prepared", undefined],
  ]);
  expect(desk.childrenOf(undefined)).toEqual(["quote"]);
});
