import { AbiCoder, type Authorization, Interface, Transaction, verifyAuthorization } from "ethers";
import { namedInCall, namedInCode } from "./named.js";
import { packedCalls } from "./packed-calls.js";

/** What a transaction asks for, as far as its fields and call data say; addresses lower case, amounts in base units. */
export type Action =
	| { readonly kind: "pay"; readonly to: string; readonly amount: bigint }
	| { readonly kind: "pay-token"; readonly token: string; readonly to: string; readonly amount: bigint }
	/** Takes from somebody who had let the sender; `from` is not the sender. */
	| { readonly kind: "take-token"; readonly token: string; readonly from: string; readonly to: string; readonly amount: bigint }
	/** `amount` undefined: without a limit. */
	| { readonly kind: "let-spend"; readonly token: string; readonly spender: string; readonly amount: bigint | undefined }
	| { readonly kind: "let-all"; readonly collection: string; readonly operator: string }
	/** EIP-7702: who signed lets a contract act for its account. */
	| { readonly kind: "let-act"; readonly delegate: string; readonly signer: string | undefined; readonly everyChain: boolean }
	/** Brings somebody's signature that lets a spender take a token. */
	| { readonly kind: "permit"; readonly token: string; readonly owner: string; readonly spender: string }
	/** A known function whose arguments do not read as its own, or calls too deep or too many to be read: what it does is not known. */
	| { readonly kind: "unreadable"; readonly to: string; readonly selector: string }
	/** Changes who may sign for an account from now on. */
	| { readonly kind: "set-signers"; readonly owner: string; readonly signers: string }
	/** Does what its chain has a name for, and pays nobody: stakes, votes, lends what a stake gives. */
	| { readonly kind: "named"; readonly name: string }
	/** Does what nobody here knows. */
	| { readonly kind: "unknown"; readonly name: string }
	/** Code that is not read here runs. */
	| { readonly kind: "call"; readonly to: string; readonly selector: string }
	| { readonly kind: "create" }
	/** What is not read names an address: the data of a call, code that makes a contract, a message to be signed. */
	| { readonly kind: "names"; readonly to: string; readonly where: "call" | "code" | "message" }
	/** It names more than are looked up. */
	| { readonly kind: "names-more"; readonly where: "call" | "code" | "message" }
	/** A node signs what may be used elsewhere. */
	| { readonly kind: "signs"; readonly name: string };

/** A transaction before it leaves. */
export interface Intent {
	/** Who signed, lower case; undefined where nothing tells. */
	readonly from: string | undefined;
	/** Undefined where it names no chain (before EIP-155), or is a request that the node completes. */
	readonly chainId: bigint | undefined;
	/** The contract or account that is called; undefined: a contract is created. */
	readonly to: string | undefined;
	readonly value: bigint;
	readonly data: string;
	readonly actions: readonly Action[];
	/** Hash of a signed transaction. */
	readonly hash: string | undefined;
}

/** Functions that move, or let somebody move, what the caller has; EIP-20, EIP-721, EIP-1155, EIP-2612, DAI, Permit2, multicalls. */
const KNOWN = new Interface([
	"function transfer(address to, uint256 amount)",
	"function transferFrom(address from, address to, uint256 amount)",
	"function safeTransferFrom(address from, address to, uint256 id)",
	"function safeTransferFrom(address from, address to, uint256 id, bytes data)",
	"function safeTransferFrom(address from, address to, uint256 id, uint256 amount, bytes data)",
	"function safeBatchTransferFrom(address from, address to, uint256[] ids, uint256[] amounts, bytes data)",
	"function approve(address spender, uint256 amount)",
	"function approve(address token, address spender, uint160 amount, uint48 expiration)",
	"function increaseAllowance(address spender, uint256 amount)",
	"function increaseApproval(address spender, uint256 amount)",
	"function setApprovalForAll(address operator, bool approved)",
	"function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)",
	"function permit(address holder, address spender, uint256 nonce, uint256 expiry, bool allowed, uint8 v, bytes32 r, bytes32 s)",
	"function permit(address owner, ((address token, uint160 amount, uint48 expiration, uint48 nonce) details, address spender, uint256 sigDeadline) permitSingle, bytes signature)",
	"function permit(address owner, ((address token, uint160 amount, uint48 expiration, uint48 nonce)[] details, address spender, uint256 sigDeadline) permitBatch, bytes signature)",
	"function multicall(bytes[] data)",
	"function multicall(uint256 deadline, bytes[] data)",
	"function aggregate3((address target, bool allowFailure, bytes callData)[] calls)",
	"function execute(address to, uint256 value, bytes data)",
	"function executeBatch((address to, uint256 value, bytes data)[] calls)",
	"function executeBatch(address[] to, bytes[] data)",
	"function executeBatch(address[] to, uint256[] value, bytes[] data)",
	"function execute(bytes32 mode, bytes executionData)",
	"function multiSend(bytes transactions)",
	"function multicall(bytes32 previousBlockhash, bytes[] data)",
	"function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures)",
]);

/** Calls inside calls that are read; what a deeper one does is not known. */
const MAX_DEPTH = 4;
/** Calls of one transaction that are read; what more of them do is not known. */
const MAX_CALLS = 200;
const SELECTOR = 10;
/** Anything from here on is no sum that anybody holds, but a permission without a limit. */
const UNLIMITED = 2n ** 100n;

/** Reads a signed transaction of any type. Throws what ethers throws for one that cannot be read, or that nobody signed. */
export function readSigned(raw: string): Intent {
	const tx = Transaction.from(raw);
	// Recovered anew whenever it is read.
	const signer = tx.from;
	if (signer === null) throw new TypeError("nobody signed it");
	const authorizations = (tx.authorizationList ?? []).map((one): Action => {
		return { kind: "let-act", delegate: one.address.toLowerCase(), signer: signerOf(one), everyChain: one.chainId === 0n };
	});
	const from = signer.toLowerCase();
	const to = tx.to?.toLowerCase();
	return {
		from,
		chainId: tx.type === 0 && tx.chainId === 0n ? undefined : tx.chainId,
		to,
		value: tx.value,
		data: tx.data,
		hash: tx.hash ?? undefined,
		actions: [...authorizations, ...actionsOf({ from, to, value: tx.value, data: tx.data })],
	};
}

/** An address as JSON has it, lower case; undefined for all else. */
export function addressOr(value: unknown): string | undefined {
	return typeof value === "string" && /^0x[0-9a-f]{40}$/i.test(value) ? value.toLowerCase() : undefined;
}

/** Undefined where the signature is of no key. */
function signerOf(authorization: Authorization): string | undefined {
	try {
		const { signature, ...request } = authorization;
		return verifyAuthorization(request, signature).toLowerCase();
	} catch {
		return undefined;
	}
}

/** Reads what a wallet asks its node to sign, estimate or call: the object of `eth_sendTransaction`. Throws TypeError. */
export function readRequest(request: unknown): Intent {
	if (typeof request !== "object" || request === null) throw new TypeError("no transaction object");
	const fields = request as Readonly<Record<string, unknown>>;
	const hex = (name: string): string | undefined => {
		const value = fields[name];
		if (value === undefined || value === null) return undefined;
		if (typeof value !== "string" || !/^0x[0-9a-f]*$/i.test(value)) throw new TypeError(`${name} is no hexadecimal text`);
		return value.toLowerCase();
	};
	const [from, to, data = "0x", input] = [hex("from"), hex("to"), hex("data") ?? hex("input"), hex("input")];
	// Nodes differ in which of the two they carry out.
	if (input !== undefined && input !== data) throw new TypeError("data and input differ");
	const number = (name: string): bigint | undefined => {
		const text = hex(name);
		return text === undefined || text === "0x" ? undefined : BigInt(text);
	};
	const value = number("value") ?? 0n;
	const list = fields["authorizationList"];
	const delegations = (Array.isArray(list) ? list : []).map((one): Action => {
		const { address, chainId } = (one ?? {}) as Readonly<Record<string, unknown>>;
		if (typeof address !== "string") throw new TypeError("an authorization names no address");
		return { kind: "let-act", delegate: address.toLowerCase(), signer: undefined, everyChain: chainId === "0x0" || chainId === 0 };
	});
	return {
		from,
		chainId: number("chainId"),
		to,
		value,
		data,
		hash: undefined,
		actions: [...delegations, ...actionsOf({ from, to, value, data })],
	};
}

/** A call of code: addresses `0x` and 40 hex digits in lower case. */
export interface Call {
	readonly from: string | undefined;
	readonly to: string | undefined;
	readonly value: bigint;
	readonly data: string;
}

/** What a call does, and the calls that it carries. */
export function actionsOf(call: Call): Action[] {
	const budget = { calls: MAX_CALLS };
	return readCall(call, 0, budget);
}

function readCall({ from, to, value, data }: Call, depth: number, budget: { calls: number }): Action[] {
	if (to === undefined) return [{ kind: "create" }, ...namedInCode(data)];
	const paid: Action[] = value > 0n ? [{ kind: "pay", to, amount: value }] : [];
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
			return b === true ? [{ kind: "let-all", collection: token, operator: address(a) }] : [];
		case "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)":
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
function carried({ signature, args }: Parsed, { to }: Call, inner: (calls: readonly Call[]) => Action[]): Action[] | undefined {
	const [a, b, c] = args;
	if (signature.startsWith("permit(address,((")) {
		const [details, spender] = b as readonly unknown[];
		const list = (signature.includes(")[]") ? details : [details]) as readonly (readonly unknown[])[];
		return list.map(([token]) => ({ kind: "permit", token: address(token), owner: address(a), spender: address(spender) }));
	}
	if (signature === "execute(address,uint256,bytes)" || signature.startsWith("execTransaction("))
		return inner([{ from: to, to: address(a), value: b as bigint, data: String(c) }]);
	if (signature === "multiSend(bytes)") {
		const calls = packedCalls(String(a), to, MAX_CALLS);
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
