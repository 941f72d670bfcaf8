import { readerOf } from "@clew/chains";
import { type AccountId, type ChainId, countOf, displayAddress, familyOf } from "@clew/core";
import type { Answer, Place, UnreadWhy } from "@clew/workers";

/** Every place whose own history was not read to the end. */
export function unreadPlaces({ groups }: Answer): readonly Place[] {
	return Object.values(groups).flatMap((places) => places.filter(({ unread }) => unread !== undefined));
}

/** The cheapest way to close what was not read, one sentence for each reason, the most frequent first. */
export function closings(answer: Answer, casePlace: string): string[] {
	const counts = new Map<UnreadWhy, Set<AccountId>>();
	const unlooked = answer.unlooked.map(({ account, unread }) => ({ accounts: [account], unread }));
	for (const { accounts, unread } of [...unlooked, ...unreadPlaces(answer)]) {
		if (unread === undefined) continue;
		const own = counts.get(unread) ?? new Set();
		counts.set(unread, own);
		for (const account of accounts) own.add(account);
	}
	return [...counts]
		.sort((a, b) => b[1].size - a[1].size)
		.map(([why, [...accounts]]) => {
			const how = closing(why, answer.chain as ChainId, accounts[0], casePlace);
			return `${countOf(accounts.length, "account")} ${WHY[why]}: ${how}`;
		});
}

const WHY: Readonly<Record<UnreadWhy, string>> = {
	"no node": "without a node",
	requests: "beyond --requests",
	time: "beyond the time",
	blocks: "with more blocks than --blocks-per-account",
	"no answer": "of which the node does not tell",
	stopped: "where the follow broke off",
	calls: "whose internal calls are not known",
	left: "of which the node says that less is there than was read: it left by a way that is not known",
	receiver: "of which no source names the receiver",
	choice: "left out by choice",
};

function closing(why: UnreadWhy, chain: ChainId, account: AccountId | undefined, casePlace: string): string {
	const family = familyOf(chain);
	const address = account === undefined ? "ADDRESS" : displayAddress(account);
	const page = family.accountPage?.(chain, address);
	const [kind] = readerOf(chain).rowImports;
	const files = `, or download every CSV at the foot of ${page} (other addresses alike): clew import ${kind?.name} FILES --case ${casePlace}`;
	const answers = `, or fetch what an index tells of it (other addresses alike): clew import esplora ${page} --case ${casePlace}`;
	const csv = page === undefined ? "" : kind === undefined ? answers : files;
	switch (why) {
		case "requests":
			return "call it again, it goes on";
		case "time":
		case "stopped":
			return "call it again, it goes on; --minutes gives it longer";
		case "blocks":
			return "these may be services: name them (--labels FILE), or raise --blocks-per-account";
		case "left":
			return `give --rpc of another node, best of ${family.words.calls ?? "one that tells more"}${csv}`;
		case "calls":
			return `give --rpc of ${family.words.calls ?? "a node that tells more"}${csv}`;
		case "no answer":
			return family.ledger === "outputs"
				? `give --rpc of an Esplora API, or of an Electrum server (ssl://HOST:PORT)${csv}`
				: `give --history of an index, or --rpc of a node with one (ots_ or trace_filter), or with old states (archive)${csv}`;
		case "no node":
			return `give --rpc URL${csv}`;
		case "receiver":
			return "give --rpc of a node";
		case "choice":
			return "seed them: call it with these addresses";
	}
}
