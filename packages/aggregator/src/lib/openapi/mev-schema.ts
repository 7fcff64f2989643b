import type { Dimension, LossSummary } from "@slipstream/mev";
import { dimensions } from "@slipstream/mev/verdicts";
import { z } from "zod";
import type { MevReport } from "../mev-report/report.ts";
import { reportDimensions } from "../mev-report/report-dimension.ts";
import { intervalSchema } from "./current-schema.ts";
import { estimateSchema, shareSchema } from "./estimate-schema.ts";
import { missingSchema } from "./missing-schema.ts";
import { named, number, text } from "./named.ts";

const estimate = estimateSchema;
const less = estimate.describe(
  "How much less often protected trades were impacted than unprotected ones like them.",
);

const lossNumbers = z.strictObject({
  mean: estimate.describe("Of a trade with a known loss."),
  median: estimate.describe("Of a trade with a known loss."),
  p95: estimate.describe("Of a trade with a known loss."),
  total: estimate.describe("The known losses; the interval is up to what the unknown ones may add."),
});

const lossSchema: z.ZodType<LossSummary> = named(
  "LossSummary",
  z.strictObject({
    impacted: number("Impacted trades."),
    unknown: number("Impacted trades whose loss is not known."),
    usd: lossNumbers.describe("Losses in USD."),
    bps: lossNumbers.describe(
      "Losses in basis points of what trades would have received; `total`: of the volume.",
    ),
  }),
);

const summary = {
  trades: number("Trades."),
  onChain: number("Trades that reached the chain: executed or reverted."),
  impacted: number("Trades that were sandwiched."),
  avoided: number("Trades that were attacked and lost nothing."),
  clean: number("Trades that were not attacked."),
  unknown: number("Trades without a verdict, those that never reached the chain among them."),
  detection: shareSchema.describe(
    "(avoided + impacted) / known: trades with a verdict other than unknown, near which everything could be read.",
  ),
  avoidance: shareSchema.describe("avoided / (avoided + impacted), of the known trades."),
  rawAvoidance: shareSchema.describe("1 - impacted / known."),
  impactedTotal: estimate.describe("Impacted trades in all, if the unknown ones are like the others."),
  avoidedTotal: estimate.describe("The same of avoided ones."),
  loss: lossSchema.describe("What the impacted trades lost."),
};

const lossBy = z.strictObject({
  label: text("Address of the attacker or the pool."),
  impacted: number("Trades that were impacted."),
  avoided: number("Trades that were attacked and lost nothing."),
  lossUsd: number("What the impacted trades lost, as far as it is known, in USD."),
});

const curve = z.strictObject({
  correlation: estimate.describe("Spearman's rank correlation with the size."),
  points: z
    .array(
      z.strictObject({
        fromUsd: number("Smallest size, in USD."),
        toUsd: number("Largest size, in USD."),
        count: number("Trades of these sizes."),
        value: number("Value of the monotone fit: a share, or basis points."),
        interval: intervalSchema.describe("Of the value."),
      }),
    )
    .describe("Groups of trades of similar size."),
});

const names = Object.keys(dimensions) as [Dimension, ...Dimension[]];

const pattern = z.strictObject({
  where: z.partialRecord(z.enum(names), z.string()).describe("One or two properties of the trades."),
  trades: number("Trades that have them."),
  attacked: number("Those of them that were attacked."),
  lift: estimate.describe("Attack rate of these trades / that of all others."),
  excess: number("Attacks beyond those expected at the rate of the other trades."),
  falseDiscoveryRate: number("False discovery rate at which the pattern is just accepted."),
});

/** The answer of `/api/mev`. */
export const mevSchema: z.ZodType<MevReport> = named(
  "MevReport",
  z.strictObject({
    from: text("Start of the period."),
    to: text("End of the period."),
    truncated: z
      .boolean()
      .describe("Whether there were more trades than are looked at. Then it is of the newest."),
    missing: missingSchema,
    by: z.enum(reportDimensions).describe("What the groups are by."),
    overall: named("MevSummary", z.strictObject(summary)).describe("All trades."),
    relativeAvoidance: less,
    groups: z
      .array(named("MevGroup", z.strictObject({ label: text("Name of the group."), ...summary })))
      .describe("At most 200."),
    attackers: z.array(lossBy).describe("Those who took the most."),
    pools: z.array(lossBy).describe("Where the most was taken."),
    feeReturn: z
      .strictObject({
        ratio: estimate.describe("Of what higher fees brought to what they cost."),
        lossAvoidedUsd: estimate.describe("Losses that the others had and these did not, in USD."),
        landingValueUsd: estimate.describe("Additional landed trades times the worth of landing, in USD."),
        extraFeeUsd: estimate.describe("What was paid beyond the others' fees, in USD."),
        includesZero: z
          .boolean()
          .nullable()
          .describe("Whether the interval of the ratio contains 0. `null`: there is none."),
        finding: text("The result in words."),
      })
      .describe("What higher fees returned: (loss avoided + landing value - extra fee) / extra fee."),
    protections: z
      .array(
        z.strictObject({
          protection: text("`mev.protection`, or what the tip shows."),
          trades: number("Trades sent with it."),
          costUsd: estimate.describe("Fees and tips beyond those of unprotected trades, in USD."),
          lossAvoidedUsd: estimate.describe("Losses that the others had and these did not, in USD."),
          landingValueUsd: estimate.describe("Additional landed trades times the worth of landing, in USD."),
          netUsd: estimate.describe("Losses avoided, plus the value of landing, less the cost, in USD."),
          relativeAvoidance: less,
        }),
      )
      .describe(
        "What each cost and returned, compared with unprotected trades of the same pair and size. USD.",
      ),
    patterns: z
      .strictObject({
        tested: number("Combinations of properties that were tested."),
        found: z.array(pattern).describe("Those whose trades are attacked more often than the others."),
      })
      .describe("Where the desk is vulnerable."),
    curves: z
      .strictObject({
        attack: curve.describe("Share attacked."),
        loss: curve.describe("Loss in basis points."),
      })
      .describe("How attacks and losses depend on the size."),
  }),
);
