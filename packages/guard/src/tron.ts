import { type SignedTron, tronAddress, tronDigits } from "@clew/core";
import { actionsOf } from "./calls.js";
import { carriedBy, type Dialect, type PathCall, type PathSending, SENDS } from "./dialect.js";
import { leadingAddresses } from "./functions.js";
import type { Action, Intent } from "./intent.js";
import { MAX_ANSWER, type NodeFacts, PATIENCE } from "./node-facts.js";
import { mustSendNothing, noVariants, suspects } from "./strict-json.js";
import type { Upstream } from "./upstream.js";

/** What reads the bytes of a chain of Tron; both throw for what cannot be read, or contradicts itself. */
export interface TronReader {
	/** A whole transaction in hex. */
	fromHex(hex: string): SignedTron;
	/** A transaction in the JSON of nodes. */
	fromJson(text: string): SignedTron;
}

const JSON_TYPE = "application/json";
/** How java-tron calls a refusal that has no name of its own. */
const OTHER = "OTHER_ERROR";
/** Calls that send, or that have the node sign, and send, with a key that it is given. */
const SENDING_PATH = /broadcast|easytransfer|addtransactionsign|gettransactionsign/;

/** Calls that look at who signed a transaction, and send it nowhere. */
const WEIGHING_PATH = /^\/wallet\/(?:getsignweight|getapprovedlist)$/;
/** Calls that read, or make what is not signed yet. */
const READING_PATH =
	/^\/(?:(?:wallet|walletsolidity|walletpbft)\/(?:get\w+|list\w+|estimateenergy|validateaddress|triggerconstantcontract|triggersmartcontract|createtransaction|transferasset)|v1\/.*)$/;
/** The first field of a transaction, its raw data. */
const RAW = /^0a/;
const carriedIn = (text: string, reader: TronReader) => carriedBy(text, RAW, (hex) => tronIntent(reader.fromHex(hex)));

/** Tron's HTTP API, as java-tron and TronGrid serve it: two calls send, and the others read, or make what is not signed yet. */
export function tronDialect(reader: TronReader): Dialect {
	return {
		sockets: false,
		keyHeader: "tron-pro-api-key",
		// It only reads.
		rpcPath: /^\/jsonrpc\b/,
		mayBeJudged: suspects([], SENDS),
		sendingOf(method) {
			mustSendNothing(method, new Set(), SENDS);
			return undefined;
		},
		carried: (text) => carriedIn(text, reader),
		reads: /^(?:eth_(?:blockNumber|call|chainId|coinbase|estimateGas|gasPrice|get[A-Z]\w*|protocolVersion|syncing)|net_\w+|web3_\w+)$/,
		readsPath: READING_PATH,
		pathSending(call) {
			if (SENDING_PATH.test(call.path)) return sending(call, reader);
			if (WEIGHING_PATH.test(call.path)) return undefined;
			const { path, query, body } = call;
			const isJson = body.includes('"raw_data"') && body.includes('"signature"');
			const carried = isJson ? [] : carriedIn(`${path} ${query} ${body}`, reader);
			return isJson || carried.length > 0 ? sending(call, reader, carried) : undefined;
		},
	};
}

function sending({ path, method, body }: PathCall, reader: TronReader, carried: readonly Intent[] = []): PathSending {
	const isHex = path.endsWith("broadcasthex");
	return {
		name: path,
		read() {
			if (method !== "POST") throw new TypeError("it is sent by POST");
			if (path === "/wallet/broadcasthex") return { leaves: true, intents: [tronIntent(reader.fromHex(hexIn(body)))] };
			if (path === "/wallet/broadcasttransaction") return { leaves: true, intents: [tronIntent(reader.fromJson(body))] };
			if (carried.length > 0) return { leaves: true, intents: carried };
			throw new TypeError("a call that sends, and is not known");
		},
		refusal(message) {
			const visible = isHex || /"visible"\s*:\s*true/.test(body);
			const text = visible ? message : Buffer.from(message, "utf8").toString("hex");
			return { status: 200, type: JSON_TYPE, body: JSON.stringify({ result: false, code: OTHER, message: text }) };
		},
	};
}

/** The one field of `broadcasthex`, which may stand once. */
function hexIn(body: string): string {
	const parsed: unknown = JSON.parse(body);
	if (typeof parsed === "object" && parsed !== null) noVariants(parsed, ["transaction"]);
	const hex = (parsed as { readonly transaction?: unknown } | null)?.transaction;
	if (typeof hex !== "string" || body.split(/"transaction"/).length !== 2 || body.includes("\\u"))
		throw new TypeError("no transaction, or more than one");
	return hex;
}

/** What a transaction of Tron asks for. */
export function tronIntent({ id, owner, type, pays, call, creates, permissions, unread }: SignedTron): Intent {
	const named: Action[] = [{ kind: "named", name: type }];
	const paid = pays.map(
		({ to, amount, token }): Action => (token === undefined ? { kind: "pay", to, amount } : { kind: "pay-token", token, to, amount }),
	);
	const actions: Action[] = [
		...(unread === undefined ? [] : [{ kind: "unknown", name: unread } as const]),
		...(permissions === undefined ? [] : [{ kind: "set-signers", owner, signers: permissions } as const]),
		...(creates === true ? [{ kind: "create" } as const] : []),
		...paid,
		...(call === undefined ? [] : called(owner, call)),
	];
	return {
		from: owner,
		// Transactions of Tron name a block of their chain, and not the chain.
		chainId: undefined,
		to: call?.contract ?? pays[0]?.to,
		value: pays.reduce((sum, { amount, token }) => (token === undefined ? sum + amount : sum), 0n),
		data: `0x${call?.data ?? ""}`,
		hash: id,
		actions: actions.length === 0 ? named : actions,
	};
}

const SELECTOR = 8;
const WORD = 64;
/** Some wallets leave the version byte before the 20 bytes of an address, which contracts ignore. */
const WITH_VERSION = /^0{22}41/;
function called(owner: string, { contract, data }: { readonly contract: string; readonly data: string }): Action[] {
	const words = leadingAddresses(`0x${data.slice(0, SELECTOR)}`);
	let plain = data.slice(0, SELECTOR);
	for (let i = 0; i < words; i++) plain += data.slice(SELECTOR + i * WORD, SELECTOR + (i + 1) * WORD).replace(WITH_VERSION, "0".repeat(24));
	plain += data.slice(SELECTOR + words * WORD);
	const hex = (address: string) => `0x${tronDigits(address)}`;
	const actions = actionsOf({ from: hex(owner), to: hex(contract), value: 0n, data: `0x${plain}` });
	return actions.map((action) => Object.fromEntries(Object.entries(action).map(([name, held]) => [name, inBase58(held)])) as Action);
}

function inBase58(held: unknown): unknown {
	return typeof held === "string" && /^0x[0-9a-f]{40}$/.test(held) ? tronAddress(held.slice(2)) : held;
}

/** Asks a node of Tron whether a contract stands somewhere, and what somebody holds of a token; it tells of no chain, and tries nothing out. */
export function tronFacts(upstream: Upstream): NodeFacts {
	return {
		chainId: async () => undefined,
		effect: async () => undefined,
		async holds(token, owner) {
			try {
				const parameter = tronDigits(owner).padStart(WORD, "0");
				const asked = { owner_address: owner, contract_address: token, function_selector: "balanceOf(address)", parameter, visible: true };
				const told = await upstream.ask(JSON.stringify(asked), PATIENCE, "/wallet/triggerconstantcontract", MAX_ANSWER);
				const [word] = (told as { readonly constant_result?: readonly unknown[] } | null)?.constant_result ?? [];
				return typeof word === "string" && /^[0-9a-f]{64}$/i.test(word) ? BigInt(`0x${word}`) : undefined;
			} catch {
				return undefined;
			}
		},
		async hasCode(address) {
			try {
				const body = JSON.stringify({ value: address, visible: true });
				const answer = await upstream.ask(body, PATIENCE, "/wallet/getcontract", MAX_ANSWER);
				if (typeof answer !== "object" || answer === null) return undefined;
				if (Object.keys(answer).length === 0) return false;
				// What is neither is a refusal, which services write as they please.
				return "contract_address" in answer ? true : undefined;
			} catch {
				return undefined;
			}
		},
	};
}
