import { quantity } from "@slipstream/conventions";
import type { StatisticValue } from "@slipstream/engine";
import { dollars, fixed, percent, unknown } from "../format.ts";
import { numberOf, statistic, type WithCurrent } from "../snapshot.ts";
import type { Line, Piece } from "../style.ts";
import { cell, isBeyondTarget } from "../targets.ts";
import { heading, label } from "./labels.ts";

export function moneyLines(snapshot: WithCurrent): Line[] {
  const pnl = numberOf(snapshot, "total_pnl_usd");
  const ofCapital = statistic(snapshot, "total_pnl");
  const fees = statistic(snapshot, "priority_fees_lamports");
  const lamports = typeof fees?.value === "number" ? fees.value : undefined;
  const mev = statistic(snapshot, "mev_avoidance_rate");
  const capital =
    typeof ofCapital?.value === "number"
      ? `${percent(ofCapital.value, 3)} of the capital`
      : (ofCapital?.reason ?? "");
  const slippage = [numberOf(snapshot, "slippage_p50"), numberOf(snapshot, "slippage_p99")];
  return [
    [
      heading("Money"),
      pnl === undefined
        ? unknown.padStart(8)
        : { text: dollars(pnl).padStart(8), style: pnl < 0 ? "bad" : "good" },
      `  PnL of ${quantity(statistic(snapshot, "total_pnl_usd")?.count ?? 0, "trade")}`,
      { text: capital === "" ? "" : `  ${capital}`, style: "dim" },
    ],
    [
      label("fees"),
      lamports === undefined
        ? `${unknown.padStart(8)}  ${fees?.reason ?? ""}`
        : `${fixed(lamports / 1e9, 6)} SOL of priority fees, ${quantity(lamports, "lamport")}, ${quantity(fees?.count ?? 0, "trade")}`,
    ],
    [
      label("slippage"),
      slippage.every((value) => value === undefined)
        ? unknown.padStart(8)
        : `p50 ${oneDigit(slippage[0])}, p99 ${oneDigit(slippage[1])} bps`,
      ...(mev === undefined ? [] : mevPieces(mev, statistic(snapshot, "mev_loss_usd"))),
    ],
  ];
}

function mevPieces(mev: StatisticValue, loss: StatisticValue | undefined): Piece[] {
  const { value, count } = mev;
  if (typeof value !== "number") return [{ text: `  MEV: ${mev.reason ?? "unknown"}`, style: "dim" }];
  // First, so that a narrow terminal does not cut it off.
  const lost = typeof loss?.value === "number" ? `lost $${fixed(loss.value, 2)}, ` : "";
  const share = cell(percent(value), 0, isBeyondTarget("mev_avoidance_rate", value));
  return [`  MEV ${lost}avoided `, share, ` of ${quantity(count, "attack")}`];
}

function oneDigit(value: number | undefined): string {
  return value === undefined ? unknown : fixed(value, 1);
}
