import type { HistoryReader } from "../history/query.ts";
import { type AdviceAnswer, type AdviceQuery, adviceOn } from "./advice.ts";
import { judgedTrades } from "./judged-trade.ts";
import { missingTrades } from "./missing-trades.ts";
import { type MevReport, mevReport } from "./report.ts";
import type { ReportDimension } from "./report-dimension.ts";

export interface TimeSpan {
  /** Event time, Unix ms; `toMs` is not in it. */
  readonly fromMs: number;
  readonly toMs: number;
}

interface OfDesk {
  /** Default: the aggregator's own. */
  readonly desk?: string | undefined;
}

export type MevQuestion =
  | ({ readonly kind: "report"; readonly by: ReportDimension } & TimeSpan & OfDesk)
  | ({ readonly kind: "advice" } & AdviceQuery & TimeSpan & OfDesk);

export type MevAnswer<Question extends MevQuestion> = Question extends { readonly kind: "report" }
  ? MevReport
  : AdviceAnswer;

/** Trades that are looked at: the newest so many. */
const MOST_TRADES = 200_000;

/** Answers from a history. Heavy: some seconds of one core for all trades that are looked at. */
export async function answerMev<Question extends MevQuestion>(
  history: Pick<HistoryReader, "find">,
  question: Question,
): Promise<MevAnswer<Question>> {
  const { fromMs, toMs, desk } = question;
  const span = { desk, fromMs, toMs, limit: MOST_TRADES };
  const [trades, verdicts] = await Promise.all([
    history.find({ table: "trades", ...span }),
    history.find({ table: "mev_verdicts", ...span }),
  ]);
  const judged = judgedTrades(trades.rows, verdicts.rows);
  const about = {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    truncated: trades.rows.length === MOST_TRADES,
    missing: missingTrades(trades.missing),
  };
  const answer =
    question.kind === "report"
      ? mevReport(judged, { ...about, by: question.by })
      : adviceOn(judged, queryOf(question), about);
  return answer as MevAnswer<Question>;
}

function queryOf({ pair, sizeUsd, urgency, slippageBps }: AdviceQuery): AdviceQuery {
  return { pair, sizeUsd, urgency, slippageBps };
}
