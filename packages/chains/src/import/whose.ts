import { type AccountId, addressOf, type Hash, type HistoryCheck, InputError } from "@clew/core";
import type { Format } from "./format.js";
import { Nonces } from "./nonces.js";
import type { ParsedRow } from "./row.js";

/** Whose export a file is, as its name and its rows tell. */
export interface Owner {
	readonly account: AccountId | undefined;
	/** The one account that every row touches, where the name tells none. */
	readonly guess?: AccountId;
	/** What rows tell of the nonces of accounts; of a file of blocks only of the account whose rows they all are. */
	readonly sent: readonly HistoryCheck[];
	/** A number that rows give to two of the account's transactions. */
	readonly twice?: number | undefined;
}

/**
 * Finds out whose export a file is: the account that its name tells, else the one that every row touches, where the rows show that they
 * were asked for by account.
 */
export class Whose {
	private candidates: Set<AccountId> | undefined;
	private readonly nonces = new Nonces();
	/** True once a row's columns told whose export it is of. */
	private owned = false;
	private rows = 0;
	private readonly named: AccountId | undefined;
	private readonly format: Format;
	/** What says whose it is, for messages. */
	private readonly told: string;

	/** `answered`: it is not the file's name that tells the account, but the answer in it. */
	constructor(named: AccountId | undefined, format: Format, answered: boolean) {
		this.named = named;
		this.format = format;
		this.told = answered ? "the answer is of" : "the file is named after";
	}

	/** Throws InputError for a row that cannot be of the named account's export. */
	check({ touches, owner }: ParsedRow): void {
		const { named } = this;
		if (named === undefined) return;
		if (!touches.includes(named)) throw new InputError(`${this.told} ${addressOf(named)}, which this row does not touch`);
		if (owner !== undefined && owner !== named)
			throw new InputError(
				`${this.told} ${addressOf(named)}, and by the direction of its amount this row is of the export of ${addressOf(owner)}`,
				{ hint: "Name the file after the account whose export it is." },
			);
	}

	tell({ touches, owner, sent, height, hash }: ParsedRow): void {
		this.rows++;
		this.owned ||= owner !== undefined;
		const accounts = owner === undefined ? touches : [owner];
		if (this.candidates === undefined) this.candidates = new Set(accounts);
		else for (const candidate of this.candidates) if (!accounts.includes(candidate)) this.candidates.delete(candidate);
		if (sent !== undefined && (!this.format.ofBlocks || this.candidates.has(sent.from))) this.nonces.tell(sent, height, hash);
	}

	/** True while the file may be some account's export. */
	get isSomebodys(): boolean {
		return this.candidates === undefined || this.candidates.size > 0;
	}

	/** What was told so far; without the nonces of transactions that are not in their blocks. */
	owner(denied: ReadonlySet<Hash>): Owner {
		const guess = this.named === undefined && this.candidates?.size === 1 && this.rows > 1 ? [...this.candidates][0] : undefined;
		const account = this.named ?? (guess !== undefined && this.isAskedByAccount(guess) ? guess : undefined);
		const sent = this.nonces.checks(denied).filter((check) => !this.format.ofBlocks || check.account === account);
		const twice = account === undefined ? undefined : this.nonces.twice(account);
		return { account, ...(guess === undefined ? {} : { guess }), sent, twice };
	}

	/**
	 * Whether the rows show that they are an account's export: by columns with its side of each movement, or by transactions that it sent
	 * itself. An answer to a question about blocks, or about a token, may happen to touch one account alone. A file of blocks promises its
	 * own rows only.
	 */
	private isAskedByAccount(guess: AccountId): boolean {
		return this.owned || this.nonces.has(guess) || this.format.ofBlocks === true;
	}
}
