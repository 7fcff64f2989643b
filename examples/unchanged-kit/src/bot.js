/**
 * A trading service that buys SOL with USDC: order and execute of Jupiter, @solana/kit, trades kept in PostgreSQL. It knows nothing of telemetry.
 *
 * SOLANA_RPC_URL, JUPITER_URL, JITO_URL, DATABASE_URL: where they are · JUPITER_API_KEY, JITO_AUTH · WALLET: a secret key as JSON
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
  AccountRole,
  address,
  appendTransactionMessageInstruction,
  createKeyPairSignerFromBytes,
  createSolanaRpc,
  createTransactionMessage,
  getBase64EncodedWireTransaction,
  getBase64Encoder,
  getSignatureFromTransaction,
  getTransactionDecoder,
  isSolanaError,
  pipe,
  SOLANA_ERROR__RPC__TRANSPORT_HTTP_ERROR,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  signTransaction,
  signTransactionMessageWithSigners,
} from "@solana/kit";
import pg from "pg";

const { SOLANA_RPC_URL, JUPITER_URL, JITO_URL, DATABASE_URL, JUPITER_API_KEY, JITO_AUTH, WALLET } =
  process.env;
const USDC = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v";
const SOL = "So11111111111111111111111111111111111111112";
const SYSTEM_PROGRAM = address("11111111111111111111111111111111");
/** USD of each order. Those above this go to Jito as a bundle with a tip, and to the node, instead of to Jupiter. */
const orders = [250, 1500, 250, 300, 350, 400];
const LARGE_USD = 1000;
const TIP_LAMPORTS = 200_000n;
const POLL_MS = 50;

const wallet = await createKeyPairSignerFromBytes(Uint8Array.from(JSON.parse(WALLET)));
const rpc = createSolanaRpc(SOLANA_RPC_URL);
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 2 });

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

async function jito(method, params) {
  const response = await fetch(`${JITO_URL}/api/v1/bundles`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-jito-auth": JITO_AUTH },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const { result, error } = await response.json();
  if (error !== undefined) throw new Error(`Jito: ${error.message}`);
  return result;
}

/** A transfer to one of Jito's tip accounts, signed. */
async function tip() {
  const [account] = await jito("getTipAccounts", []);
  const { value: blockhash } = await rpc.getLatestBlockhash().send();
  const data = new DataView(new ArrayBuffer(12));
  data.setUint32(0, 2, true);
  data.setBigUint64(4, TIP_LAMPORTS, true);
  const transfer = {
    programAddress: SYSTEM_PROGRAM,
    accounts: [
      { address: wallet.address, role: AccountRole.WRITABLE_SIGNER },
      { address: address(account), role: AccountRole.WRITABLE },
    ],
    data: new Uint8Array(data.buffer),
  };
  const message = pipe(
    createTransactionMessage({ version: 0 }),
    (draft) => setTransactionMessageFeePayerSigner(wallet, draft),
    (draft) => setTransactionMessageLifetimeUsingBlockhash(blockhash, draft),
    (draft) => appendTransactionMessageInstruction(transfer, draft),
  );
  return getBase64EncodedWireTransaction(await signTransactionMessageWithSigners(message));
}

async function sendLarge(wire) {
  const bundle = await jito("sendBundle", [[wire, await tip()], { encoding: "base64" }]);
  await rpc.sendTransaction(wire, { encoding: "base64", maxRetries: 0n }).send();
  await jito("getBundleStatuses", [[bundle]]);
}

/** Asks the node again, once, if it has had too many requests. */
async function patiently(ask) {
  try {
    return await ask();
  } catch (error) {
    const isLimited =
      isSolanaError(error, SOLANA_ERROR__RPC__TRANSPORT_HTTP_ERROR) && error.context.statusCode === 429;
    if (!isLimited) throw error;
    await sleep(POLL_MS);
    return await ask();
  }
}

/** Resolves to the chain's status; undefined if the transaction can no longer land. */
async function confirm(signature, lastValidBlockHeight) {
  for (;;) {
    const height = await rpc.getBlockHeight().send();
    const { value } = await patiently(() => rpc.getSignatureStatuses([signature]).send());
    if (value[0] !== null) return value[0];
    if (height > lastValidBlockHeight) return undefined;
    await sleep(POLL_MS);
  }
}

/** Resolves to what became of the order. */
async function trade(usd) {
  await rpc.getHealth().send();
  const query = new URLSearchParams({
    inputMint: USDC,
    outputMint: SOL,
    amount: String(usd * 1e6),
    taker: wallet.address,
  });
  const { transaction, requestId, outAmount, lastValidBlockHeight } = await jupiter(
    `/swap/v2/order?${query}`,
  );
  const order = getTransactionDecoder().decode(getBase64Encoder().encode(transaction));
  const signed = await signTransaction([wallet.keyPair], order);
  const signature = getSignatureFromTransaction(signed);
  const wire = getBase64EncodedWireTransaction(signed);
  if (usd > LARGE_USD) {
    await sendLarge(wire);
    const status = await confirm(signature, BigInt(lastValidBlockHeight));
    return { signature, outcome: status?.err === null ? "bought" : "failed", lamports: outAmount };
  }
  const executed = await jupiter("/swap/v2/execute", { signedTransaction: wire, requestId });
  if (executed.status !== "Success") return { signature, outcome: `failed (${executed.error})` };
  await confirm(executed.signature, BigInt(lastValidBlockHeight));
  return { signature, outcome: "bought", lamports: executed.outputAmountResult };
}

await pool.query("CREATE TABLE IF NOT EXISTS trades (id int, signature text, outcome text, lamports bigint)");
for (const [index, usd] of orders.entries()) {
  const result = await trade(usd).catch((error) => ({ outcome: `failed (${error.message})` }));
  await pool.query("INSERT INTO trades VALUES ($1, $2, $3, $4)", [
    index + 1,
    result.signature,
    result.outcome,
    result.lamports,
  ]);
  const { rows } = await pool.query("SELECT count(*)::int AS kept FROM trades WHERE id > 0");
  const sol = result.lamports === undefined ? "" : ` ${Number(result.lamports) / 1e9} SOL`;
  console.log(`order ${index + 1} for ${usd} USD: ${result.outcome}${sol}, ${rows[0].kept} kept`);
}
await pool.end();
