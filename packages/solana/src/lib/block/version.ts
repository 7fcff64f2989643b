/**
 * The newest transaction version that is read: what to ask a node for (`maxSupportedTransactionVersion`). A node that is asked
 * for less refuses a whole block that holds a newer transaction, with `UNSUPPORTED_TRANSACTION_VERSION`.
 * Version 1: SIMD-0385.
 */
export const NEWEST_TRANSACTION_VERSION = 1;

/** JSON-RPC error code. Source: agave, rpc-client-api/src/custom_error.rs. */
export const UNSUPPORTED_TRANSACTION_VERSION = -32_015;
