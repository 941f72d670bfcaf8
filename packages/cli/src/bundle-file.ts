import { existsSync, readFileSync } from "node:fs";
import { InputError } from "@clew/core";
import { MOST_RECIPIENTS, openBag, readBundle, unzipBundle } from "@clew/evidence";

const AGE_HEADER = "age-encryption.org/v1";

/** True for the name of a bundle that is encrypted. */
export function isEncrypted(path: string): boolean {
	return path.endsWith(".age");
}

/** The files of a bundle: a folder, a zip, or a zip encrypted with age. Throws InputError. */
export async function openBundle(path: string, identityFile?: string): Promise<Map<string, Uint8Array>> {
	if (!existsSync(path)) throw new InputError("does not exist", { where: path, code: "USAGE" });
	if (identityFile !== undefined && !existsSync(identityFile))
		throw new InputError("does not exist", { where: identityFile, code: "USAGE" });
	if (isEncrypted(path) && identityFile === undefined)
		throw new InputError("is encrypted", { where: path, code: "USAGE", hint: "Give --identity FILE." });
	try {
		if (!isEncrypted(path)) return payloadOf(await readBundle(path));
		const packed = readFileSync(path);
		if (packed.subarray(0, AGE_HEADER.length).toString("latin1") !== AGE_HEADER) throw new Error("is not encrypted with age");
		mustNameFew(packed);
		const { Decrypter } = await import("age-encryption");
		const decrypter = new Decrypter();
		for (const line of readFileSync(identityFile ?? "", "utf8").split(/\r?\n/))
			if (line.startsWith("AGE-SECRET-KEY-")) decrypter.addIdentity(line.trim());
		return payloadOf(await unzipBundle(await decrypter.decrypt(packed)));
	} catch (cause) {
		throw new InputError((cause as Error).message, {
			where: path,
			cause,
			code: cause instanceof Error && "code" in cause ? "USAGE" : "BAD_INPUT",
		});
	}
}

/** Each recipient costs a key agreement for each identity: a header with very many takes minutes. Throws Error. */
function mustNameFew(packed: Buffer): void {
	let count = 0;
	for (let at = packed.indexOf("\n-> "); at !== -1 && at < HEADER_BYTES; at = packed.indexOf("\n-> ", at + 1))
		if (++count > MOST_RECIPIENTS) throw new Error(`is encrypted to more than ${MOST_RECIPIENTS} recipients`);
	if (packed.indexOf("\n---") > HEADER_BYTES) throw new Error("its list of recipients is too long");
}

/** A list of recipients is shorter; behind it stands what looks like anything. */
const HEADER_BYTES = 256 * 1024;

/** The bundle in a bag, whose lists of hashes must hold; what is no bag as it is. Throws Error with the first failure. */
function payloadOf(files: Map<string, Uint8Array>): Map<string, Uint8Array> {
	const failures: string[] = [];
	const payload = openBag(files, (where, what) => void failures.push(`${where}: ${what}`));
	if (failures[0] !== undefined) throw new Error(`the bag does not hold: ${failures[0]}`);
	return new Map(payload);
}
