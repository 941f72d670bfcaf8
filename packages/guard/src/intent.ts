import { type Authorization, Transaction, verifyAuthorization } from "ethers";
import { actionsOf } from "./calls.js";

/** What a transaction asks for, as far as its fields and call data say; addresses lower case, amounts in base units. */
export type Action =
	| { readonly kind: "pay"; readonly to: string; readonly amount: bigint }
	| { readonly kind: "pay-token"; readonly token: string; readonly to: string; readonly amount: bigint }
	/** Takes from somebody who had let the sender; `from` is not the sender. */
	| { readonly kind: "take-token"; readonly token: string; readonly from: string; readonly to: string; readonly amount: bigint }
	/** `amount` undefined: without a limit. */
	| { readonly kind: "let-spend"; readonly token: string; readonly spender: string; readonly amount: bigint | undefined }
	/** Somebody may act there; `what` behind "lets them", else take everything of a collection. Not `approved`: it is taken back. */
	| {
			readonly kind: "let-all";
			readonly collection: string;
			readonly operator: string;
			readonly approved: boolean;
			readonly what?: string;
	  }
	/** Who decides over an account or a contract changes; `to` undefined: to nobody who is named. */
	| { readonly kind: "hand-over"; readonly where: string; readonly to: string | undefined; readonly what: string }
	/** Code runs as if it were an account's own (a delegated call); `several`: what it is given are calls, which are read. */
	| { readonly kind: "runs-as"; readonly account: string; readonly code: string; readonly several: boolean }
	/** Pays back what it costs: `least` and more, as the account that pays counts it; `token` undefined: the coin. */
	| { readonly kind: "refund"; readonly to: string; readonly token: string | undefined; readonly least: bigint }
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
	/** A call that takes the node, or its keys, out of its owner's hands. */
	| { readonly kind: "endangers"; readonly name: string }
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
	/** Its other fields, as nodes take them to try it out: code can see them, and do otherwise without. */
	readonly fields?: Readonly<Record<string, unknown>>;
}

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
		fields: fieldsOf(tx),
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
		fields: Object.fromEntries(
			TRIED.filter((name) => fields[name] !== undefined && fields[name] !== null).map((name) => [name, fields[name]]),
		),
		actions: [...delegations, ...actionsOf({ from, to, value, data })],
	};
}

/** Fields of a request that a node is given to try it out. */
const TRIED = ["gas", "gasPrice", "maxFeePerGas", "maxPriorityFeePerGas", "accessList", "maxFeePerBlobGas", "blobVersionedHashes"];

const quantity = (value: bigint): string => `0x${value.toString(16)}`;

function fieldsOf(tx: Transaction): Readonly<Record<string, unknown>> {
	const { gasLimit, gasPrice, maxFeePerGas, maxPriorityFeePerGas, accessList, maxFeePerBlobGas, blobVersionedHashes } = tx;
	const isPriced = maxFeePerGas !== null && maxPriorityFeePerGas !== null;
	return {
		gas: quantity(gasLimit),
		...(isPriced
			? { maxFeePerGas: quantity(maxFeePerGas), maxPriorityFeePerGas: quantity(maxPriorityFeePerGas) }
			: gasPrice === null
				? {}
				: { gasPrice: quantity(gasPrice) }),
		...(accessList === null || accessList.length === 0 ? {} : { accessList }),
		...(blobVersionedHashes === null || maxFeePerBlobGas === null
			? {}
			: { maxFeePerBlobGas: quantity(maxFeePerBlobGas), blobVersionedHashes }),
	};
}
