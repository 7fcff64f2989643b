import { type Desks, isDeskName } from "@slipstream/engine";
import type { Logger } from "../logger.ts";
import type { Stage } from "./pipeline.ts";

/** Logs once of each desk that its data has come, and once of each that its data is left out. */
export function deskNews(desks: Desks, logger: Logger): Stage {
  let known = desks.others.length;
  let leftOut = desks.leftOut.desks.length;
  return ({ record: { batch } }) => {
    if (batch.kind !== "traces" && batch.kind !== "metrics") return;
    if (desks.count !== known) {
      for (const desk of desks.others.slice(known))
        logger.info(
          { desk },
          "Data of another desk: its statistics are kept apart. If it is this aggregator's own, start with --desk and its name",
        );
      known = desks.count;
    }
    if (desks.leftOutDesks === leftOut) return;
    for (const desk of desks.leftOut.desks.slice(leftOut)) {
      if (isDeskName(desk))
        logger.warn(
          { desk, maxDesks: desks.options.desks?.most },
          "Data of a desk is in no statistic: there are maxDesks other desks already",
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
