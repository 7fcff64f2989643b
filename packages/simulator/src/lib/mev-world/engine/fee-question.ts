import type { Protection } from "../../market/decisions.ts";
import { optionError } from "../../option-error.ts";
import type { AttackOdds } from "../attackers/odds.ts";
import { congestionOfHour, congestionOverall } from "../fees/congestion.ts";
import type { FeeContext } from "../fees/expected-value.ts";
import type { Urgency } from "../fees/urgency.ts";
import { pairCatalogue } from "../pools/catalogue.ts";
import type { Setting } from "./setting.ts";
import { threatTo } from "./threats.ts";

/** A trade to be sent. */
export interface FeeQuestion {
  readonly pair: string;
  /** Address of the pool. Default: the pair's deepest pool. */
  readonly pool?: string | undefined;
  readonly sizeUsd: number;
  readonly urgency: Urgency;
  readonly protection: Protection;
  /** Basis points. Default: 100. */
  readonly toleranceBps?: number | undefined;
  /** Hour of the day, UTC. Default: an average over all hours. */
  readonly hour?: number | undefined;
  /** Congestion, including the pair's heat. Default: its distribution at the given hour, or overall. */
  readonly congestion?: number | undefined;
  /** Default: the initial SOL price. */
  readonly solUsd?: number | undefined;
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour + 0.5);

/** @throws SlipstreamError (`invalid_option`) if the pair or pool does not exist. */
export function feeContext(question: FeeQuestion, setting: Setting, odds: AttackOdds): FeeContext {
  const { pair, sizeUsd, urgency, protection, toleranceBps = 100, hour, congestion } = question;
  const [deepest] = setting.pools
    .filter((pool) => pool.pair.name === pair && (question.pool ?? pool.address) === pool.address)
    .sort((a, b) => b.spec.depthUsd - a.spec.depthUsd);
  if (deepest === undefined) {
    const field = question.pool === undefined ? "pair" : "pool";
    throw optionError(field, `does not exist in this world: ${question.pool ?? pair}`);
  }
  const exposure = {
    pair: deepest.pair,
    sideUsd: deepest.spec.depthUsd / 2,
    fee: deepest.curve.fee,
    sizeUsd,
    toleranceBps,
    colludes: false,
    protection,
  };
  const hours = hour === undefined ? HOURS : [hour];
  const threats = hours.map((at) => threatTo({ ...exposure, hour: at }, odds, setting));
  return {
    sizeUsd,
    urgency,
    protection,
    solUsd: question.solUsd ?? pairCatalogue[0].startPrice,
    congestion: levels(hour, congestion, deepest.pair.heat),
    threat: {
      perSlot: threats.flatMap(({ perSlot }) =>
        perSlot.map(({ chance, weight }) => ({ chance, weight: weight / threats.length })),
      ),
      lossRatio: threats[0]?.lossRatio ?? 0,
    },
  };
}

function levels(
  hour: number | undefined,
  congestion: number | undefined,
  heat: number,
): FeeContext["congestion"] {
  if (congestion !== undefined) return [{ level: congestion, weight: 1 }];
  const usual = hour === undefined ? congestionOverall() : congestionOfHour(hour);
  return usual.map(({ level, weight }) => ({ level: level + heat, weight }));
}
