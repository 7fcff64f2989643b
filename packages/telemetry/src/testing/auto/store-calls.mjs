import { Sender } from "@questdb/nodejs-client";
import { Redis } from "ioredis";
import pg from "pg";
import QueryStream from "pg-query-stream";
import { pino } from "pino";
import { storeCalls } from "./store-calls.js";

await storeCalls({ pg, Redis, Sender, QueryStream, pino, env: process.env });
