import { landingServices } from "@slipstream/conventions";

/** One of Jito's accounts for tips. */
export const JITO_TIP_ACCOUNT: string =
  landingServices.find(({ name }) => name === "jito")?.tipAccounts[0] ?? "";
