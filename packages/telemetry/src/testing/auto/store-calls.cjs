const { Sender } = require("@questdb/nodejs-client");
const { Redis } = require("ioredis");
const pg = require("pg");
const QueryStream = require("pg-query-stream");
const { pino } = require("pino");

import("./store-calls.js").then(({ storeCalls }) =>
  storeCalls({ pg, Redis, Sender, QueryStream, pino, env: process.env }),
);
