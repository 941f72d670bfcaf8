import { BITCOIN_DECIMALS, type SignedBitcoin } from "@clew/core";
import { carriedBy, type Dialect, type PathCall, type PathSending, SENDS } from "./dialect.js";
import { endangeringOf, MAY_ENDANGER } from "./endangering.js";
import type { Intent } from "./intent.js";
import { harmful, type Sending } from "./methods.js";
import type { NodeFacts } from "./node-facts.js";
import { folded, mustSendNothing, noVariants, suspects } from "./strict-json.js";

/** What reads a network of Bitcoin; both throw for what cannot be read. */
export interface BitcoinReader {
	/** A raw transaction in hex. */
	fromHex(hex: string): SignedBitcoin;
	/** The stored form of an address as a person writes it; throws for one of another network. */
	address(text: string): string;
}

type Params = Readonly<Record<string, unknown>>;
const hexText = (value: unknown): string => {
	if (typeof value !== "string") throw new TypeError("no transaction");
	return value;
};
const hexList = (value: unknown): readonly string[] => {
	if (!Array.isArray(value) || value.length === 0) throw new TypeError("no list of transactions");
	return value.map(hexText);
};

/** Of methods of Bitcoin Core: what their arguments are called, in order, and what of them is read. */
const METHODS: Readonly<
	Record<
		string,
		{
			readonly leaves: boolean;
			readonly names: readonly string[];
			/** As many arguments as it takes at most, in order. */
			readonly most: number;
			readonly read: (params: Params, reader: BitcoinReader) => readonly Intent[];
		}
	>
> = {
	sendrawtransaction: {
		leaves: true,
		names: ["hexstring"],
		most: 3,
		read: ({ hexstring }, reader) => [signed(hexText(hexstring), reader)],
	},
	submitpackage: {
		leaves: true,
		names: ["package"],
		most: 3,
		read: (params, reader) => hexList(params["package"]).map((one) => signed(one, reader)),
	},
	testmempoolaccept: {
		leaves: false,
		names: ["rawtxs"],
		most: 2,
		read: ({ rawtxs }, reader) => hexList(rawtxs).map((one) => signed(one, reader)),
	},
	sendtoaddress: {
		leaves: true,
		names: ["address", "amount"],
		most: 11,
		read: ({ address, amount }, reader) => [paying([[address, amount]], reader)],
	},
	sendmany: { leaves: true, names: ["dummy", "amounts"], most: 10, read: ({ amounts }, reader) => [paying(entries(amounts), reader)] },
	send: { leaves: true, names: ["outputs"], most: 6, read: ({ outputs }, reader) => [paying(outputsOf(outputs), reader)] },
	// Pays whom the transaction pays that it replaces: that was judged, or did not come this way, and cannot be seen here.
	bumpfee: { leaves: true, names: [], most: 2, read: () => refuse("it replaces a transaction that is not shown") },
};

const NAMES: ReadonlySet<string> = new Set(Object.keys(METHODS));

function refuse(why: string): never {
	throw new TypeError(why);
}

/** Bitcoin Core's JSON-RPC and Esplora's HTTP API. */
export function bitcoinDialect(reader: BitcoinReader): Dialect {
	return {
		sockets: false,
		keyHeader: "authorization",
		mayBeJudged: suspects([...NAMES], new RegExp(`${SENDS.source}|${MAY_ENDANGER.source}`, "i")),
		carried: (text, method) => (method !== undefined && HANDLING.test(method) ? [] : carriedIn(text, reader)),
		reads: READS,
		sendingOf: (method, params) => sendingOf(method, params, reader),
		pathSending: (call) => esplora(call, reader),
	};
}

function sendingOf(method: string, params: unknown, reader: BitcoinReader): Sending | undefined {
	const known = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
	if (known === undefined) {
		const harm = endangeringOf(folded(method), params);
		if (harm !== undefined) return harmful(harm);
		mustSendNothing(method, NAMES, SENDS);
		return undefined;
	}
	return { leaves: known.leaves, intents: known.read(named(params, known), reader) };
}

/** Arguments by their names, whether they stand in order or by name; both at once are read by nobody here. */
function named(params: unknown, { names, most }: (typeof METHODS)[string]): Params {
	if (Array.isArray(params)) {
		if (params.length > most) throw new TypeError("more arguments than the method takes");
		return Object.fromEntries(names.map((name, i) => [name, params[i]]));
	}
	if (typeof params !== "object" || params === null || "args" in params) throw new TypeError("arguments in no known form");
	noVariants(params, [...names, "args"]);
	return params as Params;
}

/** Calls of Bitcoin Core that read, make, sign or join transactions, which does not send them. */
const HANDLING =
	/^(?:decoderawtransaction|createrawtransaction|fundrawtransaction|signrawtransactionwith(?:key|wallet)|combinerawtransaction|converttopsbt|createpsbt|walletcreatefundedpsbt|walletprocesspsbt|descriptorprocesspsbt|utxoupdatepsbt|finalizepsbt|combinepsbt|joinpsbts|decodepsbt|analyzepsbt)$/;
/** Those and others that are known to send nothing. */
const READS = new RegExp(
	`${HANDLING.source}|^(?:get\\w+|list\\w+|decode\\w+|estimate\\w+|scan\\w+|validateaddress|verify\\w+|deriveaddresses|help|uptime|ping|testmempoolaccept)$`,
);
/** Version 1, 2 or 3. */
const RAW = /^0[123]000000/;
const carriedIn = (text: string, reader: BitcoinReader) => carriedBy(text, RAW, (hex) => signed(hex, reader));
/** Paths by which services take transactions (Esplora, and what mempool.space, BlockCypher, Blockchain.com and others call it). */
const SENDING_PATH = /push|broadcast|send|submit|withdraw|\/(?:tx|txs\/package|txs\/test)$/;

/** `POST /tx`, `POST /txs/package`, and `/broadcast`, which also takes a transaction from its query. */
function esplora({ path, method, query, body }: PathCall, reader: BitcoinReader): PathSending | undefined {
	const isRead = method === "GET" && !/push|broadcast|send|submit/.test(path);
	const isRpc = method === "POST" && body.includes('"method"');
	const carried = isRpc ? [] : carriedIn(`${path} ${query} ${body}`, reader);
	if (carried.length === 0 && (isRead || isRpc || !SENDING_PATH.test(path))) return undefined;
	const isKnown = method === "POST" ? /\/(tx|txs\/package|txs\/test|broadcast)$/.test(path) : /\/broadcast$/.test(path);
	return {
		name: path,
		read() {
			if (!isKnown) return carried.length > 0 ? { leaves: true, intents: carried } : refuse("a path that sends, and no transaction");
			const list = /\/txs\/(package|test)$/.exec(path);
			const raws = list ? hexList(JSON.parse(body)) : [method === "POST" ? body.trim() : only(query.getAll("tx"))];
			return { leaves: list?.[1] !== "test", intents: raws.map((raw) => signed(raw, reader)) };
		},
		// Esplora passes its node's words on so.
		refusal: (message) => ({
			status: 400,
			type: "text/plain; charset=utf-8",
			body: `sendrawtransaction RPC error: ${JSON.stringify({ code: HELD, message })}`,
		}),
	};
}

function only(values: readonly string[]): string {
	const [one = "", ...more] = values;
	return more.length === 0 ? one : refuse("more than one transaction where one is taken");
}

/** Bitcoin Core: refused by a rule of whoever runs it. */
const HELD = -26;

function signed(raw: string, reader: BitcoinReader): Intent {
	const { txid, pays } = reader.fromHex(raw);
	return intentOf(pays, txid);
}

type Receiver = readonly [address: unknown, coins: unknown];
const entries = (value: unknown): readonly Receiver[] =>
	typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : refuse("no receivers");

/** Receivers as `send` takes them: an object, or a list of objects; `data` pays nobody. */
function outputsOf(value: unknown): readonly Receiver[] {
	return (Array.isArray(value) ? value.flatMap(entries) : entries(value)).filter(([address]) => address !== "data");
}

/** What a node is asked to pay from its own wallet. */
function paying(receivers: readonly Receiver[], reader: BitcoinReader): Intent {
	return intentOf(
		receivers.map(([address, coins]) => ({ to: reader.address(hexText(address)), amount: satoshis(coins) })),
		undefined,
	);
}

/** Coins as a number or text; numbers of JSON hold every sum of bitcoins exactly to the satoshi. */
function satoshis(coins: unknown): bigint {
	const text = typeof coins === "number" ? coins.toFixed(BITCOIN_DECIMALS) : String(coins);
	const [, whole = "", part = ""] = /^([0-9]{1,8})(?:\.([0-9]{1,8}))?$/.exec(text) ?? [];
	return whole === "" ? refuse("no amount") : BigInt(whole + part.padEnd(BITCOIN_DECIMALS, "0"));
}

function intentOf(pays: SignedBitcoin["pays"], hash: string | undefined): Intent {
	return {
		// Its inputs name outputs, not owners.
		from: undefined,
		chainId: undefined,
		to: pays[0]?.to,
		value: pays.reduce((sum, { amount }) => sum + amount, 0n),
		data: "0x",
		hash,
		actions: pays.map(({ to, amount }) => ({ kind: "pay", to, amount })),
	};
}

/** Nothing of what is judged is asked of a node of Bitcoin: there is no code, and raw transactions name no network. */
export const BITCOIN_FACTS: NodeFacts = {
	chainId: async () => undefined,
	hasCode: async () => undefined,
	holds: async () => undefined,
	effect: async () => undefined,
};
