import { readFileSync, statSync } from "node:fs";
import {
	type AccountId,
	addressOf,
	type ChainId,
	chainName,
	chainOf,
	chainOfAddress,
	chainOfExplorer,
	DEFAULT_CHAIN,
	FAMILIES,
	InputError,
	isHash,
	parseHash,
	quote,
} from "@clew/core";
import { parseSeed } from "@clew/tracer";
import { pointedAt } from "../pointed-at.js";
import { subjectOf } from "../subject.js";

/** What a person typed to begin with: a seed as `clew trace` takes it, and its chain. */
export interface SeedWord {
	readonly chain: ChainId;
	readonly spec: string;
	/** Set where the seed is an address. */
	readonly account?: AccountId;
}

/** A name that a node has to be asked about. */
export interface NameWord {
	readonly name: string;
}

/** A transaction's hash of which nothing says on which chain it is. */
export interface HashWord {
	readonly hash: string;
}

/** What is known besides the words: the chain that was named, and that of the case, which a bare address or hash may be of. */
export interface SeedContext {
	readonly chain: ChainId | undefined;
	readonly usual: ChainId | undefined;
}

const HASH = /^(?:0x)?[0-9a-f]{64}$/i;
const HASH_IN_URL = /(?<![0-9a-z])(?:0x)?[0-9a-f]{64}(?![0-9a-z])/gi;
const SPEC = /^(account|tx|transfer|outpoint):/;
const URL_WORD = /^https?:\/\//i;
const TEST_NETWORK = /\/(testnet[0-9]?|signet|regtest|nile|shasta)(\/|$)/i;

/** The forms that {@link seedWord} knows, for hints. */
export const SEED_FORMS =
	"Forms: 0x and 40 hex digits (Ethereum and other EVM chains), T and 33 letters and digits (Tron), bc1..., 1... or 3... (Bitcoin); a transaction's hash, 64 hex digits, with 0x before it on EVM chains; the URL of either at an explorer; a folder of exports; @FILE with one of these a line.";

/** Reads an address of any family, a transaction's hash, an explorer's URL, an ENS name, or a seed. Throws InputError. */
export function seedWord(text: string, { chain, usual }: SeedContext): SeedWord | NameWord | HashWord {
	const word = text.trim();
	if (SPEC.test(word)) return spelled(word, { chain, usual });
	if (HASH.test(word)) return ofHash(word, chain ?? usual);
	if (URL_WORD.test(word)) return ofUrl(word, { chain, usual });
	const subject = knownSubject(word, { chain, usual });
	if (subject.kind === "ens") return { name: subject.name };
	if (subject.kind === "site") throw notKnown(word);
	return ofAccount(subject.account);
}

/** A seed that is an account. */
export function ofAccount(account: AccountId): SeedWord {
	return { chain: chainOf(account), spec: `account:${addressOf(account)}`, account };
}

function notKnown(word: string): InputError {
	return new InputError(`${quote(word)} is no address, hash or URL of a known form, and no folder`, { code: "USAGE", hint: SEED_FORMS });
}

function knownSubject(word: string, { chain, usual }: SeedContext): ReturnType<typeof subjectOf> {
	const bare = word.slice(word.lastIndexOf(":") + 1);
	const isForm = chainOfAddress(bare, chain ?? usual ?? DEFAULT_CHAIN) !== undefined || /\.eth\.?$/i.test(word);
	// What has the form of an address and is mistyped is told so by its family.
	if (!isForm && !FAMILIES.some((family) => family.requestedAccount(word) !== undefined)) throw notKnown(word);
	return subjectOf(word, chain, usual);
}

/** A seed in full: the chain is that of its address or hash, else the one that was named. */
function spelled(word: string, { chain, usual }: SeedContext): SeedWord | HashWord {
	const [, kind = "", rest = ""] = /^([a-z]+):(.*)$/s.exec(word) ?? [];
	if (kind === "account" || (kind === "tx" && HASH.test(rest))) {
		const inner = seedWord(rest, { chain, usual });
		if (!("name" in inner)) return inner;
	}
	const bitcoin = FAMILIES.find(({ ledger }) => ledger === "outputs")?.main;
	const on = chain ?? usual ?? (kind === "outpoint" ? bitcoin : DEFAULT_CHAIN) ?? DEFAULT_CHAIN;
	return { chain: on, spec: parseSeed(word, on).spec };
}

function ofHash(word: string, chain: ChainId | undefined): SeedWord | HashWord {
	return chain === undefined ? { hash: word } : hashOn(word, chain);
}

/** A seed that is a transaction of a chain; on EVM chains its hash may lack the 0x. Throws InputError. */
export function hashOn(word: string, chain: ChainId): SeedWord {
	const typed = isHash(word, chain) || /^0x/i.test(word) ? word : `0x${word}`;
	return { chain, spec: `tx:${parseHash(typed, chain)}` };
}

function ofUrl(url: string, { chain, usual }: SeedContext): SeedWord | NameWord | HashWord {
	const { hostname } = new URL(url);
	if (chain === undefined && TEST_NETWORK.test(url))
		throw new InputError("the URL is of a test network", { code: "USAGE", hint: "Name it with --chain." });
	const on = chain ?? chainOfExplorer(hostname) ?? usual;
	const hashes = [...new Set([...url.slice(url.indexOf(hostname) + hostname.length).matchAll(HASH_IN_URL)].map(([hash]) => hash))];
	const [hash, ...more] = hashes;
	if (hash !== undefined && more.length === 0) return ofHash(hash, on);
	const found = pointedAt(url, on).flatMap((one) => (one.kind === "not-looked" ? [] : [one]));
	const [one, ...others] = found;
	if (one === undefined || others.length > 0 || hashes.length > 1)
		throw new InputError(`the URL names ${hashes.length + found.length || "no"} addresses or transactions`, {
			code: "USAGE",
			hint: "Give the address or the hash itself.",
		});
	return one.kind === "ens" ? { name: one.name } : ofAccount(one.account);
}

/**
 * The seeds of a file, one a line in its first column; a first line that is none counts as the header. Throws InputError with file:line.
 */
export function seedsOfFile(path: string, context: SeedContext): (SeedWord | NameWord | HashWord)[] {
	if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
		throw new InputError("is no file", { where: path, code: "USAGE", hint: `Behind @ stands a file with one seed a line. ${SEED_FORMS}` });
	const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
	const found: (SeedWord | HashWord | NameWord)[] = [];
	for (const { first, line } of firstCells(text, path)) {
		const word = first.trim();
		if (word === "" || word.startsWith("#")) continue;
		try {
			found.push(seedWord(word, context));
		} catch (error) {
			if (line === 1 && !/[0-9]/.test(word)) continue;
			if (!(error instanceof InputError)) throw error;
			throw new InputError(error.message, {
				where: `${path}:${line}`,
				code: error.code,
				cause: error,
				...(error.hint ? { hint: error.hint } : {}),
			});
		}
	}
	if (found.length === 0) throw new InputError("holds no seed", { where: path, code: "USAGE", hint: SEED_FORMS });
	return found;
}

/** A line as RFC 4180 has it: what stands in quotes may hold line ends, which begin no other line. */
const LINE = /((?:"(?:[^"]|"")*"|[^"\r\n])*)(\r\n|\n|\r|$)/y;
const FIRST_CELL = /^\s*(?:"((?:[^"]|"")*)"|([^,;\t]*))/;

/** The first cell of each line, and the line of the file at which it begins. Throws InputError for a quote that does not end. */
function* firstCells(text: string, path: string): Generator<{ readonly first: string; readonly line: number }> {
	const lines = new RegExp(LINE);
	for (let line = 1; lines.lastIndex < text.length; ) {
		const [whole, content = ""] = lines.exec(text) ?? [];
		if (whole === undefined || whole === "") throw new InputError("a quote does not end", { where: `${path}:${line}` });
		const [, quoted, plain = ""] = FIRST_CELL.exec(content) ?? [];
		yield { first: quoted ?? plain, line };
		line += whole.split(/\r\n|\n|\r/).length - 1;
	}
}

/** Whether a word names a file or a folder that is there. */
export function isPath(word: string): boolean {
	return statSync(word, { throwIfNoEntry: false }) !== undefined;
}

/** The one chain that all seeds are on. Throws InputError (USAGE) where they are on several. */
export function chainOfSeeds(seeds: readonly SeedWord[]): ChainId | undefined {
	const chains = [...new Set(seeds.map(({ chain }) => chain))];
	if (chains.length > 1)
		throw new InputError(`the seeds are on several chains: ${chains.map((one) => chainName(one) ?? one).join(", ")}`, {
			code: "USAGE",
			hint: "Investigate those of one chain at a time; one case can hold them all.",
		});
	return chains[0];
}

/** The case's file for a seed, in the current folder: by its chain, where it is not its family's main one, and its address or hash. */
export function caseNameOf({ chain, spec }: SeedWord): string {
	const name = FAMILIES.some(({ main }) => main === chain)
		? ""
		: `${(chainName(chain) ?? chain).toLowerCase().replace(/[^a-z0-9]+/g, "-")}-`;
	return `clew-${name}${spec.slice(spec.indexOf(":") + 1).replace(/[^0-9A-Za-z]+/g, "-")}.clew`;
}
