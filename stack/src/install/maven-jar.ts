import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Installation } from "./installation.ts";

const PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy";

/** A jar of Maven Central. */
export interface MavenJar {
  readonly what: string;
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
}

/** Where the jar is put. */
export function jarPath({ artifact, version }: MavenJar, cache: string): string {
  return join(cache, artifact, `${artifact}-${version}.jar`);
}

export function mavenJar(jar: MavenJar): Installation {
  return {
    what: jar.what,
    usually: "20 s",
    needs: ["maven", "java"],
    isInstalled: (cache) => existsSync(jarPath(jar, cache)),
    async install({ cache, run }) {
      const file = jarPath(jar, cache);
      // Beside it first, so that a download that was cut short is not taken for the jar.
      const fetched = join(cache, "build", jar.artifact);
      rmSync(fetched, { recursive: true, force: true });
      mkdirSync(fetched, { recursive: true });
      mkdirSync(join(cache, jar.artifact), { recursive: true });
      const artifact = `-Dartifact=${jar.group}:${jar.artifact}:${jar.version}`;
      await run(
        "mvn",
        ["--batch-mode", "-Dstyle.color=never", PLUGIN, artifact, `-DoutputDirectory=${fetched}`],
        {
          cwd: fetched,
        },
      );
      renameSync(join(fetched, `${jar.artifact}-${jar.version}.jar`), file);
      rmSync(fetched, { recursive: true, force: true });
    },
  };
}
