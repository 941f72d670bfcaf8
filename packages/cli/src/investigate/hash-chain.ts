import { existsSync } from "node:fs";
import { openEndpoints, readerOf } from "@clew/chains";
import {
	type ChainId,
	type ChainNode,
	chainName,
	DEFAULT_CHAIN,
	FAMILIES,
	familyOf,
	InputError,
	NodeError,
	parseHash,
	quote,
} from "@clew/core";
import type { Context } from "../context.js";
import { chainsOfEndpoints, placeOf } from "../endpoint-book.js";
import { hasNode, type NodeOptions, nodePlaces, ownEndpoints } from "../node.js";
import { caseNameOf, type HashWord, hashOn, type SeedWord } from "./seed-words.js";

/** Where a hash was found, and the nodes that know it, as `--rpc` names them; empty where those are asked anyway. */
export interface FoundHash {
	readonly seed: SeedWord;
	readonly rpc: readonly string[];
}

interface Candidate {
	readonly chain: ChainId;
	readonly rpc: readonly string[];
}

/**
 * The chain of a transaction whose hash alone was given: that of a case that it made before, else the first whose nodes know it, of those
 * that are named or that the user keeps; where one chain alone is in question, that one, and nobody is asked. Throws InputError that says
 * which chains were asked.
 */
export async function foundHash(context: Context, { hash }: HashWord, { rpc, trustNode = false }: NodeOptions): Promise<FoundHash> {
	const all = candidates(context, hash, rpc);
	const known = all.find(({ chain }) => existsSync(caseNameOf(hashOn(hash, chain))));
	const [only, ...others] = all;
	const one = known ?? (others.length === 0 && /^0x/i.test(hash) ? (only ?? { chain: DEFAULT_CHAIN, rpc: [] }) : undefined);
	if (one !== undefined) return { seed: hashOn(hash, one.chain), rpc: one.rpc };
	if (only === undefined)
		throw new InputError(`${quote(hash)} may be a transaction of several kinds of chains`, {
			code: "USAGE",
			hint: "Give --chain bitcoin, --chain tron or another; on EVM chains a hash begins with 0x.",
		});
	const [unknown, silent]: [string[], string[]] = [[], []];
	for (const candidate of all) {
		const name = chainName(candidate.chain) ?? candidate.chain;
		context.progress(`looking for the transaction on ${name}`);
		try {
			if (await isKnown(context, hash, candidate, trustNode)) {
				context.clearProgress();
				context.note(`${hash} is a transaction of ${name}${unknown.length === 0 ? "" : `, and not known on ${unknown.join(", ")}`}`);
				return { seed: hashOn(hash, candidate.chain), rpc: candidate.rpc };
			}
			unknown.push(name);
		} catch (error) {
			if (!(error instanceof NodeError || error instanceof InputError)) throw error;
			silent.push(`${name} (${error.message})`);
		}
	}
	context.clearProgress();
	throw new InputError(
		`no node knows a transaction ${hash}: ${unknown.length === 0 ? "none answered" : `asked ${unknown.join(", ")}`}${silent.length === 0 ? "" : `; not told on ${silent.join("; ")}`}`,
		{ hint: "It may be on another chain: name it with --chain and its node with --rpc, or keep one with clew endpoints add." },
	);
}

/** Chains that a hash may be of and that somebody can be asked about: those of families first, then those of the user's own endpoints. */
function candidates(context: Context, hash: string, rpc: readonly string[]): Candidate[] {
	const mains = FAMILIES.map(({ main }) => main).filter((chain) => hasNode(rpc, chain));
	const found: Candidate[] = mains.map((chain) => ({ chain, rpc }));
	for (const chain of chainsOfEndpoints("blocks")) {
		const own = ownEndpoints(context, chain, "blocks").map(({ endpoint }) => endpoint.name);
		if (own.length > 0 && (rpc.length > 0 || !mains.includes(chain))) found.push({ chain, rpc: own });
	}
	// Of an EVM chain a hash without 0x is the last that it is taken for.
	const without = /^0x/i.test(hash) ? [] : found.filter(({ chain }) => !isOf(hash, chain) && isOf(`0x${hash}`, chain));
	return [...found.filter(({ chain }) => isOf(hash, chain)), ...without];
}

const isOf = (hash: string, chain: ChainId): boolean => familyOf(chain).hash.pattern.test(hash.toLowerCase());

async function isKnown(context: Context, hash: string, { chain, rpc }: Candidate, trust: boolean): Promise<boolean> {
	const places = rpc.length > 0 ? rpc.map((text) => placeOf(text, chain, "blocks")) : nodePlaces(context, [], chain);
	const node = await openEndpoints<ChainNode>(
		places.map(({ url }) => url),
		(url) => readerOf(chain).open(url, chain, { signal: context.signal, attempts: 2, trust }),
		{},
	);
	try {
		const known = parseHash(isOf(hash, chain) ? hash : `0x${hash}`, chain);
		if (node.ledger === "outputs") return (await node.transaction(known)) !== undefined;
		await node.heightOf(known);
		return true;
	} catch (error) {
		// A node of outputs without an index says so of what it has, too.
		if (node.ledger === "accounts" && error instanceof NodeError && error.code === "NODE_BAD_ANSWER" && !error.retryable) return false;
		throw error;
	} finally {
		node.close();
	}
}
