import { decodeBlock, type Swap, swapEventJson } from "@slipstream/mev";
import { parseBlock } from "@slipstream/solana/block";
import { describe, expect, test } from "vitest";
import type { SlotRecord } from "./engine/slot-record.ts";
import { openMevWorld } from "./world.ts";

const world = openMevWorld({
  seed: 11,
  trades: 400,
  days: 0.04,
  attackRate: 0.1,
  attackers: { classic: 1, linked_wallets: 2 },
  v1Share: 0.3,
  shortSwapShare: 0.5,
  creatorFeeShare: 0.7,
  unreadShare: 0.3,
  unreadRouteShare: 0.1,
  transferShare: 0.2,
});
const records = [...world.slots()].filter(({ hasBlock }) => hasBlock);
const decoded = (record: SlotRecord): ReturnType<typeof decodeBlock> =>
  decodeBlock(parseBlock(JSON.parse(JSON.stringify(world.block(record)))), record.slot);
const onChain = ({ bundleId: _, ...swap }: Swap): object => swapEventJson(swap);

describe("today's chain", () => {
  test("is read as it is: versions of transactions and swaps, what wallets pass on, and what nobody decodes", () => {
    const counts = { swaps: 0, transfers: 0, program: 0, instruction: 0, hop: 0 };
    for (const record of records) {
      const block = decoded(record);
      expect(block.swaps.map(onChain)).toEqual(record.swaps.map(onChain));
      expect(block.transfers).toEqual(record.transfers);
      counts.swaps += record.swaps.length;
      counts.transfers += record.transfers.length;
      const hidden = [...block.unread, ...block.undecoded];
      for (const { signature, kind } of record.unread) {
        counts[kind]++;
        expect(hidden.some((one) => one.signature === signature)).toBe(true);
      }
      const known = new Set(record.unread.map(({ signature }) => signature));
      expect(hidden.filter(({ signature }) => !known.has(signature))).toEqual([]);
    }
    for (const [what, count] of Object.entries(counts)) expect([what, count > 20]).toEqual([what, true]);
  });

  test("holds the shares that were asked for", () => {
    const answers = records.flatMap((record) => {
      const signatures = new Set(record.transactions.map(({ signature }) => signature));
      const { transactions = [] } = world.block(record) ?? {};
      return transactions.filter(({ transaction }) => signatures.has(transaction.signatures[0] ?? ""));
    });
    const share = (of: (one: (typeof answers)[number]) => boolean): number =>
      answers.filter(of).length / answers.length;
    expect(share(({ version }) => version === 1)).toBeCloseTo(0.3, 1);
    for (const { version, transaction, meta } of answers) {
      if (version !== 1) continue;
      expect(transaction.message.transactionConfig?.priorityFee).toBe(meta.fee - 5000);
      expect(transaction.message.addressTableLookups).toBeUndefined();
    }
  });

  test("linked wallets pass on exactly what one bought and another sold, and share nothing else", () => {
    const attacks = records
      .flatMap((record) => record.attacks)
      .filter(({ kind, outcome }) => kind === "linked_wallets" && outcome === "completed");
    expect(attacks.length).toBeGreaterThan(20);
    const passed = new Set(records.flatMap(({ transfers }) => transfers.map(({ to }) => to)));
    for (const { signers } of attacks) {
      expect(signers.length).toBe(2);
      expect(signers.some((signer) => passed.has(signer))).toBe(true);
    }
  });

  test("a world that asks for none of it is as before", () => {
    const plain = openMevWorld({ seed: 11, trades: 100, days: 0.01 });
    for (const { unread, transfers, transactions } of plain.slots()) {
      expect(unread.length + transfers.length).toBe(0);
      for (const { form } of transactions)
        expect(form).toEqual({ isV1: false, isShort: false, unread: undefined });
    }
  });
});
