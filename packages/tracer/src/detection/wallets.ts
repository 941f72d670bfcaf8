import {
	type AccountId,
	type AssetId,
	chainOf,
	type Detection,
	formatPosition,
	groupBy,
	type LedgerReader,
	median,
	nullAccount,
	type Transfer,
} from "@clew/core";
import { must, surer } from "../patterns/finding.js";
import { boundedLedger, detectionOf, MAX_LEDGER } from "./observer.js";
import type { DetectionParameters } from "./parameters.js";

const SOURCE =
	"hot and cold wallets as custodians describe them (ACAMS Today: What's in my wallet?); Sendin 2018: On Detecting Cold Storage Transactions; thresholds are Clew's own";
/** Payments of one asset that give a median worth comparing with. */
const MEDIAN_OF = 10;
/** A cold wallet moves at most once where its hot one moves this often. */
const CALM = 10;
/** Whom a payout wallet is fed by, at most: the collecting wallet, a cold one, a few who sent something by mistake. */
const FEEDERS = 5;
/** Accounts that are looked at for one service at most, those that it paid most first. */
const CANDIDATES = 20;

/**
 * Tells the wallets of custodial services apart. A hot wallet is the service's account that pays many; where another wallet collects, the
 * one that it feeds and that pays many is a lead. A cold wallet gets sums far above what customers get, from the hot wallet alone, and pays
 * nobody else. Cost: the ledgers, up to 20,000 transfers each, of every service and of those that it paid most. Throws what the source
 * throws.
 */
export async function detectWallets(
	source: LedgerReader,
	services: readonly Detection[],
	parameters: DetectionParameters,
): Promise<Detection[]> {
	const found = new Map<AccountId, Detection>();
	const known = new Set(services.map(({ account }) => account));
	for (const service of services) {
		const own = await read(source, service.account);
		const hot: HotWallet[] = [];
		const direct = hotWallet(own, service.tier, undefined, parameters);
		if (direct !== undefined) hot.push(direct);
		else hot.push(...(await fedWallets(source, own, known, parameters)));
		for (const wallet of hot) {
			found.set(wallet.detection.account, wallet.detection);
			for (const cold of await coldWallets(source, wallet, known, parameters)) if (!found.has(cold.account)) found.set(cold.account, cold);
		}
	}
	return [...found.values()];
}

/** An account's movements without fees and nothings, by who is on the other side. */
interface Dealings {
	readonly account: AccountId;
	readonly paid: readonly Transfer[];
	readonly got: readonly Transfer[];
	readonly payees: ReadonlyMap<AccountId, readonly Transfer[]>;
}

interface HotWallet {
	readonly dealings: Dealings;
	readonly detection: Detection;
}

async function read(source: LedgerReader, account: AccountId): Promise<Dealings> {
	const none = nullAccount(chainOf(account));
	const ledger = (await boundedLedger(source, account)).filter((t) => t.kind !== "fee" && t.amount > 0n && t.from !== t.to);
	const paid = ledger.filter((t) => t.from === account && t.to !== none);
	return { account, paid, got: ledger.filter((t) => t.to === account && t.from !== none), payees: groupBy(paid, (t) => t.to) };
}

function about(kind: "hot-wallet" | "cold-wallet", p: DetectionParameters) {
	return {
		kind,
		heuristic: kind,
		version: 1,
		parameters: { serviceFan: String(p.serviceFan), coldTimes: String(p.coldTimes), share: `${p.coldShare} %`, ledger: String(MAX_LEDGER) },
		source: SOURCE,
	} as const;
}

function hotWallet(
	dealings: Dealings,
	tier: Detection["tier"],
	feeder: AccountId | undefined,
	p: DetectionParameters,
): HotWallet | undefined {
	const { account, paid, got, payees } = dealings;
	const again = [...payees.values()].filter((payments) => payments.length > 1).length;
	const detection = detectionOf(
		{
			...about("hot-wallet", p),
			account,
			tier,
			...(feeder === undefined ? {} : { counterpart: feeder }),
			evidence: paid.slice(0, 3).map((t) => formatPosition(t.position)),
		},
		[
			must(`pays ${payees.size} accounts`, payees.size >= p.serviceFan),
			must(feeder === undefined ? "a custodial service by its behaviour" : "fed by a wallet that collects deposits", true),
			surer(`${again} of them more than once`, again > 0),
			surer(`is paid ${got.length} times itself`, got.length >= p.serviceFan),
		],
	);
	return detection === undefined ? undefined : { dealings, detection };
}

/** Accounts that a collecting wallet feeds and that pay many. Leads: a shop that is paid by a service and pays salaries looks the same. */
async function fedWallets(
	source: LedgerReader,
	collector: Dealings,
	known: ReadonlySet<AccountId>,
	p: DetectionParameters,
): Promise<HotWallet[]> {
	const wallets: HotWallet[] = [];
	for (const account of mostPaid(collector, (payments) => payments.length > 1)) {
		if (known.has(account)) continue;
		const dealings = await read(source, account);
		if (new Set(dealings.got.map((t) => t.from)).size > FEEDERS) continue;
		const wallet = hotWallet(dealings, "lead", collector.account, p);
		if (wallet !== undefined) wallets.push(wallet);
	}
	return wallets;
}

async function coldWallets(
	source: LedgerReader,
	{ dealings: hot, detection }: HotWallet,
	known: ReadonlySet<AccountId>,
	p: DetectionParameters,
): Promise<Detection[]> {
	const medians = new Map<AssetId, bigint | undefined>();
	for (const [asset, payments] of groupBy(hot.paid, (t) => t.asset))
		if (payments.length >= MEDIAN_OF) medians.set(asset, median(payments.map((t) => t.amount)));
	const isLarge = (t: Transfer) => t.amount >= (medians.get(t.asset) ?? t.amount) * p.coldTimes;
	const found: Detection[] = [];
	for (const account of mostPaid(hot, (payments) => payments.some(isLarge))) {
		if (known.has(account)) continue;
		const own = await read(source, account);
		const receipts = own.got.filter((t) => t.from === hot.account && isLarge(t));
		const [first] = receipts;
		if (first === undefined) continue;
		const sameAsset = (list: readonly Transfer[]) => list.filter((t) => t.asset === first.asset);
		const fromHot = shareOf(sameAsset(own.got), (t) => t.from === hot.account);
		const toHot = shareOf(sameAsset(own.paid), (t) => t.to === hot.account);
		const back = own.paid.filter((t) => t.to === hot.account);
		const [calm, busy] = [own.got.length + own.paid.length, hot.got.length + hot.paid.length];
		const cold = detectionOf(
			{
				...about("cold-wallet", p),
				account,
				tier: detection.tier === "structural" && back.length > 0 ? "structural" : "lead",
				counterpart: hot.account,
				evidence: [...receipts.slice(0, 5), ...back.slice(0, 5)].map((t) => formatPosition(t.position)),
			},
			[
				must(
					`${receipts.length} receipts from the hot wallet of at least ${p.coldTimes} times what it pays in the middle`,
					receipts.length > 0,
				),
				must(`${fromHot} % of what it received came from there`, fromHot >= p.coldShare),
				must("it paid nobody else", own.paid.length === 0 || toHot >= p.coldShare),
				surer(`it paid back there ${back.length} times`, back.length > 0),
				surer("more than one such receipt", receipts.length > 1),
				surer(`it moved ${calm} times, the hot wallet ${busy} times`, calm * CALM <= busy),
			],
		);
		if (cold !== undefined) found.push(cold);
	}
	return found;
}

/** Those that an account paid as asked for, at most {@link CANDIDATES}: by their largest payment, then in order of their first. */
function mostPaid({ payees }: Dealings, fits: (payments: readonly Transfer[]) => boolean): AccountId[] {
	const largest = (payments: readonly Transfer[]) => payments.reduce((most, t) => (t.amount > most ? t.amount : most), 0n);
	return [...payees]
		.filter(([, payments]) => fits(payments))
		.map(([account, payments]) => ({ account, most: largest(payments) }))
		.sort((a, b) => (a.most === b.most ? 0 : a.most > b.most ? -1 : 1))
		.slice(0, CANDIDATES)
		.map(({ account }) => account);
}

/** Whole percent of the amount; 0 of nothing. */
function shareOf(transfers: readonly Transfer[], counts: (t: Transfer) => boolean): number {
	const sum = (list: readonly Transfer[]) => list.reduce((total, t) => total + t.amount, 0n);
	const whole = sum(transfers);
	return whole === 0n ? 0 : Number((sum(transfers.filter(counts)) * 100n) / whole);
}
