import { existsSync, readFileSync } from "node:fs";
import { type EndpointKind, type EndpointUse, FAMILY_READERS, readerOf } from "@clew/chains";
import {
	type ChainId,
	endpointName,
	endpointSecrets,
	InputError,
	parseFollowedChain,
	quote,
	rememberEndpoint,
	rememberSecret,
} from "@clew/core";
import { z } from "zod";
import { dataFile } from "./data-file.js";
import { writePrivately } from "./private-file.js";

/** Where a key stands in the URL of an endpoint; the key itself is nowhere but in the environment. */
export const KEY_PLACE = "{key}";
/** A word that names an interface and never a customer, in the place of the key while a URL is looked at. */
const PUBLIC_WORD = "main";
const NAME = /^[a-z0-9][a-z0-9._-]{0,39}$/i;
const CERTIFICATE = /^[0-9a-f]{64}$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** What has so many characters, digits and letters mixed, is a key whatever its owner says. */
const LIKE_A_KEY = /(?=[^/?&=]*[0-9])(?=[^/?&=]*[A-Za-z])[A-Za-z0-9_-]{20,}/;

const findingShape = z.strictObject({ about: z.string(), answer: z.enum(["yes", "no", "not known"]), means: z.string() });
const testShape = z.strictObject({
	/** ISO time of the test. */
	at: z.string(),
	/** Why it does not work; absent where it does. */
	failed: z.string().optional(),
	client: z.string().optional(),
	head: z.strictObject({ height: z.number().int(), time: z.number().int().optional() }).optional(),
	findings: z.array(findingShape),
	batch: z.number().int().positive().optional(),
	blocks: z.number().int().positive().optional(),
	requests: z.number().int(),
});
const endpointShape = z.strictObject({
	name: z.string().regex(NAME),
	chain: z.string().transform((text) => parseFollowedChain(text)),
	kind: z.string(),
	url: z.string(),
	keyEnv: z.string().regex(VARIABLE).optional(),
	/** SHA-256 of the one certificate that it may show, where no authority vouches for it. */
	certificate: z.string().regex(CERTIFICATE).optional(),
	tested: testShape.optional(),
});
const bookShape = z.strictObject({ schema: z.literal("clew.endpoint-book/1"), endpoints: z.array(endpointShape) });

/** What an endpoint told of itself when it was last tested. */
export type Tested = z.infer<typeof testShape>;
/** An endpoint of the user's: its URL holds no key, but the place of one. */
export type Endpoint = z.infer<typeof endpointShape>;

/** Where this user's endpoints are kept. */
export const bookPath = (): string => dataFile("endpoints.json", "CLEW_ENDPOINTS");

/** The user's endpoints, in the order in which they were added. Throws InputError for a file that is none. */
export function readBook(): readonly Endpoint[] {
	const path = bookPath();
	if (!existsSync(path)) return [];
	try {
		return bookShape.parse(JSON.parse(readFileSync(path, "utf8"))).endpoints;
	} catch (cause) {
		throw new InputError("is no list of endpoints", {
			where: path,
			cause,
			hint: "Remove the file, and add the endpoints again: clew endpoints add.",
		});
	}
}

function writeBook(endpoints: readonly Endpoint[]): void {
	writePrivately(bookPath(), `${JSON.stringify({ schema: "clew.endpoint-book/1", endpoints }, undefined, "\t")}\n`);
}

/** Puts an endpoint into the book, in the place of one of the same name. */
export function putEndpoint(endpoint: Endpoint): void {
	const known = readBook();
	const isKnown = known.some(({ name }) => name === endpoint.name);
	writeBook(isKnown ? known.map((one) => (one.name === endpoint.name ? endpoint : one)) : [...known, endpoint]);
}

/** Takes an endpoint out of the book; false where it holds none of this name. */
export function dropEndpoint(name: string): boolean {
	const known = readBook();
	const left = known.filter((one) => one.name !== name);
	if (left.length < known.length) writeBook(left);
	return left.length < known.length;
}

/** What a user says of an endpoint. */
export interface EndpointWords {
	readonly name: string;
	readonly url: string;
	readonly chain: string | undefined;
	readonly kind: string | undefined;
	readonly keyEnv: string | undefined;
	/** Nothing in the URL is a key, says the user. */
	readonly keyless: boolean;
	/** SHA-256 of the certificate that it must show, as its operator tells it: hex, with colons or without. */
	readonly certificate: string | undefined;
}

/** An endpoint as a user describes it. Throws InputError (USAGE), which tells nothing of a key that stands in the URL. */
export function describedEndpoint({ name, url, keyEnv, keyless, ...words }: EndpointWords): Endpoint {
	if (!NAME.test(name)) throw usage(`${quote(name)} is no name of an endpoint`, "Take letters, digits, dots, dashes and underscores.");
	if (keyEnv !== undefined && (!VARIABLE.test(keyEnv) || (!keyEnv.includes("_") && LIKE_A_KEY.test(keyEnv))))
		throw usage("--key-env takes the name of an environment variable, and not the key itself", "export MY_KEY=...; --key-env MY_KEY");
	mustHoldNoKey(name, url, keyless);
	const { chain, kind } = kindOf(url, words.chain, words.kind);
	const certificate = words.certificate?.replaceAll(":", "").toLowerCase();
	if (certificate !== undefined && (!CERTIFICATE.test(certificate) || !/^ssl:/i.test(url)))
		throw usage("--certificate takes the SHA-256 of the certificate of an ssl:// server, in 64 hex digits");
	const template = kind.template?.(url, chain, keyEnv !== undefined) ?? url;
	if (keyEnv !== undefined && !template.includes(KEY_PLACE))
		throw usage(
			`--key-env ${keyEnv}: where in the URL the key stands is not said`,
			`Write ${KEY_PLACE} there, such as https://host/v3/${KEY_PLACE}.`,
		);
	if (keyEnv === undefined && template.includes(KEY_PLACE))
		throw usage(`the URL has a place for a key, and no key is named`, "Name the environment variable that holds it: --key-env VARIABLE.");
	return {
		name,
		chain,
		kind: kind.name,
		url: template,
		...(keyEnv === undefined ? {} : { keyEnv }),
		...(certificate === undefined ? {} : { certificate }),
	};
}

/** Throws InputError where a URL is none, or holds what may be a key. */
function mustHoldNoKey(name: string, url: string, keyless: boolean): void {
	rememberEndpoint(url);
	const bare = url.replaceAll(KEY_PLACE, PUBLIC_WORD);
	const spoken = ["http", "https", ...FAMILY_READERS.flatMap(({ endpointKinds }) => endpointKinds.flatMap(({ schemes }) => schemes ?? []))];
	if (!spoken.includes(schemeOf(url)) || !URL.canParse(bare))
		throw usage(`${endpointName(bare)}: is no URL of an endpoint: spoken are ${spoken.join(", ")}`);
	if (endpointSecrets(bare).length === 0 || (keyless && !LIKE_A_KEY.test(bare.replace(/^https?:\/\/[^/?]*/i, "")))) return;
	const variable = `${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}_KEY`;
	throw usage(
		`${endpointName(bare)}: the URL holds what may be a key, which is neither kept nor shown`,
		`export ${variable}=... and write ${KEY_PLACE} in its place, with --key-env ${variable}${keyless ? "" : "; or say --keyless where nothing of it is a secret"}.`,
	);
}

function kindOf(url: string, chainText: string | undefined, kindText: string | undefined): { chain: ChainId; kind: EndpointKind } {
	const { hostname } = new URL(url.replaceAll(KEY_PLACE, PUBLIC_WORD));
	const known = FAMILY_READERS.flatMap(({ family, endpointKinds }) => endpointKinds.map((kind) => ({ family, kind })));
	const scheme = schemeOf(url);
	const own = known.filter(({ kind }) => kind.schemes?.includes(scheme));
	const named = (kind: EndpointKind) => (kindText === undefined ? own.length > 0 || kind.hosts?.test(hostname) : kind.name === kindText);
	const wanted = (own.length > 0 ? own : known.filter(({ kind }) => kind.schemes === undefined)).filter(({ kind }) => named(kind));
	const chain = chainText === undefined ? (wanted[0]?.family.main ?? FAMILY_READERS[0]?.family.main) : parseFollowedChain(chainText);
	if (chain === undefined) throw new Error("no family of chains is registered");
	const ofChain = readerOf(chain).endpointKinds;
	const kind =
		ofChain.find((one) => wanted.some((other) => other.kind === one)) ??
		(kindText === undefined && own.length === 0 ? ofChain[0] : undefined);
	if (kind === undefined)
		throw usage(
			`${quote(kindText ?? schemeOf(url))} is no kind of endpoint of this chain${own.length > 0 ? `, or not at ${scheme}://` : ""}`,
			`Its kinds: ${ofChain.map((one) => one.name).join(", ")}.`,
		);
	return { chain, kind };
}

const schemeOf = (url: string): string => /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase() ?? "";

function usage(text: string, hint?: string): InputError {
	return new InputError(text, { code: "USAGE", ...(hint === undefined ? {} : { hint }) });
}

/** The kind of an endpoint of the book. Throws InputError for one that this version does not know. */
export function kindOfEndpoint({ name, chain, kind }: Endpoint): EndpointKind {
	const found = readerOf(chain).endpointKinds.find((one) => one.name === kind);
	if (found === undefined) throw usage(`endpoint ${name} is of a kind that is not known: ${quote(kind)}`, `clew endpoints remove ${name}`);
	return found;
}

/** The URL of an endpoint with its key, which is remembered as a secret; undefined while the environment does not hold it. */
export function urlOf({ url, keyEnv }: Endpoint): string | undefined {
	if (keyEnv === undefined) return url;
	const key = process.env[keyEnv];
	if (key === undefined || key === "") return undefined;
	rememberSecret(key);
	// A user and a password in one variable stay two.
	const inHost = url.indexOf(KEY_PLACE) < url.indexOf("@");
	const encoded = inHost ? key.split(":").map(encodeURIComponent).join(":") : encodeURIComponent(key);
	return url.replaceAll(KEY_PLACE, () => encoded);
}

/** The user's endpoints of a chain that serve a use, in their order. */
export function endpointsFor(chain: ChainId, use: EndpointUse): readonly Endpoint[] {
	return readBook().filter((one) => one.chain === chain && kindOfEndpoint(one).serves.includes(use));
}

/** The chains of which the user keeps endpoints that serve a use, in the order in which they came, each once. */
export function chainsOfEndpoints(use: EndpointUse): readonly ChainId[] {
	const serving = readBook().filter((one) => kindOfEndpoint(one).serves.includes(use));
	return [...new Set(serving.map(({ chain }) => chain))];
}

/** An endpoint as it is asked: its URL and, where it is one of the book, what is known of it. */
export interface Place {
	readonly url: string;
	readonly endpoint?: Endpoint;
}

/** True for what names an endpoint rather than being a URL. */
const isName = (text: string): boolean => NAME.test(text);

/**
 * What an option says, a URL or the name of an endpoint of this chain. Throws InputError (USAGE) for a name that is not in the book, of
 * another chain or of no such use, and where its key is not in the environment.
 */
export function placeOf(text: string, chain: ChainId, use: EndpointUse): Place {
	if (!isName(text)) return { url: text };
	const endpoint = readBook().find(({ name }) => name === text);
	if (endpoint === undefined)
		throw usage(`${quote(text)} is no URL, and no endpoint has this name`, "clew endpoints list tells those that have been added.");
	if (endpoint.chain !== chain) throw usage(`endpoint ${text} is of ${endpoint.chain}, and one of ${chain} is needed`);
	if (!kindOfEndpoint(endpoint).serves.includes(use))
		throw usage(
			`endpoint ${text} (${endpoint.kind}) serves no ${use}`,
			use === "blocks"
				? "Blocks are asked of a node; an index is named with --history."
				: "Histories are asked of an index; a node is named with --rpc.",
		);
	const url = urlOf(endpoint);
	if (url === undefined) throw usage(`endpoint ${text} needs its key, and ${endpoint.keyEnv} is not set`, `export ${endpoint.keyEnv}=...`);
	return { url, endpoint };
}
