import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { InputError, type Source } from "@clew/core";

const SOURCE_ID_DIGITS = 16;

/** A file as the case records it: its name, its SHA-256 and what it is. Throws InputError when it cannot be read. */
export async function fileSource(path: string, detail: string): Promise<Source> {
	const hash = createHash("sha256");
	try {
		for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
	} catch (cause) {
		throw new InputError("cannot be read", { where: path, cause });
	}
	const sha256 = hash.digest("hex");
	return { id: `file:${sha256.slice(0, SOURCE_ID_DIGITS)}`, kind: "file", name: basename(path), sha256, detail };
}
