import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../cache-folder.ts";
import { programPath } from "../install/built-program.ts";
import { goPrograms } from "../install/go-programs.ts";
import { answers, type Part, portOf } from "./part.ts";
import { alertmanagerUrl } from "./urls.ts";

const VERSION = "0.35.0";

/** The module holds no page: its parts are made with other tools. */
const page = "<!doctype html><title>Alertmanager</title><p>This build has no page. Its API is at /api/v2.\n";

/** A single node, on loopback. @param data folder of its files */
export function alertmanagerArguments(config: string, data: string, port: number): readonly string[] {
  return [
    `--config.file=${config}`,
    `--storage.path=${data}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--cluster.listen-address=",
  ];
}

export const alertmanager: Part = {
  name: "alertmanager",
  title: `Alertmanager ${VERSION}`,
  ports: { alertmanager: 9093 },
  after: [],
  installation: goPrograms({
    what: `Alertmanager ${VERSION}`,
    usually: "2 min",
    module: "github.com/prometheus/alertmanager",
    version: `v${VERSION}`,
    packages: ["cmd/alertmanager", "cmd/amtool"],
    ldflags: `-X github.com/prometheus/common/version.Version=${VERSION}`,
    files: { "ui/app/dist/elm/index.html": page, "ui/app/dist/mantine/index.html": page },
  }),
  prepare: ({ data }) => void mkdirSync(join(data, "alertmanager"), { recursive: true, mode: 0o700 }),
  command: (setting) => ({
    program: programPath(cacheFolder(), "alertmanager"),
    args: alertmanagerArguments(
      setting.alertmanagerConfig ?? join(setting.repository, "alertmanager", "alertmanager.yml"),
      join(setting.data, "alertmanager"),
      portOf(setting, "alertmanager"),
    ),
  }),
  isHealthy: (setting) => answers(`${alertmanagerUrl(setting)}/-/ready`),
  addresses: (setting) => [
    { url: `${alertmanagerUrl(setting)}/api/v2/alerts`, what: "Alertmanager: the alerts that it knows" },
  ],
};
