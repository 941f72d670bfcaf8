import type { Intent } from "./intent.js";
import type { Effect, Moved } from "./judge.js";
import type { Upstream } from "./upstream.js";

/** What a guard asks the node behind it; undefined where the node does not tell. */
export interface NodeFacts {
	chainId(): Promise<bigint | undefined>;
	/** Whether a contract stands at an address. */
	hasCode(address: string): Promise<boolean | undefined>;
	/** How much of a token an account holds, in base units. */
	holds(token: string, owner: string): Promise<bigint | undefined>;
	/** What a transaction would do to its sender's amounts, tried out on the newest state. */
	effect(intent: Intent): Promise<Effect | undefined>;
}

/** What the node does not answer in this time, in milliseconds, is not known. */
export const PATIENCE = 5_000;
/** Bytes of an answer to what the guard asks for itself: the trace of a large transaction is some 100 kB. */
export const MAX_ANSWER = 2 << 20;
/** Token movements in logs (EIP-20, EIP-721), and where eth_simulateV1 reports coins that move. */
const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
/** EIP-1155: of one kind, and of several. */
const SINGLE = "0xc3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62";
const BATCH = "0x4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb";
/** Permissions that are given: for an amount, and for all. */
const APPROVAL = "0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925";
const APPROVAL_FOR_ALL = "0x17307eab39ab6107e8899845ad3d59bd9653f200f220920489ca2b5937696c31";
const BALANCE_OF = "0x70a08231";
const COINS = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
const WORD = 64;
const TOPICS_OF_AMOUNTS = 3;

/** Asks the node behind a guard; what it does not tell, or not within `patience` milliseconds, is undefined. */
export function nodeFacts(upstream: Upstream, patience = PATIENCE): NodeFacts {
	const ask = async (method: string, params: readonly unknown[]): Promise<unknown> => {
		try {
			const answer = await upstream.ask(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }), patience, undefined, MAX_ANSWER);
			return (answer as { readonly result?: unknown } | null)?.result;
		} catch {
			return undefined;
		}
	};
	let chain: Promise<bigint | undefined> | undefined;
	return {
		async chainId() {
			chain ??= ask("eth_chainId", []).then(quantity);
			const known = await chain;
			if (known === undefined) chain = undefined;
			return known;
		},
		async hasCode(address) {
			const code = await ask("eth_getCode", [address, "latest"]);
			if (typeof code !== "string" || !code.startsWith("0x")) return undefined;
			// What a key lets act for its account makes it no contract (EIP-7702).
			return code.length > 2 && !/^0xef0100/i.test(code);
		},
		async holds(token, owner) {
			const told = await ask("eth_call", [{ to: token, data: `${BALANCE_OF}${owner.slice(2).padStart(WORD, "0")}` }, "latest"]);
			return typeof told === "string" && told.length === 2 + WORD ? quantity(told) : undefined;
		},
		async effect(intent) {
			const { from, to, data } = intent;
			if (from === undefined) return undefined;
			// A plain payment to nobody's code runs none.
			if (to !== undefined && data === "0x" && (await ask("eth_getCode", [to, "latest"])) === "0x") return NOTHING;
			const start = performance.now();
			const whole = await tried(intent, from, intent.fields ?? {});
			const isSilent = performance.now() - start >= patience;
			if (whole !== undefined || isSilent || Object.keys(intent.fields ?? {}).length === 0) return whole;
			// A node may want the sender to be able to pay its fee.
			const bare = await tried(intent, from, {});
			return bare && { ...bare, bare: true };
		},
	};

	async function tried({ to, value, data }: Intent, from: string, fields: object): Promise<Effect | undefined> {
		const call = { ...fields, from, ...(to === undefined ? {} : { to }), value: `0x${value.toString(16)}`, input: data };
		const asked = { blockStateCalls: [{ calls: [call] }], traceTransfers: true, validation: false };
		const [told, traced] = await Promise.all([
			ask("eth_simulateV1", [asked, "latest"]),
			ask("debug_traceCall", [call, "latest", { tracer: "callTracer", tracerConfig: { withLog: true } }]),
		]);
		const simulated = effectOf(from, (told as { readonly calls?: readonly SimulatedCall[] }[] | undefined)?.[0]?.calls?.[0]);
		return worse(simulated, effectOf(from, ofFrame(traced as Frame | undefined)));
	}
}

const NOTHING: Effect = { leaves: [], comes: [], lets: [], receives: [], fails: false, bare: false };

/** The two ways to try out differ in what they show, and code may tell them apart: the worse of both. */
function worse(one: Effect | undefined, other: Effect | undefined): Effect | undefined {
	if (one === undefined || other === undefined) return one ?? other;
	if (one.fails || other.fails) return one.fails ? other : one;
	return {
		...one,
		...(other.leaves.length > 0 && other.comes.length === 0 ? { leaves: other.leaves, comes: [] } : {}),
		lets: [...new Set([...one.lets, ...other.lets])],
		receives: [...new Set([...one.receives, ...other.receives])],
	};
}

function quantity(value: unknown): bigint | undefined {
	return typeof value === "string" && /^0x[0-9a-f]+$/i.test(value) ? BigInt(value) : undefined;
}

interface Frame {
	readonly type?: string;
	readonly from?: string;
	readonly to?: string;
	readonly value?: string;
	readonly error?: string;
	readonly logs?: SimulatedCall["logs"];
	readonly calls?: readonly Frame[];
}

/** What `callTracer` found, as `eth_simulateV1` would tell it: coins that move are logs, too. */
function ofFrame(frame: Frame | undefined): SimulatedCall | undefined {
	if (typeof frame?.type !== "string") return undefined;
	return { status: frame.error === undefined ? "0x1" : "0x0", logs: logsOf(frame) };
}

const topicOf = (address: string | undefined): string => `0x${(address ?? "").slice(2).padStart(WORD, "0")}`;

function logsOf({ type, from, to, value, error, logs = [], calls = [] }: Frame): SimulatedCall["logs"] {
	if (error !== undefined) return [];
	const amount = type === "DELEGATECALL" || type === "STATICCALL" ? 0n : (quantity(value) ?? 0n);
	const data = `0x${amount.toString(16).padStart(WORD, "0")}`;
	const moved = amount === 0n ? [] : [{ address: COINS, topics: [TRANSFER, topicOf(from), topicOf(to)], data }];
	return [...moved, ...logs, ...calls.flatMap(logsOf)];
}

/** Undefined for what is no answer. */
function effectOf(from: string, call: SimulatedCall | undefined): Effect | undefined {
	if (call === undefined || !Array.isArray(call.logs)) return undefined;
	const net = new Map<string, bigint>();
	const lets = new Set<string>();
	const receives = new Set<string>();
	for (const log of call.logs) {
		const [topic, sender, receiver] = log.topics;
		const isGiven = topic === APPROVAL || topic === APPROVAL_FOR_ALL;
		if (isGiven && addressIn(sender) === from && !/^0x0*$/.test(log.data)) lets.add(addressIn(receiver));
		// Of tokens of EIP-1155 the receiver stands fourth.
		if (topic === TRANSFER && log.topics.length >= TOPICS_OF_AMOUNTS) receives.add(addressIn(receiver));
		if (topic === SINGLE || topic === BATCH) receives.add(addressIn(log.topics[TOPICS_OF_AMOUNTS]));
		if (topic !== TRANSFER || log.topics.length !== TOPICS_OF_AMOUNTS || !/^0x[0-9a-f]{64}$/i.test(log.data)) continue;
		const amount = BigInt(log.data);
		const asset = log.address.toLowerCase();
		const [out, into] = [addressIn(sender) === from, addressIn(receiver) === from];
		if (out !== into) net.set(asset, (net.get(asset) ?? 0n) + (into ? amount : -amount));
	}
	const moved = (wanted: (amount: bigint) => boolean): Moved[] =>
		[...net]
			.filter(([, amount]) => wanted(amount))
			.map(([asset, amount]) => ({ token: asset === COINS ? undefined : asset, amount: amount < 0n ? -amount : amount }));
	return {
		leaves: moved((amount) => amount < 0n),
		comes: moved((amount) => amount > 0n),
		lets: [...lets],
		receives: [...receives].filter((one) => one !== from),
		fails: call.status === "0x0",
		bare: false,
	};
}

interface SimulatedCall {
	readonly status?: string;
	readonly logs: readonly { readonly address: string; readonly topics: readonly string[]; readonly data: string }[];
}

const addressIn = (topic: string | undefined): string => `0x${(topic ?? "").slice(2 + WORD - 40).toLowerCase()}`;
