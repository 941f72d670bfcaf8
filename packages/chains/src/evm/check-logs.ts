import { addressOf, type ChainId, wrappedCoin } from "@clew/core";
import type { Call } from "./calls.js";
import { wrappingOf } from "./logs.js";
import type { RpcLog } from "./shapes.js";

/** Calls that run nothing that could log. */
const LOGS_NOTHING = new Set(["selfdestruct", "staticcall"]);

/** Addresses up to this one are kept for precompiles, whose calls traces leave out; Bor logs fees and values as one of them (0x1010). */
const LAST_PRECOMPILE = 0xffffn;

/** Addresses in whose name a client itself logs, without any call. */
const LOGGED_BY_CLIENT = new Set([
	// What moves the coin, since EIP-7708.
	"0xfffffffffffffffffffffffffffffffffffffffe",
	// The coin as a token: OP Mainnet before Bedrock, Metis.
	"0xdeaddeaddeaddeaddeaddeaddeaddeaddead0000",
	// Ether on Mantle, which deposits mint.
	"0xdeaddeaddeaddeaddeaddeaddeaddeaddead1111",
]);

/**
 * The first log that was written by an account in which no call runs that could write it. `accounts` are those that the calls run in, by
 * ordinal. In words; undefined where there is none. O(calls + logs).
 */
export function logWithoutCall(
	calls: readonly Call[],
	accounts: readonly (string | undefined)[],
	logs: readonly RpcLog[],
): string | undefined {
	const running = new Set(
		calls.flatMap(({ ordinal, kind, reverted }) => (reverted || LOGS_NOTHING.has(kind) ? [] : [accounts[ordinal]?.toLowerCase()])),
	);
	const orphan = logs.map(({ address }) => address.toLowerCase()).find((one) => isLoggedByCode(one) && !running.has(one));
	return orphan === undefined ? undefined : `${orphan} logs in it, and no call in it that succeeded runs there`;
}

function isLoggedByCode(address: string): boolean {
	return BigInt(address) > LAST_PRECOMPILE && !LOGGED_BY_CLIENT.has(address);
}

/**
 * The first event of a chain's wrapped coin that no call pays for: each Deposit needs a call of its own that pays as much into the
 * contract, each Withdrawal one that it pays out. Only of contracts with the code of WETH9, which mint and burn in no other way. In words;
 * undefined where there is none. O(calls + logs).
 */
export function wrappingWithoutPayment(chain: ChainId, calls: readonly Call[], logs: readonly RpcLog[]): string | undefined {
	const coin = wrappedCoin(chain);
	if (coin?.weth9 !== true) return undefined;
	const events = logs.flatMap((log) => wrappingOf(log, chain) ?? []).filter((one) => one.contract === coin.contract && one.amount > 0n);
	if (events.length === 0) return undefined;
	const paid = new Map<string, number>();
	for (const { kind, reverted, from, to = "", value } of calls) {
		const payment = `${from} to ${to}: ${value}`.toLowerCase();
		if (kind === "call" && !reverted) paid.set(payment, (paid.get(payment) ?? 0) + 1);
	}
	for (const { minted, account, contract, amount } of events) {
		const [from, to] = (minted ? [account, contract] : [contract, account]).map(addressOf);
		const payment = `${from} to ${to}: ${amount}`;
		const left = paid.get(payment) ?? 0;
		if (left === 0)
			return `${from} pays ${to} ${amount} by the ${minted ? "Deposit" : "Withdrawal"} event of the wrapped coin, and by no call`;
		paid.set(payment, left - 1);
	}
	return undefined;
}
