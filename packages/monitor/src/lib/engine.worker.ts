import type { Notifications } from "@slipstream/aggregator/alerts";
import {
  noticeText,
  Pipeline,
  ReceiptClock,
  receiptClockText,
  type Stage,
  UnkeptLog,
} from "@slipstream/aggregator/pipeline";
import { type Served, serveThread, type Tell } from "@slipstream/aggregator/threads";
import type { Transition } from "@slipstream/alerts";
import { Engine, type EngineRecord, type HistoryRow, type Publication } from "@slipstream/engine";
import type { Dashboards } from "./dashboards.ts";
import type { History } from "./history.ts";
import { LocalRecords } from "./local-records.ts";
import type { MonitorLogger } from "./logger.ts";
import type { EngineContract, EngineSettings, LocalData } from "./messages.ts";
import { ofRun } from "./transition-of-run.ts";

/** Time between two reports at least, so that a busy desk does not pay for values that nobody reads. */
const REPORT_MS = 100;
const TICK_MS = 1_000;
/** Time for notifications that wait when the service stops. */
const LAST_NOTIFICATIONS_MS = 1_000;
/** Notifications that wait for a channel at most: some 4 MB of them. */
const MOST_NOTIFICATIONS = 1_000;
/** Every span comes once, so the memory for recognising repeats can be small. */
const dedupeSpans = 4_096;

void serveThread<EngineContract>((settings, tell) => new EngineWork(settings, tell).served());

/** The pipeline inside a trading service: records made here -> engine -> Redis, QuestDB and channels, or whoever writes these. */
class EngineWork {
  readonly #settings: EngineSettings;
  readonly #tell: Tell<EngineContract>;
  readonly #logger: MonitorLogger;
  readonly #clock: ReceiptClock = new ReceiptClock({
    onNews: (news) => {
      const seconds = "seconds" in news ? ` (${news.seconds} s)` : "";
      this.#logger[news.kind === "agrees" ? "info" : "warn"](`${receiptClockText(news)}${seconds}`);
    },
  });
  readonly #records: LocalRecords;
  readonly #log: UnkeptLog = new UnkeptLog();
  readonly #engine: Engine;
  readonly #pipeline: Pipeline;
  readonly #opening: Promise<unknown>;
  #dashboards: Dashboards | undefined;
  #history: History | undefined;
  #notifications: Pick<Notifications, "take" | "close"> | undefined;
  /** For the owner, or for a sink that is not loaded yet. */
  #publications: Publication[] = [];
  #rows: HistoryRow[] = [];
  #transitions: Transition[] = [];
  #reportSoon: NodeJS.Timeout | undefined;
  #reportedMs = 0;

  constructor(settings: EngineSettings, tell: Tell<EngineContract>) {
    const { service, desk, redis, questdb, alerts } = settings;
    const sinceMs = this.#clock.now();
    const hasChannels = Object.keys(alerts?.channels ?? {}).length > 0;
    this.#settings = settings;
    this.#tell = tell;
    this.#logger = {
      info: (message) => tell("log", "info", message),
      warn: (message) => tell("log", "warn", message),
      error: (message) => tell("log", "error", message),
    };
    this.#records = new LocalRecords(service, desk);
    const history = questdb !== undefined;
    this.#engine = new Engine({ ...settings.engine, dedupeSpans }, { history, sinceMs });
    this.#pipeline = new Pipeline({
      engine: this.#engine,
      stages: [
        this.#toLog,
        ...(redis === undefined ? [] : [this.#toDashboards]),
        ...(questdb === undefined ? [] : [this.#toHistory]),
        ...(hasChannels ? [this.#toChannels({ desk, service, sinceMs })] : []),
      ],
    });
    if (alerts !== undefined)
      this.#apply({ receivedMs: sinceMs, batch: { kind: "rules", rules: alerts.rules } });
    this.#opening = Promise.all([this.#openDashboards(), this.#openHistory(), this.#openNotifications()]);
    setInterval(() => {
      this.#apply({ receivedMs: this.#clock.now(), batch: { kind: "tick" } });
      this.#schedule();
    }, TICK_MS);
  }

  served(): Served<EngineContract> {
    this.#schedule();
    return {
      opened: undefined,
      questions: {
        apply: (data: LocalData) => {
          for (const record of this.#records.of(data, this.#clock.now())) this.#apply(record);
          this.#schedule();
        },
      },
      end: () => this.#end(),
    };
  }

  #apply(record: EngineRecord): void {
    this.#pipeline.apply(record, this.#log.append());
  }

  readonly #toLog: Stage = ({ effects: { notices } }) => {
    for (const notice of notices) {
      const what = notice.kind === "refused" ? `: ${notice.attribute}${valueText(notice.value)}` : "";
      this.#logger.warn(`${noticeText(notice)}${what}`);
    }
  };

  readonly #toDashboards: Stage = ({ effects: { publications } }) => {
    if (this.#dashboards === undefined) this.#publications.push(...publications);
    else if (publications.length > 0) this.#dashboards.publish(publications);
  };

  readonly #toHistory: Stage = ({ effects: { rows } }) => {
    // One by one: a burst has more of them than a call takes arguments.
    if (this.#history === undefined) for (const row of rows) this.#rows.push(row);
    else if (rows.length > 0) this.#history.write(rows);
  };

  #toChannels(run: Parameters<typeof ofRun>[1]): Stage {
    return ({ effects: { alerts } }) => {
      if (alerts.length === 0) return;
      const transitions = alerts.map((transition) => ofRun(transition, run));
      if (this.#notifications === undefined) this.#transitions.push(...transitions);
      else this.#notifications.take(transitions, 0);
    };
  }

  /** At once if that is not too soon: then this thread and the service's wake up no other time for it. */
  #schedule(): void {
    const waitMs = this.#reportedMs + REPORT_MS - performance.now();
    if (waitMs <= 0) this.#report();
    else this.#reportSoon ??= setTimeout(() => this.#report(), waitMs);
  }

  #report(): void {
    clearTimeout(this.#reportSoon);
    this.#reportSoon = undefined;
    this.#reportedMs = performance.now();
    const { redis, questdb } = this.#settings;
    this.#tell("values", { values: this.#engine.values(), watermarkMs: this.#engine.watermarkMs });
    if (redis === "owner" && this.#publications.length > 0)
      this.#tell("publications", this.#publications.splice(0));
    if (questdb === "owner" && this.#rows.length > 0) this.#tell("rows", this.#rows.splice(0));
  }

  async #end(): Promise<void> {
    await this.#opening;
    // The minute under way ends here, and its rows say so.
    const rows = this.#engine.takeLastRows(this.#clock.now());
    if (this.#history === undefined) for (const row of rows) this.#rows.push(row);
    else if (rows.length > 0) this.#history.write(rows);
    this.#report();
    await Promise.all([this.#history?.close(), this.#notifications?.close()]);
    await this.#dashboards?.close();
  }

  // A service without Redis, QuestDB or channels does not load what writes to them.

  async #openDashboards(): Promise<void> {
    const { redis, redisPrefix, writer } = this.#settings;
    if (redis === undefined || redis === "owner") return;
    try {
      const { redisDashboards } = await import("./dashboards.ts");
      const opened = await redisDashboards({
        redis: redis.url,
        prefix: redisPrefix,
        writer,
        logger: this.#logger,
        watermark: () => this.#engine.watermarkMs,
        now: this.#clock.now,
      });
      opened.publish(this.#publications.splice(0));
      this.#dashboards = opened;
    } catch (error) {
      this.#logger.error(`no dashboards are written: ${error instanceof Error ? error.message : error}`);
      this.#publications = [];
      this.#dashboards = { publish: () => undefined, redisWriter: undefined, close: async () => undefined };
    }
  }

  async #openHistory(): Promise<void> {
    const { questdb, writer } = this.#settings;
    if (questdb === undefined || questdb === "owner") return;
    try {
      const { questDbHistory } = await import("./history.ts");
      const opened = await questDbHistory({
        questdb,
        tables: {},
        writer,
        redisWriter: () => this.#dashboards?.redisWriter,
        logger: this.#logger,
      });
      opened.write(this.#rows.splice(0));
      this.#history = opened;
    } catch (error) {
      this.#logger.error(`no history is written: ${error instanceof Error ? error.message : error}`);
      this.#rows = [];
      this.#history = { write: () => undefined, close: async () => undefined };
    }
  }

  async #openNotifications(): Promise<void> {
    const channels = this.#settings.alerts?.channels ?? {};
    if (Object.keys(channels).length === 0) return;
    try {
      const [{ openTemporaryNotifications }, { deliveryLogger }] = await Promise.all([
        import("@slipstream/aggregator/alerts"),
        import("./delivery-logger.ts"),
      ]);
      const opened = await openTemporaryNotifications({
        channels,
        logger: deliveryLogger(this.#logger, (level, text) => this.#tell("print", level, text)),
        now: this.#clock.now,
        times: { closeMs: LAST_NOTIFICATIONS_MS },
        mostWaiting: MOST_NOTIFICATIONS,
      });
      opened.take(this.#transitions.splice(0), 0);
      this.#notifications = opened;
    } catch (error) {
      this.#logger.error(
        `no notifications of alerts are sent: ${error instanceof Error ? error.message : error}`,
      );
      this.#transitions = [];
      this.#notifications = { take: () => undefined, close: async () => undefined };
    }
  }
}

function valueText(value: string | null): string {
  return value === null ? "" : ` ${JSON.stringify(value)}`;
}
