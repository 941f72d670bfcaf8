import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Authority, startAuthority } from "../../../../../tests/timestamp-authority.js";
import { askTimestamp } from "../../bundle/timestamp-request.js";
import { failuresOf, smallBundle, smallTrace } from "../bundle.test-util.js";
import { bytesOf, concat, fromHex } from "../encoding/bytes.js";
import { bitsOf, contentOf, elements, oidOf, readDer, TAG, timeOf } from "../encoding/der.js";
import { parseCertificates } from "../trust.js";
import { checkTimestamp } from "./timestamp.js";
import { hashName, readCertificate, verifySignature } from "./x509.js";

const DATA = bytesOf('{"a":"manifest"}\n');

/** One element of DER around these. */
function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
	const content = concat(...parts);
	const n = content.length;
	const length = n < 0x80 ? [n] : [0x82, n >> 8, n & 255];
	return concat(Uint8Array.of(tag, ...length), content);
}

/** The same bytes with the element at a path (places among children) replaced by any number of others. */
function edited(bytes: Uint8Array, [at, ...rest]: readonly number[], change: (element: Uint8Array) => readonly Uint8Array[]): Uint8Array {
	const { tag, content } = readDer(bytes);
	const parts = elements(content).map(({ whole }) => whole);
	return der(tag, ...parts.flatMap((part, i) => (i !== at ? [part] : rest.length === 0 ? change(part) : [edited(part, rest, change)])));
}

const oid = (hex: string) => der(TAG.oid, fromHex(hex));
const OTHER = oid("2a0304");
const SHA512 = oid("608648016503040203");
/** Where things stand in a response (RFC 3161) and its signed data (RFC 5652). */
const SIGNED = [1, 1, 0];
const CERTIFICATES = [...SIGNED, 3];
const SIGNER = [...SIGNED, 4, 0];
const ATTRIBUTES = [...SIGNER, 3];
/** In the order in which the authority of the tests writes them. */
const ATTRIBUTE = { type: 0, digest: 1, certificate: 2 } as const;
const stated = (attribute: number) => [...ATTRIBUTES, attribute, 1, 0];
/** Changes the last byte of an element. */
const flip = (element: Uint8Array) => [concat(element.subarray(0, -1), Uint8Array.of((element.at(-1) ?? 0) ^ 1))];

let [authority, good, roots] = [undefined as Authority | undefined, new Uint8Array(), [] as Uint8Array[]];
const ask = (mode: string, data = DATA) => askTimestamp(`${authority?.url}/${mode}`, data);
beforeAll(async () => {
	authority = await startAuthority();
	good = Uint8Array.from(await ask("good"));
	roots = parseCertificates(bytesOf(authority.rootPem));
});
afterAll(() => authority?.close());

describe("a time stamp", () => {
	it("leads to its root past another certificate of the same name, which made nothing", async () => {
		const twin = parseCertificates(bytesOf(authority?.twinPem ?? ""));
		for (const trusted of [
			[...twin, ...roots],
			[...roots, ...twin],
		])
			expect(await checkTimestamp(good, DATA, trusted)).toMatchObject({ root: "Test Root" });
		await expect(checkTimestamp(good, DATA, twin)).rejects.toThrow('is not signed by "Test Root"');
	});

	it("that holds leads to the root that is trusted, with its status or without", async () => {
		expect(await checkTimestamp(good, DATA, roots)).toMatchObject({ authority: "Test Time Stamps", root: "Test Root" });
		const [, token] = elements(readDer(good).content);
		expect(await checkTimestamp(token?.whole ?? good, DATA, [])).toMatchObject({ root: undefined });
		expect(
			await checkTimestamp(
				edited(good, [0], (status) => [status]),
				DATA,
				roots,
			),
		).toMatchObject({ root: "Test Root" });
	});

	it.each<[string, RegExp]>([
		["refused", /the authority refused to stamp/],
		["other-bytes", /it is about other bytes than manifest.json/],
		["any-purpose", /its certificate is not for time stamps only/],
		["expired", /was not valid at .*: it had expired, or was not valid yet/],
	])("of an authority that gives %s ones is refused", async (mode, message) => {
		await expect(checkTimestamp(await ask(mode), DATA, roots)).rejects.toThrow(message);
	});

	const critical = der(TAG.sequence, OTHER, der(TAG.boolean, Uint8Array.of(0xff)), der(TAG.octets));
	it.each<[string, RegExp, readonly number[], (element: Uint8Array) => readonly Uint8Array[]]>([
		["without a token", /the authority refused to stamp/, [1], () => []],
		["that is no signed data", /it holds no signed data/, [1, 0], () => [OTHER]],
		["over something else", /what it signs is no time stamp/, [...SIGNED, 2, 0], () => [OTHER]],
		["without its certificate", /the certificate of its signer is missing/, [...CERTIFICATES, 0], () => []],
		["of another serial number", /the certificate of its signer is missing/, [...SIGNER, 1, 1], flip],
		["of two signers", /it must have one signer/, SIGNER, (signer) => [signer, signer]],
		["of nobody", /it must have one signer/, SIGNER, () => []],
		[
			"whose signer is cut off",
			/its signer is cut off/,
			SIGNER,
			(signer) => [
				der(
					TAG.sequence,
					...elements(readDer(signer).content)
						.slice(0, 2)
						.map(({ whole }) => whole),
				),
			],
		],
		["whose signature is of another type", /its signature is about something else/, stated(ATTRIBUTE.type), () => [OTHER]],
		["whose signature is over another time", /its signature is about another time/, stated(ATTRIBUTE.digest), flip],
		[
			"whose signature names no certificate",
			/its signature does not name its certificate/,
			[...ATTRIBUTES, ATTRIBUTE.certificate],
			() => [],
		],
		[
			"whose signature names another certificate",
			/its signature does not name its certificate/,
			[...stated(ATTRIBUTE.certificate), 0, 0, 0],
			flip,
		],
		[
			"whose certificate is named by another hash",
			/named by a hash that is not accepted/,
			[...stated(ATTRIBUTE.certificate), 0, 0, 0],
			(hash) => [der(TAG.sequence, SHA512), hash],
		],
		[
			"whose certificate is named by a weak hash",
			/hash 1.2.3.4 is not accepted/,
			[...stated(ATTRIBUTE.certificate), 0, 0, 0],
			(hash) => [der(TAG.sequence, OTHER), hash],
		],
		["under a hash that is weak", /hash 1.2.3.4 is not accepted/, [...SIGNER, 2, 0], () => [OTHER]],
		["under an algorithm that is unknown", /signature algorithm 1.2.3.4 is not accepted/, [...SIGNER, 4, 0], () => [OTHER]],
		["whose signature was changed", /its signature does not hold/, [...SIGNER, 5], flip],
		[
			"whose signature has a number that is too large",
			/a signature has an impossible number/,
			[...SIGNER, 5],
			() => [der(TAG.octets, der(TAG.sequence, der(TAG.integer, new Uint8Array(40).fill(1)), der(TAG.integer, Uint8Array.of(1))))],
		],
		["of an authority that nobody signed", /certificate "Test Intermediate" is not signed by "Test Root"/, [...CERTIFICATES, 1, 2], flip],
		[
			"of an authority that must be understood",
			/has a critical extension \(1.2.3.4\) that this verifier does not know/,
			[...CERTIFICATES, 1, 0],
			(body) => [withExtension(body, critical)],
		],
	])("%s is refused", async (_, message, path, change) => {
		await expect(checkTimestamp(edited(good, path, change), DATA, roots)).rejects.toThrow(message);
	});

	it("of a bundle is demanded where a root is given, and must lead there", async () => {
		const files = await smallBundle(await smallTrace());
		const manifest = files.get("manifest.json") as Uint8Array;
		const stamped = async (mode: string) => new Map(files).set("manifest.tsr", await askTimestamp(`${authority?.url}/${mode}`, manifest));
		expect(await failuresOf(await stamped("good"), { timeRoots: roots })).toEqual([]);
		expect(await failuresOf(await stamped("good"))).toEqual([]);
		expect(await failuresOf(files, { timeRoots: roots })).toEqual(["manifest.tsr: no time stamp is there, and one was expected"]);
		expect(await failuresOf(await stamped("stranger"), { timeRoots: roots })).toEqual([
			'manifest.tsr: the chain of "Other Time Stamps" does not end at a certificate that you trust',
		]);
		expect(await failuresOf(new Map(files).set("manifest.tsr", good))).toEqual([
			"manifest.tsr: it is about other bytes than manifest.json",
		]);
	});
});

/** The body of a certificate with one more extension. */
function withExtension(body: Uint8Array, extension: Uint8Array): Uint8Array {
	const last = elements(readDer(body).content).length - 1;
	return edited(body, [last, 0], (list) => [der(TAG.sequence, readDer(list).content, extension)]);
}

describe("a certificate", () => {
	it("that is whole is read", () => {
		expect(readCertificate(roots[0] as Uint8Array)).toMatchObject({ name: "Test Root", isAuthority: true });
	});

	it("with an extension twice, or cut off, is refused", () => {
		const root = roots[0] as Uint8Array;
		const constraints = der(TAG.sequence, oid("551d13"), der(TAG.octets, der(TAG.sequence)));
		expect(() => readCertificate(edited(root, [0], (body) => [withExtension(body, constraints)]))).toThrow("has an extension twice");
		expect(() => readCertificate(edited(root, [1], () => []))).toThrow("DER: expected tag 3, found the end");
		const [body] = elements(readDer(root).content);
		expect(() => readCertificate(der(TAG.sequence, body?.whole ?? root))).toThrow("a certificate is cut off");
	});

	it("has a key and a hash that are accepted", async () => {
		expect(() => hashName(readDer(der(TAG.sequence, OTHER)))).toThrow("hash 1.2.3.4 is not accepted");
		const algorithm = readDer(der(TAG.sequence, oid("2a8648ce3d040302")));
		const key = der(TAG.sequence, der(TAG.sequence, oid("2a8648ce3d0201"), OTHER), der(TAG.bits, Uint8Array.of(0)));
		await expect(verifySignature(algorithm, key, DATA, DATA, "SHA-256")).rejects.toThrow(/signature algorithm .* is not accepted/);
	});
});

describe("DER", () => {
	it.each<[string, RegExp, string]>([
		["nothing", /not one element/, ""],
		["two elements", /not one element/, "05000500"],
		["a tag of several bytes", /a form that is not allowed/, "1f0100"],
		["a length that is not stated", /a form that is not allowed/, "30800000"],
		["a tag alone", /a form that is not allowed/, "30"],
		["a length of five bytes", /impossible length/, "30850000000001"],
		["content that is cut off", /cut off/, "3002aa"],
	])("refuses %s", (_, message, hex) => {
		expect(() => readDer(fromHex(hex))).toThrow(message);
	});

	it("reads times in UTC alone, and bit strings without unused bits", () => {
		const time = (text: string, tag: number = TAG.time) => readDer(der(tag, bytesOf(text)));
		expect(timeOf(time("20260102030405.5Z"))).toBe(Date.UTC(2026, 0, 2, 3, 4, 5, 500));
		expect(timeOf(time("490102030405Z", TAG.utcTime))).toBe(Date.UTC(2049, 0, 2, 3, 4, 5));
		expect(timeOf(time("500102030405Z", TAG.utcTime))).toBe(Date.UTC(1950, 0, 2, 3, 4, 5));
		for (const text of ["20260102030405", "20260102030405+0100", "2026-01-02"])
			expect(() => timeOf(time(text))).toThrow("not a time in UTC");
		expect(() => timeOf(readDer(der(TAG.octets)))).toThrow("expected tag 18, found 4");
		expect(() => contentOf(undefined, TAG.set)).toThrow("expected tag 31, found the end");
		expect(() => bitsOf(readDer(der(TAG.bits, Uint8Array.of(1, 2))))).toThrow("a bit string with unused bits");
		expect(oidOf(readDer(OTHER))).toBe("1.2.3.4");
	});
});
