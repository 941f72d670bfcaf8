import { createHash } from "node:crypto";

/** SHA-256 of a text as hex, by Node's own code: every fact and every answer is hashed, and this is ten times as fast as what runs everywhere. */
export function sha256(text: string): string {
	return createHash("sha256").update(text).digest("hex");
}
