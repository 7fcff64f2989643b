// `@slipstream/conventions/needs-node-24`: imported first by what needs it, so that an older Node says so, and does
// not fail later at something that it lacks.
import { SlipstreamError } from "./lib/slipstream-error.ts";

const OLDEST = [24, 11] as const;

/** @throws SlipstreamError `node_too_old`, of one line, if this Node is older than 24.11 */
export function assertNode(version: string): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldest, oldestMinor] = OLDEST;
  if (major > oldest || (major === oldest && minor >= oldestMinor)) return;
  throw new SlipstreamError(
    "node_too_old",
    `Slipstream's aggregator, PerformanceMonitor and command line need Node ${OLDEST.join(".")} or later; this is ${version}`,
  );
}

// biome-ignore lint/style/noRestrictedGlobals: the Node that it runs on is no input
assertNode(process.versions.node);
