/**
 * A trading service that buys SOL with USDC: quote and swap of Jupiter, @solana/web3.js, trades kept in Redis. It knows nothing of telemetry.
 *
 * SOLANA_RPC_URL, JUPITER_URL, JITO_URL, REDIS_URL: where they are · JUPITER_API_KEY, JITO_AUTH · WALLET: a secret key as JSON
 */
const { Connection, Keypair, VersionedTransaction } = require("@solana/web3.js");
const { Redis } = require("ioredis");

const { SOLANA_RPC_URL, JUPITER_URL, JITO_URL, REDIS_URL, JUPITER_API_KEY, JITO_AUTH, WALLET } = process.env;
const USDC = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v";
const SOL = "So11111111111111111111111111111111111111112";
/** USD of each order. Those above this go to Jito too, with a tip. */
const orders = [250, 1500, 250, 300, 350, 400];
const LARGE_USD = 1000;
const TIP_LAMPORTS = 200_000;
const POLL_MS = 50;

const wallet = Keypair.fromSecretKey(Uint8Array.from(JSON.parse(WALLET)));
const connection = new Connection(SOLANA_RPC_URL, "confirmed");
const redis = new Redis(REDIS_URL);

async function jupiter(path, body) {
  const response = await fetch(`${JUPITER_URL}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "content-type": "application/json", "x-api-key": JUPITER_API_KEY },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`Jupiter: ${answer.error}`);
  return answer;
}

async function sendToJito(wire) {
  const params = [wire.toString("base64"), { encoding: "base64" }];
  const response = await fetch(`${JITO_URL}/api/v1/transactions`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-jito-auth": JITO_AUTH },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "sendTransaction", params }),
  });
  const { error } = await response.json();
  if (error !== undefined) throw new Error(`Jito: ${error.message}`);
}

/** Resolves to the chain's status; undefined if the transaction can no longer land. */
async function confirm(signature, lastValidBlockHeight) {
  for (;;) {
    const height = await connection.getBlockHeight();
    const { value } = await connection.getSignatureStatus(signature);
    if (value !== null) return value;
    if (height > lastValidBlockHeight) return undefined;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Resolves to what became of the order. */
async function trade(usd) {
  const isLarge = usd > LARGE_USD;
  const query = new URLSearchParams({
    inputMint: USDC,
    outputMint: SOL,
    amount: String(usd * 1e6),
    slippageBps: "50",
  });
  const quoteResponse = await jupiter(`/swap/v1/quote?${query}`);
  const { swapTransaction, lastValidBlockHeight } = await jupiter("/swap/v1/swap", {
    quoteResponse,
    userPublicKey: wallet.publicKey.toBase58(),
    wrapAndUnwrapSol: false,
    ...(isLarge && { prioritizationFeeLamports: { jitoTipLamports: TIP_LAMPORTS } }),
  });
  const transaction = VersionedTransaction.deserialize(Buffer.from(swapTransaction, "base64"));
  transaction.sign([wallet]);
  const wire = Buffer.from(transaction.serialize());
  const [signature] = await Promise.all([
    connection.sendRawTransaction(wire, { maxRetries: 0 }),
    isLarge && sendToJito(wire),
  ]);
  const status = await confirm(signature, lastValidBlockHeight);
  if (status === undefined) return { signature, outcome: "expired" };
  if (status.err !== null) return { signature, outcome: "reverted" };
  const landed = await connection.getTransaction(signature, {
    commitment: "confirmed",
    maxSupportedTransactionVersion: 0,
  });
  return { signature, outcome: "bought", lamports: lamportsGained(landed.meta) };
}

function lamportsGained({ preTokenBalances, postTokenBalances }) {
  const balance = (balances) => {
    const own = balances.find(({ mint, owner }) => mint === SOL && owner === wallet.publicKey.toBase58());
    return Number(own?.uiTokenAmount.amount ?? 0);
  };
  return balance(postTokenBalances) - balance(preTokenBalances);
}

async function run() {
  for (const [index, usd] of orders.entries()) {
    const result = await trade(usd).catch((error) => ({ outcome: `failed (${reason(error)})` }));
    await redis.hset(`trade:${index + 1}`, result);
    const done = await redis.incr("trades");
    console.log(`order ${index + 1} for ${usd} USD: ${result.outcome}${sol(result.lamports)}, ${done} kept`);
  }
  await redis.quit();
}

/** web3.js wraps what a node says in a text of several lines. */
function reason(error) {
  return error.transactionMessage ?? error.message;
}

function sol(lamports) {
  return lamports === undefined ? "" : ` ${lamports / 1e9} SOL`;
}

run();
