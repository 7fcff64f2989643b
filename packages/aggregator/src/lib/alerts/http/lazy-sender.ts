import type { Sender } from "./send.ts";

/** A sender that is loaded with the first request: most have no channel that is asked over HTTP. */
export function lazySender(): Sender {
  let sender: Promise<Sender> | undefined;
  return {
    async send(request, signal) {
      sender ??= import("./sender.ts").then(({ createSender }) => createSender());
      return (await sender).send(request, signal);
    },
    close: async () => (await sender)?.close(),
  };
}
