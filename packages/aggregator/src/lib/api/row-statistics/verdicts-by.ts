import type { TradeLabel } from "@slipstream/conventions";
import { type HistoryRow, landingService } from "@slipstream/engine";
import { type Cells, cellsOf, type Sums, sumSeries } from "./row-series.ts";
import { dollars, type Named, type RowStatistic, share } from "./row-statistic.ts";

/** What is read of a verdict: not its evidence, which may be long. */
const columns = [
  "timestamp",
  "verdict",
  "loss_usd",
  "service",
  "pair",
  "strategy",
  "size",
  "protection",
  "protection_source",
];

/** Verdicts by the values of a label, of the table `mev_verdicts`. */
export function verdictsBy(label: TradeLabel): Named[] {
  const cells = cellsOf("mev_verdicts");
  const labelValue = verdictLabel(label, cells);
  const is = (wanted: string) => (row: HistoryRow) => (cells.text(row, "verdict") === wanted ? 1 : 0);
  const [impacted, avoided, clean, unknown] = [is("impacted"), is("avoided"), is("clean"), is("unknown")];
  const counts = { impacted, avoided, clean, unknown };
  const losses = {
    ...counts,
    // Only an impacted trade has a loss.
    losses: (row: HistoryRow) => (cells.number(row, "loss_usd") === undefined ? 0 : impacted(row)),
    lossUsd: (row: HistoryRow) => impacted(row) * (cells.number(row, "loss_usd") ?? 0),
  };
  const sums = <Field extends string>(unit: string, of: Sums<Field>): RowStatistic => ({
    unit,
    lengthMs: 0,
    query: () => ({ table: "mev_verdicts", columns }),
    series: (rows, { value, stepMs }) =>
      sumSeries(value === undefined ? rows : rows.filter((row) => labelValue(row) === value), of, {
        label,
        labelValue,
        timeMs: cells.timeMs,
        stepMs,
      }),
  });
  return [
    [
      `mev_verdicts_by_${label}`,
      sums("trades", {
        add: counts,
        read: (of) =>
          (["impacted", "avoided", "clean", "unknown"] as const).map((verdict) => ({
            labels: { verdict },
            value: of[verdict],
          })),
      }),
    ],
    [
      `mev_detection_rate_by_${label}`,
      sums("%", {
        add: counts,
        read: ({ impacted, avoided, clean }) => share(impacted + avoided, impacted + avoided + clean),
      }),
    ],
    [
      `mev_avoidance_rate_by_${label}`,
      sums("%", { add: counts, read: ({ impacted, avoided }) => share(avoided, impacted + avoided) }),
    ],
    [
      `mev_unknown_rate_by_${label}`,
      sums("%", {
        add: counts,
        read: ({ impacted, avoided, clean, unknown }) => share(unknown, impacted + avoided + clean + unknown),
      }),
    ],
    [
      `mev_loss_usd_by_${label}`,
      sums("usd", {
        add: losses,
        read: ({ impacted, avoided, clean, losses, lossUsd }) =>
          impacted + avoided + clean === 0 || (losses === 0 && impacted > 0)
            ? []
            : [{ value: dollars(lossUsd) }],
      }),
    ],
    [
      `mev_mean_loss_usd_by_${label}`,
      sums("usd", {
        add: losses,
        read: ({ losses, lossUsd }) => (losses === 0 ? [] : [{ value: dollars(lossUsd / losses) }]),
      }),
    ],
  ];
}

/** As the engine reads the label from a trade with its verdict. */
function verdictLabel(label: TradeLabel, cells: Cells): (row: HistoryRow) => string {
  if (label === "protection") return (row) => cells.text(row, "protection") ?? "none";
  if (label !== "landing_service") return (row) => cells.text(row, label) ?? "unknown";
  return (row) => {
    const isShown = cells.text(row, "protection_source") !== undefined;
    if (!isShown && cells.text(row, "verdict") === "unknown") return "unknown";
    return landingService(cells.text(row, "protection") ?? "none");
  };
}
