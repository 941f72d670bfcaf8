import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as asn1js from "asn1js";
import * as pkijs from "pkijs";

/** A time stamp authority of the tests, built with another library than the verifier's own reading. The path chooses how it errs. */
export interface Authority {
	readonly url: string;
	readonly rootPem: string;
	/** Another certificate of the root's name, with another key. */
	readonly twinPem: string;
	close(): void;
}

const OID = {
	commonName: "2.5.4.3",
	basicConstraints: "2.5.29.19",
	extendedKeyUsage: "2.5.29.37",
	timeStamping: "1.3.6.1.5.5.7.3.8",
	serverAuth: "1.3.6.1.5.5.7.3.1",
	tstInfo: "1.2.840.113549.1.9.16.1.4",
	contentType: "1.2.840.113549.1.9.3",
	messageDigest: "1.2.840.113549.1.9.4",
	signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
	sha256: "2.16.840.1.101.3.4.2.1",
};
const HASH = "SHA-256";
const DAY = 86_400_000;
const { subtle } = globalThis.crypto;

interface Holder {
	readonly certificate: pkijs.Certificate;
	readonly keys: CryptoKeyPair;
}

async function certify(
	name: string,
	issuer: Holder | undefined,
	options: { curve: string; from: number; to: number; usage?: string },
): Promise<Holder> {
	const algorithm =
		options.curve === "RSA"
			? { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: HASH }
			: { name: "ECDSA", namedCurve: options.curve };
	const keys = (await subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
	const certificate = new pkijs.Certificate();
	certificate.version = 2;
	certificate.serialNumber = new asn1js.Integer({ value: Math.floor(options.from / 1000) % 100_000 });
	const named = (text: string) => [
		new pkijs.AttributeTypeAndValue({ type: OID.commonName, value: new asn1js.Utf8String({ value: text }) }),
	];
	certificate.subject.typesAndValues.push(...named(name));
	if (issuer === undefined) certificate.issuer.typesAndValues.push(...named(name));
	else certificate.issuer = issuer.certificate.subject;
	certificate.notBefore.value = new Date(options.from);
	certificate.notAfter.value = new Date(options.to);
	certificate.extensions = [
		new pkijs.Extension({
			extnID: OID.basicConstraints,
			critical: true,
			extnValue: new pkijs.BasicConstraints({ cA: options.usage === undefined }).toSchema().toBER(false),
		}),
	];
	if (options.usage !== undefined)
		certificate.extensions.push(
			new pkijs.Extension({
				extnID: OID.extendedKeyUsage,
				critical: true,
				extnValue: new pkijs.ExtKeyUsage({ keyPurposes: [options.usage] }).toSchema().toBER(false),
			}),
		);
	await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
	await certificate.sign((issuer?.keys ?? keys).privateKey, HASH);
	return { certificate, keys };
}

async function stamp(request: Uint8Array, signer: Holder, chain: readonly Holder[], at: Date, otherBytes: boolean): Promise<Uint8Array> {
	const asked = pkijs.TimeStampReq.fromBER(request as Uint8Array<ArrayBuffer>);
	const imprint = otherBytes
		? new pkijs.MessageImprint({
				hashAlgorithm: asked.messageImprint.hashAlgorithm,
				hashedMessage: new asn1js.OctetString({ valueHex: new ArrayBuffer(32) }),
			})
		: asked.messageImprint;
	const info = new pkijs.TSTInfo({
		version: 1,
		policy: "1.2.3.4.1",
		messageImprint: imprint,
		serialNumber: new asn1js.Integer({ value: 7 }),
		genTime: at,
	})
		.toSchema()
		.toBER(false);
	const content = new pkijs.EncapsulatedContentInfo({ eContentType: OID.tstInfo, eContent: new asn1js.OctetString({ valueHex: info }) });
	const essId = new asn1js.Sequence({
		value: [
			new asn1js.Sequence({
				value: [
					new asn1js.Sequence({
						value: [new asn1js.OctetString({ valueHex: await subtle.digest(HASH, signer.certificate.toSchema(true).toBER(false)) })],
					}),
				],
			}),
		],
	});
	const attribute = (type: string, value: asn1js.BaseBlock) => new pkijs.Attribute({ type, values: [value] });
	const signed = new pkijs.SignedData({
		version: 3,
		encapContentInfo: content,
		signerInfos: [
			new pkijs.SignerInfo({
				version: 1,
				sid: new pkijs.IssuerAndSerialNumber({ issuer: signer.certificate.issuer, serialNumber: signer.certificate.serialNumber }),
				signedAttrs: new pkijs.SignedAndUnsignedAttributes({
					type: 0,
					attributes: [
						attribute(OID.contentType, new asn1js.ObjectIdentifier({ value: OID.tstInfo })),
						attribute(OID.messageDigest, new asn1js.OctetString({ valueHex: await subtle.digest(HASH, info) })),
						attribute(OID.signingCertificateV2, essId),
					],
				}),
			}),
		],
		certificates: [signer, ...chain].map(({ certificate }) => certificate),
	});
	await signed.sign(signer.keys.privateKey, 0, HASH, info);
	const token = new pkijs.ContentInfo({ contentType: "1.2.840.113549.1.7.2", content: signed.toSchema(true) });
	return new Uint8Array(
		new pkijs.TimeStampResp({ status: new pkijs.PKIStatusInfo({ status: 0 }), timeStampToken: token }).toSchema().toBER(false),
	);
}

/** A certificate for TLS that is signed by its own key, and that key, as PEM. */
export async function selfSigned(name: string): Promise<{ readonly cert: string; readonly key: string }> {
	const holder = await certify(name, undefined, { curve: "P-256", from: Date.now() - DAY, to: Date.now() + DAY, usage: OID.serverAuth });
	const key = Buffer.from(await subtle.exportKey("pkcs8", holder.keys.privateKey)).toString("base64");
	return { cert: pemOf(holder), key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n` };
}

function pemOf({ certificate }: Holder): string {
	const der = Buffer.from(certificate.toSchema(true).toBER(false)).toString("base64");
	return `-----BEGIN CERTIFICATE-----\n${(der.match(/.{1,64}/g) ?? []).join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** Starts it on a loopback port. */
export async function startAuthority(): Promise<Authority> {
	const now = Date.now();
	const long = { from: now - 3000 * DAY, to: now + 3000 * DAY };
	const root = await certify("Test Root", undefined, { curve: "RSA", ...long });
	const twin = await certify("Test Root", undefined, { curve: "RSA", ...long });
	const between = await certify("Test Intermediate", root, { curve: "P-384", ...long, from: long.from + 1000 });
	const good = await certify("Test Time Stamps", between, { curve: "P-256", ...long, from: long.from + 2000, usage: OID.timeStamping });
	const expired = await certify("Test Time Stamps", between, {
		curve: "P-256",
		from: now - 900 * DAY,
		to: now - 600 * DAY,
		usage: OID.timeStamping,
	});
	const purpose = await certify("Test Server", between, { curve: "P-256", ...long, from: long.from + 3000, usage: OID.serverAuth });
	const strangerRoot = await certify("Other Root", undefined, { curve: "P-256", ...long });
	const stranger = await certify("Other Time Stamps", strangerRoot, {
		curve: "P-256",
		...long,
		from: long.from + 2000,
		usage: OID.timeStamping,
	});
	const signers: Record<string, Holder> = { expired, stranger, "any-purpose": purpose };
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on("data", (chunk: Buffer) => chunks.push(chunk));
		request.on("end", async () => {
			const mode = (request.url ?? "/").slice(1);
			const refusal = new Uint8Array(new pkijs.TimeStampResp({ status: new pkijs.PKIStatusInfo({ status: 2 }) }).toSchema().toBER(false));
			const answer =
				mode === "refused"
					? refusal
					: await stamp(
							Buffer.concat(chunks),
							signers[mode] ?? good,
							mode === "stranger" ? [strangerRoot] : [between],
							new Date(now),
							mode === "other-bytes",
						);
			response.setHeader("content-type", "application/timestamp-reply");
			response.end(answer);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		rootPem: pemOf(root),
		twinPem: pemOf(twin),
		close: () => server.close(),
	};
}
