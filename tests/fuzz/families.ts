import type { TraceResult } from "@clew/core";
import * as accountCheck from "./accounts/check.js";
import { shownWorld } from "./accounts/shown.js";
import * as accountSmaller from "./accounts/smaller.js";
import * as accountVariants from "./accounts/variants.js";
import * as accountWorld from "./accounts/world.js";
import * as outputCheck from "./outputs/check.js";
import * as outputVariants from "./outputs/variants.js";
import * as outputWorld from "./outputs/world.js";
import type { Family, Seen } from "./run.js";

function seenIn(results: readonly TraceResult[]): Seen {
	const ends = (reason: string) => results.flatMap(({ leaves }) => leaves).filter(({ stop }) => stop.reason === reason).length;
	return {
		questions: results.length,
		rows: results.flatMap(({ edges }) => edges).length,
		unspent: ends("unspent"),
		unfetched: ends("unfetched"),
	};
}

/** Accounts: exports of Etherscan's API and site, and of ethereum-etl. */
export const ACCOUNTS: Family<accountWorld.World, accountCheck.ReadWorld> = {
	name: "account",
	worldOf: accountWorld.worldOf,
	read: (world) => accountCheck.readWorld(world, accountCheck.PLAIN),
	wrongOf: accountCheck.wrongOf,
	variants: accountVariants.VARIANTS,
	smaller: accountSmaller.smallerWorlds,
	shown: shownWorld,
	count: ({ answers }) => seenIn(answers.map(({ traced }) => traced.placed)),
};

/** Outputs: Bitcoin's block files, a node's answers, Esplora's, and Blockchair's dumps. */
export const OUTPUTS: Family<outputWorld.World, outputCheck.ReadWorld> = {
	name: "output",
	worldOf: outputWorld.worldOf,
	read: (world) => outputCheck.readWorld(world, outputCheck.PLAIN),
	wrongOf: outputCheck.wrongOf,
	variants: outputVariants.VARIANTS,
	smaller: outputWorld.smallerWorlds,
	shown: ({ transactions, files, asks }) => [...transactions, ...files, ...asks].map((one) => JSON.stringify(one)).join("\n"),
	count: ({ results }) => seenIn([...results.values()]),
};
