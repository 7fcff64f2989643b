import { decodeBase58, lamportsTransferred, programId } from "@slipstream/solana";
import { field, list, whole } from "../json.ts";

const MOST_INSTRUCTIONS = 64;
const TRANSFER_BYTES = 12;

/**
 * Lamports that the payer transferred to others by instructions of the transaction itself: tips and the fees of bots. What it put into an
 * account that is empty again at the end, such as the one of wrapped SOL, is part of the trade.
 */
export function ownTransfers(result: unknown, keys: readonly string[], payer: string): bigint {
  const meta = field(result, "meta");
  const [pre, post] = [list(field(meta, "preBalances")), list(field(meta, "postBalances"))];
  const tokenAccounts = new Set(
    [...(list(field(meta, "preTokenBalances")) ?? []), ...(list(field(meta, "postTokenBalances")) ?? [])]
      .filter((balance) => field(balance, "owner") === payer)
      .map((balance) => whole(field(balance, "accountIndex"))),
  );
  const instructions = list(field(field(field(result, "transaction"), "message"), "instructions")) ?? [];
  let sum = 0n;
  for (const instruction of instructions.slice(0, MOST_INSTRUCTIONS)) {
    const transfer = transferOf(instruction, keys);
    if (transfer === undefined || transfer.from !== payer || transfer.to === payer) continue;
    const index = keys.indexOf(transfer.to);
    const stays =
      index >= 0 && post?.[index] !== undefined && pre?.[index] !== undefined && Number(post[index]) > 0;
    if (stays && !tokenAccounts.has(index)) sum += transfer.lamports;
  }
  return sum;
}

interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly lamports: bigint;
}

/** A transfer by the System program, in the encoding `json` or `jsonParsed`. */
function transferOf(instruction: unknown, keys: readonly string[]): Transfer | undefined {
  const parsed = field(instruction, "parsed");
  if (parsed !== undefined) {
    const info = field(parsed, "info");
    const lamports = whole(field(info, "lamports"));
    if (field(instruction, "program") !== "system" || field(parsed, "type") !== "transfer") return undefined;
    if (lamports === undefined) return undefined;
    return {
      from: String(field(info, "source")),
      to: String(field(info, "destination")),
      lamports: BigInt(lamports),
    };
  }
  const program = keys[whole(field(instruction, "programIdIndex")) ?? -1];
  const data = field(instruction, "data");
  if (program !== programId.system || typeof data !== "string") return undefined;
  const bytes = decodeBase58(data, TRANSFER_BYTES);
  const lamports = bytes === undefined ? undefined : lamportsTransferred(bytes);
  const [from, to] = (list(field(instruction, "accounts")) ?? []).map((index) => keys[whole(index) ?? -1]);
  if (lamports === undefined || from === undefined || to === undefined) return undefined;
  return { from, to, lamports };
}
