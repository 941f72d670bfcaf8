import { readerOf } from "@clew/chains";
import {
	type AccountId,
	type AssetId,
	type BlockEvidence,
	type ChainEvent,
	type ChainId,
	type ChainSource,
	canonicalJson,
	comparePositions,
	type DecodedBlock,
	defang,
	eventsOfKind,
	freezableToken,
	type GraphStore,
	type Hash,
	InputError,
	isoTime,
	sha256Hex,
	type TraceResult,
	type TransferRecord,
	throwIfAborted,
	tokenContract,
} from "@clew/core";
import { isPayer, type RecoveryEntry } from "@clew/recovery";
import type { Context } from "../context.js";
import { nodePlaces, openNode } from "../node.js";
import { json, showAccount } from "../output.js";
import { forwardTrace } from "../stored-trace.js";
import { appendEntries, readLedger } from "./ledger.js";
import { entriesOf, type SeenAct } from "./linked.js";

/** Options of `clew recover scan`, as typed. */
export interface ScanOptions {
	readonly trace: string;
	readonly rpc: readonly string[];
	readonly from?: number | undefined;
	readonly to?: number | undefined;
	readonly dryRun: boolean;
	readonly json: boolean;
	readonly by?: string | undefined;
}

/** Finds what issuers did to money of the case, and what they gave back, and logs what the ledger has not. */
export async function scanChain(context: Context, store: GraphStore, options: ScanOptions): Promise<void> {
	const trace = await forwardTrace(store, options.trace, "recover");
	const chain = trace.chain as ChainId;
	const holders = holdersOf(trace);
	if (holders.size === 0) throw new InputError("the trace ends in no token that an issuer is known to freeze", { code: "USAGE" });
	const node = await openNode(context, chain, { rpc: options.rpc });
	try {
		if (node.ledger === "outputs") throw new InputError("tokens lie in accounts", { code: "USAGE" });
		const to = options.to ?? (await node.head()).height;
		const from = options.from ?? Math.min(...trace.leaves.map(({ arrivals }) => Number(arrivals.first.split(".")[0])));
		const seen = await actsOn(context, store, node, holders, [from, to], options.rpc);
		const ledger = await readLedger(store, [trace]);
		const operators = new Set(seen.flatMap(({ kind, by }) => (kind === "destroyed" && by !== undefined ? [by] : [])));
		const back = operators.size === 0 ? [] : await givenBack(context, node, ledger.limits.taken, operators, [seen[0]?.height ?? from, to]);
		const acts = [...seen, ...back].sort((a, b) => comparePositions(a.position, b.position));
		const { entries, notes } = entriesOf(ledger, trace, acts, options.by);
		const proofs = new Map(acts.flatMap(({ proof }) => (proof === undefined ? [] : [[sha256Hex(proof), proof] as const])));
		const added = options.dryRun || entries.length === 0 ? [] : await appendEntries(store, entries, { at: context.now(), trace, proofs });
		tell(context, { node: node.name, from, to, acts, entries: options.dryRun ? entries : added, notes }, options);
	} finally {
		node.close();
	}
}

/** Accounts and freezable tokens that money of the trace lies in, as `account asset`. */
function holdersOf({ leaves }: TraceResult): ReadonlySet<string> {
	return new Set(
		leaves.flatMap(({ account, amounts }) =>
			Object.keys(amounts).flatMap((asset) => (freezableToken(asset as AssetId) === undefined ? [] : [`${account} ${asset}`])),
		),
	);
}

const ACTS = { blocked: "frozen", unblocked: "released", destroyed: "destroyed" } as const;

async function actsOn(
	context: Context,
	store: GraphStore,
	node: ChainSource,
	holders: ReadonlySet<string>,
	range: readonly [number, number],
	rpc: readonly string[],
): Promise<SeenAct[]> {
	const { chain } = node;
	const places = new Map<number, Set<Hash>>();
	const add = (height: number, hash: Hash) => places.set(height, (places.get(height) ?? new Set()).add(hash));
	for await (const { position, txHash, account } of eventsOfKind(store, chain, "token-control"))
		if (account !== undefined && position.height >= range[0] && position.height <= range[1]) add(position.height, txHash);
	const [place] = nodePlaces(context, rpc, chain);
	const index = readerOf(chain).issuerActs;
	if (index !== undefined && place !== undefined)
		for (const [height, hashes] of await index(place.url, chain, range, { signal: context.signal }))
			for (const hash of hashes) add(height, hash);
	else context.note("this chain's nodes do not list what issuers did: only blocks that the case holds were looked at");
	const acts: SeenAct[] = [];
	for (const [height, cited] of [...places].sort(([a], [b]) => a - b)) {
		throwIfAborted(context.signal);
		context.progress(`looking at block ${height}`);
		const evidence = await node.evidence(height, cited, context.signal);
		for (const event of evidence.block.events ?? []) {
			const asset = assetOf(event);
			if (asset === undefined || !holders.has(`${event.account} ${asset}`)) continue;
			acts.push(await actOf(node, event, asset, evidence));
		}
	}
	context.clearProgress();
	return acts;
}

/** The token of an issuer's act; undefined for any other event, so for what a copy of the token logs. */
function assetOf({ kind, contract, account, details }: ChainEvent): AssetId | undefined {
	if (kind !== "token-control" || account === undefined || !Object.hasOwn(ACTS, details["control"] ?? "")) return undefined;
	return [...new Set(["erc20", "trc20"])]
		.map(
			(standard) =>
				`${contract.slice(0, contract.lastIndexOf(":"))}/${standard}:${contract.slice(contract.lastIndexOf(":") + 1)}` as AssetId,
		)
		.find((asset) => freezableToken(asset) !== undefined && tokenContract(asset) === contract);
}

async function actOf(node: ChainSource, event: ChainEvent, asset: AssetId, evidence: BlockEvidence<DecodedBlock>): Promise<SeenAct> {
	const { position, txHash, details } = event;
	const account = event.account as AccountId;
	const kind = ACTS[details["control"] as keyof typeof ACTS];
	const transaction = evidence.block.transactions.find(({ hash }) => hash === txHash);
	const burned = transaction?.transfers.filter((one) => one.from === account && one.asset === asset && one.kind === "burn");
	const amount =
		kind === "frozen"
			? await node.balance(account, asset, position.height)
			: kind === "destroyed"
				? details["amount"] === undefined
					? (burned ?? []).reduce((sum, one) => sum + one.amount, 0n)
					: BigInt(details["amount"])
				: undefined;
	return { kind, account, asset, amount, ...placed(position, txHash, evidence) };
}

function placed(position: ChainEvent["position"], txHash: Hash, { block, proof }: BlockEvidence<DecodedBlock>) {
	// Of some chains a proof shows a transaction and its outcome, and not what its contracts logged.
	const shows = proof?.schema === "clew.proof.evm/1" && proof.transactions.some(({ hash }) => hash === txHash);
	const by = block.transactions.find(({ hash }) => hash === txHash)?.transfers.find(({ kind }) => kind === "fee")?.from;
	return {
		...{ height: position.height, position, hash: txHash, by },
		...{ on: isoTime(block.header.time).slice(0, 10), tier: shows ? ("proven" as const) : ("node" as const) },
		proof: shows ? canonicalJson(proof) : undefined,
	};
}

/** What those who destroyed money of the case paid its victims in the same token afterwards. */
async function givenBack(
	context: Context,
	node: ChainSource,
	taken: readonly { readonly victim: string; readonly asset: string }[],
	operators: ReadonlySet<AccountId>,
	[from, to]: readonly [number, number],
): Promise<SeenAct[]> {
	const history = await node.history();
	const acts: SeenAct[] = [];
	for (const { victim, asset } of taken) {
		if (freezableToken(asset as AssetId) === undefined || !isPayer(victim)) continue;
		for (let at = from; at <= to; ) {
			throwIfAborted(context.signal);
			const { heights, through } = await history.activity(victim as AccountId, at, to);
			for (const height of heights) {
				const block = await node.block(height, context.signal);
				const paid = block.transactions.flatMap(({ hash, txIndex, transfers }) =>
					transfers.flatMap(({ eventIndex, ...one }) =>
						one.to === victim && one.asset === asset && (operators.has(one.from) || isMintBy(one, transfers, operators))
							? [{ ...one, hash, position: { height, txIndex: txIndex ?? 0, eventIndex: eventIndex ?? 0 } }]
							: [],
					),
				);
				if (paid.length === 0) continue;
				const evidence = await node.evidence(height, new Set(paid.map(({ hash }) => hash)), context.signal);
				for (const { position, hash, amount, from: account } of paid)
					acts.push({ kind: "returned", account, asset: asset as AssetId, amount, victim, ...placed(position, hash, evidence) });
			}
			at = Math.max(at, through) + 1;
		}
	}
	return acts;
}

type Moved = Pick<TransferRecord, "kind" | "from">;

/** New money that an operator's own transaction made: a mint by anybody else, as by a bridge, gives nothing back. */
function isMintBy({ kind }: Moved, transfers: readonly Moved[], operators: ReadonlySet<AccountId>): boolean {
	return kind === "mint" && transfers.some((one) => one.kind === "fee" && operators.has(one.from));
}

function tell(
	context: Context,
	{
		node,
		from,
		to,
		acts,
		entries,
		notes,
	}: {
		readonly node: string;
		readonly from: number;
		readonly to: number;
		readonly acts: readonly SeenAct[];
		readonly entries: readonly Partial<RecoveryEntry>[];
		readonly notes: readonly string[];
	},
	{ json: asJson, dryRun }: ScanOptions,
): void {
	if (asJson) {
		const shown = acts.map(({ kind, account, asset, amount, hash, height, tier, victim }) => ({
			...{ kind, account, asset, amount: amount?.toString() ?? null, transaction: hash, height, tier },
			...(victim === undefined ? {} : { victim }),
		}));
		context.print(json({ schema: "clew.recovery-scan/1", node, from, to, acts: shown, logged: !dryRun, entries, notes }));
		return;
	}
	context.print(`blocks ${from} to ${to} of ${node}: ${acts.length} acts on money of the case`);
	for (const { kind, account, asset, amount, hash, height, tier, victim } of acts)
		context.print(
			`${kind} ${amount ?? ""} of ${defang(freezableToken(asset)?.symbol ?? asset)} ${victim === undefined ? `at ${showAccount(account)}` : `to ${showAccount(victim)}`}: ${hash} in block ${height} (${tier})`,
		);
	for (const note of notes) context.note(note);
	context.print(dryRun ? `${entries.length} entries would be logged` : `${entries.length} entries logged`);
}
