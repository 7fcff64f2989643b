import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../cache-folder.ts";
import { jarPath, type MavenJar, mavenJar } from "../install/maven-jar.ts";
import { answers, type Command, type Part, portOf } from "./part.ts";

const VERSION = "9.1.0";

const jar: MavenJar = {
  what: `QuestDB ${VERSION}`,
  group: "org.questdb",
  artifact: "questdb",
  version: VERSION,
};

/** Where QuestDB's jar is put. */
export function questdbJar(): string {
  return jarPath(jar, cacheFolder());
}

export interface QuestdbFiles {
  readonly folder: string;
  readonly http: number;
  readonly pg: number;
  /** Further settings of its server.conf. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Writes QuestDB's configuration: loopback, and nothing that it sends home. */
export function writeQuestdbFiles({ folder, http, pg, settings = {} }: QuestdbFiles): void {
  mkdirSync(join(folder, "conf"), { recursive: true, mode: 0o700 });
  const lines = Object.entries({
    "http.bind.to": `127.0.0.1:${http}`,
    "http.min.enabled": "false",
    "pg.net.bind.to": `127.0.0.1:${pg}`,
    "line.tcp.enabled": "false",
    "telemetry.enabled": "false",
    "shared.worker.count": "1",
    ...settings,
  });
  writeFileSync(
    join(folder, "conf", "server.conf"),
    lines.map(([name, value]) => `${name}=${value}\n`).join(""),
    { mode: 0o600 },
  );
}

/** QuestDB with a small heap. Most of its memory is files that it maps. */
export function questdbCommand(folder: string): Command {
  const heap = ["-Xmx512m", "-XX:+UseSerialGC", "--add-exports", "java.base/jdk.internal.math=io.questdb"];
  const module = ["-p", questdbJar(), "-m", "io.questdb/io.questdb.ServerMain", "-d", folder];
  return { program: "java", args: [...heap, ...module] };
}

export const questdb: Part = {
  name: "questdb",
  title: `QuestDB ${VERSION}`,
  ports: { questdb: 9000, "questdb-pg": 8812 },
  after: [],
  needs: ["java"],
  installation: mavenJar(jar),
  prepare: (setting) =>
    writeQuestdbFiles({
      folder: join(setting.data, "questdb"),
      http: portOf(setting, "questdb"),
      pg: portOf(setting, "questdb-pg"),
    }),
  command: ({ data }) => questdbCommand(join(data, "questdb")),
  isHealthy: (setting) =>
    answers(`http://127.0.0.1:${portOf(setting, "questdb")}/exec?query=${encodeURIComponent("SELECT 1")}`),
  addresses: (setting) => [
    { url: `http://127.0.0.1:${portOf(setting, "questdb")}`, what: "QuestDB: the history, with its console" },
  ],
};
