import { type AccountId, type ChainId, type Coverage, type LedgerReader, nativeAsset } from "@clew/core";
import { kindsThatTell } from "../../read-runs.js";
import { UnionFind } from "../union-find.js";
import { type AccountClusterOptions, AccountJoins, type AccountReason } from "./account-joins.js";
import { type AccountPass, passOver } from "./account-pass.js";

/** Clusters of the accounts of one chain of a case. Leads, every one. */
export interface AccountClusters {
	readonly accounts: number;
	readonly reasons: readonly AccountReason[];
	/** Accounts whose history was not read from its beginning: who funded them first is not known, and joins nobody. */
	readonly unread: number;
	/** The accounts of a cluster in order of appearance; the account alone where nothing joins it. */
	clusterOf(account: AccountId): readonly AccountId[];
	/** Clusters of at least two accounts, the largest first. */
	sizes(): readonly { readonly first: AccountId; readonly size: number }[];
	/** The fewest reasons that join two accounts, with the account that each leads to; undefined where none does. */
	why(from: AccountId, to: AccountId): readonly { readonly reason: AccountReason; readonly account: AccountId }[] | undefined;
	/** Accounts whose first coins in the case came from it, in order. */
	fundedBy(account: AccountId): readonly AccountId[];
}

/** Joins the accounts of a chain by the heuristics asked for; one pass, then a look at what stands out. Throws what the source throws. */
export async function clusterAccounts(
	source: LedgerReader,
	chain: ChainId,
	coverage: readonly Coverage[],
	options: AccountClusterOptions,
): Promise<AccountClusters> {
	const deposits = new Set(options.detections.filter(({ kind }) => kind === "deposit-address").map(({ account }) => account));
	const pass = await passOver(source, chain, deposits, options);
	const work = new AccountJoins(source, pass, options, readFromStart(chain, coverage));
	const reasons: AccountReason[] = [];
	for (const heuristic of options.heuristics) for (const reason of await work[heuristic]()) reasons.push(reason);
	return joined(pass, reasons, work);
}

/** Whether all that brings an account coins was read from the chain's beginning on. */
function readFromStart(chain: ChainId, coverage: readonly Coverage[]): (account: AccountId) => boolean {
	const byKind = kindsThatTell(chain, nativeAsset(chain)).map((kind) => {
		// The genesis block pays nobody in a transaction.
		const begins = coverage.filter(({ kinds, fromHeight }) => kinds.includes(kind) && fromHeight <= 1);
		return { all: begins.some(({ account }) => account === undefined), own: new Set(begins.map(({ account }) => account)) };
	});
	return (account) => byKind.every(({ all, own }) => all || own.has(account));
}

function joined(pass: AccountPass, reasons: readonly AccountReason[], work: AccountJoins): AccountClusters {
	const { table } = pass;
	const sets = new UnionFind();
	sets.grow(table.size);
	const byAccount = new Map<AccountId, AccountReason[]>();
	for (const reason of reasons) {
		const [first, ...rest] = reason.accounts.map((account) => table.numberOf(account));
		for (const other of rest) sets.union(first as number, other);
		for (const account of reason.accounts) byAccount.set(account, [...(byAccount.get(account) ?? []), reason]);
	}
	const labels = sets.labels();
	const members = new Map<number, number[]>();
	for (let account = 0; account < table.size; account++) {
		const label = labels[account] as number;
		if (sets.sizeOf(account) < 2) continue;
		const known = members.get(label);
		if (known === undefined) members.set(label, [account]);
		else known.push(account);
	}
	const numberOf = (account: AccountId) => (table.has(account) ? table.numberOf(account) : undefined);
	return {
		accounts: table.size,
		reasons,
		unread: [...pass.funding.keys()].filter((account) => !work.isKnownFromStart(account)).length,
		clusterOf(account) {
			const number = numberOf(account);
			const own = number === undefined ? undefined : members.get(labels[number] as number);
			return own === undefined ? [account] : own.map(work.nameOf);
		},
		sizes: () =>
			[...members.values()]
				.map((own) => ({ first: work.nameOf(own[0] as number), size: own.length }))
				.sort((a, b) => b.size - a.size || (a.first < b.first ? -1 : 1)),
		why: (from, to) => shortest(byAccount, from, to),
		fundedBy(account) {
			const number = numberOf(account);
			return number === undefined ? [] : (work.byFunder().get(number) ?? []).map(work.nameOf);
		},
	};
}

/** Breadth first over reasons. */
function shortest(byAccount: ReadonlyMap<AccountId, readonly AccountReason[]>, from: AccountId, to: AccountId) {
	const steps = new Map<AccountId, { readonly reason: AccountReason; readonly via: AccountId } | undefined>([[from, undefined]]);
	const queue = [from];
	for (let next = 0; next < queue.length && !steps.has(to); next++) {
		const via = queue[next] as AccountId;
		for (const reason of byAccount.get(via) ?? [])
			for (const account of reason.accounts)
				if (!steps.has(account)) {
					steps.set(account, { reason, via });
					queue.push(account);
				}
	}
	if (!steps.has(to)) return undefined;
	const path: { reason: AccountReason; account: AccountId }[] = [];
	for (let at = to, step = steps.get(at); step !== undefined; at = step.via, step = steps.get(at))
		path.push({ reason: step.reason, account: at });
	return path.reverse();
}
