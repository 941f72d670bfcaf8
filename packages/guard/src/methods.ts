import { AbiCoder } from "ethers";
import { carriedBy, type Dialect } from "./dialect.js";
import { endangeringOf, MAY_ENDANGER } from "./endangering.js";
import { type Intent, readRequest, readSigned } from "./intent.js";
import { readOperation } from "./operation.js";
import { KEYS } from "./param-keys.js";
import { readMessage, readTyped } from "./signing.js";
import { folded, knownKeysOnly, mustSendNothing, suspects } from "./strict-json.js";

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

interface Method {
	readonly leaves: boolean;
	/** As many parameters as it takes at most; of more, nobody knows which a node carries out. */
	readonly most: number;
	readonly read: (params: Params) => readonly Intent[];
}

/** Methods by which a transaction leaves a wallet, and the one by which it asks what it would cost. */
const METHODS: Readonly<Record<string, Method>> = {
	eth_sendRawTransaction: { leaves: true, most: 1, read: ([tx]) => [raw(tx)] },
	eth_sendRawTransactionSync: { leaves: true, most: 2, read: ([tx]) => [raw(tx)] },
	eth_sendRawTransactionConditional: { leaves: true, most: 2, read: ([tx]) => [raw(tx)] },
	eth_sendPrivateRawTransaction: { leaves: true, most: 2, read: ([tx]) => [raw(tx)] },
	eth_sendPrivateTransaction: { leaves: true, most: 2, read: ([one]) => [raw(field(one, "tx"))] },
	eth_sendBundle: { leaves: true, most: 1, read: ([one]) => list(field(one, "txs")).map(raw) },
	zks_sendRawTransactionWithDetailedOutput: { leaves: true, most: 1, read: ([tx]) => [raw(tx)] },
	mev_sendBundle: { leaves: true, most: 1, read: ([one]) => bundled(one) },
	eth_sendTransaction: { leaves: true, most: 1, read: ([one]) => [readRequest(one)] },
	eth_signTransaction: { leaves: true, most: 1, read: ([one]) => [readRequest(one)] },
	eth_sendUnsignedTransaction: { leaves: true, most: 1, read: ([one]) => [readRequest(one)] },
	eth_resend: { leaves: true, most: 3, read: ([one]) => [readRequest(one)] },
	personal_sendTransaction: { leaves: true, most: 2, read: ([one]) => [readRequest(one)] },
	wallet_sendCalls: {
		leaves: true,
		most: 1,
		read: ([one]) =>
			list(field(one, "calls")).map((call) => {
				const chainId = field(one, "chainId");
				return readRequest({ ...(call as object), from: field(one, "from"), ...(chainId === undefined ? {} : { chainId }) });
			}),
	},
	// Who signs it calls its own account.
	eth_sendUserOperation: {
		leaves: true,
		most: 2,
		read: ([one, entryPoint]) => [readOperation(one, entryPoint)],
	},
	wallet_sendTransaction: { leaves: true, most: 1, read: ([one]) => [readRequest(one)] },
	personal_signTransaction: { leaves: true, most: 2, read: ([one]) => [readRequest(one)] },
	eth_sign: { leaves: true, most: 2, read: (params) => [readMessage("eth_sign", params)] },
	personal_sign: { leaves: true, most: 3, read: (params) => [readMessage("personal_sign", params)] },
	eth_signTypedData: { leaves: true, most: 2, read: (params) => [readTyped(params)] },
	eth_signTypedData_v3: { leaves: true, most: 2, read: (params) => [readTyped(params)] },
	eth_signTypedData_v4: { leaves: true, most: 2, read: (params) => [readTyped(params)] },
	eth_estimateGas: { leaves: false, most: 4, read: ([one]) => [readRequest(one)] },
};

/** What names of methods have that send or sign something, whether they are known or not. */
const SENDS =
	/(?<!by)send|(?<!by|get)sign|broadcast|distribute|posttransaction|submit(?!work|hashrate)|push|blxr_|issuetx|createtransaction|(?:avax|avm|platform)\.(?:issue|export|import|add|create)/i;

/** What may be a signed transaction, of any type: a long list, or the number of a type and one. */
const SIGNED = /^(?:0[1-4])?f[89ab]/i;
/** Methods that are known to send nothing (execution-apis, and what Geth, Erigon and providers add). */
const READS =
	/^(?:eth_(?:accounts|blobBaseFee|blockNumber|call|chainId|coinbase|config|createAccessList|estimate\w+|feeHistory|gasPrice|get[A-Z]\w*|maxPriorityFeePerGas|new\w*Filter|protocolVersion|simulateV1|subscribe|syncing|uninstallFilter|unsubscribe)|net_(?:listening|peerCount|version)|web3_(?:clientVersion|sha3)|rpc_modules|wallet_get\w+|debug_(?:get|trace)\w+|trace_\w+|txpool_(?:content|contentFrom|inspect|status)|(?:alchemy|erigon|ots)_(?:get|search)\w+|zks_(?:get|estimate)\w+)$/;

/** What a call would send; undefined for methods that send nothing. Throws TypeError, or what ethers throws, for what cannot be read. */
function sendingOf(method: string, params: unknown): Sending | undefined {
	const known = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
	if (known === undefined) {
		const harm = endangeringOf(folded(method));
		if (harm !== undefined) return harmful(harm);
		mustSendNothing(method, FOLDED, SENDS);
		return undefined;
	}
	const list = Array.isArray(params) ? params : [];
	if (list.length > known.most) throw new TypeError("more parameters than the method takes");
	// What an estimate is to suppose of the state has names of its own, and sends nothing.
	if (!method.startsWith("eth_signTypedData")) knownKeysOnly(known.leaves ? list : list[0], KEYS);
	return { leaves: known.leaves, intents: known.read(list) };
}

/** What a call would do to a node and its keys, as something that leaves. */
export function harmful(name: string): Sending {
	const intent = { from: undefined, chainId: undefined, to: undefined, value: 0n, data: "0x", hash: undefined };
	return { leaves: true, intents: [{ ...intent, actions: [{ kind: "endangers", name }] }] };
}

const FOLDED: ReadonlySet<string> = new Set(Object.keys(METHODS).map(folded));

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
export const EVM_DIALECT: Dialect = {
	mayBeJudged: suspects(Object.keys(METHODS), new RegExp(`${SENDS.source}|${MAY_ENDANGER.source}`, "i")),
	sendingOf,
	carried: (text) => carriedBy(text, SIGNED, (hex) => readSigned(`0x${hex}`)),
	reads: READS,
	doubt,
	sockets: true,
};
