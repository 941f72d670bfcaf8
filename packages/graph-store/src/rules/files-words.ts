import {
	type AccountId,
	borneOutBy,
	type CoveredKind,
	type Denial,
	type Hash,
	isOfBlock,
	type SourcedTransaction,
	type TransactionRecord,
} from "@clew/core";

/** What is left of a height's transactions as files told them beside a whole block, and what was denied. */
export interface FilesWords {
	readonly left: readonly SourcedTransaction[];
	readonly denied: readonly Denial[];
}

/**
 * Holds what a height has from files against the block of a node. `toldWhole`: a node told the block before; what that node told is no
 * file's word and is left alone, so that two nodes which disagree are a conflict. A status that the node could not tell, and a file
 * told, is.
 */
export function filesWords(
	existing: readonly SourcedTransaction[],
	block: readonly TransactionRecord[],
	kinds: readonly CoveredKind[],
	toldWhole: boolean,
): FilesWords {
	const own = new Map(block.map((tx) => [tx.hash, tx]));
	const covered = new Set(kinds);
	const left: SourcedTransaction[] = [];
	const denied: Denial[] = [];
	for (const tx of existing) {
		const there = own.get(tx.hash);
		const words = borneOutBy(tx, there, covered);
		const fromNode = toldWhole && (there !== undefined || tx.transfers.some((t) => t.provenance !== "imported"));
		const isFilesStatus = tx.statusMissing === true && there?.status !== undefined;
		if (fromNode) left.push(isFilesStatus ? withoutStatus(tx) : tx);
		else if (words.tx !== undefined) left.push(words.tx);
		for (const { what, transfer } of words.denied) {
			const ofFile = transfer === undefined ? what === "status" && isFilesStatus : transfer.provenance === "imported";
			if (fromNode && !ofFile) continue;
			const sources = transfer === undefined ? sourcesOf(fromNode ? importedOf(tx) : tx) : [transfer.source];
			const payer = what === "transaction" ? payerOf(tx, block) : {};
			for (const source of sources)
				denied.push({ height: tx.height, hash: tx.hash, what, ...payer, ...(source === undefined ? {} : { source }) });
		}
	}
	return { left, denied };
}

/** What files said of the time of a block that a node tells otherwise. */
export function timesDenied(existing: readonly SourcedTransaction[]): readonly Denial[] {
	return existing.flatMap((tx) => deniedTo(tx, "time"));
}

/** A transaction of files at a height that no node told, which stands in another block by a node. */
export function misplacedWords(existing: readonly SourcedTransaction[], hash: Hash): FilesWords {
	const denied = existing.filter((tx) => tx.hash === hash).flatMap((tx) => deniedTo(tx, "transaction"));
	return { left: existing.filter((tx) => tx.hash !== hash), denied };
}

function deniedTo({ height, hash, ...tx }: SourcedTransaction, what: Denial["what"]): Denial[] {
	return sourcesOf(tx).map((source) => ({ height, hash, what, ...(source === undefined ? {} : { source }) }));
}

function withoutStatus({ status: _, statusMissing: __, ...tx }: SourcedTransaction): SourcedTransaction {
	return tx;
}

function importedOf(tx: SourcedTransaction): Pick<SourcedTransaction, "transfers"> {
	return { transfers: tx.transfers.filter(({ provenance }) => provenance === "imported") };
}

function sourcesOf(tx: Pick<SourcedTransaction, "transfers">): readonly (string | undefined)[] {
	const told = new Set(tx.transfers.map(({ source }) => source));
	return told.size === 0 ? [undefined] : [...told];
}

function payerOf(tx: SourcedTransaction, block: readonly TransactionRecord[]): { readonly payer?: AccountId } {
	const paid = (by: TransactionRecord) => by.transfers.find(({ kind }) => kind === "fee")?.from;
	const payer = isOfBlock(tx) ? undefined : paid(tx);
	return payer === undefined || block.some((other) => paid(other) === payer) ? {} : { payer };
}
