import { type BlockProof, canonicalJson, InputError } from "@clew/core";
import { headerOf } from "../verify/proofs/headers.js";
import { bundleLines } from "./bundle-text.js";
import { BundleDraft, type ListedFile } from "./draft.js";
import { MerkleTree } from "./merkle-tree.js";

/** What goes along with disclosed rows as it is. */
const TAKEN_ALONG = ["manifest.json", "manifest.dsse.json", "manifest.tsr"];
const VERIFIERS = ["verify.mjs", "verify.html"];

const HEADERS = "headers.txt";

interface Line {
	readonly edge: { readonly row: number; readonly position: string; readonly txHash: string; readonly outpoint?: string };
	readonly known: { readonly tier: string };
}

/**
 * Writes the redacted twin of a bundle: chosen rows, each with its way to the root that the signed manifest states, and the proofs that
 * they need. Rows that are left out cannot be guessed from it. `files` are those of a bundle that was verified. Gives the rows in their
 * order, none twice, and what was written. Throws InputError.
 */
export function disclose(
	files: ReadonlyMap<string, Uint8Array>,
	rows: readonly number[],
	target: string,
): { readonly rows: readonly number[]; readonly files: readonly ListedFile[] } {
	const { rows: chosen, disclosure, beside } = disclosureOf(files, rows);
	const draft = new BundleDraft(target);
	for (const name of VERIFIERS) {
		const data = files.get(name);
		if (data !== undefined) draft.putUnlisted(name, data);
	}
	for (const [name, data] of beside) draft.putUnlisted(name, data);
	draft.putUnlisted("disclosure.json", `${canonicalJson(disclosure)}\n`);
	draft.finish();
	return { rows: chosen, files: draft.unlisted() };
}

/** Chosen rows of a bundle with what proves them. */
export interface Disclosed {
	/** Their numbers, in order, none twice. */
	readonly rows: readonly number[];
	/** The hash of every leaf of the tree, shown or not; lower-case hex. */
	readonly leaves: readonly string[];
	readonly disclosure: {
		readonly schema: "clew.disclosure/1";
		readonly rows: readonly { readonly index: number; readonly row: Line; readonly path: readonly string[] }[];
		readonly proofs: readonly BlockProof[];
	};
	/** The manifest, what is about it, and headers that lead to the rows. */
	readonly beside: ReadonlyMap<string, Uint8Array>;
}

/** The rows themselves, each with its way to the root that the manifest of a verified bundle states. Throws InputError. */
export function disclosureOf(files: ReadonlyMap<string, Uint8Array>, rows: readonly number[]): Disclosed {
	const lines = bundleLines(files, "rows.jsonl");
	const tree = new MerkleTree();
	for (const line of lines) tree.add(line);
	const chosen = [...new Set(rows)].sort((a, b) => a - b);
	for (const row of chosen)
		if (lines[row - 1] === undefined) throw new InputError(`the bundle has no row ${row}: it has ${lines.length}`, { code: "USAGE" });
	if (chosen.length === 0) throw new InputError("no row was named", { code: "USAGE" });
	const parsed = chosen.map((row) => JSON.parse(lines[row - 1] as string) as Line);
	const proofs = neededProofs(parsed, files);
	const beside = new Map<string, Uint8Array>();
	for (const name of TAKEN_ALONG) {
		const data = files.get(name);
		if (data !== undefined) beside.set(name, data);
	}
	const headers = files.get(HEADERS);
	if (headers !== undefined && leadsTo(bundleLines(files, HEADERS), proofs)) beside.set(HEADERS, headers);
	return {
		rows: chosen,
		leaves: tree.hashes(),
		disclosure: {
			schema: "clew.disclosure/1",
			rows: chosen.map((row, i) => ({ index: row - 1, row: parsed[i] as Line, path: tree.path(row - 1) })),
			proofs,
		},
		beside,
	};
}

/** True where a proven block stands on the way of these headers, so that a header which is trusted of the bundle is one of its rows. */
function leadsTo(lines: readonly string[], proofs: readonly BlockProof[]): boolean {
	const [first] = proofs;
	if (first === undefined) return false;
	const way = new Set(lines.map((line) => headerOf(first.chain, line)).flatMap(({ hash, parent }) => [hash, parent]));
	return proofs.some(({ hash }) => way.has(hash));
}

/** Proofs of the rows' transactions, and on Bitcoin of those whose outputs they spend, without other transactions of the same blocks. */
function neededProofs(rows: readonly Line[], files: ReadonlyMap<string, Uint8Array>): BlockProof[] {
	const proven = rows.filter(({ known }) => known.tier === "proven").map(({ edge }) => edge);
	const wanted = new Set(proven.flatMap(({ txHash, outpoint }) => [txHash, ...(outpoint ? [outpoint.split(":")[0] as string] : [])]));
	const all = bundleLines(files, "proofs/").map((line) => JSON.parse(line) as BlockProof);
	const fees = new Set(rows.filter(({ edge }) => !edge.outpoint).map(({ edge }) => edge.txHash));
	for (const proof of all)
		if (proof.schema === "clew.proof.bitcoin/1")
			for (const { txid, raw } of proof.transactions) if (fees.has(txid)) for (const spent of spentIn(raw)) wanted.add(spent);
	return all.flatMap((proof) => narrowed(proof, wanted));
}

function narrowed(proof: BlockProof, wanted: ReadonlySet<string>): BlockProof[] {
	if (proof.schema === "clew.proof.bitcoin/1") {
		const transactions = proof.transactions.filter(({ txid }) => wanted.has(txid));
		return transactions.length === 0 ? [] : [{ ...proof, transactions }];
	}
	if (proof.schema === "clew.proof.tron/1") {
		const transactions = proof.transactions.filter(({ hash }) => wanted.has(hash));
		return transactions.length === 0 ? [] : [{ ...proof, transactions }];
	}
	const transactions = proof.transactions.filter(({ hash }) => wanted.has(hash));
	if (transactions.length === 0) return [];
	const used = [...new Set(transactions.flatMap((tx) => [...tx.transaction, ...tx.receipt, ...tx.before]))].sort((a, b) => a - b);
	const places = new Map(used.map((place, i) => [place, i]));
	const moved = (path: readonly number[]) => path.map((place) => places.get(place) as number);
	return [
		{
			...proof,
			nodes: used.map((place) => proof.nodes[place] as string),
			transactions: transactions.map((tx) => ({
				...tx,
				transaction: moved(tx.transaction),
				receipt: moved(tx.receipt),
				before: moved(tx.before),
			})),
		},
	];
}

/**
 * Ids of the transactions whose outputs a transaction without witnesses spends: 36 bytes an input from the fifth byte on, each with its
 * script.
 */
function spentIn(raw: string): string[] {
	const bytes = Buffer.from(raw, "hex");
	let at = 4;
	const size = (): number => {
		const first = bytes[at++] ?? 0;
		if (first < 0xfd) return first;
		const width = first === 0xfd ? 2 : 4;
		at += width;
		return bytes.readUIntLE(at - width, width);
	};
	return Array.from({ length: size() }, () => {
		const id = Buffer.from(bytes.subarray(at, at + 32))
			.reverse()
			.toString("hex");
		at += 36;
		at += size() + 4;
		return id;
	});
}
