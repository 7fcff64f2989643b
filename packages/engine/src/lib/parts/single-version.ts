import { type Saved, SavedFields } from "@slipstream/stats";
import type { EngineState } from "../state.ts";
import { SEEN } from "../state.ts";
import type { PartVersions, SavedPart } from "./part.ts";

/*
 * Until parts had versions of their own, one number covered the whole state: 2 to 6 were written to disks.
 * This reads those states as parts; from there on each part's own migrations take over.
 */

const OLDEST = 2;
const NEWEST = 6;

/** The statistics that there were all the time, and have their first version in all of these states. */
const STATISTICS = [
  "trade_execution_latency_seconds",
  "solana_node_latency_seconds",
  "jupiter_api_latency_seconds",
  "database_write_latency_seconds",
  "slipstream_trade_confirmation_seconds",
  "trades",
  "node_errors",
  "slippage_accuracy",
  "slippage_error",
  "circuit_breaker",
  "positions",
  "priority_fees",
  "pnl",
  "active_connections",
  "slipstream_dependency_up",
  "processes",
];
const PARTS = ["services", "nested", "watermark", "activity", "publications", "minutes"];
/** Since version 4. Before it the statistic of MEV had nothing to save. */
const VERDICTS = 4;

/** The versions of the parts that a state of a version holds; undefined if there never was such a version. */
export function partVersionsOf(stateVersion: number): PartVersions | undefined {
  if (!(stateVersion >= OLDEST && stateVersion <= NEWEST)) return undefined;
  const first = [...PARTS, ...STATISTICS.map((name) => `statistics.${name}`), "options", SEEN, "receipt"];
  const versions: Record<string, number> = Object.fromEntries(first.map((name) => [name, 1]));
  versions["statistics.operations"] = stateVersion === OLDEST ? 1 : 2;
  if (stateVersion < VERDICTS) return versions;
  // 4, 5 and 6 each saved verdicts in another way.
  return { ...versions, "statistics.mev": 1, solPrice: 1, verdicts: stateVersion - VERDICTS + 1 };
}

/**
 * A state of one of those versions as parts. Since when they count it does not say.
 *
 * @throws TypeError if it is none
 */
export function asParts(saved: Saved): EngineState {
  const state = new SavedFields("a saved state", saved);
  const versions = partVersionsOf(state.number("version"));
  if (versions === undefined) throw new TypeError(`There is no state of version ${state.number("version")}`);
  const parts = new SavedFields("a saved state's parts", state.any("parts"));
  const statistics = new SavedFields("saved statistics", parts.any("statistics"));
  const dataOf = (name: string): Saved => {
    if (name === "options") return JSON.stringify(state.any("options"));
    if (name === SEEN) return state.any(SEEN);
    if (name === "receipt") return { receivedMs: parts.any("receivedMs"), aliveMs: parts.any("aliveMs") };
    return name.startsWith("statistics.")
      ? statistics.any(name.slice("statistics.".length))
      : parts.any(name);
  };
  const entries = Object.entries(versions).map(([name, version]): [string, SavedPart] => {
    return [name, { version, data: dataOf(name) }];
  });
  return { parts: Object.fromEntries(entries) };
}
