import { type Served, serveThread, type Tell } from "@slipstream/aggregator/threads";
import type { HistoryRow, Publication } from "@slipstream/engine";
import { type Dashboards, redisDashboards } from "./dashboards.ts";
import { type History, questDbHistory } from "./history.ts";
import { LocalEngine } from "./local-engine.ts";
import type { MonitorLogger } from "./logger.ts";
import type { EngineContract, EngineSettings, LocalData } from "./messages.ts";

/** Time between two reports at least, so that a busy desk does not pay for statistics that nobody reads. */
const REPORT_MS = 100;
const TICK_MS = 1_000;

void serveThread<EngineContract>((settings, tell) => new EngineWork(settings, tell).served());

/** The engine, what it feeds, and what its owner is told of it. */
class EngineWork {
  readonly #settings: EngineSettings;
  readonly #tell: Tell<EngineContract>;
  readonly #logger: MonitorLogger;
  readonly #engine: LocalEngine;
  readonly #dashboards: Dashboards | undefined;
  readonly #opening: Promise<void>;
  #history: History | undefined;
  /** Rows of the history until they are sent to the owner, or until what writes them is loaded. */
  #rows: HistoryRow[] = [];
  #publications: Publication[] = [];
  #reportSoon: NodeJS.Timeout | undefined;

  constructor(settings: EngineSettings, tell: Tell<EngineContract>) {
    this.#settings = settings;
    this.#tell = tell;
    this.#logger = {
      info: (message) => tell("log", "info", message),
      warn: (message) => tell("log", "warn", message),
      error: (message) => tell("log", "error", message),
    };
    const record = (row: HistoryRow): void => {
      if (this.#history === undefined) this.#rows.push(row);
      else this.#history.record(row);
    };
    this.#engine = new LocalEngine(settings, settings.questdb === undefined ? undefined : { record });
    this.#opening = this.#openHistory();
    this.#dashboards = this.#openDashboards(settings.redisUrl);
    setInterval(() => this.#publish(this.#engine.tick(Date.now())), TICK_MS);
  }

  served(): Served<EngineContract> {
    this.#schedule();
    return {
      opened: undefined,
      questions: { apply: (data: LocalData) => this.#publish(this.#engine.apply(data, Date.now())) },
      end: () => this.#end(),
    };
  }

  #publish(publications: readonly Publication[]): void {
    if (publications.length > 0) this.#dashboards?.publish(publications);
    this.#publications.push(...publications);
    this.#schedule();
  }

  #schedule(): void {
    this.#reportSoon ??= setTimeout(() => this.#report(), REPORT_MS);
  }

  #report(): void {
    clearTimeout(this.#reportSoon);
    this.#reportSoon = undefined;
    this.#tell("current", this.#engine.current());
    if (this.#publications.length > 0) this.#tell("publications", this.#publications);
    this.#publications = [];
    if (this.#settings.questdb !== "owner" || this.#rows.length === 0) return;
    this.#tell("rows", this.#rows);
    this.#rows = [];
  }

  async #end(): Promise<void> {
    this.#report();
    await this.#opening;
    await this.#history?.close();
    await this.#dashboards?.close();
  }

  async #openHistory(): Promise<void> {
    const { questdb } = this.#settings;
    if (questdb === undefined || questdb === "owner") return;
    try {
      const opened = await questDbHistory(questdb, this.#logger);
      for (const row of this.#rows.splice(0)) opened.record(row);
      this.#history = opened;
    } catch (error) {
      this.#logger.error(`no history is written: ${error instanceof Error ? error.message : error}`);
      this.#history = { record: () => undefined, close: async () => undefined };
      this.#rows = [];
    }
  }

  #openDashboards(url: string | undefined): Dashboards | undefined {
    if (url === undefined) return undefined;
    return redisDashboards(url, this.#logger, () => this.#engine.watermarkMs);
  }
}
