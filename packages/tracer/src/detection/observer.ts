import { type AccountId, type Detection, type LedgerReader, startOf, type Transfer } from "@clew/core";
import type { Feature } from "../patterns/finding.js";
import type { DetectionParameters } from "./parameters.js";

/** Rows that a detection cites at most. */
export const MAX_EVIDENCE = 10;
/** Transfers of one account that a second look reads at most: a hub gets a bounded answer. */
export const MAX_LEDGER = 20_000;

/** Asset numbers are below this in a packed key. */
const ASSETS = 2 ** 20;

/** A transfer with dense numbers for its accounts and its asset. */
export interface Movement {
	readonly t: Transfer;
	readonly from: number;
	readonly to: number;
	readonly asset: number;
}

/** What detectors share: numbers of accounts, and how many distinct accounts each one dealt with. */
export interface Accounts {
	readonly size: number;
	nameOf(account: number): AccountId;
	/** Distinct accounts that paid it; counts every asset. */
	fanIn(account: number): number;
	/** Distinct accounts that it paid. */
	fanOut(account: number): number;
}

/** One detector: sees all movements once, in order, transaction by transaction; then looks closer at what stood out. */
export interface Observer {
	/** All movements of one transaction; the fee, if it is known, among them. */
	transaction(movements: readonly Movement[]): void;
	finish(accounts: Accounts, source: LedgerReader): Promise<readonly Detection[]>;
}

/** Makes an observer for a run. */
export type MakeObserver = (parameters: DetectionParameters) => Observer;

/** The detection that features amount to; undefined when a required one is missing. */
export function detectionOf(about: Omit<Detection, "score" | "reasons">, features: readonly Feature[]): Detection | undefined {
	if (features.some((f) => f.required && !f.holds)) return undefined;
	const spoke = features.filter((f) => f.holds);
	return {
		...about,
		evidence: about.evidence.slice(0, MAX_EVIDENCE),
		score: Math.round((100 * spoke.length) / features.length),
		reasons: spoke.map((f) => f.text),
	};
}

/** One number for an account and an asset. */
export function holdingKey(account: number, asset: number): number {
	return account * ASSETS + asset;
}

/** The account in a {@link holdingKey}. */
export function accountIn(key: number): number {
	return Math.floor(key / ASSETS);
}

/** Who paid for a transaction, as far as its fee is known. */
export function payerOf(movements: readonly Movement[]): number | undefined {
	return movements.find(({ t }) => t.kind === "fee")?.from;
}

/** The whole ledger of an account up to {@link MAX_LEDGER} transfers. */
export async function boundedLedger(source: LedgerReader, account: AccountId): Promise<readonly Transfer[]> {
	return source.ledger(account, startOf(0), MAX_LEDGER);
}
