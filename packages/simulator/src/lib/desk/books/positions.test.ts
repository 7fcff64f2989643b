import { expect, test } from "vitest";
import { Positions } from "./positions.ts";

test("a trade in the opposite direction closes a position; strategies and pairs are separate", () => {
  const positions = new Positions();
  positions.apply("momentum", "SOL/USDC", "buy");
  positions.apply("momentum", "SOL/USDC", "buy");
  positions.apply("momentum", "JUP/USDC", "sell");
  expect(positions.open).toBe(3);
  positions.apply("momentum", "SOL/USDC", "sell");
  positions.apply("momentum", "JUP/USDC", "buy");
  expect(positions.open).toBe(1);
  positions.apply("arbitrage", "SOL/USDC", "sell");
  expect(positions.open).toBe(2);
});
