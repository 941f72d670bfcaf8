import { type SignedTron, tronAddress, tronDigits } from "@clew/core";
import { type Dialect, type PathCall, type PathSending, SENDS } from "./dialect.js";
import { type Action, actionsOf, type Intent } from "./intent.js";
import { type NodeFacts, PATIENCE } from "./node-facts.js";
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
		pathSending: (call) => (SENDING_PATH.test(call.path) ? sending(call, reader) : undefined),
	};
}

function sending({ path, method, body }: PathCall, reader: TronReader): PathSending {
	const isHex = path.endsWith("broadcasthex");
	return {
		name: path,
		read() {
			if (method !== "POST") throw new TypeError("it is sent by POST");
			if (path === "/wallet/broadcasthex") return { leaves: true, intents: [tronIntent(reader.fromHex(hexIn(body)))] };
			if (path === "/wallet/broadcasttransaction") return { leaves: true, intents: [tronIntent(reader.fromJson(body))] };
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
/** Functions whose first words are addresses, and how many. */
const ADDRESS_WORDS: Readonly<Record<string, number>> = {
	a9059cbb: 1,
	"095ea7b3": 1,
	"39509351": 1,
	d73dd623: 1,
	"23b872dd": 2,
	a22cb465: 1,
};

function called(owner: string, { contract, data }: { readonly contract: string; readonly data: string }): Action[] {
	const words = ADDRESS_WORDS[data.slice(0, SELECTOR)] ?? 0;
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

/** Asks a node of Tron whether a contract stands somewhere; it tells of no chain, and tries nothing out. */
export function tronFacts(upstream: Upstream): NodeFacts {
	return {
		chainId: async () => undefined,
		effect: async () => undefined,
		holds: async () => undefined,
		async hasCode(address) {
			try {
				const body = JSON.stringify({ value: address, visible: true });
				const answer = await upstream.ask(body, PATIENCE, "/wallet/getcontract");
				if (typeof answer !== "object" || answer === null || "Error" in answer) return undefined;
				return Object.keys(answer).length > 0;
			} catch {
				return undefined;
			}
		},
	};
}
