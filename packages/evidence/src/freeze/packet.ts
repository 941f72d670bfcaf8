import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type BalanceProof, canonicalJson, compareText, sha256Hex } from "@clew/core";
import { lockHash } from "../bundle/bundle.js";
import { papersOfRequest } from "./papers.js";
import { type DocumentInput, type RequestDocument, requestDocument } from "./request-document.js";

/** What an end point holds now, as a node tells it. Tokens come without a proof: where a contract keeps balances is its own affair. */
export interface CurrentBalance {
	readonly account: string;
	readonly asset: string;
	readonly amount: bigint;
	readonly height: number;
	readonly blockHash: string;
	readonly proof?: BalanceProof;
}

/** What a packet is written from. `template` is the text of a template, and where it comes from. */
export interface PacketInput extends DocumentInput {
	/** Clew's. */
	readonly toolVersion: string;
	readonly template?: { readonly text: string; readonly where: string };
}

/** The template that is used when none is given. */
export function defaultTemplate(): string {
	return readFileSync(new URL("../../templates/freeze.txt", import.meta.url), "utf8");
}

/** The files of one packet by name: the request as text, PDF and JSON, its rows as CSV and spreadsheet, proofs of balances. */
export async function packetFiles(input: PacketInput): Promise<Map<string, string | Uint8Array>> {
	const { template } = input;
	const json = canonicalJson(requestDocument(input, template?.text ?? defaultTemplate()));
	// What is read from canonical JSON has its keys in their order there, which the papers follow.
	const document = JSON.parse(json) as RequestDocument;
	const files = await papersOfRequest(document, template?.where);
	files.set("request.json", `${json}\n`);
	const proofs = input.balances.flatMap(({ proof }) => (proof === undefined ? [] : [`${canonicalJson(proof)}\n`]));
	if (proofs.length > 0) files.set("balances.jsonl", proofs.join(""));
	files.set("packet.json", packetList(document, files, input.toolVersion));
	return files;
}

/** The packet's own list of its files: their hashes, sealed, so that a change is seen. It proves nothing of what they say. */
function packetList(document: RequestDocument, files: ReadonlyMap<string, string | Uint8Array>, toolVersion: string): string {
	const listed = [...files].map(([path, content]) => {
		const bytes = Buffer.from(content);
		return { path, bytes: bytes.length.toString(), sha256: createHash("sha256").update(bytes).digest("hex") };
	});
	const points = [...document.points, ...document.leads];
	const open = {
		schema: "clew.packet/2",
		tool: { name: "clew", version: toolVersion, lockSha256: lockHash() },
		case: document.case.id,
		trace: document.trace,
		points: points.length.toString(),
		rows: document.rows.length.toString(),
		files: listed.sort((a, b) => compareText(a.path, b.path)),
	};
	return `${canonicalJson({ ...open, seal: sha256Hex(canonicalJson(open)) })}\n`;
}
