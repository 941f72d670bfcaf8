import { sha1 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, equal, toHex } from "../encoding/bytes.js";
import { contentOf, type Der, elements, inside, keyOf, octetsOf, oidOf, readDer, TAG, timeOf } from "../encoding/der.js";
import { Refusal } from "../failure.js";
import { type Certificate, hashName, readCertificate, verifySignature } from "./x509.js";

const OID = {
	signedData: "1.2.840.113549.1.7.2",
	tstInfo: "1.2.840.113549.1.9.16.1.4",
	contentType: "1.2.840.113549.1.9.3",
	messageDigest: "1.2.840.113549.1.9.4",
	signingCertificate: "1.2.840.113549.1.9.16.2.12",
	signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
} as const;
const CONTEXT = { zero: 0xa0, keyId: 0x80 } as const;
const MAX_CHAIN = 8;
/** Certificates that are tried in all. */
const MAX_TRIED = 64;

/**
 * A time that an authority attests. `root` names the trusted certificate that the chain ends at; undefined when none was given or none
 * fits.
 */
export interface TrustedTime {
	readonly at: string;
	readonly authority: string;
	readonly root: string | undefined;
}

/**
 * Checks an RFC 3161 time stamp over data: imprint, signed attributes, signature, purpose and validity of the certificate at that time, and
 * the chain to one of the roots. Throws Error; a chain that ends nowhere trusted is no error but leaves `root` undefined.
 */
export async function checkTimestamp(response: Uint8Array, data: Uint8Array, roots: readonly Uint8Array[]): Promise<TrustedTime> {
	const { info, certificates, signer } = readToken(response);
	const [, , imprint, , time] = inside(readDer(info), TAG.sequence);
	const [algorithm, hashed] = inside(imprint, TAG.sequence);
	if (hashName(algorithm) !== "SHA-256" || !equal(contentOf(hashed, TAG.octets), sha256(data)))
		throw new Refusal("it is about other bytes than manifest.json");
	const at = timeOf(time);
	const certificate = certificates.find((one) => names(signer.id, one));
	if (certificate === undefined) throw new Refusal("the certificate of its signer is missing");
	await checkSigner(signer, info, certificate);
	if (!certificate.onlyTimeStamps) throw new Refusal("its certificate is not for time stamps only");
	checkValid(certificate, at);
	const root = await chainTo(certificate, certificates, roots.map(readCertificate), at);
	return { at: new Date(at).toISOString(), authority: certificate.name, root: root?.name };
}

interface Signer {
	readonly id: Der;
	readonly digest: Der;
	readonly attributes: Uint8Array;
	readonly algorithm: Der;
	readonly signature: Uint8Array;
}

/** A whole response, or the token alone. */
function readToken(bytes: Uint8Array): { info: Uint8Array; certificates: Certificate[]; signer: Signer } {
	const outer = inside(readDer(bytes), TAG.sequence);
	const [type, explicit] = outer[0]?.tag === TAG.sequence ? granted(outer) : outer;
	if (oidOf(type) !== OID.signedData) throw new Refusal("it holds no signed data");
	const fields = inside(readDer(contentOf(explicit, CONTEXT.zero)), TAG.sequence);
	const [content, octets] = inside(fields[2], TAG.sequence);
	if (oidOf(content) !== OID.tstInfo) throw new Refusal("what it signs is no time stamp");
	const info = octetsOf(readDer(contentOf(octets, CONTEXT.zero)));
	const certificates = fields
		.filter(({ tag }) => tag === CONTEXT.zero)
		.flatMap(({ content: all }) => elements(all).map(({ whole }) => readCertificate(whole)));
	const signers = inside(fields[fields.length - 1], TAG.set);
	if (signers.length !== 1) throw new Refusal("it must have one signer");
	const [, id, digest, attributes, algorithm, signature] = inside(signers[0], TAG.sequence);
	if (id === undefined || digest === undefined || algorithm === undefined) throw new Refusal("its signer is cut off");
	return {
		info,
		certificates,
		signer: { id, digest, attributes: contentOf(attributes, CONTEXT.zero), algorithm, signature: contentOf(signature, TAG.octets) },
	};
}

function granted([status, token]: readonly Der[]): Der[] {
	const code = contentOf(inside(status, TAG.sequence)[0], TAG.integer)[0] ?? 2;
	if (code > 1 || token === undefined) throw new Refusal("the authority refused to stamp");
	return inside(token, TAG.sequence);
}

/** Issuer and serial number, or a subject key id, which only the signature itself can confirm. */
function names(id: Der, certificate: Certificate): boolean {
	if (id.tag === CONTEXT.keyId) return certificate.onlyTimeStamps;
	const [issuer, serial] = inside(id, TAG.sequence);
	return keyOf(issuer) === certificate.issuer && keyOf(serial) === certificate.serial;
}

async function checkSigner(signer: Signer, info: Uint8Array, certificate: Certificate): Promise<void> {
	const attributes = new Map<string, Der | undefined>();
	for (const attribute of elements(signer.attributes)) {
		const [type, values] = inside(attribute, TAG.sequence);
		attributes.set(oidOf(type), inside(values, TAG.set)[0]);
	}
	if (oidOf(attributes.get(OID.contentType)) !== OID.tstInfo) throw new Refusal("its signature is about something else");
	const digest = hashName(signer.digest);
	const computed = new Uint8Array(await globalThis.crypto.subtle.digest(digest, info as Uint8Array<ArrayBuffer>));
	if (!equal(contentOf(attributes.get(OID.messageDigest), TAG.octets), computed)) throw new Refusal("its signature is about another time");
	if (!bindsCertificate(attributes, certificate)) throw new Refusal("its signature does not name its certificate");
	// What is signed is the attributes as a SET, not under the tag that they stand under.
	const signed = concat(new Uint8Array([TAG.set]), lengthOf(signer.attributes), signer.attributes);
	if (!(await verifySignature(signer.algorithm, certificate.publicKey, signer.signature, signed, digest)))
		throw new Refusal("its signature does not hold");
}

/** ESSCertID (RFC 2634, SHA-1) or ESSCertIDv2 (RFC 5816, SHA-256 unless it names another). */
function bindsCertificate(attributes: ReadonlyMap<string, Der | undefined>, { whole }: Certificate): boolean {
	const [version2, version1] = [attributes.get(OID.signingCertificateV2), attributes.get(OID.signingCertificate)];
	const stated = version2 ?? version1;
	if (stated === undefined) return false;
	const id = inside(inside(stated, TAG.sequence)[0], TAG.sequence)[0];
	const fields = inside(id, TAG.sequence);
	const hash = fields.find(({ tag }) => tag === TAG.octets);
	if (version2 !== undefined && fields[0]?.tag === TAG.sequence && hashName(fields[0]) !== "SHA-256")
		throw new Refusal("its certificate is named by a hash that is not accepted");
	return toHex(contentOf(hash, TAG.octets)) === toHex(version2 === undefined ? sha1(whole) : sha256(whole));
}

function lengthOf(content: Uint8Array): Uint8Array {
	const n = content.length;
	if (n < 0x80) return new Uint8Array([n]);
	return n <= 0xff ? new Uint8Array([0x81, n]) : new Uint8Array([0x82, n >> 8, n & 0xff]);
}

/** Throws Error unless it was valid at that time, and says nothing that this verifier would have to understand. */
function checkValid(certificate: Certificate, at: number): void {
	if (certificate.notUnderstood.length > 0)
		throw new Refusal(
			`certificate ${JSON.stringify(certificate.name)} has a critical extension (${certificate.notUnderstood[0]}) that this verifier does not know`,
		);
	if (at < certificate.notBefore || at > certificate.notAfter)
		throw new Refusal(
			`certificate ${JSON.stringify(certificate.name)} was not valid at ${new Date(at).toISOString()}: it had expired, or was not valid yet`,
		);
}

/**
 * The trusted root that a chain of the certificate ends at: an authority that changed its key has several certificates of one name, and all
 * are tried. Throws Error where every way fails, as the first does.
 */
async function chainTo(
	leaf: Certificate,
	between: readonly Certificate[],
	roots: readonly Certificate[],
	at: number,
): Promise<Certificate | undefined> {
	const all = [...roots, ...between];
	let [left, failed]: [number, Error | undefined] = [MAX_TRIED, undefined];
	const from = async (current: Certificate, depth: number, authorities: number): Promise<Certificate | undefined> => {
		const trusted = roots.find((root) => equal(root.whole, current.whole));
		if (trusted !== undefined || depth === MAX_CHAIN) return trusted;
		for (const issuer of all) {
			if (!issuer.isAuthority || issuer.subject !== current.issuer || equal(issuer.whole, current.whole)) continue;
			if (left-- <= 0) throw new Refusal(`more than ${MAX_TRIED} certificates could stand in its chain`);
			try {
				await checkIssuer(current, issuer, authorities, at);
			} catch (error) {
				failed ??= error as Error;
				continue;
			}
			const found = await from(issuer, depth + 1, authorities + (issuer.subject === issuer.issuer ? 0 : 1));
			if (found !== undefined) return found;
		}
		return undefined;
	};
	const found = await from(leaf, 0, 0);
	if (found === undefined && failed !== undefined) throw failed;
	return found;
}

/** Throws Error unless one certificate made another: valid at that time, allowed to, and its signature holds. */
async function checkIssuer(current: Certificate, issuer: Certificate, authorities: number, at: number): Promise<void> {
	checkValid(issuer, at);
	if (issuer.pathLength !== undefined && authorities > issuer.pathLength)
		throw new Refusal(`certificate ${JSON.stringify(issuer.name)} does not allow an authority below it to make another`);
	if (!(await verifySignature(current.algorithm, issuer.publicKey, current.signature, current.signed, "SHA-256")))
		throw new Refusal(`certificate ${JSON.stringify(current.name)} is not signed by ${JSON.stringify(issuer.name)}`);
}
