import type { AttackerKind } from "./attackers/kinds.ts";
import type { BlockAnswer } from "./blocks/answer.ts";
import { blockAnswer } from "./blocks/block.ts";
import type { Leader } from "./chain/slots.ts";
import { Engine } from "./engine/engine.ts";
import { type FeeQuestion, feeContext } from "./engine/fee-question.ts";
import { makeSetting, type Setting } from "./engine/setting.ts";
import type { SlotRecord } from "./engine/slot-record.ts";
import { oddsFor } from "./engine/threats.ts";
import type { FeeContext } from "./fees/expected-value.ts";
import { type MevWorldOptions, type MevWorldSettings, readMevWorldOptions } from "./options.ts";

export interface PoolInfo {
  readonly address: string;
  readonly pair: string;
  readonly protocol: string;
  readonly program: string;
  readonly base: string;
  readonly quote: string;
  readonly vaults: { readonly base: string; readonly quote: string };
  /** Initial value of both sides, in USD. */
  readonly depthUsd: number;
  readonly feeBps: number;
  /** Whether its creator takes a fee of its own. */
  readonly hasCreatorFee: boolean;
}

export interface AttackerInfo {
  readonly id: string;
  readonly kind: AttackerKind;
  readonly wallets: readonly string[];
  readonly program: string | null;
  readonly holder: string | null;
}

/** A market with attackers in which everything is known. */
export interface MevWorld {
  readonly settings: MevWorldSettings;
  readonly firstSlot: number;
  readonly leaders: readonly Leader[];
  readonly pools: readonly PoolInfo[];
  readonly attackers: readonly AttackerInfo[];
  /** Identity of a slot's leader. */
  leaderOf(slot: number): string;
  /** What the value of a bid depends on, for `expectedValue` and `bestBid`. */
  feeContext(question: FeeQuestion): FeeContext;
  /**
   * The `getBlock` answer for a slot of the stream, or for one in which nothing happened; null if the slot
   * has no block.
   */
  block(record: Pick<SlotRecord, "slot" | "transactions"> | number): BlockAnswer | null;
  /** The slots in which something happened, in order. The same on every call. */
  slots(): Iterable<SlotRecord>;
}

/**
 * Opens a world. Nothing runs until `slots` is read. The same options give the same world.
 * @throws SlipstreamError (`invalid_option`) with the name of the invalid option.
 */
export function openMevWorld(options: MevWorldOptions = {}): MevWorld {
  const settings = readMevWorldOptions(options);
  const setting = makeSetting(settings);
  const odds = oddsFor(setting, setting.random.fork("calibration"));
  const { schedule, pools, attackers } = setting;
  return {
    settings,
    firstSlot: schedule.firstSlot,
    leaders: schedule.leaders,
    pools: pools.map(poolInfo),
    attackers: attackers.map(({ id, kind, wallets, program, holder }) => {
      return { id, kind, wallets, program: program ?? null, holder: holder ?? null };
    }),
    leaderOf: (slot) => schedule.leaderOf(slot).identity,
    feeContext: (question) => feeContext(question, setting, odds),
    block: (of) =>
      typeof of === "number"
        ? blockAnswer(of, [], schedule, setting.names)
        : blockAnswer(of.slot, of.transactions, schedule, setting.names),
    // Running uses up a world, so each reader gets its own.
    slots: () => new Engine(makeSetting(settings), odds).slots(),
  };
}

function poolInfo({ address, pair, spec, program, vaults, curve }: Setting["pools"][number]): PoolInfo {
  return {
    address,
    pair: pair.name,
    protocol: spec.protocol,
    program,
    base: pair.base.mint,
    quote: pair.quote.mint,
    vaults,
    depthUsd: spec.depthUsd,
    feeBps: spec.feeMillionths / 100,
    hasCreatorFee: curve.hasCreatorFee,
  };
}
