import {
	type AssetId,
	type ChainId,
	compareText,
	type Detection,
	InputError,
	isUnknownAccount,
	isWithEntryPoint,
	type LedgerReader,
	ledgerOf,
	nullAccount,
	startOf,
	type Transfer,
	throwIfAborted,
	transferPages,
} from "@clew/core";
import { AccountTable } from "./account-table.js";
import { observeAirdrops } from "./airdrops.js";
import { detectContracts } from "./contracts.js";
import { observeDrainers } from "./drainers.js";
import { observeMixers } from "./mixers.js";
import type { MakeObserver, Movement } from "./observer.js";
import { DEFAULT_DETECTION_PARAMETERS, type DetectionParameters } from "./parameters.js";
import { observePoisoning } from "./poisoning.js";
import { observeServices } from "./services.js";
import { detectSweepers } from "./sweepers.js";
import { detectWallets } from "./wallets.js";

const OBSERVERS = [observeServices, observeMixers, observePoisoning, observeDrainers, observeAirdrops];
const PAGE = 10_000;

/** What a run needs besides the data. */
export interface DetectOptions {
	readonly parameters?: DetectionParameters;
	readonly signal?: AbortSignal;
	readonly onProgress?: (progress: { transfers: number; height: number }) => void;
	/** Detectors of the caller's own, run in the same pass after the built-in ones. */
	readonly observers?: readonly MakeObserver[];
}

/**
 * Looks for services with their wallets and deposit addresses, mixers, bridges, pools, poisoning, drainers, airdrops and sweepers in all
 * transfers of an account chain: one pass, and a closer look at the ledgers of what stood out. Detections come in order of account, kind
 * and counterpart. Cost: O(n) for n transfers; memory grows with the pairs of accounts that dealt. Throws InputError (USAGE) on a UTXO
 * chain, InterruptedError, and what the source throws.
 */
export async function detect(source: LedgerReader, chain: ChainId, options: DetectOptions = {}): Promise<Detection[]> {
	if (ledgerOf(chain) === "outputs")
		throw new InputError("detection looks at accounts; on Bitcoin see clew cluster and clew show", { code: "USAGE" });
	const parameters = options.parameters ?? DEFAULT_DETECTION_PARAMETERS;
	const accounts = new AccountTable();
	const assets = new Map<AssetId, number>();
	const assetNumber = (asset: AssetId) => {
		const number = assets.get(asset) ?? assets.size;
		assets.set(asset, number);
		return number;
	};
	const observers = [...OBSERVERS, ...(options.observers ?? [])].map((make) => make(parameters));
	for await (const transaction of transactions(source, chain, options)) {
		// Gas that goes through an EntryPoint is a fee, not a dealing of those who pay it with those who get it.
		const dealings = transaction.filter((t) => !isWithEntryPoint(t));
		const movements = dealings.map(
			(t): Movement => ({ t, from: accounts.numberOf(t.from), to: accounts.numberOf(t.to), asset: assetNumber(t.asset) }),
		);
		if (movements.length === 0) continue;
		for (const { t, from, to } of movements) if (t.kind !== "fee" && t.amount > 0n && from !== to) accounts.dealt(from, to);
		for (const observer of observers) observer.transaction(movements);
	}
	const found: Detection[] = [];
	for (const observer of observers) {
		throwIfAborted(options.signal);
		for (const one of await observer.finish(accounts, source)) found.push(one);
	}
	for (const one of await detectContracts(source, chain, parameters)) found.push(one);
	for (const one of await detectSweepers(source, chain, parameters)) found.push(one);
	const services = found.filter(({ kind }) => kind === "custodial-service");
	for (const one of await detectWallets(source, services, parameters)) found.push(one);
	const none = nullAccount(chain);
	return found
		.filter(({ account, counterpart }) => account !== none && ![account, counterpart].some((x) => x !== undefined && isUnknownAccount(x)))
		.sort(
			(a, b) => compareText(a.account, b.account) || compareText(a.kind, b.kind) || compareText(a.counterpart ?? "", b.counterpart ?? ""),
		);
}

/** The transfers of a chain, transaction by transaction, in order. */
async function* transactions(
	source: LedgerReader,
	chain: ChainId,
	{ signal, onProgress }: DetectOptions,
): AsyncGenerator<readonly Transfer[]> {
	let open: Transfer[] = [];
	let count = 0;
	for await (const page of transferPages((at, limit) => source.scan(chain, at, limit), startOf(0), PAGE)) {
		throwIfAborted(signal);
		for (const t of page) {
			if (open[0] !== undefined && open[0].txHash !== t.txHash) {
				yield open;
				open = [];
			}
			open.push(t);
		}
		count += page.length;
		const last = page[page.length - 1];
		if (last !== undefined) onProgress?.({ transfers: count, height: last.position.height });
		await new Promise((resolve) => setImmediate(resolve));
	}
	if (open.length > 0) yield open;
}
