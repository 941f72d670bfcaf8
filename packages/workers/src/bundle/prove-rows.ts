import {
	type BlockEvidence,
	type BlockHeader,
	type ChainId,
	type ChainNode,
	ClewError,
	canonicalJson,
	type DecodedBlock,
	type GraphStore,
	groupBy,
	type Hash,
	isPlaceGuessed,
	type LedgerReader,
	ledgerOf,
	type OutputReader,
	type ProvableTransfer,
	parsePosition,
	type TraceEdge,
	type TraceResult,
	throwIfAborted,
	type UtxoBlock,
} from "@clew/core";
import { type RowKnowledge, statedKnowledge } from "@clew/evidence";
import { contradictionOf } from "./contradicted.js";

/** Where proofs go, a line a block, and how the work is watched. */
export interface ProveOptions {
	/** Heights whose answers are kept although no row is about them: what else the trace read. */
	readonly alsoKeep: readonly number[];
	readonly onProof: (line: string) => void;
	readonly onAnswers: (line: string) => void;
	readonly onProgress?: (done: number, of: number) => void;
	readonly signal?: AbortSignal;
}

const CONCURRENCY = 4;
const NO_TIME = "its time is not in the case, so the row does not state what the proof shows";

/**
 * Fetches every block that a row of the result is about, with inclusion proofs, and says of each row how it is known. Blocks are asked for
 * again even when the case holds them: what proves a row is no part of a case. Throws NodeError, and ClewError (CONFLICT) when the node's
 * block is not the one in the case.
 */
export async function proveRows(
	store: GraphStore,
	node: ChainNode,
	result: TraceResult,
	options: ProveOptions,
): Promise<readonly RowKnowledge[]> {
	const rows = groupBy(result.edges, ({ position }) => Number(position.split(".")[0]));
	const heights = [...new Set([...rows.keys(), ...options.alsoKeep])].sort((a, b) => a - b);
	const keep = new Set(options.alsoKeep);
	const known = new Map<number, RowKnowledge>();
	const provenOutputs = new Map<string, bigint>();
	for (let i = 0; i < heights.length; i += CONCURRENCY) {
		throwIfAborted(options.signal);
		const part = heights.slice(i, i + CONCURRENCY);
		const blocks = await Promise.all(part.map((height) => evidenceOf(store, node, height, rows.get(height) ?? [], options.signal)));
		for (const [j, evidence] of blocks.entries()) {
			const height = part[j] as number;
			const edges = rows.get(height) ?? [];
			if (edges.length > 0 && evidence.proof !== undefined) options.onProof(canonicalJson(evidence.proof));
			if (keep.has(height)) options.onAnswers(await answersLine(store, node, evidence));
			for (const [row, knowledge] of ledgerOf(node.chain) === "outputs"
				? outputRows(edges, evidence as BlockEvidence<UtxoBlock>, provenOutputs)
				: accountRows(edges, evidence as BlockEvidence<DecodedBlock>))
				known.set(row, { ...knowledge, ...blockOf(evidence.block.header) });
		}
		options.onProgress?.(Math.min(heights.length, i + CONCURRENCY), heights.length);
	}
	return result.edges.map((edge) => known.get(edge.row) ?? { tier: "unprovable", why: "its block was not looked at" });
}

/**
 * How rows are known where no proofs were asked for: as their sources say, with the hash of the block of their height where one told it.
 */
export async function knownToCase(store: LedgerReader, { chain, edges }: TraceResult): Promise<readonly RowKnowledge[]> {
	const blocks = new Map<number, Pick<RowKnowledge, "block">>();
	const known: RowKnowledge[] = [];
	for (const edge of edges) {
		const height = Number(edge.position.split(".")[0]);
		const block = blocks.get(height) ?? blockOf(await store.header(chain as ChainId, height));
		blocks.set(height, block);
		known.push({ ...statedKnowledge(edge), ...block });
	}
	return known;
}

function blockOf(header: BlockHeader | undefined): Pick<RowKnowledge, "block"> {
	return header?.hash === undefined ? {} : { block: header.hash };
}

const OTHER_ORDER = "its place among the rows of its block was derived, and the chain's order is another";
const ELSEWHERE = "its place in the block is not the one on the chain";

type AnyEvidence = BlockEvidence<DecodedBlock | UtxoBlock>;

async function evidenceOf(
	store: GraphStore,
	node: ChainNode,
	height: number,
	edges: readonly TraceEdge[],
	signal: AbortSignal | undefined,
): Promise<AnyEvidence> {
	const cited = new Set(edges.map((edge) => edge.txHash as Hash));
	const stored = (await store.header(node.chain, height))?.hash;
	const only = stored === undefined && node.ledger === "accounts" ? await toldInPart(store, node.chain, height) : undefined;
	const evidence: AnyEvidence = await node.evidence(height, cited, signal, only);
	if (stored !== undefined && stored !== evidence.block.header.hash)
		throw new ClewError("CONFLICT", `block ${height} is ${stored} in the case, but ${evidence.block.header.hash} on the node`, {
			hint: "The chain was reorganised, or the node follows another fork. Run clew ingest and clew trace again.",
		});
	return evidence;
}

/** The transactions of a height of which a node told by their receipts alone; undefined for none. */
async function toldInPart(store: GraphStore, chain: ChainId, height: number): Promise<ReadonlySet<Hash> | undefined> {
	const [held] = await store.heights(chain, height, 1);
	if (held?.height !== height) return undefined;
	const told = held.transactions.filter(({ transfers }) => transfers.some(({ provenance }) => provenance !== "imported"));
	return told.length === 0 ? undefined : new Set(told.map(({ hash }) => hash));
}

/** The answers with what the case says of their source, so that a replay stores them alike. */
async function answersLine(store: GraphStore, node: ChainNode, { answers, block }: AnyEvidence): Promise<string> {
	const told =
		node.ledger === "outputs" ? await utxoTelling(store, node, block as UtxoBlock) : await accountTelling(store, block as DecodedBlock);
	return canonicalJson({ ...told, answers: JSON.parse(answers) as unknown });
}

async function accountTelling(store: GraphStore, block: DecodedBlock) {
	const [stored] = await store.heights(store.info.chain, block.header.height, 1);
	const transfer = stored?.transactions.flatMap((tx) => tx.transfers).find(({ provenance }) => provenance !== "imported");
	return { source: transfer?.source ?? "", provenance: transfer?.provenance ?? block.provenance, previous: {} };
}

/** On Bitcoin also what inputs spend that the case does not hold: a block does not say it. */
async function utxoTelling(store: OutputReader, node: ChainNode, block: UtxoBlock) {
	const previous: Record<string, { value: string; account: string; scriptType: string }> = {};
	let [source, provenance] = ["", "node"];
	for (const { txid } of block.transactions) {
		const tx = await store.utxoTransaction(node.chain, txid);
		if (tx === undefined) continue;
		[source, provenance] = [tx.source, tx.provenance];
		for (const input of tx.inputs) {
			if (input.outpoint === undefined || input.previous === undefined) continue;
			const { value, account, scriptType } = input.previous;
			previous[`${input.outpoint.txid}:${input.outpoint.vout}`] = { value: value.toString(), account, scriptType };
		}
	}
	return { source, provenance, previous };
}

/** Rows of an account chain: each takes one provable movement, in order; a movement proves one row. */
function accountRows(edges: readonly TraceEdge[], evidence: BlockEvidence<DecodedBlock>): [number, RowKnowledge][] {
	const { block, provable, proof, unprovable } = evidence;
	const told = new Map(block.transactions.map((tx) => [tx.hash, tx]));
	const against = (edge: TraceEdge) => contradictionOf(edge, told.get(edge.txHash as Hash), provable.get(edge.txHash as Hash) ?? []);
	const left = new Map([...provable].map(([hash, transfers]) => [hash, [...transfers]]));
	const shown = proof === undefined || proof.schema === "clew.proof.bitcoin/1" ? [] : proof.transactions;
	const places = new Map(shown.map(({ hash, index }) => [hash, index]));
	const byResult = proof?.schema === "clew.proof.tron/1";
	let reached: readonly [number, number] = [-1, -1];
	return edges.map((edge): [number, RowKnowledge] => {
		if (proof === undefined)
			return [edge.row, { tier: edge.provenance === "node-unverified" ? edge.provenance : "unprovable", why: unprovable.join("; ") }];
		const movements = left.get(edge.txHash as Hash);
		const found = movements?.findIndex((movement) => isSame(edge, movement)) ?? -1;
		const movement = movements?.[found];
		if (movements === undefined || movement === undefined) return [edge.row, { tier: fallback(edge), why: against(edge) ?? whyNot(edge) }];
		if (edge.time === "") return [edge.row, { tier: fallback(edge), why: NO_TIME }];
		const place = [places.get(edge.txHash as Hash) ?? -1, orderOf(movement)] as const;
		if (place[0] < reached[0] || (place[0] === reached[0] && place[1] <= reached[1]))
			return [edge.row, { tier: fallback(edge), why: OTHER_ORDER }];
		const told = parsePosition(edge.position);
		if (!isPlaceGuessed(told) && place[0] !== told.txIndex) return [edge.row, { tier: fallback(edge), why: ELSEWHERE }];
		reached = place;
		movements.splice(found, 1);
		const { log } = movement;
		return [
			edge.row,
			{
				tier: "proven",
				why: byResult ? "its transaction and its result" : log === undefined ? "transaction and receipt" : `log ${log} of its receipt`,
				...(log === undefined ? {} : { log }),
			},
		];
	});
}

function isSame(edge: TraceEdge, { kind, from, to, asset, amount }: ProvableTransfer): boolean {
	return kind === edge.kind && from === edge.from && to === edge.to && asset === edge.asset && amount.toString() === edge.amount;
}

/** Fee or what a deposit mints, value, then logs. */
function orderOf({ kind, log, event }: ProvableTransfer): number {
	if (event !== undefined) return event;
	return log === undefined ? (kind === "native" ? 1 : 0) : 2 + log;
}

function fallback(edge: TraceEdge): RowKnowledge["tier"] {
	return edge.provenance as RowKnowledge["tier"];
}

function whyNot({ kind }: TraceEdge): string {
	if (kind === "internal") return "internal calls stand in no receipt: only a node that executes the block again can tell";
	if (kind === "conversion") return "an exchange is derived from other rows of its transaction";
	if (kind === "reward" || kind === "withdrawal" || kind === "genesis" || kind === "fork")
		return "what a block itself pays stands in no receipt";
	return "transaction and receipt alone do not show it";
}

/**
 * Rows of Bitcoin: an output is shown by its transaction, a spend by that and by the transaction that made the output, a fee by all that it
 * spends.
 */
function outputRows(
	edges: readonly TraceEdge[],
	{ block, proof }: BlockEvidence<UtxoBlock>,
	proven: Map<string, bigint>,
): [number, RowKnowledge][] {
	const there = new Map(proof?.schema === "clew.proof.bitcoin/1" ? proof.transactions.map(({ txid, index }) => [txid, index]) : []);
	const transactions = new Map(block.transactions.map((tx) => [tx.txid, tx]));
	let reached = -1;
	for (const txid of there.keys())
		for (const [vout, { value }] of (transactions.get(txid)?.outputs ?? []).entries()) proven.set(`${txid}:${vout}`, value);
	return edges.map((edge): [number, RowKnowledge] => {
		const txid = edge.txHash as Hash;
		const tx = transactions.get(txid);
		const index = there.get(txid);
		if (tx === undefined || index === undefined)
			return [edge.row, { tier: fallback(edge), why: "its transaction is not in the block of that height" }];
		if (edge.time === "") return [edge.row, { tier: fallback(edge), why: NO_TIME }];
		const told = parsePosition(edge.position);
		if (!isPlaceGuessed(told) && told.txIndex !== index) return [edge.row, { tier: fallback(edge), why: ELSEWHERE }];
		if (index < reached) return [edge.row, { tier: fallback(edge), why: OTHER_ORDER }];
		reached = index;
		const spent = tx.inputs.map(({ outpoint }) => `${outpoint.txid}:${outpoint.vout}`);
		const shown =
			edge.kind === "output" ||
			(edge.kind === "spend" && proven.has(edge.outpoint ?? "")) ||
			(edge.kind === "fee" && !tx.coinbase && spent.every((outpoint) => proven.has(outpoint)));
		if (shown) return [edge.row, { tier: "proven", why: "its transaction and those that it spends" }];
		return [edge.row, { tier: fallback(edge), why: "a transaction that it spends is in no row, so the value spent is not proven here" }];
	});
}
