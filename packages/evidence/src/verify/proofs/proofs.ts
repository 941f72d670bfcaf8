import { bitcoinBlock, type KnownTransactions } from "../bitcoin/block.js";
import { type Files, PROOFS, parseCanonical, readLines } from "../bundle/files.js";
import { type BundleRow, bitcoinProofShape, evmProofShape, type Proof, tronProofShape } from "../bundle/formats.js";
import { evmBlock } from "../evm/block.js";
import { type Fail, Refusal } from "../failure.js";
import { heightOf } from "../trace/positions.js";
import { momentOf } from "../trace/times.js";
import { tronBlock } from "../tron/block.js";
import { answeredBlocks } from "./answered.js";
import { type Header, headerOf } from "./headers.js";
import { DERIVED, LOG_BAND, type ProvenBlock, type ProvenPlace } from "./proven-block.js";

/** A block hash that the person who verifies knows from elsewhere. `by` says from where. */
export interface TrustedHeader {
	readonly chain: string;
	readonly height: number;
	readonly hash: string;
	readonly by: string;
}

/** Blocks that the bundle proves, by height. */
export type ProvenBlocks = Map<number, ProvenBlock>;

const HEADERS = "headers.txt";
const MAX_SHOWN = 100;
/** All that is ever said of why a row is proven that no log shows. */
const PROVEN_BY = ["transaction and receipt", "its transaction and those that it spends", "its transaction and its result"];

const SHAPES = [
	["clew.proof.evm/1", evmProofShape],
	["clew.proof.tron/1", tronProofShape],
] as const;

function blockOf(proof: Proof, known: KnownTransactions): ProvenBlock {
	if (proof.schema === "clew.proof.evm/1") return evmBlock(proof);
	return proof.schema === "clew.proof.tron/1" ? tronBlock(proof) : bitcoinBlock(proof, known);
}

/** Reads every proof of the bundle. A proof that does not hold together is a failure. */
export function readProofs(files: Files, chain: string, fail: Fail): ProvenBlocks {
	const read: { proof: Proof; where: string }[] = [];
	for (const name of [...files.keys()].filter((path) => PROOFS.test(path)).sort()) {
		for (const [i, line] of (readLines(files, name, fail) ?? []).entries()) {
			const where = `${name} line ${i + 1}`;
			try {
				const [, shape = bitcoinProofShape] = SHAPES.find(([schema]) => line.includes(`"schema":"${schema}"`)) ?? [];
				read.push({ proof: parseCanonical<Proof>(line, shape), where });
			} catch (error) {
				fail(where, (error as Error).message);
			}
		}
	}
	return provenBlocks(read, chain, fail);
}

/** Checks proofs one by one; those that hold, by height. */
export function provenBlocks(read: readonly { proof: Proof; where: string }[], chain: string, fail: Fail): ProvenBlocks {
	const blocks: ProvenBlocks = new Map();
	const known: KnownTransactions = new Map();
	const hashes = new Map<string, number>();
	for (const { proof, where } of read) {
		try {
			const block = blockOf(proof, known);
			if (block.chain !== chain) throw new Refusal(`is about ${block.chain}, the trace about ${chain}`);
			if (blocks.has(block.height)) throw new Refusal(`block ${block.height} has two proofs`);
			const other = hashes.get(block.hash);
			if (other !== undefined) throw new Refusal(`stands at height ${block.height} and at height ${other}`);
			hashes.set(block.hash, block.height);
			blocks.set(block.height, block);
		} catch (error) {
			fail(where, (error as Error).message);
		}
	}
	return blocks;
}

/**
 * Rows that claim to be proven are; each stands in its block behind the one before. Rows that claim less say no more than their source did.
 */
export class RowChecker {
	private readonly blocks: ProvenBlocks;
	private last: { height: number; place: ProvenPlace; firstLog: number } | undefined;

	constructor(blocks: ProvenBlocks) {
		this.blocks = blocks;
	}

	/** What was checked, in words. Throws Error when the row is not as it claims. Rows must come in their order. */
	check({ edge, known }: BundleRow): string {
		if (known.tier !== "proven") {
			const at = heightOf(edge.position);
			if (known.tier === "unprovable" && this.blocks.has(at))
				throw new Refusal(`says that nobody can prove it, and a proof of block ${at} is here`);
			if (known.tier !== "unprovable" && known.tier !== edge.provenance)
				throw new Refusal(`says it is known by ${known.tier}, its source says ${edge.provenance}`);
			return `arithmetic only; by its maker's word: ${known.why}`;
		}
		const [height, txIndex, eventIndex] = edge.position.split(".").map(Number) as [number, number, number];
		const block = this.blocks.get(height);
		if (block === undefined) throw new Refusal(`claims to be proven, but no proof of block ${height} holds`);
		const time = momentOf(block.time);
		if (edge.time !== time) throw new Refusal(`its time is ${edge.time === "" ? "not stated" : edge.time}, the block's is ${time}`);
		if (edge.into !== undefined) throw new Refusal("states an exchange, which no receipt shows");
		const place = block.place(edge, known.log);
		// Transactions of a file that tells no index, and of Bitcoin those that were asked for one by one, stand in a derived order, behind
		// all indices that a chain has.
		const isDerived = txIndex >= DERIVED && (edge.provenance === "imported" || block.transaction !== undefined);
		if (!isDerived && place.transaction !== txIndex) throw new Refusal(`stands at place ${place.transaction} of its block, not ${txIndex}`);
		const last = this.last?.height === height ? this.last : undefined;
		if (last !== undefined && !isBehind(place, last.place))
			throw new Refusal("does not stand behind the row before it, or is the same movement again");
		const firstLog = edge.provenance === "imported" ? 0 : this.checkEvent(place, eventIndex, last);
		const by = known.log === undefined ? PROVEN_BY : [`log ${known.log} of its receipt`];
		if (!by.includes(known.why)) throw new Refusal(`says that it is proven by ${JSON.stringify(known.why.slice(0, MAX_SHOWN))}`);
		this.last = { height, place, firstLog };
		return `recomputed down to the header of block ${height}, ${block.hash}${block.heightShown ? "" : "; the header does not show its height"}`;
	}

	/**
	 * The row's place inside its transaction. Where the transaction's logs begin among those of the block, only its other rows and the
	 * transactions before it bound.
	 */
	private checkEvent(place: ProvenPlace, eventIndex: number, last: { place: ProvenPlace; firstLog: number } | undefined): number {
		const before = last?.firstLog ?? 0;
		if (place.index === undefined) {
			if (eventIndex < LOG_BAND) throw new Refusal(`stands at event ${eventIndex} of its transaction, and its log is among those of it`);
			return before;
		}
		if (!place.isLog) {
			if (eventIndex !== place.index) throw new Refusal(`stands at event ${place.index} of its transaction, not ${eventIndex}`);
			return before;
		}
		const firstLog = eventIndex - LOG_BAND - place.index;
		const same = last?.place.transaction === place.transaction && last.place.isLog;
		if (firstLog < before || (same && firstLog !== before) || (place.transaction === 0 && firstLog !== 0))
			throw new Refusal(`event ${eventIndex} is not the place of log ${place.index} of its transaction`);
		return firstLog;
	}
}

function isBehind(place: ProvenPlace, last: ProvenPlace): boolean {
	return place.transaction > last.transaction || (place.transaction === last.transaction && place.event > last.event);
}

/**
 * Which proven blocks are ancestors of headers that the verifier trusts, and how they are known. A trusted hash that differs is a failure,
 * and where a header of the chain is trusted, so is a block that leads to none, be rows about it or not.
 */
export function anchor(
	files: Files,
	blocks: ProvenBlocks,
	trusted: readonly TrustedHeader[],
	chain: string,
	fail: Fail,
): Map<number, string> {
	const parents = new Map([...blocks.values()].map((block) => [block.hash, block.parent]));
	for (const { hash, parent } of readHeaders(files, blocks, chain, fail)) parents.set(hash, parent);
	const anchored = new Map<number, string>();
	const wrong = new Set<ProvenBlock>();
	const refuse = (block: ProvenBlock, what: string) => {
		wrong.add(block);
		fail(`block ${block.height}`, what);
	};
	const byHash = new Map([...blocks.values()].map((block) => [block.hash, block]));
	for (const header of trusted) {
		const at = blocks.get(header.height);
		if (at !== undefined && at.chain === header.chain && at.hash !== header.hash)
			refuse(at, `has hash ${at.hash} here, but ${header.hash} is what ${header.by}`);
		let distance = 0;
		for (let hash: string | undefined = header.hash; hash !== undefined; hash = parents.get(hash), distance++) {
			const block = byHash.get(hash);
			if (block?.chain === header.chain && block.height !== header.height - distance)
				refuse(block, `stands at height ${header.height - distance} of the chain whose block ${header.height} ${header.by}`);
			else if (block?.chain === header.chain && !anchored.has(block.height))
				anchored.set(block.height, distance === 0 ? header.by : `${distance} headers below block ${header.height}, which ${header.by}`);
		}
	}
	if (trusted.some((header) => header.chain === chain))
		for (const block of blocks.values())
			if (!anchored.has(block.height) && !wrong.has(block)) refuse(block, "is proven here, and does not lead to a header that you trust");
	return anchored;
}

/**
 * Blocks of `answers/` that lead to no header which the reader trusts, by headers, proofs and answers that name each other as parents;
 * none where no header of the chain is trusted. For a bundle that holds, and whose answers a replay has read: it alone recomputes their
 * hashes.
 */
export function unanchoredAnswers(files: Files, chain: string, trusted: readonly TrustedHeader[]): number[] {
	const demanded = trusted.filter((header) => header.chain === chain);
	if (demanded.length === 0) return [];
	const ignore: Fail = () => {};
	const blocks = readProofs(files, chain, ignore);
	const answered = answeredBlocks(files, ignore);
	const parents = new Map(
		[...blocks.values(), ...readHeaders(files, blocks, chain, ignore), ...answered].map(({ hash, parent }) => [hash, parent]),
	);
	const way = new Map<string, number>();
	for (const header of demanded) {
		let { height } = header;
		for (let hash: string | undefined = header.hash; hash !== undefined && !way.has(hash); hash = parents.get(hash))
			way.set(hash, height--);
	}
	return answered.filter(({ hash, height }) => way.get(hash) !== height).map(({ height }) => height);
}

/**
 * Headers that link blocks to a later one: hex, one a line, each the child of the one before, and with the blocks that are proven
 * on their way.
 */
function readHeaders(files: Files, blocks: ProvenBlocks, chain: string, fail: Fail): Header[] {
	if (!files.has(HEADERS)) return [];
	const headers: Header[] = [];
	for (const [i, line] of (readLines(files, HEADERS, fail) ?? []).entries()) {
		const where = `${HEADERS} line ${i + 1}`;
		try {
			const header = headerOf(chain, line);
			const before = headers.at(-1);
			if (before !== undefined && header.parent !== before.hash) throw new Refusal("is no child of the header before it");
			headers.push(header);
		} catch (error) {
			fail(where, (error as Error).message);
			return headers;
		}
	}
	const way = new Set(headers.flatMap(({ hash, parent }) => [hash, parent]));
	if (headers.length > 0 && blocks.size > 0 && ![...blocks.values()].some(({ hash }) => way.has(hash)))
		fail(HEADERS, "leads to no block that is proven here");
	return headers;
}
