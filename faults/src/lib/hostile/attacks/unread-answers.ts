import type { Attack } from "../attack.ts";
import { get, keepOpen } from "../sockets.ts";

export const unreadAnswers: Attack = {
  name: "unread-answers",
  about: "200 connections that ask for the largest answer of the API again and again, and read none",
  begin: (port) => keepOpen(port, 200, { first: get("/api/openapi.json").repeat(100), reads: false }),
};
