import { type AccountId, type ChainId, ClewError } from "@clew/core";
import type { Run } from "./client.js";

const MAX_CHAINS = 8;
/** Accounts remembered as present, so that most writes need no look-up; beyond it the memory starts anew. */
const KNOWN_ACCOUNTS = 500_000;

/** The chains and accounts of one case: what other nodes refer to. */
export interface Names {
	/** The case's number in its database. */
	readonly c: number;
	knownChain(run: Run, chain: ChainId): Promise<number | undefined>;
	/** The chain's number, given now when it has none. Throws ClewError (USAGE) beyond seven chains. */
	chainId(run: Run, chain: ChainId): Promise<number>;
	putAccounts(run: Run, accounts: Iterable<AccountId>): Promise<void>;
	putContracts(run: Run, accounts: Iterable<AccountId>): Promise<void>;
	/** Forgets what is remembered: after a rollback of the database, and before each write of a transaction that may run twice. */
	reset(): void;
}

/** Looks names up, and remembers what cannot change. */
export function caseNames(c: number): Names {
	let chains: readonly string[] | undefined;
	let known = new Set<AccountId>();
	const list = async (run: Run): Promise<readonly string[]> => {
		if (chains === undefined) {
			const [row] = await run(`MATCH (k:ClewCase {c: $c}) RETURN k.chains AS chains`, { c });
			chains = (row?.["chains"] as string[] | undefined) ?? [];
		}
		return chains;
	};
	const number = (at: number) => (at < 0 ? undefined : at + 1);
	const names: Names = {
		c,
		async knownChain(run, chain) {
			const found = number((await list(run)).indexOf(chain));
			if (found === undefined) chains = undefined;
			return found;
		},
		async chainId(run, chain) {
			const found = await names.knownChain(run, chain);
			if (found !== undefined) return found;
			const next = [...(await list(run)), chain];
			if (next.length >= MAX_CHAINS) throw new ClewError("USAGE", `a case holds at most ${MAX_CHAINS - 1} chains`);
			await run(`MATCH (k:ClewCase {c: $c}) SET k.chains = $next`, { c, next });
			chains = next;
			return next.length;
		},
		async putAccounts(run, accounts) {
			const ids = [...new Set(accounts)].filter((id) => !known.has(id));
			if (ids.length === 0) return;
			await run(`UNWIND $ids AS id MERGE (:Account {c: $c, id: id})`, { c, ids });
			if (known.size > KNOWN_ACCOUNTS) known = new Set();
			for (const id of ids) known.add(id);
		},
		async putContracts(run, accounts) {
			const ids = [...accounts];
			if (ids.length === 0) return;
			await names.putAccounts(run, ids);
			await run(`UNWIND $ids AS id MATCH (a:Account {c: $c, id: id}) SET a.contract = true`, { c, ids });
		},
		reset() {
			chains = undefined;
			known = new Set();
		},
	};
	return names;
}
