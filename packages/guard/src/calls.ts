import { AbiCoder } from "ethers";
import { HANDINGS, type Handing } from "./control.js";
import { KNOWN } from "./functions.js";
import type { Action } from "./intent.js";
import { namedInCall, namedInCode } from "./named.js";
import { packedCalls } from "./packed-calls.js";
import { refundOf, runsAs } from "./safe.js";
import { routed } from "./universal-router.js";

/** Calls inside calls that are read; what a deeper one does is not known. */
const MAX_DEPTH = 4;
/** Calls of one transaction that are read; what more of them do is not known. */
const MAX_CALLS = 200;
const SELECTOR = 10;
/** Anything from here on is no sum that anybody holds, but a permission without a limit. */
const UNLIMITED = 2n ** 100n;

/** A call of code: addresses `0x` and 40 hex digits in lower case. */
export interface Call {
	readonly from: string | undefined;
	readonly to: string | undefined;
	readonly value: bigint;
	readonly data: string;
	/** Code of `to` runs as the caller's own. */
	readonly delegated?: boolean;
}

const HANDING_OF: ReadonlyMap<string, Handing> = new Map(HANDINGS.map((one) => [one.signature, one]));

/** What a call does, and the calls that it carries. */
export function actionsOf(call: Call): Action[] {
	const budget = { calls: MAX_CALLS };
	return readCall(call, 0, budget);
}

function readCall({ from, to, value, data, delegated }: Call, depth: number, budget: { calls: number }): Action[] {
	if (to === undefined) return [{ kind: "create" }, ...namedInCode(data)];
	const run = runsAs(from, to, data, delegated === true);
	const paid: Action[] = value > 0n ? [...run, { kind: "pay", to, amount: value }] : run;
	if (data === "0x" || data === "") return paid.length > 0 ? paid : [{ kind: "pay", to, amount: 0n }];
	const selector = data.slice(0, SELECTOR);
	const unreadable: Action = { kind: "unreadable", to, selector };
	if (--budget.calls < 0 || depth > MAX_DEPTH) return [...paid, unreadable];
	const named = () => namedInCall(data);
	if (KNOWN.getFunction(selector) === null) return [...paid, { kind: "call", to, selector }, ...named()];
	const parsed = parse(data);
	const inner = (calls: readonly Call[]) => calls.flatMap((call) => readCall(call, depth + 1, budget));
	return [...paid, ...((parsed && knownCall(parsed, { from, to, value, data }, inner)) ?? [unreadable, ...named()])];
}

interface Parsed {
	readonly signature: string;
	readonly args: readonly unknown[];
}

/**
 * Undefined where the arguments do not read as those of a known function: some contracts take them all the same, since missing bytes are
 * zeros and the upper ones of an address may be cut off.
 */
function parse(data: string): Parsed | undefined {
	try {
		const found = KNOWN.parseTransaction({ data });
		return found === null ? undefined : { signature: found.signature, args: [...found.args] };
	} catch {
		return undefined;
	}
}

const address = (value: unknown): string => String(value).toLowerCase();

function knownCall(
	{ signature, args }: Parsed,
	{ from, to, value, data }: Call,
	inner: (calls: readonly Call[]) => Action[],
): Action[] | undefined {
	const token = to as string;
	const [a, b, c, d] = args;
	switch (signature) {
		case "transfer(address,uint256)":
			return [{ kind: "pay-token", token, to: address(a), amount: b as bigint }];
		case "transferFrom(address,address,uint256)":
			return [moved(from, token, address(a), address(b), c as bigint)];
		case "safeTransferFrom(address,address,uint256)":
		case "safeTransferFrom(address,address,uint256,bytes)":
			return [moved(from, token, address(a), address(b), 1n)];
		case "safeTransferFrom(address,address,uint256,uint256,bytes)":
			return [moved(from, token, address(a), address(b), d as bigint)];
		case "safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)":
			return [moved(from, token, address(a), address(b), BigInt((c as readonly unknown[]).length))];
		case "approve(address,uint256)":
		case "increaseAllowance(address,uint256)":
		case "increaseApproval(address,uint256)":
			return [{ kind: "let-spend", token, spender: address(a), amount: limited(b as bigint) }];
		case "approve(address,address,uint160,uint48)":
			return [{ kind: "let-spend", token: address(a), spender: address(b), amount: limited(c as bigint) }];
		case "setApprovalForAll(address,bool)":
			return [{ kind: "let-all", collection: token, operator: address(a), approved: b === true }];
		case "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)":
		case "permit(address,address,uint256,uint256,bytes)":
		case "permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)":
			return [{ kind: "permit", token, owner: address(a), spender: address(b) }];
		case "multicall(bytes[])":
			return inner((a as readonly string[]).map((one) => ({ from, to, value: 0n, data: one })));
		case "multicall(uint256,bytes[])":
		case "multicall(bytes32,bytes[])":
			return inner((b as readonly string[]).map((one) => ({ from, to, value: 0n, data: one })));
		case "aggregate3((address,bool,bytes)[])":
			return inner(callsOf(to, a));
		default:
			return carried({ signature, args }, { from, to, value, data }, inner);
	}
}

/** A permit of Permit2, and what an account with code of its own carries out for its owner. */
function carried({ signature, args }: Parsed, { from, to, data }: Call, inner: (calls: readonly Call[]) => Action[]): Action[] | undefined {
	const [a, b, c] = args;
	const handing = HANDING_OF.get(signature);
	if (handing !== undefined) return handed(handing, args, to as string);
	if (signature.startsWith("execute(bytes,bytes[]")) {
		const found = routed(String(a), b as readonly string[], from);
		return found && [{ kind: "call", to: to as string, selector: data.slice(0, SELECTOR) }, ...found];
	}
	if (signature.startsWith("permit(address,((")) {
		const [details, spender] = b as readonly unknown[];
		const list = (signature.includes(")[]") ? details : [details]) as readonly (readonly unknown[])[];
		return list.map(([token]) => ({ kind: "permit", token: address(token), owner: address(a), spender: address(spender) }));
	}
	if (signature === "execute(address,uint256,bytes)") return inner([{ from: to, to: address(a), value: b as bigint, data: String(c) }]);
	if (signature.startsWith("execTransaction(")) {
		const [operation, , baseGas, gasPrice, token, receiver] = args.slice(OPERATION);
		return [
			...inner([{ from: to, to: address(a), value: b as bigint, data: String(c), delegated: operation === 1n }]),
			...refundOf(baseGas as bigint, gasPrice as bigint, address(token), address(receiver), from),
		];
	}
	if (signature === "multiSend(bytes)") {
		// Its code runs as whoever calls it.
		const calls = packedCalls(String(a), from, MAX_CALLS);
		return calls === undefined ? undefined : inner(calls);
	}
	if (signature === "execute(bytes32,bytes)") return executed(String(a), String(b), to, inner);
	if (signature.startsWith("executeBatch(address[]")) {
		const [targets, values, data] = (c === undefined ? [a, [], b] : [a, b, c]) as readonly (readonly unknown[])[];
		return inner(
			callsOf(
				to,
				(targets ?? []).map((target, i) => [target, values?.[i] ?? 0n, data?.[i] ?? "0x"]),
			),
		);
	}
	return signature.startsWith("executeBatch(") ? inner(callsOf(to, a)) : undefined;
}

const OPERATION = 3;

/** What a function of the table of handings hands over. */
function handed({ hands, what, taker, given, calls }: Handing, args: readonly unknown[], where: string): Action[] {
	const to = taker === undefined ? undefined : address(args[taker]);
	if (hands === "control" || to === undefined) return [{ kind: "hand-over", where, to, what }];
	const approved = hands === "operator" && (given === undefined || (args[given] !== false && args[given] !== 0n));
	const lets: Action = { kind: "let-all", collection: where, operator: to, approved, what };
	return calls === true ? [lets, { kind: "call", to, selector: "0x" }] : [lets];
}

/** Calls as contracts take them: target, value (of `aggregate3` a flag in its place), data. */
function callsOf(from: string | undefined, list: unknown): Call[] {
	return (list as readonly (readonly unknown[])[]).map(([target, value, data]) => ({
		from,
		to: address(target),
		value: typeof value === "bigint" ? value : 0n,
		data: String(data),
	}));
}

const CALLS = "tuple(address to, uint256 value, bytes data)[]";
const PACKED_TARGET = 42;
const PACKED_CALL = 106;

/** What an account carries out by ERC-7579 and ERC-7821: the mode's first byte says whether one call or several; others are not read. */
function executed(
	mode: string,
	data: string,
	account: string | undefined,
	inner: (calls: readonly Call[]) => Action[],
): Action[] | undefined {
	if (mode.startsWith("0x00")) {
		if (data.length < PACKED_CALL) return undefined;
		const value = BigInt(`0x${data.slice(PACKED_TARGET, PACKED_CALL)}`);
		return inner([{ from: account, to: data.slice(0, PACKED_TARGET).toLowerCase(), value, data: `0x${data.slice(PACKED_CALL)}` }]);
	}
	if (!mode.startsWith("0x01")) return undefined;
	for (const types of [[CALLS, "bytes"], [CALLS]])
		try {
			const [calls] = AbiCoder.defaultAbiCoder().decode(types, data);
			return inner(callsOf(account, calls));
		} catch {}
	return undefined;
}

function moved(caller: string | undefined, token: string, from: string, to: string, amount: bigint): Action {
	return caller === undefined || from === caller
		? { kind: "pay-token", token, to, amount }
		: { kind: "take-token", token, from, to, amount };
}

function limited(amount: bigint): bigint | undefined {
	return amount >= UNLIMITED ? undefined : amount;
}
