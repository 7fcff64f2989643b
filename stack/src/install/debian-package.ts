import type { Installation } from "./installation.ts";
import { onPath } from "./on-path.ts";

/** While this file says so, packages do not start their daemons when they are installed. */
const POLICY = "/usr/sbin/policy-rc.d";

/**
 * Installs the package that is its first argument, and starts no daemon of it. The policy file goes when the script ends, by a signal
 * too; if the script is killed, the file allows everything.
 */
export function installScript(policy: string = POLICY): string {
  return `
    mark='# Written by npm run stack'
    if [ ! -e ${policy} ] || grep -q "$mark" ${policy}; then
      trap 'rm -f ${policy}' EXIT
      trap 'exit 1' HUP INT TERM
      printf '#!/bin/sh\\n%s\\n[ -d /proc/%s ] && exit 101\\nexit 0\\n' "$mark" $$ >${policy}
      chmod +x ${policy}
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update
    apt-get -qq install -y --no-install-recommends "$1"
  `;
}

/** A program that a Debian package of the same name brings. */
export function debianPackage(program: string): Installation {
  return {
    what: program,
    usually: "20 s",
    needs: ["root"],
    isInstalled: () => onPath(program),
    async install({ run }) {
      const script = ["-ec", installScript(), "sh", program];
      if (process.getuid?.() === 0) await run("sh", script);
      else await run("sudo", ["-n", "sh", ...script]);
    },
  };
}
