import { type AssetId, type Detection, formatPosition, isNative, type LedgerReader, type Position, type Transfer } from "@clew/core";
import { must, surer } from "../patterns/finding.js";
import { NATURES, type Nature, Natures } from "./nature.js";
import { type Accounts, accountIn, detectionOf, holdingKey, MAX_EVIDENCE, type MakeObserver, type Movement } from "./observer.js";
import type { DetectionParameters } from "./parameters.js";

const SOURCE = "Victor 2020: Address Clustering Heuristics for Ethereum (FC 2020)";
/** Above this many, a service's number of deposit addresses says more. */
const MANY = 10;

/** How an account passes on one asset: what it received since it last paid out, and whether it paid out whole receipts. */
interface Forwarding {
	pending: bigint;
	pendingSince: Position | undefined;
	whole: number;
	other: number;
}

/** What an account's outflows have in common, and who paid it first. */
interface Outflows {
	readonly funder: number | undefined;
	target: number;
	several: boolean;
	evidence: Position[];
}

/**
 * Deposit addresses and the services behind them. A deposit address passes on whole receipts (within a tolerance for the fee) soon, and
 * only to one account; that account is a service when it collects from several such addresses, or by its many counterparties on both sides.
 * Where all those addresses were first paid by too few different accounts, they may be one person's own: then the claim is a lead. A
 * contract that people use looks the same while they only pay in: who got back what it had paid in is no deposit address, and a target of
 * several such people is a contract. Where nothing tells whether the target is one, the claim is a lead.
 */
export const observeServices: MakeObserver = (parameters) => {
	const forwardings = new Map<number, Forwarding>();
	const outflows = new Map<number, Outflows>();
	const funders = new Map<number, number>();
	const natures = new Natures();
	/** Who got from whom an asset that it had paid it before, by receiver and then by payer. */
	const returns = new Map<number, Set<number>>();
	const given = new Map<number, Set<number>>();
	const noteReturn = ({ t, from, to, asset }: Movement) => {
		const before = given.get(holdingKey(to, asset));
		if (before?.has(from) && t.amount > tolerance(t.asset, parameters)) returns.set(to, (returns.get(to) ?? new Set()).add(from));
		const key = holdingKey(from, asset);
		given.set(key, (given.get(key) ?? new Set()).add(to));
	};
	const receive = ({ t, from, to, asset }: Movement) => {
		if (!funders.has(to)) funders.set(to, from);
		const at = holdingKey(to, asset);
		const f = forwardings.get(at);
		if (f === undefined) forwardings.set(at, { pending: t.amount, pendingSince: t.position, whole: 0, other: 0 });
		else {
			// What is left of money for gas is nothing that waits to be forwarded.
			if (f.pending <= tolerance(t.asset, parameters)) f.pendingSince = t.position;
			f.pending += t.amount;
		}
	};
	const pay = ({ t, from, to, asset }: Movement) => {
		const known = outflows.get(from);
		if (known === undefined) outflows.set(from, { funder: funders.get(from), target: to, several: false, evidence: [] });
		else if (known.target !== to) known.several = true;
		const f = forwardings.get(holdingKey(from, asset));
		if (f === undefined) return;
		if (isWhole(f, t, parameters)) {
			f.whole++;
			const { evidence } = outflows.get(from) as Outflows;
			if (evidence.length + 1 < MAX_EVIDENCE) evidence.push(f.pendingSince as Position, t.position);
		} else f.other++;
		f.pending = 0n;
	};
	return {
		transaction(movements) {
			for (const m of movements) {
				natures.note(m);
				if (m.t.kind === "fee" || m.t.amount === 0n || m.from === m.to) continue;
				pay(m);
				receive(m);
				noteReturn(m);
			}
		},
		finish: (accounts, source) =>
			claims(accounts, source, parameters, candidates(forwardings, outflows, parameters), { outflows, returns, natures }),
	};
};

/** All that the claims rest on. */
interface Seen {
	readonly outflows: ReadonlyMap<number, Outflows>;
	readonly returns: ReadonlyMap<number, ReadonlySet<number>>;
	readonly natures: Natures;
}

/** What may be kept back of a receipt: the fee, which is paid in the native coin. */
function tolerance(asset: AssetId, { depositTolerance }: DetectionParameters): bigint {
	return isNative(asset) ? depositTolerance : 0n;
}

function isWhole(f: Forwarding, { amount, asset, position }: Transfer, p: DetectionParameters): boolean {
	if (f.pending === 0n || f.pendingSince === undefined) return false;
	const kept = f.pending - amount;
	return kept >= 0n && kept <= tolerance(asset, p) && position.height - f.pendingSince.height <= p.depositBlocks;
}

/** Accounts that only ever forward whole receipts to one other, with how often, by account. */
function candidates(forwardings: ReadonlyMap<number, Forwarding>, outflows: ReadonlyMap<number, Outflows>, p: DetectionParameters) {
	const sums = new Map<number, { whole: number; other: number }>();
	for (const [at, { whole, other }] of forwardings) {
		const account = accountIn(at);
		if (outflows.get(account)?.several !== false) continue;
		const sum = sums.get(account) ?? { whole: 0, other: 0 };
		sums.set(account, { whole: sum.whole + whole, other: sum.other + other });
	}
	return [...sums].filter(([, { whole, other }]) => whole > 0 && whole * 100 >= p.depositShare * (whole + other));
}

async function claims(
	accounts: Accounts,
	source: LedgerReader,
	p: DetectionParameters,
	candidates: readonly (readonly [number, { readonly whole: number }])[],
	{ outflows, returns, natures }: Seen,
): Promise<Detection[]> {
	await natures.readTrades(source, accounts);
	const targetOf = (account: number) => (outflows.get(account) as Outflows).target;
	// Whoever gets back from it what it paid there uses the target: its own address, not one that a service gave it.
	const gotBack = (account: number) => returns.get(account)?.has(targetOf(account)) === true;
	const all = countBy(candidates.map(([account]) => targetOf(account)));
	const back = countBy(candidates.filter(([account]) => gotBack(account)).map(([account]) => targetOf(account)));
	const isUsed = (target: number) => (back.get(target) ?? 0) * 100 >= p.returnedShare * (all.get(target) ?? 0) && back.has(target);
	const natureOf = async (n: number): Promise<Nature> => {
		if (!natures.isDelegated(n) && (await source.profile(accounts.nameOf(n), 1)).isContract) return "contract";
		const nature = natures.of(n);
		return nature === "unknown" && isUsed(n) ? "contract" : nature;
	};
	const forwarders = candidates.filter(([account]) => !gotBack(account));
	const collected = new Map<number, number>();
	/** Of the addresses that a target collects from: how many different accounts paid them first. A thief's own addresses have one. */
	const customers = new Map<number, Set<number | undefined>>();
	for (const [account] of forwarders) {
		const { target, funder } = outflows.get(account) as Outflows;
		collected.set(target, (collected.get(target) ?? 0) + 1);
		customers.set(target, (customers.get(target) ?? new Set()).add(funder));
	}
	const independent = (n: number) => customers.get(n)?.size ?? 0;
	// That nobody told whether it is a contract does not make it none: then the claim directs a search.
	const tierOf = (n: number, nature: Nature) =>
		nature === "person" && (independent(n) >= p.depositsOfService || wide(n)) ? ("structural" as const) : ("lead" as const);
	const parameters = {
		toleranceWei: p.depositTolerance.toString(),
		blocks: String(p.depositBlocks),
		share: `${p.depositShare} %`,
		depositsOfService: String(p.depositsOfService),
		returned: `${p.returnedShare} %`,
		serviceFan: String(p.serviceFan),
	};
	const found: Detection[] = [];
	const wide = (n: number) => accounts.fanIn(n) >= p.serviceFan && accounts.fanOut(n) >= p.serviceFan;
	const services = new Map<number, Nature | undefined>();
	/** What a service is, as far as it may be one: no contract. */
	const serviceNature = async (n: number): Promise<Exclude<Nature, "contract"> | undefined> => {
		if (!services.has(n)) {
			const some = (collected.get(n) ?? 0) >= p.depositsOfService || wide(n) || accounts.fanIn(n) + accounts.fanOut(n) >= 2 * p.serviceFan;
			services.set(n, some ? await natureOf(n) : undefined);
		}
		const nature = services.get(n);
		return nature === "contract" ? undefined : nature;
	};
	for (const [account, { whole }] of forwarders) {
		const { target, evidence } = outflows.get(account) as Outflows;
		const nature = await serviceNature(target);
		if (nature === undefined) continue;
		const collects = collected.get(target) ?? 0;
		const detection = detectionOf(
			{
				account: accounts.nameOf(account),
				kind: "deposit-address",
				tier: tierOf(target, nature),
				heuristic: "deposit-address",
				version: 2,
				parameters,
				source: SOURCE,
				counterpart: accounts.nameOf(target),
				evidence: evidence.map(formatPosition),
			},
			[
				must(`forwards whole receipts to one account only (${whole} times), ${NATURES[nature]}`, true),
				surer(`that account collects from ${collects} such addresses`, collects >= p.depositsOfService),
				surer(`which ${independent(target)} different accounts paid first`, independent(target) >= p.depositsOfService),
				surer(`and pays ${accounts.fanOut(target)} accounts`, accounts.fanOut(target) >= p.serviceFan),
				surer("it was used more than once", whole > 1),
				surer(`the service collects from more than ${MANY}`, collects > MANY),
			],
		);
		if (detection !== undefined) found.push(detection);
	}
	for (let n = 0; n < accounts.size; n++) {
		const collects = collected.get(n) ?? 0;
		if (collects < p.depositsOfService && !wide(n)) continue;
		const nature = await serviceNature(n);
		if (nature === undefined) continue;
		const detection = detectionOf(
			{
				account: accounts.nameOf(n),
				kind: "custodial-service",
				tier: tierOf(n, nature),
				heuristic: "custodial-service",
				version: 2,
				parameters,
				source: `${SOURCE}; GraphSense and TRacer on fan-in and fan-out`,
				evidence: [],
			},
			[
				must(`${accounts.fanIn(n)} accounts paid it, it paid ${accounts.fanOut(n)}; ${NATURES[nature].replace("which", "it")}`, true),
				must("it collects from deposit addresses or deals with many on both sides", collects >= p.depositsOfService || wide(n)),
				surer(`it collects from ${collects} deposit addresses`, collects >= p.depositsOfService),
				surer(`which ${independent(n)} different accounts paid first`, independent(n) >= p.depositsOfService),
				surer("it is paid by many and pays many", wide(n)),
				surer(`more than ${MANY} deposit addresses`, collects > MANY),
			],
		);
		if (detection !== undefined) found.push(detection);
	}
	return found;
}

function countBy(numbers: readonly number[]): Map<number, number> {
	const counts = new Map<number, number>();
	for (const n of numbers) counts.set(n, (counts.get(n) ?? 0) + 1);
	return counts;
}
