import { aggregatorMetrics } from "@slipstream/conventions";
import type { MetricFamily } from "@slipstream/exposition";
import type { Saved } from "@slipstream/stats";
import type { EventKind } from "../event.ts";
import type { CountedVerdict, VerdictChange } from "../mev/own-verdicts.ts";
import type { StatisticValue } from "../model.ts";
import type { EngineOptions } from "../options.ts";
import { CoarseWindow, coarsePaneMs } from "./by-label/coarse-window.ts";
import { Share } from "./counts.ts";
import { shareEntry } from "./entries.ts";
import { ratioFamilies } from "./ratio-families.ts";
import type { Entry, Instant, Statistic } from "./statistic.ts";

const UNKNOWN = {
  ratio: aggregatorMetrics.mevUnknown,
  low: aggregatorMetrics.mevUnknownLow,
  high: aggregatorMetrics.mevUnknownHigh,
  samples: aggregatorMetrics.mevUnknownSamples,
};

/**
 * The share of trades whose verdict is `unknown`, over the MEV window: how much of what MEV does to the desk is not seen. Trades
 * that nobody has judged yet are in no verdict, and not in this share.
 */
export class MevUnknown implements Statistic {
  readonly name = "mev_unknown";
  readonly onDashboard = false;
  readonly kinds: readonly EventKind[] = [];
  // Provisional verdicts are taken back when final ones come.
  readonly needs: readonly string[] = ["verdicts"];
  readonly paneMs: number;
  readonly #window: CoarseWindow<Share>;

  constructor({ mevWindowSeconds, amendmentSeconds }: EngineOptions) {
    this.paneMs = coarsePaneMs(mevWindowSeconds);
    this.#window = new CoarseWindow({
      seconds: mevWindowSeconds,
      paneMs: this.paneMs,
      amendmentSeconds,
      create: () => new Share(),
    });
  }

  observeVerdict({ trade, now, before }: VerdictChange): void {
    if (!trade.inWindow) return;
    const pane = this.#window.at(trade.timeMs);
    if (pane === undefined) return;
    if (before !== undefined) add(pane, before, -1);
    add(pane, now, 1);
  }

  advance(timeMs: number): void {
    this.#window.advance(timeMs);
  }

  read(instant: Instant): Record<string, Entry> {
    return { mev_unknown_rate: this.#rate(instant) };
  }

  collect(instant: Instant): MetricFamily[] {
    return ratioFamilies(UNKNOWN, this.#rate(instant));
  }

  save(): Saved {
    return this.#window.save();
  }

  load(saved: Saved): void {
    this.#window.load(saved);
  }

  #rate(instant: Instant): StatisticValue {
    const { all, seconds } = this.#window.before(instant);
    return shareEntry(all.part, all.all, seconds, "verdicts", instant);
  }
}

function add(share: Share, { verdict }: CountedVerdict, sign: 1 | -1): void {
  share.all += sign;
  if (verdict === "unknown") share.part += sign;
}
