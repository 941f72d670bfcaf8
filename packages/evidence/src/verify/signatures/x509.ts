import { concat, textOf, toNumber } from "../encoding/bytes.js";
import { bitsOf, contentOf, type Der, elements, inside, keyOf, oidOf, readDer, TAG, timeOf } from "../encoding/der.js";
import { Refusal } from "../failure.js";

/** A certificate (RFC 5280), as far as a time stamp needs it. */
export interface Certificate {
	readonly whole: Uint8Array;
	readonly serial: string;
	readonly issuer: string;
	readonly subject: string;
	/** The subject for people: its common name, or what there is. */
	readonly name: string;
	readonly notBefore: number;
	readonly notAfter: number;
	readonly publicKey: Uint8Array;
	/** It may sign certificates: by its basic constraints and, where it states one, its key usage (RFC 5280, 4.2.1.3 and 4.2.1.9). */
	readonly isAuthority: boolean;
	/** How many certificates of authorities may stand between it and the last one; undefined where it sets no bound. */
	readonly pathLength: number | undefined;
	/**
	 * The only purpose it has is to sign time stamps, and it says so as critical (RFC 3161, 2.3); a stated key usage is for signatures
	 * alone.
	 */
	readonly onlyTimeStamps: boolean;
	/** Extensions that say that who does not understand them must not accept the certificate, and that this verifier does not understand. */
	readonly notUnderstood: readonly string[];
	readonly signed: Uint8Array;
	readonly algorithm: Der;
	readonly signature: Uint8Array;
}

const OID = {
	commonName: "2.5.4.3",
	basicConstraints: "2.5.29.19",
	keyUsage: "2.5.29.15",
	extendedKeyUsage: "2.5.29.37",
	timeStamping: "1.3.6.1.5.5.7.3.8",
} as const;
/** Extensions whose meaning is checked here, so that they may be critical; names of the subject besides its own change nothing. */
const UNDERSTOOD = new Set<string>([OID.basicConstraints, OID.keyUsage, OID.extendedKeyUsage, "2.5.29.17"]);
/** Bits of key usage, from the left: a signature, an obligation, signing certificates. */
const USAGE = { signature: 0, obligation: 1, certificates: 5 } as const;
const VERSION_TAG = 0xa0;
const EXTENSIONS_TAG = 0xa3;

/** Reads a DER certificate. Throws Error. */
export function readCertificate(bytes: Uint8Array): Certificate {
	const [body, algorithm, signature] = inside(readDer(bytes), TAG.sequence);
	const fields = inside(body, TAG.sequence);
	const [serial, , issuer, validity, subject, key] = fields[0]?.tag === VERSION_TAG ? fields.slice(1) : fields;
	const [from, to] = inside(validity, TAG.sequence);
	const extensions = extensionsOf(fields.find(({ tag }) => tag === EXTENSIONS_TAG));
	const usage = extensions.get(OID.extendedKeyUsage);
	const constraints = constraintsOf(extensions.get(OID.basicConstraints)?.value);
	const bits = usageOf(extensions.get(OID.keyUsage)?.value);
	if (algorithm === undefined || key === undefined || body === undefined) throw new Refusal("a certificate is cut off");
	return {
		whole: bytes,
		serial: keyOf(serial),
		issuer: keyOf(issuer),
		subject: keyOf(subject),
		name: commonName(subject),
		notBefore: timeOf(from),
		notAfter: timeOf(to),
		publicKey: key.whole,
		isAuthority: constraints.authority && (bits === undefined || bits.has(USAGE.certificates)),
		pathLength: constraints.pathLength,
		onlyTimeStamps:
			usage?.critical === true &&
			inside(readDer(usage.value), TAG.sequence).map(oidOf).join() === OID.timeStamping &&
			(bits === undefined || (bits.size > 0 && [...bits].every((bit) => bit === USAGE.signature || bit === USAGE.obligation))),
		notUnderstood: [...extensions].filter(([oid, { critical }]) => critical && !UNDERSTOOD.has(oid)).map(([oid]) => oid),
		signed: body.whole,
		algorithm,
		signature: bitsOf(signature),
	};
}

function extensionsOf(element: Der | undefined): Map<string, { critical: boolean; value: Uint8Array }> {
	const found = new Map<string, { critical: boolean; value: Uint8Array }>();
	if (element === undefined) return found;
	for (const extension of inside(readDer(element.content), TAG.sequence)) {
		const parts = elements(extension.content);
		const oid = oidOf(parts[0]);
		if (found.has(oid)) throw new Refusal("a certificate has an extension twice");
		found.set(oid, {
			critical: parts.length === 3 && parts[1]?.content[0] === 0xff,
			value: contentOf(parts[parts.length - 1], TAG.octets),
		});
	}
	return found;
}

/** Basic constraints: whether it is an authority's, and how long a path it may begin. */
function constraintsOf(value: Uint8Array | undefined): { authority: boolean; pathLength: number | undefined } {
	if (value === undefined) return { authority: false, pathLength: undefined };
	const parts = inside(readDer(value), TAG.sequence);
	const authority = parts[0]?.tag === TAG.boolean && parts[0].content[0] === 0xff;
	const stated = parts.find(({ tag }) => tag === TAG.integer);
	return { authority, pathLength: stated === undefined ? undefined : Number(toNumber(stated.content)) };
}

/** The bits that a key usage sets; undefined where there is none, which allows all. */
function usageOf(value: Uint8Array | undefined): ReadonlySet<number> | undefined {
	if (value === undefined) return undefined;
	const [, ...bytes] = contentOf(readDer(value), TAG.bits);
	const set = new Set<number>();
	for (const [i, byte] of bytes.entries()) for (let bit = 0; bit < 8; bit++) if (byte & (0x80 >> bit)) set.add(8 * i + bit);
	return set;
}

function commonName(subject: Der | undefined): string {
	for (const set of inside(subject, TAG.sequence)) {
		for (const pair of elements(set.content)) {
			const [type, value] = elements(pair.content);
			if (oidOf(type) === OID.commonName && value !== undefined) return textOf(value.content);
		}
	}
	return "without a common name";
}

const HASHES: Readonly<Record<string, string>> = {
	"2.16.840.1.101.3.4.2.1": "SHA-256",
	"2.16.840.1.101.3.4.2.2": "SHA-384",
	"2.16.840.1.101.3.4.2.3": "SHA-512",
};
const RSA: Readonly<Record<string, string>> = {
	"1.2.840.113549.1.1.11": "SHA-256",
	"1.2.840.113549.1.1.12": "SHA-384",
	"1.2.840.113549.1.1.13": "SHA-512",
};
const PLAIN_RSA = "1.2.840.113549.1.1.1";
const ECDSA: Readonly<Record<string, string>> = {
	"1.2.840.10045.4.3.2": "SHA-256",
	"1.2.840.10045.4.3.3": "SHA-384",
	"1.2.840.10045.4.3.4": "SHA-512",
};
const CURVES: Readonly<Record<string, { name: string; bytes: number }>> = {
	"1.2.840.10045.3.1.7": { name: "P-256", bytes: 32 },
	"1.3.132.0.34": { name: "P-384", bytes: 48 },
	"1.3.132.0.35": { name: "P-521", bytes: 66 },
};

/** Name of a hash for WebCrypto by its object identifier. Throws Error for a weak or unknown one. */
export function hashName(algorithm: Der | undefined): string {
	const oid = oidOf(inside(algorithm, TAG.sequence)[0]);
	const name = HASHES[oid];
	if (name === undefined) throw new Refusal(`hash ${oid} is not accepted`);
	return name;
}

/**
 * Verifies RSA (PKCS 1) and ECDSA signatures by WebCrypto; `digest` is for algorithms that do not name their hash. Throws Error for others.
 */
export async function verifySignature(
	algorithm: Der,
	publicKey: Uint8Array,
	signature: Uint8Array,
	data: Uint8Array,
	digest: string,
): Promise<boolean> {
	const oid = oidOf(inside(algorithm, TAG.sequence)[0]);
	const { subtle } = globalThis.crypto;
	const view = (bytes: Uint8Array) => bytes as Uint8Array<ArrayBuffer>;
	const rsa = oid === PLAIN_RSA ? digest : RSA[oid];
	if (rsa !== undefined) {
		const key = await subtle.importKey("spki", view(publicKey), { name: "RSASSA-PKCS1-v1_5", hash: rsa }, false, ["verify"]);
		return subtle.verify("RSASSA-PKCS1-v1_5", key, view(signature), view(data));
	}
	const hash = ECDSA[oid];
	const curve = CURVES[curveOf(publicKey)];
	if (hash === undefined || curve === undefined) throw new Refusal(`signature algorithm ${oid} is not accepted`);
	const key = await subtle.importKey("spki", view(publicKey), { name: "ECDSA", namedCurve: curve.name }, false, ["verify"]);
	const [r, s] = inside(readDer(signature), TAG.sequence);
	const raw = concat(fixed(contentOf(r, TAG.integer), curve.bytes), fixed(contentOf(s, TAG.integer), curve.bytes));
	return subtle.verify({ name: "ECDSA", hash }, key, view(raw), view(data));
}

function curveOf(publicKey: Uint8Array): string {
	const [algorithm] = inside(readDer(publicKey), TAG.sequence);
	const curve = inside(algorithm, TAG.sequence)[1];
	return curve?.tag === TAG.oid ? oidOf(curve) : "";
}

function fixed(integer: Uint8Array, bytes: number): Uint8Array {
	const plain = integer[0] === 0 ? integer.subarray(1) : integer;
	if (plain.length > bytes) throw new Refusal("a signature has an impossible number");
	const out = new Uint8Array(bytes);
	out.set(plain, bytes - plain.length);
	return out;
}
