import { connect } from "node:net";
import type { Attack } from "../attack.ts";
import { get } from "../sockets.ts";

export const churn: Attack = {
  name: "churn",
  about: "1,000 connections a second that are reset in the middle of their request",
  begin: (port) => {
    setInterval(() => {
      for (let i = 0; i < 10; i++) {
        const socket = connect(port, "127.0.0.1");
        socket.on("error", () => {});
        socket.once("connect", () =>
          socket.write(get("/metrics").slice(0, i * 6), () => socket.resetAndDestroy()),
        );
      }
    }, 10);
  },
};
