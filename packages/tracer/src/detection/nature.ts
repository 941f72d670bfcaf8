import { type AccountId, type ChainId, chainOf, eventsOfKind, type LedgerReader } from "@clew/core";
import type { Accounts, Movement } from "./observer.js";

/** Whether an account is a contract, as far as the data shows. Unknown is not "no contract". */
export type Nature = "contract" | "person" | "unknown";

/** The same in words, of an account named before. */
export const NATURES: Readonly<Record<Exclude<Nature, "contract">, string>> = {
	person: "which signs transactions itself",
	unknown: "which may be a contract: nothing in the data tells",
};

/**
 * What the movements of a chain show of their accounts: who signs and pays for transactions is no contract, whatever pays inside somebody's
 * call is one, and so is a token.
 */
export class Natures {
	private readonly persons = new Set<number>();
	private readonly contracts = new Set<number>();
	private readonly named = new Set<AccountId>();
	/** Their keys let a contract act for them (EIP-7702): they pay inside calls, and are persons all the same. */
	private readonly delegated = new Set<AccountId>();
	private accounts: Accounts | undefined;

	note({ t, from }: Movement): void {
		if (t.kind === "fee" || (t.kind === "native" && t.amount > 0n)) this.persons.add(from);
		else if (t.kind === "internal") this.contracts.add(from);
	}

	/** Reads which contracts logged trades or crossings, and which accounts have a key that let a contract act for them. */
	async readTrades(source: LedgerReader, accounts: Accounts): Promise<void> {
		this.accounts = accounts;
		const chain: ChainId | undefined = accounts.size === 0 ? undefined : chainOf(accounts.nameOf(0));
		if (chain === undefined) return;
		for (const kind of ["swap", "bridge-out", "bridge-in"] as const)
			for await (const { contract } of eventsOfKind(source, chain, kind)) this.named.add(contract);
		for await (const { account } of eventsOfKind(source, chain, "delegation")) if (account !== undefined) this.delegated.add(account);
	}

	/** Whether a key signed for it, so that code that it has is none of its own. */
	isDelegated(account: number): boolean {
		const name = this.accounts?.nameOf(account);
		return name !== undefined && this.delegated.has(name);
	}

	of(account: number): Nature {
		const name = this.accounts?.nameOf(account);
		if (this.isDelegated(account)) return "person";
		if (this.contracts.has(account) || (name !== undefined && this.named.has(name))) return "contract";
		return this.persons.has(account) ? "person" : "unknown";
	}
}
