import { type Cells, csv } from "../../trials/reading.js";
import { shuffled } from "../shuffled.js";
import { FORMATS, type Told, toldOf } from "./formats.js";
import { addressOf, NOBODY } from "./model.js";
import type { FilePlan, World } from "./world.js";

/** A file by its name in the case's folder. */
export interface WrittenFile {
	readonly name: string;
	readonly content: string;
}

/** A planned file with what it tells, in the order of the world. */
export interface ToldFile {
	readonly plan: FilePlan;
	readonly told: readonly Told[];
}

/** What each file of a world tells. A file of nobody's without a row is none. */
export function toldFiles({ transactions, files }: Pick<World, "transactions" | "files">): ToldFile[] {
	return files
		.map((plan) => {
			const ids = new Set(plan.transactions);
			return { plan, told: transactions.filter(({ id }) => ids.has(id)).flatMap((tx) => toldOf(plan.format, tx, plan.owner)) };
		})
		.filter(({ plan, told }) => plan.owner !== undefined || told.length > 0);
}

/** Writes a file as its source would; `salt` renames addresses, hashes and contracts. */
export function written({ plan, told }: ToldFile, number: number, salt = ""): WrittenFile {
	const { format, owner, json, shuffle } = plan;
	const { action, row } = FORMATS[format];
	const how = { salt, owner, head: plan.head, paths: plan.paths };
	const rows = shuffled(told, shuffle).map((one) => row(one, how));
	const name = `${number}/${action}${owner === undefined ? "" : `-${addressOf(owner, salt)}`}.${json ? "json" : "csv"}`;
	if (json) return { name, content: JSON.stringify({ status: rows.length > 0 ? "1" : "0", message: messageOf(rows), result: rows }) };
	return { name, content: rows.length > 0 ? csv(rows) : `${Object.keys(row(EXAMPLE[FORMATS[format].kind], how)).join(",")}\n` };
}

const messageOf = (rows: readonly unknown[]) => (rows.length > 0 ? "OK" : "No transactions found");

const nothing = { from: NOBODY, to: NOBODY, amount: 0 };
const tx = { id: 0, height: 1, index: 0, sender: NOBODY, to: NOBODY, value: 0, fee: 0, failed: false, calls: [], tokens: [] };
/** Rows whose columns a list without rows has. */
const EXAMPLE: Readonly<Record<"native" | "token" | "internal", Told>> = {
	native: { what: "transaction", tx },
	token: { what: "token", tx, move: { ...nothing, token: 0, log: 0 } },
	internal: { what: "call", tx, nth: 0, call: { ...nothing, kind: "call", failed: false } },
};

/**
 * An export that tells the decimals of tokens, of accounts that are in no world: the site's own downloads leave them out, so that it is
 * imported before all others.
 */
export function decimalsFile(salt = ""): WrittenFile {
	const rows: Cells[] = [0, 1].map((token) => {
		const move = { from: STRANGER, to: STRANGER + 1, token, amount: 1, log: token };
		const told: Told = { what: "token", tx: { ...tx, id: -1, sender: STRANGER }, move };
		return FORMATS["api tokens"].row(told, { salt, owner: undefined, head: false, paths: false });
	});
	return { name: "decimals.csv", content: csv(rows) };
}

/** The first party that is in no world. */
export const STRANGER = 1_000;
