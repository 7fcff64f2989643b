import type { Finding } from "./check.ts";

const least = [24, 11] as const;

export function checkNode(version: string = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const enough = major > least[0] || (major === least[0] && minor >= least[1]);
  return enough
    ? { check: "Node", outcome: "ok", text: `v${version}` }
    : {
        check: "Node",
        outcome: "bad",
        text: `v${version} is too old`,
        remedy: `install Node ${least.join(".")} or later; in a checkout, npm ci brings it`,
      };
}
