import type { Notice } from "@slipstream/engine";
import { type MissingRows, missingText } from "./history/missing-rows.ts";
import type { Logger } from "./logger.ts";
import { noticeText } from "./notice-text.ts";
import type { ReceiptClockNews } from "./receipt-clock/receipt-clock.ts";
import { receiptClockText } from "./receipt-clock/receipt-clock-text.ts";
import type { ConnectionsNews } from "./server/connections/connections.ts";
import { misdirectedKinds } from "./server/misdirected/kinds.ts";
import type { Misdirection } from "./server/misdirected/misdirected.ts";
import type { SinkStateChange } from "./sinks/sink.ts";
import { type LeaseNews, type LeaseState, leaseNews } from "./writer/writer.ts";

const refusedText =
  "Another aggregator writes to the store; this one keeps its data in its data folder and takes over if that one stops";
const lostText =
  "Another aggregator has taken over the store; this one keeps its data in its data folder, and takes over if that one stops";

const coveredText =
  "Another aggregator has the lease of Redis, which covers QuestDB too; this one writes to neither, and keeps its data in its data folder. To write to both, it needs a --redis-prefix of its own as well";

const damagedRemedy =
  "They are in state.sqlite of the data folder, and the sink goes on without them. Check the disk. If the log still holds that time: stop " +
  "the aggregator, move state.sqlite away and start it again. It then makes the history again from the log, and the sink gets it";

const leaseTexts: Readonly<Record<Exclude<LeaseNews, "taken over" | undefined>, string>> = {
  refused: refusedText,
  covered: coveredText,
  lost: lostText,
};

function clockOf({ service, instance, desk }: Notice & { readonly kind: "clock" }): object {
  return { ...(desk !== undefined && { desk }), service, ...(instance !== "" && { instance }) };
}

/** Log lines when a part begins to fail and when it works again. */
export interface Announcements {
  readonly sink: (change: SinkStateChange) => void;
  /** Who has the lease of a store, or of another desk's part of it. */
  readonly lease: (sink: string, state: LeaseState, desk?: string) => void;
  /** `reason` is undefined when it works again. */
  readonly log: (reason: string | undefined) => void;
  readonly store: (reason: string | undefined) => void;
  readonly blocks: (reason: string | undefined) => void;
  /** That times of receipt and this machine's clock differ, and that they no longer do. */
  readonly clock: (news: ReceiptClockNews) => void;
  /** Rows that a sink does not get, because they are damaged on the disk. */
  readonly damaged: (sink: string, missing: MissingRows) => void;
  /** What was noticed about a service. */
  readonly notice: (notice: Notice) => void;
  readonly connections: (news: ConnectionsNews) => void;
  /** What a client sends to the wrong place. */
  readonly misdirected: (misdirection: Misdirection) => void;
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
    lease: (sink, state, desk = "") => {
      const store = JSON.stringify([sink, desk]);
      const newsOf = leases.get(store) ?? leaseNews();
      leases.set(store, newsOf);
      const news = newsOf(state);
      const where = desk === "" ? { sink } : { sink, keysOf: desk };
      if (news === "taken over") logger.info(where, "This aggregator writes to the store now");
      else if (news !== undefined) logger.warn({ ...where, ...state.lease }, leaseTexts[news]);
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
    clock: (news) => {
      const text = receiptClockText(news);
      if (news.kind === "agrees") logger.info({}, text);
      else logger.warn({ seconds: news.seconds }, text);
    },
    damaged: (sink, missing) =>
      logger.error({ sink, ...missing }, `${missingText(missing)}. ${damagedRemedy}`),
    notice: (notice) => {
      if (notice.kind === "refused" || notice.kind === "canary") {
        const { kind: _, ...what } = notice;
        logger.warn(what, noticeText(notice));
      } else if (notice.behindSeconds === null) logger.info(clockOf(notice), noticeText(notice));
      else logger.warn({ ...clockOf(notice), behindSeconds: notice.behindSeconds }, noticeText(notice));
    },
    connections: ({ full, limit, closed, fault, address, ofAddress }) => {
      if (full && fault !== undefined) {
        const text =
          "No further connection can be accepted; those that have waited longest for their client are closed, and fewer let in. If files " +
          "ran out, raise the limit (ulimit -n), or look which program holds so many";
        logger.warn({ reason: fault, limit, address, ofAddress }, text);
      } else if (full) {
        const text =
          "The limit of connections is reached; for each new one, the one that has waited longest for its client is closed";
        logger.warn({ limit, address, ofAddress }, text);
      } else logger.info({ limit, closed }, "There is room for connections again");
    },
    misdirected: ({ kind, ...client }) => {
      const { what, remedy, taken } = misdirectedKinds[kind];
      const text = `A client ${what}. Remedy: ${remedy}`;
      if (taken) logger.info({ kind, ...client }, text);
      else logger.warn({ kind, ...client }, text);
    },
    refused: (reason) =>
      logger.error({ reason }, "The node refuses blocks; verdicts on trades near them stay unknown"),
  };
}
