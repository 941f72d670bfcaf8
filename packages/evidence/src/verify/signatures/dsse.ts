import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Envelope } from "../bundle/formats.js";
import { bytesOf, concat, equal, fromBase64, fromHex, toHex } from "../encoding/bytes.js";
import { Refusal } from "../failure.js";

/** SubjectPublicKeyInfo of an Ed25519 key (RFC 8410) is this and the 32 bytes. */
const SPKI = fromHex("302a300506032b6570032100");

/** Pre-authentication encoding of DSSE: what is signed. */
function preAuthentication(type: string, payload: Uint8Array): Uint8Array {
	const kind = bytesOf(type);
	return concat(bytesOf(`DSSEv1 ${kind.length} `), kind, bytesOf(` ${payload.length} `), payload);
}

/**
 * Ids of the keys whose signatures over exactly these bytes hold, each once. Throws Error when the envelope is about other bytes, or one
 * signature does not hold.
 */
export function checkEnvelope(envelope: Envelope, manifest: Uint8Array): string[] {
	const payload = fromBase64(envelope.payload);
	if (!equal(payload, manifest)) throw new Refusal("it signs other bytes than manifest.json");
	const signed = preAuthentication(envelope.payloadType, payload);
	const signers = envelope.signatures.map(({ keyid, publicKey, sig }) => {
		const key = fromHex(publicKey);
		if (keyid !== toHex(sha256(concat(SPKI, key)))) throw new Refusal(`key id ${keyid} is not that of its key`);
		// RFC 8032 verification: strict, without small-order keys.
		if (!ed25519.verify(fromBase64(sig), signed, key, { zip215: false })) throw new Refusal(`the signature by key ${keyid} does not hold`);
		return keyid;
	});
	return [...new Set(signers)];
}
