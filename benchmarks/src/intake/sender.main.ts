import type { Order } from "./messages.ts";
import { Sender } from "./sender.ts";

// A process of its own, on a core of its own: what it costs to send must not count as the receiver's.
const [url = "", run = "0"] = process.argv.slice(2);
const sender = new Sender(url, Number(run));
process.on("message", (order: Order) => {
  sender.send(order).then(
    (sent) => process.send?.(sent),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.send?.({ bytesPerSpan: sender.bytesPerSpan });
