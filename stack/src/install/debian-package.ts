import { existsSync } from "node:fs";
import type { Installation } from "./installation.ts";
import { onPath } from "./on-path.ts";

/** While this file is there, packages do not start their daemons when they are installed. */
const POLICY = "/usr/sbin/policy-rc.d";

/** A program that a Debian package of the same name brings. */
export function debianPackage(program: string): Installation {
  return {
    what: program,
    usually: "20 s",
    needs: ["root"],
    isInstalled: () => onPath(program),
    async install({ run }) {
      const root = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
      const asRoot = (...command: readonly string[]): Promise<void> => {
        const [first = "", ...rest] = [...root, ...command];
        return run(first, rest);
      };
      const hasPolicy = existsSync(POLICY);
      if (!hasPolicy) {
        await asRoot("sh", "-c", `printf '#!/bin/sh\\nexit 101\\n' >${POLICY} && chmod +x ${POLICY}`);
      }
      try {
        await asRoot("apt-get", "-qq", "update");
        const install = ["apt-get", "-qq", "install", "-y", "--no-install-recommends", program];
        await asRoot("env", "DEBIAN_FRONTEND=noninteractive", ...install);
      } finally {
        if (!hasPolicy) await asRoot("rm", "-f", POLICY);
      }
    },
  };
}
