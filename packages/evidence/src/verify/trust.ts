import { fromBase64 } from "./encoding/bytes.js";
import { EVM } from "./evm/family.js";
import { Refusal } from "./failure.js";
import type { TrustedHeader } from "./proofs/proofs.js";

/** Reads `chain:height:hash`, for example `eip155:1:18500000:0x...`. Throws Error. */
export function parseTrustedHeader(text: string): TrustedHeader {
	const match = /^([-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}):([0-9]{1,10}):((?:0x)?[0-9a-fA-F]{64})$/.exec(text.trim());
	if (match === null) throw new Refusal(`a trusted header is chain:height:hash, for example ${EVM.namespace}:1:18500000:0x80ce...`);
	const [, chain = "", height = "", hash = ""] = match;
	return { chain, height: Number(height), hash: hash.toLowerCase(), by: "you trust" };
}

/** Key ids: 64 hex digits. Throws Error. */
export function parseKeyId(text: string): string {
	if (!/^[0-9a-fA-F]{64}$/.test(text.trim())) throw new Refusal("a key id is 64 hex digits, as clew keys show prints it");
	return text.trim().toLowerCase();
}

/** Certificates of a PEM file, or the one of a DER file. Throws Error. */
export function parseCertificates(bytes: Uint8Array): Uint8Array[] {
	const text = new TextDecoder("latin1").decode(bytes);
	const found = [...text.matchAll(/-----BEGIN CERTIFICATE-----([\sA-Za-z0-9+/=]+)-----END CERTIFICATE-----/g)];
	if (found.length > 0) return found.map((match) => fromBase64((match[1] ?? "").replace(/\s+/g, "")));
	if (bytes[0] !== 0x30) throw new Refusal("this is no certificate, neither PEM nor DER");
	return [bytes];
}
