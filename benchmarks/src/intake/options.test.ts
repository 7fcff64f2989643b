import { expect, test } from "vitest";
import { type IntakeOptions, parseOptions, usage } from "./options.ts";

function parsed(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Partial<IntakeOptions> {
  return parseOptions(args, environment) as IntakeOptions;
}

test("full by default; --quick is shorter; single values change either", () => {
  expect(parsed([])).toMatchObject({
    rounds: 8,
    seconds: 5,
    connections: 8,
    quick: false,
    withCollector: true,
  });
  expect(parsed(["--quick", "--rounds", "3"])).toMatchObject({ rounds: 3, seconds: 1, quick: true });
});

test("the Collector's path comes from the flag, else from the environment", () => {
  const environment = { SLIPSTREAM_COLLECTOR: "/from/environment" };
  expect(parsed([], environment).collector).toBe("/from/environment");
  expect(parsed(["--collector", "/from/flag"], environment).collector).toBe("/from/flag");
  expect(parsed(["--no-collector"], environment).withCollector).toBe(false);
});

test("help names every option; what is wrong is named", () => {
  expect(parseOptions(["-h"], {})).toBe("help");
  for (const flag of ["--full", "--quick", "--rounds", "--collector", "--dir", "--json"])
    expect(usage).toContain(flag);
  expect(() => parsed(["--rounds", "0"])).toThrow('--rounds: "0" is not a whole number from 1 on');
  expect(() => parsed(["--quick", "--full"])).toThrow(/choose one/);
  expect(() => parsed(["--fast"])).toThrow(/--fast/);
});
