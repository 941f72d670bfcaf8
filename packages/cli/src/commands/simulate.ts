import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ChainId, canonicalJson, InputError } from "@clew/core";
import { createCase } from "@clew/graph-store";
import { BITCOIN_PLAYBOOKS, PLAYBOOKS, parsePlaybooks, simulate, simulateBitcoin } from "@clew/tracer";
import { Command } from "@commander-js/extra-typings";
import { collect, height, positive } from "../arguments.js";
import type { Context } from "../context.js";
import { statedBy } from "../custody-statement.js";
import { CASE, storeWorld, TRUTH } from "../simulated-world.js";

/** `clew simulate`: a world whose truth is known. */
export function simulateCommand(context: Context) {
	return new Command("simulate")
		.description(
			"make a world of honest people, exchanges, a mixer and thieves whose every step is known, as a case and its truth; the same seed gives the same world",
		)
		.option("--scenario <playbooks>", `what thieves do: all, or some of ${PLAYBOOKS.join(",")}`, "all")
		.option("--bitcoin", "a chain of outputs like Bitcoin's, with wallets, exchanges and mixes, instead of one of accounts", false)
		.option("--seed <n>", "chooses the world", height, 1)
		.option("--size <transfers>", "about how many transfers; with --bitcoin, transactions", positive, 100_000)
		.option(
			"--rpc <url>",
			"play the world on a fresh node for development and fetch it from there: two anvils (chains 424242 and 424243), or with --bitcoin a regtest node",
			collect,
			[],
		)
		.requiredOption("--out <folder>", "a new folder")
		.action(async (options) => {
			const { seed, size } = options;
			const playbooks = parsePlaybooks(options.scenario, options.bitcoin ? BITCOIN_PLAYBOOKS : PLAYBOOKS);
			// Nodes and keys are loaded for a world that is played only.
			const nodes = options.rpc.length > 0 ? await import("../played-world.js") : undefined;
			const keyring = nodes?.makeKeyring();
			const keys = keyring === undefined ? {} : { addressOf: keyring.addressOf };
			const world = options.bitcoin ? simulateBitcoin({ seed, size, playbooks }) : simulate({ seed, size, playbooks, ...keys });
			makeFolder(options.out);
			const store = await createCase(join(options.out, CASE), {
				title: `simulated world ${seed}`,
				chain: world.truth.chain as ChainId,
				at: new Date(0).toISOString().replace(".000Z", "Z"),
				stated: statedBy(),
			});
			try {
				const truth =
					nodes === undefined || keyring === undefined
						? await storeWorld(store, world, context)
						: await nodes.playWorld(store, world, options.rpc, keyring, context);
				context.clearProgress();
				writeFileSync(join(options.out, TRUTH), `${canonicalJson(truth)}\n`);
				const { transfers, transactions } = await store.counts();
				const size = "contracts" in world ? `${transfers} transfers` : `${transactions} transactions`;
				context.print(`${size}, ${truth.thefts.length} thefts; truth in ${join(options.out, TRUTH)}`);
			} finally {
				await store.close();
			}
		});
}

function makeFolder(folder: string): void {
	try {
		mkdirSync(folder);
	} catch (cause) {
		throw new InputError(`${folder} cannot be made`, {
			code: "USAGE",
			cause,
			hint: "Name a folder that does not exist yet, in one that does.",
		});
	}
}
