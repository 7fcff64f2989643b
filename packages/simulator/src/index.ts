export { type Conditions, type Part, steadyWeather, type Weather } from "./lib/market/weather.ts";
export { type SimulationOptions, SimulationOptionsError } from "./lib/options.ts";
export { type ForkOptions, forkSimulation, type SimulatorProcess } from "./lib/process/fork.ts";
export { type Simulation, type Summary, startSimulation } from "./lib/simulation.ts";
export type { CallTotals, CallTruth, FailureReason, Totals, TradeTruth } from "./lib/truth/model.ts";
