import type { Logger } from "./logger.ts";
import type { SinkStateChange } from "./sinks/dashboard-sink.ts";

/** Lines in the log where a part begins to fail and where it works again. */
export interface Announcements {
  readonly sink: (change: SinkStateChange) => void;
  /** `reason` is undefined where it works again. */
  readonly store: (reason: string | undefined) => void;
  readonly blocks: (reason: string | undefined) => void;
}

export function announcements(logger: Logger): Announcements {
  return {
    sink: ({ sink, up, reason }) => {
      if (up) logger.info({ sink }, "The sink takes writes");
      else logger.warn({ sink, reason }, "The sink takes no writes; trying on");
    },
    store: (reason) => {
      if (reason === undefined) logger.info({}, "The store takes writes");
      else logger.warn({ reason }, "The store takes no writes; trying on");
    },
    blocks: (reason) => {
      if (reason === undefined) logger.info({}, "The blocks around the trades can be had");
      else logger.warn({ reason }, "The blocks around the trades cannot be had; trying on");
    },
  };
}
