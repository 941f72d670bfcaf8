import { type AssetId, type Detection, formatPosition, isNative, type LedgerSource, type Position, type Transfer } from "@clew/core";
import { must, surer } from "../patterns/finding.js";
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
 * Deposit addresses and the services behind them. A deposit address passes on whole receipts (within a tolerance for the fee) soon, and only to
 * one account; that account is a service when it collects from several such addresses, or by its many counterparties on both sides. Where all
 * those addresses were first paid by too few different accounts, they may be one person's own: then the claim is a lead.
 */
export const observeServices: MakeObserver = (parameters) => {
	const forwardings = new Map<number, Forwarding>();
	const outflows = new Map<number, Outflows>();
	const funders = new Map<number, number>();
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
				if (m.t.kind === "fee" || m.t.amount === 0n || m.from === m.to) continue;
				pay(m);
				receive(m);
			}
		},
		finish: (accounts, source) => claims(accounts, source, parameters, candidates(forwardings, outflows, parameters), outflows),
	};
};

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
	source: LedgerSource,
	p: DetectionParameters,
	forwarders: readonly (readonly [number, { readonly whole: number }])[],
	outflows: ReadonlyMap<number, Outflows>,
): Promise<Detection[]> {
	const collected = new Map<number, number>();
	/** Of the addresses that a target collects from: how many different accounts paid them first. A thief's own addresses have one. */
	const customers = new Map<number, Set<number | undefined>>();
	for (const [account] of forwarders) {
		const { target, funder } = outflows.get(account) as Outflows;
		collected.set(target, (collected.get(target) ?? 0) + 1);
		customers.set(target, (customers.get(target) ?? new Set()).add(funder));
	}
	const independent = (n: number) => customers.get(n)?.size ?? 0;
	const tierOf = (n: number) => (independent(n) >= p.depositsOfService || wide(n) ? ("structural" as const) : ("lead" as const));
	const parameters = {
		toleranceWei: p.depositTolerance.toString(),
		blocks: String(p.depositBlocks),
		share: `${p.depositShare} %`,
		depositsOfService: String(p.depositsOfService),
		serviceFan: String(p.serviceFan),
	};
	const found: Detection[] = [];
	const wide = (n: number) => accounts.fanIn(n) >= p.serviceFan && accounts.fanOut(n) >= p.serviceFan;
	const services = new Map<number, boolean>();
	const isService = async (n: number): Promise<boolean> => {
		let known = services.get(n);
		if (known === undefined) {
			const some = (collected.get(n) ?? 0) >= p.depositsOfService || wide(n) || accounts.fanIn(n) + accounts.fanOut(n) >= 2 * p.serviceFan;
			known = some && !(await isContract(source, accounts, n));
			services.set(n, known);
		}
		return known;
	};
	for (const [account, { whole }] of forwarders) {
		const { target, evidence } = outflows.get(account) as Outflows;
		if (!(await isService(target))) continue;
		const collects = collected.get(target) ?? 0;
		const detection = detectionOf(
			{
				account: accounts.nameOf(account),
				kind: "deposit-address",
				tier: tierOf(target),
				heuristic: "deposit-address",
				version: 1,
				parameters,
				source: SOURCE,
				counterpart: accounts.nameOf(target),
				evidence: evidence.map(formatPosition),
			},
			[
				must(`forwards whole receipts to one account only (${whole} times)`, true),
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
		if (!(await isService(n))) continue;
		const detection = detectionOf(
			{
				account: accounts.nameOf(n),
				kind: "custodial-service",
				tier: tierOf(n),
				heuristic: "custodial-service",
				version: 1,
				parameters,
				source: `${SOURCE}; GraphSense and TRacer on fan-in and fan-out`,
				evidence: [],
			},
			[
				must(`${accounts.fanIn(n)} accounts paid it, it paid ${accounts.fanOut(n)}`, true),
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

async function isContract(source: LedgerSource, accounts: Accounts, account: number): Promise<boolean> {
	return (await source.profile(accounts.nameOf(account), 1)).isContract;
}
