import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { canonicalJson, InputError, isSystemError } from "@clew/core";
import { writeNew } from "./new-file.js";

/** A key that signs bundles. `id` is the SHA-256 of its public part (SubjectPublicKeyInfo), hex: what people compare. */
export interface SigningKey {
	readonly id: string;
	/** 32 bytes, hex. */
	readonly publicKey: string;
	readonly secret: KeyObject;
}

const PRIVATE_MODE = 0o600;
const ED25519_BYTES = 32;

/**
 * Makes an Ed25519 key and keeps it as PEM (PKCS 8), readable by its owner alone. Throws InputError when the file exists or cannot be
 * written.
 */
export function newKey(path: string): SigningKey {
	const { privateKey } = generateKeyPairSync("ed25519");
	writeNew(path, privateKey.export({ type: "pkcs8", format: "pem" }), "A key is never written over.", PRIVATE_MODE);
	return keyOf(privateKey);
}

/** Reads a key that {@link newKey} wrote. Throws InputError. */
export function readKey(path: string): SigningKey {
	let key: KeyObject;
	try {
		key = createPrivateKey(readFileSync(path));
	} catch (cause) {
		if (isSystemError(cause)) throw cause;
		throw new InputError("is no private key in PEM that can be read", { where: path, cause, hint: "Make one with clew keys new." });
	}
	if (key.asymmetricKeyType !== "ed25519")
		throw new InputError(`is a key for ${key.asymmetricKeyType ?? "something else"}, not Ed25519`, { where: path });
	return keyOf(key);
}

function keyOf(secret: KeyObject): SigningKey {
	const spki = createPublicKey(secret).export({ type: "spki", format: "der" });
	return { id: createHash("sha256").update(spki).digest("hex"), publicKey: spki.subarray(-ED25519_BYTES).toString("hex"), secret };
}

const PAYLOAD_TYPE = "application/vnd.clew.bundle+json";

/**
 * The manifest in a DSSE envelope (github.com/secure-systems-lab/dsse, v1.0.2), signed with Ed25519: canonical JSON. The same key and bytes
 * give the same signature.
 */
export function signManifest(manifest: string, key: SigningKey): string {
	const payload = Buffer.from(manifest, "utf8");
	const signed = Buffer.concat([Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `), payload]);
	const sig = sign(null, signed, key.secret).toString("base64");
	return canonicalJson({
		payloadType: PAYLOAD_TYPE,
		payload: payload.toString("base64"),
		signatures: [{ keyid: key.id, publicKey: key.publicKey, sig }],
	});
}
