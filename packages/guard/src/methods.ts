import { AbiCoder } from "ethers";
import { type Dialect, SENDS } from "./dialect.js";
import { type Intent, readRequest, readSigned } from "./intent.js";

/** What a JSON-RPC call would send, or asks about as if it were about to. */
export interface Sending {
	readonly intents: readonly Intent[];
	/** It leaves with this call; else it is a question before (an estimate). */
	readonly leaves: boolean;
}

type Params = readonly unknown[];
const raw = (text: unknown): Intent => {
	if (typeof text !== "string") throw new TypeError("no signed transaction");
	return readSigned(text);
};
const field = (value: unknown, name: string): unknown => (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];
const list = (value: unknown): readonly unknown[] => {
	if (!Array.isArray(value)) throw new TypeError("no list of transactions");
	return value;
};

/** Bundles in bundles, too. */
const bundled = (bundle: unknown): readonly Intent[] =>
	list(field(bundle, "body")).flatMap((part) => {
		const [tx, inner] = [field(part, "tx"), field(part, "bundle")];
		return [...(tx === undefined ? [] : [raw(tx)]), ...(inner === undefined ? [] : bundled(inner))];
	});

/** Methods by which a transaction leaves a wallet, and the one by which it asks what it would cost. */
const METHODS: Readonly<Record<string, { readonly leaves: boolean; readonly read: (params: Params) => readonly Intent[] }>> = {
	eth_sendRawTransaction: { leaves: true, read: ([tx]) => [raw(tx)] },
	eth_sendRawTransactionSync: { leaves: true, read: ([tx]) => [raw(tx)] },
	eth_sendRawTransactionConditional: { leaves: true, read: ([tx]) => [raw(tx)] },
	eth_sendPrivateRawTransaction: { leaves: true, read: ([tx]) => [raw(tx)] },
	eth_sendPrivateTransaction: { leaves: true, read: ([one]) => [raw(field(one, "tx"))] },
	eth_sendBundle: { leaves: true, read: ([one]) => list(field(one, "txs")).map(raw) },
	zks_sendRawTransactionWithDetailedOutput: { leaves: true, read: ([tx]) => [raw(tx)] },
	mev_sendBundle: { leaves: true, read: ([one]) => bundled(one) },
	eth_sendTransaction: { leaves: true, read: ([one]) => [readRequest(one)] },
	eth_signTransaction: { leaves: true, read: ([one]) => [readRequest(one)] },
	eth_sendUnsignedTransaction: { leaves: true, read: ([one]) => [readRequest(one)] },
	eth_resend: { leaves: true, read: ([one]) => [readRequest(one)] },
	personal_sendTransaction: { leaves: true, read: ([one]) => [readRequest(one)] },
	wallet_sendCalls: {
		leaves: true,
		read: ([one]) => list(field(one, "calls")).map((call) => readRequest({ ...(call as object), from: field(one, "from") })),
	},
	// Who signs it calls its own account.
	eth_sendUserOperation: {
		leaves: true,
		read: ([one]) => [readRequest({ from: field(one, "sender"), to: field(one, "sender"), data: field(one, "callData") })],
	},
	wallet_sendTransaction: { leaves: true, read: ([one]) => [readRequest(one)] },
	eth_estimateGas: { leaves: false, read: ([one]) => [readRequest(one)] },
};

/** Whether a text may hold a call that is judged. */
function mayBeJudged(body: string): boolean {
	// Escapes could hide a name.
	return body.includes("\\u") || SENDS.test(body) || Object.keys(METHODS).some((name) => body.includes(name));
}

/** What a call would send; undefined for methods that send nothing. Throws TypeError, or what ethers throws, for what cannot be read. */
function sendingOf(method: string, params: unknown): Sending | undefined {
	const known = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
	if (known === undefined) {
		if (SENDS.test(method)) throw new TypeError("a method that sends, and is not known");
		return undefined;
	}
	return { leaves: known.leaves, intents: known.read(Array.isArray(params) ? params : []) };
}

/** JSON-RPC: what was tried out reverted, as nodes say it. */
const REVERTED = 3;
/** The selector of `Error(string)`, by which contracts say why. */
const ERROR = "0x08c379a0";

/** Libraries show why an estimate fails where it reverts with a reason, and swallow other errors. */
function doubt(message: string): ReturnType<NonNullable<Dialect["doubt"]>> {
	const data = `${ERROR}${AbiCoder.defaultAbiCoder().encode(["string"], [message]).slice(2)}`;
	return { code: REVERTED, message: `execution reverted: ${message}`, data };
}

/** Ethereum's JSON-RPC, the same on every chain of the family. */
export const EVM_DIALECT: Dialect = { mayBeJudged, sendingOf, doubt, sockets: true };
