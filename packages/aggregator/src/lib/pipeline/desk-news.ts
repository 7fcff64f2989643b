import { type Desks, isDeskName } from "@slipstream/engine";
import type { Logger } from "../logger.ts";
import type { Stage } from "./pipeline.ts";

/** Logs once of each desk that its data has come, that it has made room for another, and that its data is left out. */
export function deskNews(desks: Desks, logger: Logger): Stage {
  let known = new Set(desks.others);
  let { changes } = desks;
  let leftOut = desks.leftOut.desks.length;
  return ({ record: { batch } }) => {
    if (batch.kind !== "traces" && batch.kind !== "metrics") return;
    if (desks.changes !== changes) {
      changes = desks.changes;
      const before = known;
      known = new Set(desks.others);
      for (const desk of [...before].filter((one) => !known.has(one)))
        logger.info(
          { desk },
          "A desk that has sent nothing for 7 days made room for another. Its history stays, its other statistics are dropped",
        );
      for (const desk of [...known].filter((one) => !before.has(one)))
        logger.info(
          { desk },
          "Data of another desk: its statistics are kept apart. If it is this aggregator's own, start with --desk and its name",
        );
    }
    if (desks.leftOutDesks === leftOut) return;
    for (const desk of desks.leftOut.desks.slice(leftOut)) {
      if (isDeskName(desk))
        logger.warn(
          { desk, maxDesks: desks.options.desks?.most },
          "Data of a desk is in no statistic: there are maxDesks other desks already, each with data of the last 7 days",
        );
      else
        logger.warn(
          { desk },
          "Data of a desk is in no statistic: its name is not 1 to 100 visible characters without spaces around them",
        );
    }
    leftOut = desks.leftOutDesks;
  };
}
