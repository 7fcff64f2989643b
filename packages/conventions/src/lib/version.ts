/** Version of all Slipstream packages. Written by `npm run packages`. */
export const VERSION = "0.1.0";
