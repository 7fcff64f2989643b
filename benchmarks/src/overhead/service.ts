import type { Service } from "./instrumentation.ts";
import type { TraderKind } from "./messages.ts";

const none: Service = {
  execute: (_, work) => work(() => {}),
  track: (_, work) => work(),
  flush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

/** Loads only what the service needs. */
export async function startService(kind: TraderKind, endpoint: string): Promise<Service> {
  switch (kind) {
    case "none":
      return none;
    case "floor":
      return (await import("./floor-service.ts")).floorService();
    case "monitor":
      return (await import("./monitor-service.ts")).monitorService();
    case "slipstream":
      return (await import("./slipstream-service.ts")).slipstreamService(endpoint);
    case "stock":
      return (await import("./stock-service.ts")).stockService(endpoint);
  }
}
