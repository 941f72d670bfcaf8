import { type ChainId, countOf } from "@clew/core";
import type { Context } from "../context.js";
import { resolved } from "../look.js";
import { foundHash } from "./hash-chain.js";
import type { InvestigateOptions } from "./investigate.js";
import { hashOn, ofAccount, type SeedWord, seedsOfFile, seedWord } from "./seed-words.js";

/** Seeds of the words, of files behind `@`, of names and of hashes that a node is asked about; and which nodes to ask from then on. */
export async function seedsOf(
	words: readonly string[],
	usual: ChainId | undefined,
	options: InvestigateOptions,
	context: Context,
): Promise<{ readonly seeds: readonly SeedWord[]; readonly rpc: readonly string[] }> {
	let { rpc } = options;
	const of = { chain: options.chain, usual };
	const typed = words.flatMap((word) => (word.startsWith("@") ? seedsOfFile(word.slice(1), of) : [seedWord(word, of)]));
	const seeds: SeedWord[] = [];
	for (const one of typed) {
		if ("hash" in one) {
			// Seeds are of one chain, and the first says which.
			const before = seeds.at(-1)?.chain;
			const found = before === undefined ? await foundHash(context, one, options) : { seed: hashOn(one.hash, before), rpc };
			seeds.push(found.seed);
			rpc = found.rpc;
		} else seeds.push("name" in one ? ofAccount((await resolved(one.name, rpc[0], context)).account) : one);
	}
	const once = [...new Map(seeds.map((seed) => [`${seed.chain} ${seed.spec}`, seed])).values()];
	const twice = seeds.length - once.length;
	if (twice > 0) context.note(`${countOf(twice, "seed")} named more than once: each counts once`);
	return { seeds: once, rpc };
}
