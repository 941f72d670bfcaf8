import {
	type AccountId,
	type ChainId,
	chainOf,
	comparePositions,
	type Detection,
	eventsOfKind,
	formatPosition,
	groupBy,
	type LedgerReader,
	type Position,
	type Transfer,
} from "@clew/core";
import { must, surer } from "../patterns/finding.js";
import { accountIn, boundedLedger, detectionOf, holdingKey, MAX_LEDGER, type MakeObserver } from "./observer.js";
import type { DetectionParameters } from "./parameters.js";

const SOURCE = "Tutela (Wu et al. 2022); Béres et al. 2021: Blockchain is Watching You; pools after Tornado Cash";
/** Candidate depositors that a withdrawal names at most, best first. */
const BEST = 3;
/** Tutela: transfers between depositor and receiver outside the pool. */
const ORDINARY_TRANSFERS = 3;
/** Tutela: a portfolio of denominations within a day; in blocks of 12 seconds. */
const PORTFOLIO_BLOCKS = 7_200;

/** How one asset arrives at an account. */
interface Arrivals {
	readonly amount: bigint;
	count: number;
	odd: boolean;
}

/** Pools of one denomination: everybody pays in exactly the same amount, and every withdrawal pays it out again, less a relayer's share. */
export const observeMixers: MakeObserver = (parameters) => {
	const arrivals = new Map<number, Arrivals>();
	return {
		transaction(movements) {
			for (const { t, from, to, asset } of movements) {
				if (t.kind === "fee" || t.amount === 0n || from === to) continue;
				const key = holdingKey(to, asset);
				const known = arrivals.get(key);
				if (known === undefined) arrivals.set(key, { amount: t.amount, count: 1, odd: false });
				else if (known.amount === t.amount) known.count++;
				else known.odd = true;
			}
		},
		async finish(accounts, source) {
			const pools: Pool[] = [];
			for (const [key, { amount, count, odd }] of arrivals) {
				const account = accountIn(key);
				if (odd || count < parameters.mixerDeposits || accounts.fanIn(account) < parameters.mixerFan) continue;
				const pool = await poolOf(accounts.nameOf(account), amount, source);
				if (pool !== undefined) pools.push(pool);
			}
			return [...pools.flatMap((pool) => poolClaim(pool, parameters)), ...(await links(pools, source))];
		},
	};
};

interface Withdrawal {
	readonly receiver: AccountId;
	readonly relayer: AccountId | undefined;
	readonly at: Transfer;
}

/** What a deposit or a withdrawal paid for gas, wei, by transaction; only where a node told the pool's events. */
type GasPrices = ReadonlyMap<string, string>;

interface Pool {
	readonly account: AccountId;
	readonly denomination: bigint;
	readonly deposits: readonly Transfer[];
	readonly withdrawals: readonly Withdrawal[];
	/** Transactions that paid out something else than the denomination. */
	readonly other: number;
}

async function poolOf(account: AccountId, denomination: bigint, source: LedgerReader): Promise<Pool | undefined> {
	const ledger = await boundedLedger(source, account);
	const deposits = ledger.filter((t) => t.to === account && t.kind !== "fee");
	const outs = ledger.filter((t) => t.from === account && t.kind !== "fee" && t.asset === deposits[0]?.asset);
	const withdrawals: Withdrawal[] = [];
	let other = 0;
	for (const [, rows] of groupBy(outs, (t) => t.txHash)) {
		const total = rows.reduce((sum, t) => sum + t.amount, 0n);
		const [most, ...rest] = [...rows].sort((a, b) =>
			a.amount === b.amount ? comparePositions(a.position, b.position) : a.amount > b.amount ? -1 : 1,
		);
		if (most === undefined || total !== denomination) other++;
		else withdrawals.push({ receiver: most.to, relayer: rest[0]?.to, at: most });
	}
	return withdrawals.length === 0 ? undefined : { account, denomination, deposits, withdrawals, other };
}

/** By pool and transaction, from the events of deposits and withdrawals. */
async function gasPricesOf(source: LedgerReader, chain: ChainId): Promise<Map<AccountId, Map<string, string>>> {
	const prices = new Map<AccountId, Map<string, string>>();
	for (const kind of ["mixer-deposit", "mixer-withdrawal"] as const)
		for await (const { contract, txHash, details } of eventsOfKind(source, chain, kind)) {
			const own = prices.get(contract) ?? new Map<string, string>();
			prices.set(contract, own.set(txHash, details["gasPrice"] ?? ""));
		}
	return prices;
}

/** Tutela's unique gas price: kept where one depositor alone and one withdrawal alone of the pool paid it. */
function uniqueGasPrices({ deposits, withdrawals }: Pool, prices: GasPrices): GasPrices {
	const priceOf = (t: Transfer) => prices.get(t.txHash) ?? "";
	const payers = groupBy(deposits, priceOf);
	const takers = groupBy(withdrawals, ({ at }) => priceOf(at));
	return new Map(
		[...prices].filter(
			([, price]) =>
				price !== "" && new Set(payers.get(price)?.map((deposit) => deposit.from)).size === 1 && takers.get(price)?.length === 1,
		),
	);
}

function poolClaim(pool: Pool, p: DetectionParameters): Detection[] {
	const { deposits, withdrawals, denomination } = pool;
	const senders = new Set(deposits.map((t) => t.from)).size;
	const receivers = new Set(withdrawals.map((w) => w.receiver)).size;
	const relayed = withdrawals.filter((w) => w.relayer !== undefined).length;
	const detection = detectionOf(
		{
			account: pool.account,
			kind: "mixer-pool",
			tier: "structural",
			heuristic: "mixer-pool",
			version: 1,
			parameters: { deposits: String(p.mixerDeposits), fan: String(p.mixerFan) },
			source: SOURCE,
			evidence: [...deposits.slice(0, 3), ...withdrawals.slice(0, 3).map((w) => w.at)].map((t) => formatPosition(t.position)),
		},
		[
			must(`${deposits.length} deposits, each of exactly ${denomination} base units`, deposits.length >= p.mixerDeposits),
			must(`${withdrawals.length} withdrawals that pay out exactly as much`, withdrawals.length > 0 && pool.other === 0),
			must(`${senders} accounts paid in, ${receivers} were paid out`, senders >= p.mixerFan && receivers >= p.mixerFan),
			surer(`${relayed} withdrawals paid a relayer`, relayed > 0),
			surer("more than half of the receivers never paid in", receiversAreFresh(pool)),
		],
	);
	return detection === undefined ? [] : [detection];
}

function receiversAreFresh({ deposits, withdrawals }: Pool): boolean {
	const senders = new Set(deposits.map((t) => t.from));
	return withdrawals.filter((w) => !senders.has(w.receiver)).length * 2 > withdrawals.length;
}

/** For each withdrawal the depositors that something but time points to, best first. Leads: none of it proves who withdrew. */
async function links(pools: readonly Pool[], source: LedgerReader): Promise<Detection[]> {
	const [first] = pools;
	if (first === undefined) return [];
	const gas = await gasPricesOf(source, chainOf(first.account));
	const portfolioIn = portfolios(pools, (pool) => pool.deposits.map((t) => [t.from, t]));
	const portfolioOut = portfolios(pools, (pool) => pool.withdrawals.map((w) => [w.receiver, w.at]));
	const byPortfolio = groupBy(
		[...portfolioIn.keys()].filter((account) => portfolioIn.get(account)?.includes("+")),
		(account) => portfolioIn.get(account) ?? "",
	);
	const dealings = new Map<AccountId, ReadonlyMap<AccountId, number>>();
	const poolAccounts = new Set(pools.map((pool) => pool.account));
	const found: Detection[] = [];
	for (const pool of pools) {
		const deposits = groupBy(pool.deposits, (deposit) => deposit.from);
		const firsts = [...deposits.values()].map(([first]) => (first as Transfer).position).sort(comparePositions);
		const prices = uniqueGasPrices(pool, gas.get(pool.account) ?? new Map());
		const samePrice = groupBy(pool.deposits, (deposit) => prices.get(deposit.txHash));
		let before = 0;
		for (const withdrawal of [...pool.withdrawals].sort((a, b) => comparePositions(a.at.position, b.at.position))) {
			const { receiver, relayer, at } = withdrawal;
			while (before < firsts.length && comparePositions(firsts[before] as Position, at.position) < 0) before++;
			const counts = dealings.get(receiver) ?? (await dealingsOf(source, receiver, poolAccounts));
			dealings.set(receiver, counts);
			const price = prices.get(at.txHash);
			const sameGas = new Set(price === undefined ? [] : samePrice.get(price)?.map((deposit) => deposit.from));
			// Where no price is known, it must not count against anybody.
			const gasReason = (sender: AccountId) =>
				prices.size === 0 ? [] : [surer(`both paid ${price} wei for gas, and nobody else did`, sameGas.has(sender))];
			// Only those with something that points to them: nobody is named for having been there.
			const pointed = new Set([
				receiver,
				...(relayer === undefined ? [] : [relayer]),
				...counts.keys(),
				...sameGas,
				...(byPortfolio.get(portfolioOut.get(receiver) ?? "none") ?? []),
			]);
			const ranked = [...pointed]
				.flatMap((sender) => {
					const deposit = (deposits.get(sender) ?? []).findLast((one) => comparePositions(one.position, at.position) < 0);
					return deposit === undefined
						? []
						: [
								{
									sender,
									deposit,
									reasons: [...reasonsFor(sender, withdrawal, counts, portfolioIn, portfolioOut), ...gasReason(sender)],
								},
							];
				})
				.filter(({ reasons }) => reasons.some((reason) => reason.holds))
				.sort((a, b) => weight(b.reasons) - weight(a.reasons) || comparePositions(b.deposit.position, a.deposit.position));
			for (const { sender, deposit, reasons } of ranked.slice(0, BEST)) {
				const detection = detectionOf(
					{
						account: receiver,
						kind: "mixer-link",
						tier: "lead",
						heuristic: "mixer-link",
						version: 1,
						parameters: {
							ordinaryTransfers: String(ORDINARY_TRANSFERS),
							portfolioBlocks: String(PORTFOLIO_BLOCKS),
							ledger: String(MAX_LEDGER),
						},
						source: SOURCE,
						counterpart: sender,
						evidence: [formatPosition(deposit.position), formatPosition(at.position)],
					},
					[must(`one of ${before} that had paid in before`, true), ...reasons],
				);
				if (detection !== undefined) found.push(detection);
			}
		}
	}
	return found;
}

function reasonsFor(
	sender: AccountId,
	{ receiver, relayer }: Withdrawal,
	dealings: ReadonlyMap<AccountId, number>,
	portfolioIn: ReadonlyMap<AccountId, string>,
	portfolioOut: ReadonlyMap<AccountId, string>,
) {
	const direct = dealings.get(sender) ?? 0;
	const paid = portfolioIn.get(sender) ?? "";
	return [
		surer("the same address paid in and was paid out", sender === receiver),
		surer("the depositor relayed it", relayer !== undefined && relayer === sender),
		surer(`${direct} ordinary transfers between the two`, direct > 0),
		surer(`at least ${ORDINARY_TRANSFERS} of them`, direct >= ORDINARY_TRANSFERS),
		surer("the same portfolio of several denominations within a day", paid.includes("+") && paid === portfolioOut.get(receiver)),
	];
}

const weight = (reasons: readonly { readonly holds: boolean }[]) => reasons.filter((reason) => reason.holds).length;

/** How often an account dealt with others outside the pools. */
async function dealingsOf(
	source: LedgerReader,
	account: AccountId,
	pools: ReadonlySet<AccountId>,
): Promise<ReadonlyMap<AccountId, number>> {
	const counts = new Map<AccountId, number>();
	for (const t of await boundedLedger(source, account)) {
		const other = t.from === account ? t.to : t.from;
		if (t.kind !== "fee" && !pools.has(other)) counts.set(other, (counts.get(other) ?? 0) + 1);
	}
	return counts;
}

/** Which denominations an account used how often, where all of it lies within a day; empty otherwise. */
function portfolios(pools: readonly Pool[], uses: (pool: Pool) => readonly (readonly [AccountId, Transfer])[]): Map<AccountId, string> {
	const counts = new Map<AccountId, { heights: number[]; perPool: Map<AccountId, number> }>();
	for (const pool of pools) {
		for (const [account, t] of uses(pool)) {
			const known: { heights: number[]; perPool: Map<AccountId, number> } = counts.get(account) ?? { heights: [], perPool: new Map() };
			counts.set(account, known);
			known.heights.push(t.position.height);
			known.perPool.set(pool.account, (known.perPool.get(pool.account) ?? 0) + 1);
		}
	}
	return new Map(
		[...counts]
			.filter(([, { heights }]) => heights.reduce((a, b) => Math.max(a, b)) - heights.reduce((a, b) => Math.min(a, b)) <= PORTFOLIO_BLOCKS)
			.map(([account, { perPool }]) => [
				account,
				[...perPool]
					.map(([pool, n]) => `${n} of ${pool}`)
					.sort()
					.join("+"),
			]),
	);
}
