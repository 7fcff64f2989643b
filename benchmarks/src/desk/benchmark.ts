import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { wrongCounts } from "../intake/wrong-counts.ts";
import { ask, closed } from "../lib/child.ts";
import { loadNow, machine } from "../lib/machine.ts";
import { SPANS_PER_TRADE } from "../overhead/workload.ts";
import { type Subject, type SubjectOptions, startSubject } from "./aggregator.ts";
import type { Order, Traded } from "./messages.ts";
import type { DeskOptions } from "./options.ts";
import { type Ratio, ratioOf, type SubjectResult, subjectResult } from "./result.ts";
import { type Round, roundOf } from "./round.ts";
import { scrape } from "./scraper.ts";
import { startService } from "./start-service.ts";
import { type RunningStores, startStores } from "./stores.ts";

const THIS = fileURLToPath(new URL("../../../", import.meta.url));
/** Seconds that trading lasts beyond the last round. */
const SLACK_S = 2;

export interface DeskResult {
  readonly tradesPerSecond: number;
  readonly subjects: readonly SubjectResult[];
  readonly ratios: readonly Ratio[];
  /** Load average over a minute, before the first round and after the last. */
  readonly load: { readonly from: number; readonly to: number };
  /** What a reader must know to judge the figures. */
  readonly notes: readonly string[];
}

/**
 * Lets one trading service send to all aggregators at once, and measures all of them in the same rounds.
 *
 * @throws Error if a span was not counted exactly once
 */
export async function deskBenchmark(
  options: DeskOptions,
  onProgress: (text: string) => void,
): Promise<DeskResult> {
  const root = mkdtempSync(join(options.dir ?? tmpdir(), "slipstream-desk-"));
  const closing: (() => unknown)[] = [];
  const notes: string[] = [];
  try {
    const stores = await storesFor(options, notes);
    if (stores !== undefined) closing.unshift(() => stores.close());
    const subjects: Subject[] = [];
    for (const [number, planned] of plan(options, stores).entries()) {
      onProgress(`starting ${planned.build}, ${planned.setting}`);
      const directory = join(root, String(number));
      const subject = await startSubject({ ...planned, number, directory, cpuProfile: options.cpuProfile });
      closing.unshift(() => subject.close());
      if (subject.setting === "all sinks") closing.unshift(scrape(subject.url));
      subjects.push(subject);
    }
    const service = await startService(subjects.map(({ url }) => url));
    closing.unshift(() => closed(service));
    return await measure({ options, subjects, service, notes }, onProgress);
  } finally {
    for (const close of closing) await close();
    rmSync(root, { recursive: true, force: true });
  }
}

async function measure(
  {
    options,
    subjects,
    service,
    notes,
  }: {
    readonly options: DeskOptions;
    readonly subjects: readonly Subject[];
    readonly service: ChildProcess;
    readonly notes: readonly string[];
  },
  onProgress: (text: string) => void,
): Promise<DeskResult> {
  const { tradesPerSecond, settleSeconds, rounds: count, seconds } = options;
  const order: Order = {
    seconds: settleSeconds + count * seconds + SLACK_S,
    perSecond: tradesPerSecond,
  };
  const trading = ask<Traded>(service, order);
  // What it rejects with is thrown below; until then it is nobody's.
  trading.catch(() => {});
  onProgress(`settling for ${settleSeconds} s`);
  await sleep(1_000 * settleSeconds);
  const from = loadNow();
  const rounds: Round[][] = subjects.map(() => []);
  for (let number = 1; number <= count; number += 1) {
    onProgress(`round ${number} of ${count}`);
    const measured = await roundOf(
      subjects.map(({ pid }) => pid),
      seconds,
    );
    for (const [at, round] of measured.entries()) rounds[at]?.push(round);
  }
  const to = loadNow();
  const { trades, requests, bytes } = await trading;
  for (const { build, setting, url } of subjects) {
    const wrong = await wrongCounts(url, { spans: trades * SPANS_PER_TRADE, trades });
    if (wrong !== undefined) throw new Error(`${build}, ${setting}: ${wrong}`);
  }
  const { cores } = machine();
  const results = subjects.map(({ build, setting }, at) =>
    subjectResult(build, setting, rounds[at] ?? [], cores),
  );
  const perRequest = Math.round(bytes / requests / 1_024);
  return {
    tradesPerSecond,
    subjects: results,
    ratios: ratios(subjects, rounds),
    load: { from, to },
    notes: [
      `${trades} trades, ${requests} requests of ${perRequest} KiB: each span was counted exactly once.`,
      ...notes,
    ],
  };
}

type Planned = Pick<SubjectOptions, "build" | "checkout" | "setting" | "stores">;

function plan({ against, settings }: DeskOptions, stores: RunningStores | undefined): readonly Planned[] {
  const builds = [
    { build: "this", checkout: THIS },
    ...against.map((checkout) => ({ build: basename(resolve(checkout)), checkout: resolve(checkout) })),
  ];
  return settings
    .filter((setting) => setting === "no sinks" || stores !== undefined)
    .flatMap((setting) =>
      builds.map((build) => ({
        ...build,
        setting,
        stores: setting === "all sinks" ? stores : undefined,
      })),
    );
}

async function storesFor({ settings }: DeskOptions, notes: string[]): Promise<RunningStores | undefined> {
  if (!settings.includes("all sinks")) return undefined;
  try {
    return await startStores();
  } catch (error) {
    if (!settings.includes("no sinks")) throw error;
    notes.push(`Not measured with sinks: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function ratios(subjects: readonly Subject[], rounds: readonly (readonly Round[])[]): Ratio[] {
  const measured = subjects.map((subject, at) => ({ ...subject, rounds: rounds[at] ?? [] }));
  return measured.flatMap((theirs) => {
    const ours = measured.find(({ build, setting }) => build === "this" && setting === theirs.setting);
    return ours === undefined || ours.build === theirs.build ? [] : [ratioOf(theirs.setting, ours, theirs)];
  });
}
