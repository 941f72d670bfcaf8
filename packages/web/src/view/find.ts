import { type AccountId, defang, displayAddress } from "@clew/core";
import type { FoundView } from "./model.js";
import type { Picture } from "./picture.js";

/** What is listed of all that was found. */
const LISTED = 30;

/**
 * Accounts of a trace by a part of their address, by a label at an end point, by a name the case gives them (`names`), or by a part of the
 * hash of a transaction of theirs; letters' case aside. Whole matches come first. O(rows).
 */
export function find({ accounts, boxes }: Picture, wanted: string, names: ReadonlyMap<string, string>): FoundView {
	const word = wanted.trim().toLowerCase();
	const found = new Map<string, { by: string; rank: number }>();
	const add = (account: string, by: string, rank: number) => {
		if ((found.get(account)?.rank ?? Number.MAX_SAFE_INTEGER) > rank) found.set(account, { by, rank });
	};
	const { result, entities } = accounts;
	const hasWord = (text: string) => text.toLowerCase().includes(word);
	const seen = accounts.named;
	for (const { from, to, txHash } of result.edges) {
		if (hasWord(txHash)) for (const account of [from, to]) add(account, `transaction ${txHash}`, 3);
	}
	for (const { account, labels } of result.leaves) {
		const label = labels.find(({ entity, name }) => hasWord(entity) || hasWord(name));
		if (label !== undefined) add(account, `label ${label.entity} (${label.name})`, 1);
	}
	for (const [account, name] of accounts.marked?.names ?? []) if (seen.has(account) && hasWord(name)) add(account, `own name ${name}`, 1);
	for (const [account, name] of names) if (seen.has(account) && hasWord(name)) add(account, `label ${name}`, 1);
	for (const account of seen) {
		const address = displayAddress(account as AccountId);
		if (account === word || address.toLowerCase() === word) add(account, "address", 0);
		else if (hasWord(address)) add(account, "address", 2);
	}
	const all = [...found].sort(([, a], [, b]) => a.rank - b.rank);
	return {
		found: all.slice(0, LISTED).map(([id, { by }]) => ({
			id,
			name: defang(accounts.marked?.names.get(id) ?? entities.get(id) ?? names.get(id) ?? displayAddress(id as AccountId)),
			by: defang(by),
			inPicture: boxes.has(id),
		})),
		of: all.length,
	};
}
