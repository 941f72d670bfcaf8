import {
	type AccountActivity,
	type AccountHistory,
	type BlockHeader,
	type BlockSource,
	type ChainSource,
	canonicalJson,
	NodeError,
} from "@clew/core";

type Source = BlockSource<{ readonly header: BlockHeader }>;

/** How several endpoints of one chain are used. */
export interface EndpointOptions {
	/** So many endpoints must tell the same of a block, or it is refused; without it the first that answers is believed. */
	readonly quorum?: number | undefined;
	/** Called when another endpoint is turned to, with both names and why. */
	readonly onSwitch?: (from: string, to: string, reason: string) => void;
}

/** An endpoint that may not have been reached yet. */
interface Endpoint<S> {
	source?: S;
	readonly open: () => Promise<S>;
}

/**
 * Several endpoints as one source. Without a quorum the one in use is kept until it fails, then the next is turned to; every block knows
 * who told it. With one, all are asked. Throws NodeError when too few can be opened, and at once when one serves another chain.
 */
export async function openEndpoints<S extends Source>(
	urls: readonly string[],
	open: (url: string) => Promise<S>,
	{ quorum, onSwitch }: EndpointOptions = {},
): Promise<S> {
	// Whoever names one endpoint twice has one witness.
	const named = quorum === undefined ? urls : [...new Map(urls.map((url) => [normalised(url), url])).values()];
	const endpoints = named.map((url): Endpoint<S> => ({ open: () => open(url) }));
	const [only] = endpoints;
	if (only === undefined) throw new NodeError("NODE_UNREACHABLE", "no endpoint", "none was named");
	if (quorum === undefined && endpoints.length === 1) return only.open();
	if (quorum !== undefined && (quorum < 2 || quorum > endpoints.length))
		throw new NodeError(
			"NODE_UNSUPPORTED",
			"quorum",
			`of ${quorum} needs at least 2 and at most the ${endpoints.length} different endpoints named`,
		);
	let opened = 0;
	let failure: unknown;
	for (const endpoint of endpoints) {
		try {
			await reach(endpoint);
			opened++;
			if (quorum === undefined) break;
		} catch (error) {
			if (!isDown(error)) throw error;
			failure = error;
		}
	}
	if (opened < (quorum ?? 1)) throw failure;
	return quorum === undefined ? failover(endpoints, onSwitch) : agreeing(endpoints, quorum);
}

const HERE = new Set(["localhost", "127.0.0.1", "[::1]", "0.0.0.0"]);

/** One text for each endpoint, however its URL is written; all names of this machine are one. */
function normalised(url: string): string {
	try {
		const { protocol, hostname, port, pathname, search } = new URL(url);
		const host = HERE.has(hostname) ? "localhost" : hostname.replace(/\.$/, "");
		return `${protocol}//${host}:${port}${pathname.replace(/\/+$/, "")}${search}`;
	} catch {
		return url;
	}
}

async function reach<S>(endpoint: Endpoint<S>): Promise<S> {
	endpoint.source ??= await endpoint.open();
	return endpoint.source;
}

/** A last block that is older, in seconds, is taken for one of an endpoint that lags, where others can be asked. */
const OLD_HEAD_S = 900;
const SECOND_MS = 1_000;

const DOWN: ReadonlySet<string> = new Set(["NODE_UNREACHABLE", "NODE_LIED", "NODE_UNVERIFIED"]);

/** True for what another endpoint may do better. */
function isDown(error: unknown): boolean {
	return error instanceof NodeError && (error.retryable || DOWN.has(error.code));
}

/** A view of the first opened source in which calls are made by `call`, and blocks know their teller. */
function view<S extends Source>(
	endpoints: readonly Endpoint<S>[],
	properties: Partial<Record<keyof Source | "history" | "partOf", () => unknown>>,
	call: (work: (source: S) => Promise<unknown>, method: string) => Promise<unknown>,
): S {
	const model = endpoints.find((endpoint) => endpoint.source !== undefined)?.source as S;
	return new Proxy(model, {
		get(target, property) {
			const own = properties[property as keyof Source];
			if (own !== undefined) return own();
			// What was asked of all of them counts; it is no call, and is told at once.
			if (property === "requests") return () => endpoints.reduce((sum, { source }) => sum + requestsOf(source), 0);
			if (property === "close") return () => endpoints.forEach((endpoint) => void endpoint.source?.close());
			const value: unknown = Reflect.get(target, property);
			if (typeof value !== "function") return value;
			return (...args: unknown[]) =>
				call((source) => Reflect.apply(Reflect.get(source, property) as typeof value, source, args) as Promise<unknown>, String(property));
		},
	});
}

/** Where accounts take part, by whichever endpoint is asked at the time: one that was turned from tells no histories either. */
async function historyOf<S extends Source>(
	call: (work: (source: S) => Promise<unknown>, method: string) => Promise<unknown>,
): Promise<AccountHistory> {
	const of = (source: S) => (source as unknown as Pick<ChainSource, "history">).history();
	const { method, terms, spent } = (await call(of, "history")) as AccountHistory;
	return {
		method,
		...(terms === undefined ? {} : { terms }),
		...(spent === undefined ? {} : { spent }),
		activity: (account, from, to) =>
			call(async (source) => (await of(source)).activity(account, from, to), "activity") as Promise<AccountActivity>,
	};
}

/** Calls that a source counted; of one without a count nothing is known, and it adds none. */
function requestsOf(source: Source | undefined): number {
	return (source as { requests?(): number } | undefined)?.requests?.() ?? 0;
}

function failover<S extends Source>(endpoints: readonly Endpoint<S>[], onSwitch: EndpointOptions["onSwitch"]): S {
	let current = endpoints.findIndex((endpoint) => endpoint.source !== undefined);
	const tellers = new WeakMap<object, S>();
	const inUse = () => endpoints[current]?.source as S;
	const name = (index: number) => endpoints[index]?.source?.name ?? `endpoint ${index + 1}`;
	const turn = (from: number, to: number, reason: string) => {
		current = to;
		onSwitch?.(name(from), name(to), reason);
	};

	/** An endpoint whose last block is old may lag: the others are asked, and the first that is ahead is turned to. */
	async function newest(head: BlockHeader, at: number): Promise<BlockHeader> {
		if (Date.now() / SECOND_MS - head.time < OLD_HEAD_S) return head;
		for (let step = 1; step < endpoints.length; step++) {
			const to = (at + step) % endpoints.length;
			try {
				const other = await (await reach(endpoints[to] as Endpoint<S>)).head();
				if (other.height <= head.height) continue;
				turn(at, to, `its last block ${head.height} is old, and the other has block ${other.height}`);
				return other;
			} catch (error) {
				if (!isDown(error)) throw error;
			}
		}
		return head;
	}

	const call = async (work: (source: S) => Promise<unknown>, method: string): Promise<unknown> => {
		for (let tried = 0, failure: unknown; ; tried++) {
			const at = current;
			try {
				const source = await reach(endpoints[at] as Endpoint<S>);
				const answer = await work(source);
				if (method === "block") tellers.set(answer as object, source);
				return method === "head" ? await newest(answer as BlockHeader, at) : answer;
			} catch (error) {
				failure = error;
				if (!isDown(error) || tried + 1 >= endpoints.length) throw failure;
			}
			// Several calls fail together: the first of them turns to the next.
			if (current === at) turn(at, (at + 1) % endpoints.length, failure instanceof Error ? failure.message : "");
		}
	};
	const properties = {
		name: () => inUse().name,
		teller: () => (block: object) => tellers.get(block) ?? inUse(),
		history: () => () => historyOf(call),
	};
	return view(endpoints, properties, call);
}

function agreeing<S extends Source>(endpoints: readonly Endpoint<S>[], quorum: number): S {
	const names = () => endpoints.map((endpoint, i) => endpoint.source?.name ?? `endpoint ${i + 1}`);
	const name = () => `quorum of ${quorum}: ${names().join(", ")}`;
	const askAll = async (work: (source: S) => Promise<unknown>) => {
		const answers = await Promise.allSettled(endpoints.map(async (endpoint) => work(await reach(endpoint))));
		return answers.map((answer, i) => ({ name: names()[i] as string, answer }));
	};
	// What several tell alike is asked for whole: a part of a block is one node's word.
	return view(endpoints, { name, provenance: () => "quorum", partOf: () => undefined }, async (work, method) => {
		const answers = await askAll(work);
		const told = answers.flatMap(({ name: who, answer }) => (answer.status === "fulfilled" ? [{ who, value: answer.value }] : []));
		if (told.length < quorum) {
			const failed = answers.find(({ answer }) => answer.status === "rejected")?.answer as PromiseRejectedResult;
			throw failed.reason;
		}
		if (method === "head") {
			// The highest block that so many endpoints have.
			const heads = told.map(({ value }) => value as BlockHeader).sort((a, b) => b.height - a.height);
			return heads[quorum - 1];
		}
		if (method === "capabilities") return told[0]?.value;
		const groups = new Map<string, { who: string; value: unknown }[]>();
		for (const one of told) {
			const key = canonicalJson(JSON.parse(JSON.stringify(one.value, plain)));
			groups.set(key, [...(groups.get(key) ?? []), one]);
		}
		const agreed = [...groups.values()].find((group) => group.length >= quorum);
		if (agreed !== undefined) return agreed[0]?.value;
		const versions = [...groups.values()].map((group) => `${group.map(({ who }) => who).join(" and ")}: ${brief(group[0]?.value)}`);
		throw new NodeError("NODE_DISAGREE", name(), `${method}: the endpoints disagree; ${versions.join("; ")}`, {
			retryable: true,
			hint: "One lags, follows a fork or lies. Compare the block hashes with an explorer, and leave the wrong one out.",
		});
	});
}

/** Values for comparison; a Map as its sorted entries. */
function plain(_: string, value: unknown): unknown {
	if (typeof value === "bigint") return value.toString();
	return value instanceof Map ? [...value].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)) : value;
}

function brief(value: unknown): string {
	const header = (value as { header?: BlockHeader } | undefined)?.header;
	if (header === undefined) return JSON.stringify(value, plain)?.slice(0, 80) ?? "nothing";
	const { transactions } = value as { transactions?: readonly unknown[] };
	return `block ${header.height} ${header.hash}, ${transactions?.length ?? 0} transactions`;
}
