import type { Logger } from "./logger.ts";
import type { SinkStateChange } from "./sinks/sink.ts";
import { type LeaseNews, type LeaseState, leaseNews } from "./writer/writer.ts";

const refusedText =
  "Another aggregator writes to the store; this one keeps its data in its data folder and takes over if that one stops";
const lostText =
  "Another aggregator has taken over the store; this one keeps its data in its data folder, and takes over if that one stops";

/** Log lines when a part begins to fail and when it works again. */
export interface Announcements {
  readonly sink: (change: SinkStateChange) => void;
  /** Who has the lease of a store. */
  readonly lease: (sink: string, state: LeaseState) => void;
  /** `reason` is undefined when it works again. */
  readonly log: (reason: string | undefined) => void;
  readonly store: (reason: string | undefined) => void;
  readonly blocks: (reason: string | undefined) => void;
  /** Blocks that this version cannot read. */
  readonly refused: (reason: string) => void;
}

export function announcements(logger: Logger): Announcements {
  const leases: Map<string, (state: LeaseState) => LeaseNews> = new Map();
  return {
    sink: ({ sink, up, reason, refused }) => {
      // `lease` logs it.
      if (refused) return;
      if (up) logger.info({ sink }, "The sink works");
      else logger.warn({ sink, reason }, "Sink write failed; retrying");
    },
    lease: (sink, state) => {
      const newsOf = leases.get(sink) ?? leaseNews();
      leases.set(sink, newsOf);
      const news = newsOf(state);
      if (news === "taken over") logger.info({ sink }, "This aggregator writes to the store now");
      else if (news !== undefined)
        logger.warn({ sink, ...state.lease }, news === "lost" ? lostText : refusedText);
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
