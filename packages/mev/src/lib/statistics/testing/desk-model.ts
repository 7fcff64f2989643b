import { bps } from "@slipstream/conventions";
import { seededRandom } from "@slipstream/stats";
import type { MevRecord } from "../mev-record.ts";

/** Trades of a desk, drawn from a model with known truth. */
export interface DeskModel {
  readonly trades: number;
  /** Chance of an attack on a landed trade. */
  attack(record: MevRecord): number;
  /** Share of the attacks that cost nothing. */
  readonly avoided: number;
  /** Mean loss ratio of an impacted trade. */
  loss(record: MevRecord): number;
  landing(record: MevRecord): number;
}

export const plainDesk: DeskModel = {
  trades: 5000,
  attack: () => 0.03,
  avoided: 0.3,
  loss: () => 0.01,
  landing: () => 0.95,
};

const pairs = ["SOL/USDC", "BONK/SOL", "WIF/SOL"] as const;
const protections = ["none", "none", "jito", "private_rpc"] as const;

export function deskRecords(seed: number, over: Partial<DeskModel> = {}): MevRecord[] {
  const model = { ...plainDesk, ...over };
  const random = seededRandom(seed);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] ?? (of[0] as T);
  return Array.from({ length: model.trades }, (_, i): MevRecord => {
    const feeUsd = 0.01 * Math.exp(2 * random());
    const sent: MevRecord = {
      tradeId: `t${i}`,
      timeMs: 1_700_000_000_000 + Math.floor(random() * 86_400_000),
      pair: pick(pairs),
      sizeUsd: 50 * Math.exp(6 * random()),
      protection: pick(protections),
      leader: `leader${Math.floor(random() * 20)}`,
      toleranceBps: bps(pick([10, 50, 100, 300])),
      landed: true,
      onChain: true,
      isWhole: true,
      lossResidual: null,
      verdict: "clean",
      lossRatio: null,
      feeUsd,
      paidUsd: feeUsd,
      valueUsd: 1,
    };
    if (random() > model.landing(sent)) {
      return { ...sent, landed: false, onChain: false, verdict: null, paidUsd: 0, valueUsd: null };
    }
    if (random() > model.attack(sent)) return sent;
    if (random() < model.avoided) return { ...sent, verdict: "avoided" };
    return { ...sent, verdict: "impacted", lossRatio: model.loss(sent) * 2 * random() };
  });
}
