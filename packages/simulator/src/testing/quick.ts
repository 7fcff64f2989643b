import { steadyWeather, type Weather } from "../lib/market/weather.ts";
import type { SimulationOptions } from "../lib/options.ts";

/** Everything fast, so that the tests are. */
export const fast: { readonly latencyFactor: number } = { latencyFactor: 0.2 };
export const fastWeather: Weather = steadyWeather({ node: fast, jupiter: fast, store: fast });
export const quick: SimulationOptions = {
  rate: 60,
  weather: fastWeather,
  blockhashSlots: 6,
  maxInFlight: 1000,
};
