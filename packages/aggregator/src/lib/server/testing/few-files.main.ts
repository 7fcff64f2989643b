import { setTimeout as sleep } from "node:timers/promises";
import { json } from "../answer.ts";
import { route } from "../route.ts";
import { type HttpServer, startServer } from "../server.ts";

// A server that prints its port, and then the news of its connections. It is started with a low limit of open files.
const server: HttpServer = await startServer({
  routes: [
    route({
      method: "GET",
      path: "/readyz",
      about: "",
      purpose: "watch",
      handler: () => json(server.connections()),
    }),
  ],
  context: undefined,
  host: "127.0.0.1",
  port: 0,
  onConnections: (news) => console.log(JSON.stringify(news)),
});
console.log(server.port);
await sleep(60_000);
process.exit(3);
