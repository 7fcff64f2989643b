import { severities } from "@slipstream/alerts";
import type { Query } from "./query.ts";
import { inSight, sql, table } from "./sql.ts";

const ATTACKED = "verdict IN ('avoided', 'impacted')";

/** Values of each UTC day, as graphs. */
export const perDay = {
  trades: (): Query =>
    series(
      `
SELECT timestamp AS time, sum(trades - failed - unknown_status) AS success, sum(failed) AS failed,
  sum(unknown_status) AS unknown
FROM ${table("trades_by_label")}
WHERE label = 'service' AND ${inSight()}
SAMPLE BY 1d`,
      ["success", "failed", "unknown"],
    ),

  pnl: (): Query =>
    series(`
SELECT timestamp AS time, sum(pnl_usd) AS "PnL"
FROM ${table("trades_by_label")}
WHERE label = 'service' AND ${inSight()}
SAMPLE BY 1d`),

  /** P99 of the day's minutes: that of the middle one, and of the worst. */
  latency: (operation: string): Query =>
    series(`
SELECT timestamp AS time, approx_percentile(p99_ms, 0.5, 3) AS "middle minute", max(p99_ms) AS "worst minute"
FROM ${table("latency_percentiles")}
WHERE operation = '${operation}' AND ${inSight()}
SAMPLE BY 1d`),

  /** P99 of the day's middle minute. */
  latencyByOperation: (): Query =>
    series(`
SELECT timestamp AS time, operation AS metric, approx_percentile(p99_ms, 0.5, 3) AS p99
FROM ${table("latency_percentiles")}
WHERE ${inSight()}
SAMPLE BY 1d
ORDER BY time`),

  failedCalls: (): Query =>
    series(`
SELECT timestamp AS time, kind AS metric, sum(failed) * 1.0 / sum(calls) AS failed
FROM ${table("calls_by_service")}
WHERE ${inSight()}
SAMPLE BY 1d
ORDER BY time`),

  verdicts: (): Query =>
    series(
      `
SELECT timestamp AS time, ${counted("impacted")}, ${counted("avoided")}, ${counted("unknown")}
FROM ${table("mev_verdicts")}
WHERE ${inSight()}
SAMPLE BY 1d`,
      ["impacted", "avoided", "unknown"],
    ),

  loss: (): Query =>
    series(`
SELECT timestamp AS time, sum(loss_usd) AS lost
FROM ${table("mev_verdicts")}
WHERE verdict = 'impacted' AND ${inSight()}
SAMPLE BY 1d`),

  avoidance: (): Query =>
    series(`
SELECT time, CASE WHEN attacked > 0 THEN avoided * 1.0 / attacked END AS avoided, attacked
FROM (
  SELECT timestamp AS time, ${counted("avoided")}, ${counted("attacked", ATTACKED)}
  FROM ${table("mev_verdicts")}
  WHERE ${inSight()}
  SAMPLE BY 1d
)`),

  alerts: (): Query =>
    series(
      `
SELECT timestamp AS time, severity AS metric, count() AS fired
FROM ${table("alerts")}
WHERE transition = 'firing' AND ${inSight()}
SAMPLE BY 1d
ORDER BY time`,
      severities,
    ),
};

/** Tables of the time shown. */
export const inTable = {
  attackers: (): Query =>
    rows(`
SELECT attacker, count() AS trades, count(loss_usd) AS known_losses, sum(loss_usd) AS lost, max(timestamp) AS last
FROM ${table("mev_verdicts")}
WHERE verdict = 'impacted' AND attacker IS NOT NULL AND ${inSight()}
GROUP BY attacker
ORDER BY trades DESC
LIMIT 20`),

  hours: (): Query =>
    rows(`
SELECT hour, judged, attacked, attacked * 1.0 / judged AS share, CASE WHEN impacted = 0 THEN 0.0 ELSE lost END AS lost
FROM (
  SELECT hour(timestamp) AS hour, count() AS judged,
    ${counted("attacked", ATTACKED)}, ${counted("impacted")},
    sum(loss_usd) AS lost
  FROM ${table("mev_verdicts")}
  WHERE verdict <> 'unknown' AND ${inSight()}
  GROUP BY hour
)
ORDER BY hour`),

  protections: (): Query =>
    rows(`
SELECT protection, judged, attacked, attacked * 1.0 / judged AS share,
  CASE WHEN impacted = 0 THEN 0.0 ELSE lost END AS lost,
  CASE WHEN impacted = 0 THEN 0.0 ELSE 1000 * lost / loss_known END AS lost_per_1000,
  fees, 1000 * fees / fee_known AS fees_per_1000
FROM (
  SELECT protection, count() AS judged,
    ${counted("attacked", ATTACKED)}, ${counted("impacted")},
    sum(loss_usd) AS lost, sum(CASE WHEN verdict <> 'impacted' OR loss_usd IS NOT NULL THEN size_usd END) AS loss_known,
    sum(fee_usd) AS fees, sum(CASE WHEN fee_usd IS NOT NULL THEN size_usd END) AS fee_known
  FROM ${table("mev_verdicts")}
  WHERE verdict <> 'unknown' AND ${inSight()}
  GROUP BY protection
)
ORDER BY judged DESC`),

  reasons: (): Query =>
    rows(`
SELECT reason, count() AS trades, max(timestamp) AS last
FROM ${table("mev_verdicts")}
WHERE verdict = 'unknown' AND ${inSight()}
GROUP BY reason
ORDER BY trades DESC
LIMIT 20`),

  attacked: (): Query =>
    rows(`
SELECT timestamp AS time, verdict, state, pair, size_usd, loss_usd, protection, attacker, trade_id, trace_id
FROM ${table("mev_verdicts")}
WHERE ${ATTACKED} AND ${inSight()}
ORDER BY timestamp DESC
LIMIT 100`),

  alerts: (): Query =>
    rows(`
SELECT timestamp AS time, severity, alert, transition, service, value, threshold, unit, muted, message
FROM ${table("alerts")}
WHERE ${inSight()}
ORDER BY timestamp DESC
LIMIT 200`),
};

/** A column with the number of verdicts of that name, or of those that the condition chooses. */
function counted(name: string, condition: string = `verdict = '${name}'`): string {
  return `sum(CASE WHEN ${condition} THEN 1 ELSE 0 END) AS ${name}`;
}

function series(text: string, names: readonly string[] = []): Query {
  return sql(text.trim(), "time_series", names);
}

function rows(text: string): Query {
  return sql(text.trim(), "table");
}
