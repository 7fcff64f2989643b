import {
  isAmount,
  isLamports,
  type RawBlock,
  type RawInner,
  type RawInstruction,
  type RawTokenBalance,
  type RawTransaction,
} from "./schema.ts";

type Fields = Record<string, unknown>;

/**
 * Whether the value has the form of `blockSchema`. Says the same in a fraction of the time, but not what is wrong: ask the
 * schema for that.
 */
export function isBlock(value: unknown): value is RawBlock {
  if (!isObject(value)) return false;
  const { blockTime, parentSlot, rewards, transactions } = value;
  return (
    isNullish(blockTime, Number.isSafeInteger) &&
    isNullish(parentSlot, isIndex) &&
    isNullish(rewards, (list) => isListOf(list, isReward)) &&
    isListOf(transactions, isTransaction)
  );
}

function isReward(value: unknown): boolean {
  return isObject(value) && isString(value.pubkey) && isNullish(value.rewardType, isString);
}

function isTransaction(value: unknown): value is RawTransaction {
  if (!isObject(value) || !isObject(value.transaction) || !isObject(value.transaction.message)) return false;
  const { signatures, message } = value.transaction;
  const { accountKeys, instructions, addressTableLookups, transactionConfig } = message as Fields;
  return (
    isListOf(signatures, isString) &&
    signatures.length > 0 &&
    isListOf(accountKeys, isString) &&
    accountKeys.length > 0 &&
    isListOf(instructions, isInstruction) &&
    isNullish(addressTableLookups, Array.isArray) &&
    isNullish(transactionConfig, (config) => isObject(config) && isNullish(config.priorityFee, isIndex)) &&
    (value.meta === null || isMeta(value.meta))
  );
}

function isMeta(value: unknown): boolean {
  if (!isObject(value)) return false;
  return (
    isIndex(value.fee) &&
    isNullish(value.preBalances, isLamports) &&
    isNullish(value.postBalances, isLamports) &&
    isNullish(value.innerInstructions, isInnerList) &&
    isNullish(value.preTokenBalances, isBalanceList) &&
    isNullish(value.postTokenBalances, isBalanceList) &&
    isNullish(value.loadedAddresses, isLoaded)
  );
}

function isInnerList(list: unknown): boolean {
  return isListOf(list, isInner);
}

function isInner(value: unknown): value is RawInner {
  return isObject(value) && isIndex(value.index) && isListOf(value.instructions, isInstruction);
}

function isInstruction(value: unknown): value is RawInstruction {
  return (
    isObject(value) &&
    isIndex(value.programIdIndex) &&
    isListOf(value.accounts, isIndex) &&
    isString(value.data) &&
    isNullish(value.stackHeight, isIndex)
  );
}

function isBalanceList(list: unknown): boolean {
  return isListOf(list, isTokenBalance);
}

function isTokenBalance(value: unknown): value is RawTokenBalance {
  return (
    isObject(value) &&
    isIndex(value.accountIndex) &&
    isString(value.mint) &&
    isNullish(value.owner, isString) &&
    isObject(value.uiTokenAmount) &&
    isAmount(value.uiTokenAmount.amount)
  );
}

function isLoaded(value: unknown): boolean {
  return isObject(value) && isListOf(value.writable, isString) && isListOf(value.readonly, isString);
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isNullish(value: unknown, is: (value: unknown) => boolean): boolean {
  return value === undefined || value === null || is(value);
}

function isListOf<T>(value: unknown, is: (item: unknown) => item is T): value is T[];
function isListOf(value: unknown, is: (item: unknown) => boolean): boolean;
function isListOf(value: unknown, is: (item: unknown) => boolean): boolean {
  if (!Array.isArray(value)) return false;
  for (let index = 0; index < value.length; index++) if (!is(value[index])) return false;
  return true;
}
