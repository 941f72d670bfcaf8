import type { Intent } from "./intent.js";
import type { Effect } from "./judge.js";
import type { Upstream } from "./upstream.js";

/** What a guard asks the node behind it; undefined where the node does not tell. */
export interface NodeFacts {
	chainId(): Promise<bigint | undefined>;
	/** Whether a contract stands at an address. */
	hasCode(address: string): Promise<boolean | undefined>;
	/** What a transaction would do to its sender's amounts, tried out on the newest state. */
	effect(intent: Intent): Promise<Effect | undefined>;
}

/** What the node does not answer in this time, in milliseconds, is not known. */
export const PATIENCE = 5_000;
/** Token movements in logs (EIP-20, EIP-721), and where eth_simulateV1 reports coins that move. */
const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
/** Permissions that are given: for an amount, and for all. */
const APPROVAL = "0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925";
const APPROVAL_FOR_ALL = "0x17307eab39ab6107e8899845ad3d59bd9653f200f220920489ca2b5937696c31";
const COINS = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
const WORD = 64;
const TOPICS_OF_AMOUNTS = 3;

/** Asks the node behind a guard; what it does not tell, or not within `patience` milliseconds, is undefined. */
export function nodeFacts(upstream: Upstream, patience = PATIENCE): NodeFacts {
	const ask = async (method: string, params: readonly unknown[]): Promise<unknown> => {
		try {
			const answer = await upstream.ask(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }), patience);
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
		async effect(intent) {
			const { from, to, value, data } = intent;
			if (from === undefined) return undefined;
			const call = { from, ...(to === undefined ? {} : { to }), value: `0x${value.toString(16)}`, input: data };
			const asked = { blockStateCalls: [{ calls: [call] }], traceTransfers: true, validation: false };
			return effectOf(from, await ask("eth_simulateV1", [asked, "latest"]));
		},
	};
}

function quantity(value: unknown): bigint | undefined {
	return typeof value === "string" && /^0x[0-9a-f]+$/i.test(value) ? BigInt(value) : undefined;
}

/** Undefined for what is no answer of `eth_simulateV1`. */
function effectOf(from: string, answer: unknown): Effect | undefined {
	const call = (answer as { readonly calls?: readonly SimulatedCall[] }[] | undefined)?.[0]?.calls?.[0];
	if (call === undefined || !Array.isArray(call.logs)) return undefined;
	const net = new Map<string, bigint>();
	const lets = new Set<string>();
	for (const log of call.logs) {
		const [topic, sender, receiver] = log.topics;
		const isGiven = topic === APPROVAL || topic === APPROVAL_FOR_ALL;
		if (isGiven && addressIn(sender) === from && !/^0x0*$/.test(log.data)) lets.add(addressIn(receiver));
		if (topic !== TRANSFER || log.topics.length !== TOPICS_OF_AMOUNTS || !/^0x[0-9a-f]{64}$/i.test(log.data)) continue;
		const amount = BigInt(log.data);
		const asset = log.address.toLowerCase();
		const [out, into] = [addressIn(sender) === from, addressIn(receiver) === from];
		if (out !== into) net.set(asset, (net.get(asset) ?? 0n) + (into ? amount : -amount));
	}
	const named = (asset: string) => (asset === COINS ? "the coin" : `the token ${asset}`);
	const words = (wanted: (amount: bigint) => boolean) =>
		[...net]
			.filter(([, amount]) => wanted(amount))
			.map(([asset, amount]) => `${amount < 0n ? -amount : amount} base units of ${named(asset)}`);
	return { leaves: words((amount) => amount < 0n), comes: words((amount) => amount > 0n), lets: [...lets], fails: call.status === "0x0" };
}

interface SimulatedCall {
	readonly status?: string;
	readonly logs: readonly { readonly address: string; readonly topics: readonly string[]; readonly data: string }[];
}

const addressIn = (topic: string | undefined): string => `0x${(topic ?? "").slice(2 + WORD - 40).toLowerCase()}`;
