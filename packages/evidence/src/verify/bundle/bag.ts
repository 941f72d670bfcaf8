import { sha512 } from "@noble/hashes/sha2.js";
import { bytesOf, textOf, toHex } from "../encoding/bytes.js";
import { BAG_PAYLOAD } from "../encoding/paths.js";
import { isRecord } from "../encoding/shape.js";
import type { Fail } from "../failure.js";
import { type Files, mustBeFlat, sha256Hex } from "./files.js";

const DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
const ALGORITHMS = { sha256: sha256Hex, sha512: (data: Uint8Array) => toHex(sha512(data)) } as const;
const MANIFESTS = (Object.keys(ALGORITHMS) as (keyof typeof ALGORITHMS)[]).map((algorithm) => ({
	payload: `manifest-${algorithm}.txt`,
	tags: `tagmanifest-${algorithm}.txt`,
	sum: ALGORITHMS[algorithm],
}));

/** The text of a bag's description, which follows from the manifest of the bundle in it, and from the size of the payload. */
export function bagInfo(version: string, trace: string, bytes: number, files: number): string {
	return `Bag-Software-Agent: clew ${version}\nExternal-Identifier: ${trace}\nPayload-Oxum: ${bytes}.${files}\n`;
}

/**
 * The bundle in a BagIt bag (RFC 8493); files that are no bag as they are. Every file of it must stand with its SHA-256 and SHA-512 in the
 * bag's manifests, nothing else may, and the bag says of itself what its bundle says.
 */
export function openBag(files: Files, fail: Fail): Files {
	if (!files.has("bagit.txt")) return files;
	const payload = new Map([...files].filter(([path]) => path.startsWith(BAG_PAYLOAD)));
	const tags = new Map([...files].filter(([path]) => !path.startsWith(BAG_PAYLOAD)));
	const own = new Set(["bagit.txt", "bag-info.txt", ...MANIFESTS.map((one) => one.payload)]);
	for (const path of tags.keys())
		if (!own.has(path) && !MANIFESTS.some((one) => one.tags === path)) fail(path, "does not belong in a bag of a bundle");
	for (const { payload: list, tags: tagList, sum } of MANIFESTS) {
		checkList(files, list, payload, sum, fail);
		checkList(files, tagList, new Map([...tags].filter(([path]) => own.has(path))), sum, fail);
	}
	const bundle = new Map([...payload].map(([path, data]) => [path.slice(BAG_PAYLOAD.length), data]));
	if (textIn(files, "bagit.txt") !== DECLARATION) fail("bagit.txt", "is not that of a bag of version 1.0 in UTF-8");
	if (textIn(files, "bag-info.txt") !== expectedInfo(bundle)) fail("bag-info.txt", "does not say what the bundle in the bag says");
	return bundle;
}

/** A list of hashes has each of these files, once, with its hash, and no other. */
function checkList(files: Files, name: string, listed: Files, sum: (data: Uint8Array) => string, fail: Fail): void {
	const lines = textIn(files, name)?.split("\n");
	if (lines?.pop() !== "") fail(name, "is no text whose last line ends");
	const left = new Map(listed);
	for (const line of lines ?? []) {
		const [, hash, path = ""] = /^([0-9a-f]+) {2}(.+)$/.exec(line) ?? [];
		const data = left.get(path);
		if (data === undefined) fail(name, `lists ${JSON.stringify(line.slice(0, 300))}, which is not there, or was listed before`);
		else if (sum(data) !== hash) fail(path, `does not hash to what ${name} says`);
		left.delete(path);
	}
	for (const path of left.keys()) fail(path, `is not listed in ${name}`);
}

function expectedInfo(bundle: Files): string | undefined {
	try {
		const text = textIn(bundle, "manifest.json") ?? "";
		mustBeFlat(text);
		const manifest: unknown = JSON.parse(text);
		const { trace, tool } = isRecord(manifest) ? manifest : {};
		const bytes = [...bundle.values()].reduce((sum, data) => sum + data.length, 0);
		return bagInfo(String(isRecord(tool) ? tool["version"] : ""), String(trace), bytes, bundle.size);
	} catch {
		return undefined;
	}
}

function textIn(files: Files, name: string): string | undefined {
	try {
		return textOf(files.get(name) ?? bytesOf(""));
	} catch {
		return undefined;
	}
}
