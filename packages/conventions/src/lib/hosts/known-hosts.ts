/** Where Jupiter answers. */
export const jupiterHosts: readonly string[] = ["api.jup.ag", "lite-api.jup.ag", "quote-api.jup.ag"];
