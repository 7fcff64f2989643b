import type { Logger } from "./logger.ts";
import type { SinkStateChange } from "./sinks/sink.ts";

/** Log lines when a part begins to fail and when it works again. */
export interface Announcements {
  readonly sink: (change: SinkStateChange) => void;
  /** `reason` is undefined when it works again. */
  readonly log: (reason: string | undefined) => void;
  readonly store: (reason: string | undefined) => void;
  readonly blocks: (reason: string | undefined) => void;
  /** Blocks that this version cannot read. */
  readonly refused: (reason: string) => void;
}

export function announcements(logger: Logger): Announcements {
  return {
    sink: ({ sink, up, reason }) => {
      if (up) logger.info({ sink }, "The sink works");
      else logger.warn({ sink, reason }, "Sink write failed; retrying");
    },
    log: (reason) => {
      if (reason === undefined) logger.info({}, "The log is written again");
      else logger.warn({ reason }, "Log write failed; intake answers 503 until it works again");
    },
    store: (reason) => {
      if (reason === undefined) logger.info({}, "The state is written again");
      else logger.warn({ reason }, "State write failed; retrying");
    },
    blocks: (reason) => {
      if (reason === undefined) logger.info({}, "Blocks are read");
      else logger.warn({ reason }, "Reading blocks failed; retrying");
    },
    refused: (reason) =>
      logger.error({ reason }, "The node refuses blocks; verdicts on trades near them stay unknown"),
  };
}
