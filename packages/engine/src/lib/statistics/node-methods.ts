import type { Call } from "../event.ts";
import type { EngineOptions } from "../options.ts";

/**
 * Whether a call says how fast and how well the node is, by the configured methods: a `getProgramAccounts` of seconds
 * is not a slow node. A call whose method is not known counts unless a list of included ones is given.
 */
export function nodeMethodFilter({ nodeMethods }: EngineOptions): (call: Call) => boolean {
  const include = nodeMethods.include && new Set(nodeMethods.include);
  const exclude = new Set(nodeMethods.exclude);
  return ({ method }) =>
    method === undefined
      ? include === undefined
      : !exclude.has(method) && (include === undefined || include.has(method));
}
