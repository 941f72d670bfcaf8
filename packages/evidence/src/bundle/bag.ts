import { createHash } from "node:crypto";
import { compareText } from "@clew/core";
import { bagInfo } from "../verify/bundle/bag.js";
import { BAG_PAYLOAD } from "../verify/encoding/paths.js";

/** What a bag says of the bundle in it. */
export interface BagAbout {
	/** Clew's version. */
	readonly version: string;
	/** Id of the trace. */
	readonly trace: string;
}

const ALGORITHMS = ["sha256", "sha512"] as const;

/**
 * The tag files of a BagIt bag (RFC 8493) by path: what makes a folder whose payload is a bundle a bag, with the SHA-256 and the SHA-512 of
 * every file. `paths` are those of the bundle, `read` reads one of them. Nothing in it follows from a clock.
 */
export function bagTags(paths: readonly string[], read: (path: string) => Uint8Array, { version, trace }: BagAbout): Map<string, string> {
	const sums = new Map<string, Record<(typeof ALGORITHMS)[number], string>>();
	let bytes = 0;
	for (const path of [...paths].sort(compareText)) {
		const data = read(path);
		bytes += data.length;
		sums.set(`${BAG_PAYLOAD}${path}`, sumsOf(data));
	}
	const tags = new Map([
		["bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"],
		["bag-info.txt", bagInfo(version, trace, bytes, paths.length)],
	]);
	for (const algorithm of ALGORITHMS) tags.set(`manifest-${algorithm}.txt`, listOf(sums, algorithm));
	const ofTags = new Map([...tags].map(([path, content]) => [path, sumsOf(Buffer.from(content))]));
	for (const algorithm of ALGORITHMS) tags.set(`tagmanifest-${algorithm}.txt`, listOf(ofTags, algorithm));
	return tags;
}

function sumsOf(data: Uint8Array) {
	const sum = (algorithm: string) => createHash(algorithm).update(data).digest("hex");
	return { sha256: sum("sha256"), sha512: sum("sha512") };
}

function listOf(sums: ReadonlyMap<string, ReturnType<typeof sumsOf>>, algorithm: (typeof ALGORITHMS)[number]): string {
	return [...sums].map(([path, sum]) => `${sum[algorithm]}  ${path}\n`).join("");
}
