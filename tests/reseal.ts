import { type CustodyEntry, canonicalJson, custodyStatement, nextCustodyEntry, sha256Hex, type TraceResult, traceId } from "@clew/core";
import { papersOf } from "../packages/evidence/src/bundle/bundle.js";
import { MerkleTree } from "../packages/evidence/src/bundle/merkle-tree.js";

/** A proof of one EVM block, to be tampered with. */
export interface LooseProof {
	header: string;
	nodes: string[];
	transactions: { transaction: number[]; receipt: number[]; before: number[] }[];
}

/**
 * A bundle in which a forger changed the trace, or proofs, and mended every hash, id, root, log and seal around it: what a bundle
 * without a signature cannot prevent.
 */
export function reseal(
	original: ReadonlyMap<string, Uint8Array>,
	edit: (result: TraceResult) => void,
	tamper: (proofs: LooseProof[]) => void = () => {},
): Map<string, Uint8Array> {
	const files = new Map(original);
	const text = (name: string) => Buffer.from(files.get(name) as Uint8Array).toString("utf8");
	const lines = (name: string) => text(name).split("\n").slice(0, -1);
	const put = (name: string, content: string) => files.set(name, Buffer.from(content));
	const { id, ...open } = JSON.parse(text("trace.json"));
	edit(open);
	const result: TraceResult = { ...open, id: traceId(open) };
	put("trace.json", `${canonicalJson(result)}\n`);
	const custody = lines("custody.jsonl").map((line) => JSON.parse(line.replaceAll(id, result.id)) as CustodyEntry);
	put(
		"custody.jsonl",
		rechained(custody)
			.map((entry) => `${canonicalJson(entry)}\n`)
			.join(""),
	);
	const rows = lines("rows.jsonl").map((line, i) => canonicalJson({ ...JSON.parse(line), edge: result.edges[i] }));
	put("rows.jsonl", rows.map((row) => `${row}\n`).join(""));
	if (files.has("proofs/00001.jsonl")) {
		const proofs = lines("proofs/00001.jsonl").map((line) => JSON.parse(line) as LooseProof);
		tamper(proofs);
		put("proofs/00001.jsonl", proofs.map((proof) => `${canonicalJson(proof)}\n`).join(""));
	}
	const tree = new MerkleTree();
	for (const row of rows) tree.add(row);
	return resealManifest(files, { trace: result.id, rows: { count: String(rows.length), root: tree.root() } });
}

/** A custody log whose entries a forger wrote, with its hashes in step. */
export function rechained(entries: readonly CustodyEntry[]): CustodyEntry[] {
	const log: CustodyEntry[] = [];
	for (const entry of entries) log.push(nextCustodyEntry(log.at(-1), entry.at, entry.action, entry.detail, custodyStatement(entry)));
	return log;
}

/** Files under a manifest that lists them as they are now, sealed anew, and signed by nobody; `change` replaces fields of it. */
export function resealManifest(changed: ReadonlyMap<string, Uint8Array>, change: Record<string, unknown> = {}): Map<string, Uint8Array> {
	const files = new Map(changed);
	for (const about of ["manifest.dsse.json", "manifest.tsr"]) files.delete(about);
	return relisted(files, "manifest.json", change);
}

/** A freeze request under a list of its files as they are now, sealed anew; `change` replaces fields of the list. */
export function resealPacket(changed: ReadonlyMap<string, Uint8Array>, change: Record<string, unknown> = {}): Map<string, Uint8Array> {
	return relisted(new Map(changed), "packet.json", change);
}

function relisted(files: Map<string, Uint8Array>, list: string, change: Record<string, unknown>): Map<string, Uint8Array> {
	const { seal: _, ...before } = JSON.parse(Buffer.from(files.get(list) as Uint8Array).toString("utf8"));
	const listed = [...files].filter(([path]) => path !== list).sort(([a], [b]) => (a < b ? -1 : 1));
	const open = {
		...before,
		...change,
		files: listed.map(([path, data]) => ({ path, bytes: String(data.length), sha256: sha256Hex(data) })),
	};
	return files.set(list, Buffer.from(`${canonicalJson({ ...open, seal: sha256Hex(canonicalJson(open)) })}\n`));
}

/** The same bundle with the papers that a forger who has Clew makes of its data, and a manifest that lists them. */
export async function withPapers(files: ReadonlyMap<string, Uint8Array>): Promise<Map<string, Uint8Array>> {
	const text = (name: string) => Buffer.from(files.get(name) as Uint8Array).toString("utf8");
	const lines = (name: string) =>
		text(name)
			.split("\n")
			.slice(0, -1)
			.map((line) => JSON.parse(line));
	const { case: info, details, tool } = JSON.parse(text("manifest.json"));
	const known = lines("rows.jsonl").map((row) => row.known);
	const input = {
		info,
		details,
		tool,
		known,
		toolVersion: tool.version,
		result: JSON.parse(text("trace.json")),
		custody: lines("custody.jsonl"),
	};
	const made = new Map(files);
	for (const [path, content] of await papersOf(input)) made.set(path, Buffer.from(content as string));
	return resealManifest(made);
}
