import {
	type AccountId,
	type ChainId,
	type ChainPlace,
	EVENT_BAND,
	heirOfItself,
	nativeAsset,
	type TransferRecord,
	trustedAccountId,
	unknownAccount,
} from "@clew/core";
import type { CallFrame, ParityTrace } from "./shapes.js";

/** Calls that a transaction has places for, between its value and its logs. */
const MOST_CALLS = EVENT_BAND.log - EVENT_BAND.internal;

/** Value that calls moved inside one transaction. `failed` tells whether the outermost call failed. */
export interface CallTransfers {
	readonly transfers: TransferRecord[];
	readonly contracts: AccountId[];
	readonly failed: boolean;
}

/** Calls that keep their caller's context move nothing by themselves. */
const MOVES_NOTHING = new Set(["delegatecall", "staticcall", "callcode"]);

/** One call as both tracers tell of it. `ordinal` counts all calls of the transaction, outermost 0, in call order. */
export interface Call {
	readonly ordinal: number;
	/** The call that makes it, by its ordinal; undefined for the outermost one, and for one that stands out of order. */
	readonly parent: number | undefined;
	readonly kind: string;
	readonly from: string;
	readonly to: string | undefined;
	readonly value: bigint;
	readonly created: string | undefined;
	/** What it is called with, or the code that creates; undefined where the node does not tell. */
	readonly input: string | undefined;
	readonly reverted: boolean;
}

/** Calls of one transaction as `trace_block` lists them: in order, nested by `traceAddress`. */
export function parityCalls(traces: readonly ParityTrace[]): Call[] {
	const reverted: number[][] = [];
	const around = nesting();
	return traces.map((trace, ordinal): Call => {
		const own = trace.error != null;
		const inside = reverted.some(
			(path) => path.length <= trace.traceAddress.length && path.every((step, i) => trace.traceAddress[i] === step),
		);
		if (own) reverted.push(trace.traceAddress);
		const { action } = trace;
		const destroyed = trace.type === "suicide" || trace.type === "selfdestruct";
		return {
			ordinal,
			parent: around(trace.traceAddress),
			kind: destroyed ? "selfdestruct" : (action.callType ?? trace.type).toLowerCase(),
			from: (destroyed ? action.address : action.from) ?? "",
			to: (destroyed ? action.refundAddress : trace.type === "create" ? trace.result?.address : action.to) ?? undefined,
			value: BigInt((destroyed ? action.balance : action.value) ?? "0x0"),
			created: trace.type === "create" ? (trace.result?.address ?? undefined) : undefined,
			input: action.init ?? action.input ?? undefined,
			reverted: own || inside,
		};
	});
}

/**
 * Gives for each path of a list in call order the ordinal of the call around it. Indices may have holes: calls of precompiles are left
 * out.
 */
function nesting(): (path: readonly number[]) => number | undefined {
	/** The last call of each depth that is still open. */
	const open: { readonly ordinal: number; readonly path: readonly number[] }[] = [];
	let ordinal = 0;
	return (path) => {
		const depth = path.length;
		const around = open[depth - 1];
		const isInside = around?.path.every((step, i) => path[i] === step) === true;
		const isNext = (path[depth - 1] ?? 0) > (open[depth]?.path[depth - 1] ?? -1);
		open.length = Math.min(open.length, depth);
		open.push({ ordinal: ordinal++, path });
		return isInside && isNext ? around?.ordinal : undefined;
	};
}

/** Calls of one transaction as `callTracer` nests them. */
export function frameCalls(root: CallFrame): Call[] {
	const calls: Call[] = [];
	// An explicit stack: frames nest up to 1,024 deep, and the answer is hostile.
	const stack: { frame: CallFrame; parent: number | undefined; reverted: boolean }[] = [
		{ frame: root, parent: undefined, reverted: false },
	];
	for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
		const { frame } = next;
		const kind = frame.type.toLowerCase();
		const reverted = next.reverted || frame.error != null;
		const to = frame.to ?? undefined;
		const ordinal = calls.length;
		calls.push({
			ordinal,
			parent: next.parent,
			kind,
			from: frame.from,
			to,
			value: BigInt(frame.value ?? "0x0"),
			created: kind.startsWith("create") ? to : undefined,
			input: frame.input ?? undefined,
			reverted,
		});
		for (const child of [...(frame.calls ?? [])].reverse()) stack.push({ frame: child, parent: ordinal, reverted });
	}
	return calls;
}

/**
 * What the calls of a transaction move. Calls that fail, and all that they make, move nothing. What a contract that goes away with the
 * transaction was paid after it destroyed itself goes with it: see {@link heirOfItself}. A call's place is that of its ordinal; where a
 * transaction makes more calls than there are places, those that move value are counted alone. Undefined where they, too, are too many.
 */
export function transfersOf(calls: readonly Call[], chain: ChainId, place: ChainPlace): CallTransfers | undefined {
	const asset = nativeAsset(chain);
	const transfers: TransferRecord[] = [];
	const contracts = new Set<AccountId>();
	/** What contracts that destroyed themselves have been left with since. */
	const remains = new Map<AccountId, bigint>();
	const move = (account: AccountId, amount: bigint) => {
		const held = remains.get(account);
		if (held !== undefined) remains.set(account, held + amount);
	};
	for (const call of calls) {
		if (call.reverted) continue;
		const isDestruction = call.kind === "selfdestruct";
		if (isDestruction) remains.set(trustedAccountId(chain, call.from.toLowerCase()), 0n);
		if (call.created !== undefined) contracts.add(trustedAccountId(chain, call.created.toLowerCase()));
		if (call.ordinal === 0 || call.value === 0n || MOVES_NOTHING.has(call.kind)) continue;
		const from = trustedAccountId(chain, call.from.toLowerCase());
		const to = call.to === undefined ? unknownAccount(chain) : trustedAccountId(chain, call.to.toLowerCase());
		const leavesItself = isDestruction && from === to;
		if (!isDestruction) move(from, -call.value);
		if (!leavesItself) move(to, call.value);
		transfers.push({
			kind: "internal",
			from,
			to: leavesItself ? heirOfItself(from, chain, place, contracts.has(from)) : to,
			asset,
			amount: call.value,
			eventIndex: EVENT_BAND.internal + call.ordinal - 1,
		});
	}
	const dense = calls.length + remains.size > MOST_CALLS;
	let eventIndex = EVENT_BAND.internal + calls.length - 1;
	for (const [account, amount] of remains) {
		const heir = amount > 0n ? heirOfItself(account, chain, place, contracts.has(account)) : account;
		if (heir !== account) transfers.push({ kind: "internal", from: account, to: heir, asset, amount, eventIndex: eventIndex++ });
	}
	if (transfers.length > MOST_CALLS) return undefined;
	const placed = dense ? transfers.map((transfer, i) => ({ ...transfer, eventIndex: EVENT_BAND.internal + i })) : transfers;
	return { transfers: placed, contracts: [...contracts], failed: calls[0]?.reverted ?? false };
}
