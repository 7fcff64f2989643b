import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { z } from "zod";

export interface NotifiedAlert {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
}

const notificationSchema: z.ZodType<{ alerts: readonly NotifiedAlert[] }> = z.object({
  alerts: z.array(z.object({ status: z.string(), labels: z.record(z.string(), z.string()) })),
});

/** A receiver of Alertmanager's notifications. */
export interface Webhook {
  /** What it was told so far. */
  readonly alerts: readonly NotifiedAlert[];
  /** The repository's configuration of Alertmanager, with this receiver in it. */
  readonly config: string;
  close(): void;
}

export async function startWebhook(repository: string, folder: string): Promise<Webhook> {
  const alerts: NotifiedAlert[] = [];
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = await request.toArray();
    alerts.push(...notificationSchema.parse(JSON.parse(Buffer.concat(chunks).toString())).alerts);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const config = join(folder, "alertmanager.yml");
  const text = readFileSync(join(repository, "alertmanager", "alertmanager.yml"), "utf8");
  const receiver = `receivers:\n  - name: desk\n    webhook_configs: [{ url: "http://127.0.0.1:${port}/" }]\n`;
  writeFileSync(config, text.replace("receivers:\n  - name: desk\n", receiver));
  return {
    alerts,
    config,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
