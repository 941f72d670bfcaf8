import {
	type AccountId,
	addressOf,
	type ChainId,
	comparePositions,
	DANGEROUS_CATEGORIES,
	type Delegation,
	type Detection,
	delegationOf,
	eventsOfKind,
	formatPosition,
	groupBy,
	type LedgerReader,
	type Position,
	standingDelegation,
	type Transfer,
} from "@clew/core";
import { must, surer } from "../patterns/finding.js";
import { boundedLedger, detectionOf } from "./observer.js";
import type { DetectionParameters } from "./parameters.js";

const SOURCE = "EIP-7702; sweepers as Wintermute Research names them (CrimeEnjoyor, 2025): thresholds are Clew's own";
/** Accounts of one delegate whose ledgers are read at most, the first that let it act for them. */
const LOOKED_AT = 200;
/** Weight of a label that names a delegate dangerous: "trusted provider" on GraphSense's scale. */
const TRUSTED = 50;

/** What happened at an account once its key had let a contract act for it. */
interface Swept {
	readonly delegation: Delegation;
	/** What left right after it came, in transactions that somebody else sent. */
	readonly taken: readonly Transfer[];
	readonly payers: ReadonlySet<AccountId>;
	/** Everything that came was taken so. */
	readonly whole: boolean;
	/** Its owner had paid others before, in transactions of his own: no address that a service made to collect in. */
	readonly lived: boolean;
}

/**
 * Contracts that many keys let act for their accounts (EIP-7702), and that take at once what comes to these: the keys are stolen ones, or
 * were tricked into it. From then on such an account is whoever's the contract is. Services that collect from addresses of their own do the
 * same: only where owners had used their accounts before is it structural, else a lead. A delegate that a label calls dangerous makes its
 * accounts leads by that alone.
 */
export async function detectSweepers(source: LedgerReader, chain: ChainId, p: DetectionParameters): Promise<Detection[]> {
	const byAccount = new Map<AccountId, Delegation[]>();
	for await (const event of eventsOfKind(source, chain, "delegation")) {
		const one = delegationOf(event);
		if (one !== undefined && one.effect !== "no") byAccount.set(one.account, [...(byAccount.get(one.account) ?? []), one]);
	}
	const first = [...byAccount.values()].flatMap(firstOfEach).sort((a, b) => comparePositions(a.position, b.position));
	const found: Detection[] = [];
	for (const [delegate, delegations] of groupBy(first, ({ to }) => to as AccountId)) {
		const { labels } = await source.profile(delegate, 1);
		const label = labels.find(({ category, confidence }) => DANGEROUS_CATEGORIES.has(category) && confidence >= TRUSTED);
		if (delegations.length < p.sweeperAccounts && label === undefined) continue;
		const looked: Swept[] = [];
		for (const one of delegations.slice(0, LOOKED_AT))
			looked.push(sweptAt(await boundedLedger(source, one.account), one, endOf(one, byAccount.get(one.account) ?? []), p));
		const sweeper = sweeperOf(delegate, delegations.length, looked, p);
		if (sweeper !== undefined) found.push(sweeper);
		else if (label === undefined) continue;
		const named = label && `${addressOf(delegate)} is labelled ${label.entity} (${label.category}), says ${label.source}`;
		const swept = new Map(looked.map((one) => [one.delegation.account, one]));
		for (const one of delegations) {
			const detection = accountOf(one, byAccount.get(one.account) ?? [], swept.get(one.account), sweeper, named, p);
			if (detection !== undefined) found.push(detection);
		}
	}
	return found;
}

/** The first time that a key let each contract act. */
function firstOfEach(own: readonly Delegation[]): Delegation[] {
	return [...groupBy(own, ({ to }) => to ?? "").values()].flatMap(([first]) => (first?.to === undefined ? [] : [first]));
}

/** From where on something else surely acts for the account, or nothing. */
function endOf({ to, position }: Delegation, own: readonly Delegation[]): Position | undefined {
	return own.find((other) => other.effect === "yes" && other.to !== to && comparePositions(other.position, position) > 0)?.position;
}

function sweptAt(ledger: readonly Transfer[], delegation: Delegation, end: Position | undefined, p: DetectionParameters): Swept {
	const { account, position: since } = delegation;
	const own = new Set(ledger.flatMap(({ kind, from, txHash }) => (kind === "fee" && from === account ? [txHash] : [])));
	const rows = ledger.filter(({ kind, amount, from, to }) => kind !== "fee" && amount > 0n && from !== to);
	const during = rows.filter(
		({ position }) => comparePositions(position, since) > 0 && (end === undefined || comparePositions(position, end) < 0),
	);
	const left = during.filter(({ from, txHash }) => from === account && !own.has(txHash));
	const came = during.filter(({ to }) => to === account);
	const taken = new Set<Transfer>();
	const payers = new Set<AccountId>();
	let gone = 0;
	for (const t of came) {
		const out = left.find(
			(x) =>
				x.asset === t.asset &&
				comparePositions(x.position, t.position) > 0 &&
				x.position.height - t.position.height <= p.sweeperBlocks &&
				x.amount * 100n >= t.amount * BigInt(p.sweeperShare),
		);
		if (out === undefined) continue;
		gone++;
		taken.add(out);
		payers.add(t.from);
	}
	const receivers = new Set([...taken].map(({ to }) => to));
	const lived = rows.some(
		({ from, to, txHash, position }) => from === account && own.has(txHash) && !receivers.has(to) && comparePositions(position, since) < 0,
	);
	return { delegation, taken: [...taken], payers, whole: gone > 0 && gone === came.length, lived };
}

function sweeperOf(delegate: AccountId, accounts: number, looked: readonly Swept[], p: DetectionParameters): Detection | undefined {
	const swept = looked.filter(({ taken }) => taken.length > 0);
	const receivers = [
		...groupBy(
			swept.flatMap(({ taken }) => taken),
			({ to }) => to,
		),
	].sort((a, b) => b[1].length - a[1].length);
	const payers = new Set(swept.flatMap((one) => [...one.payers]));
	const lived = swept.filter((one) => one.lived).length;
	const known = lived >= p.sweeperAccounts;
	return detectionOf(
		{
			account: delegate,
			kind: "sweeper",
			tier: known ? "structural" : "lead",
			heuristic: "sweeper",
			version: 1,
			parameters: parametersOf(p),
			source: SOURCE,
			evidence: swept.map(({ taken: [first] }) => formatPosition((first as Transfer).position)),
		},
		[
			must(`the keys of ${accounts} accounts let it act for them; ${looked.length} were looked at`, accounts >= p.sweeperAccounts),
			must(
				`what came to ${swept.length} of them left within ${p.sweeperBlocks} blocks, in transactions that others sent`,
				swept.length >= p.sweeperAccounts,
			),
			must(
				`it went to ${receivers.length} receivers: ${receivers
					.slice(0, p.sweeperReceivers)
					.map(([to]) => addressOf(to))
					.join(", ")}`,
				receivers.length <= p.sweeperReceivers,
			),
			must(`${payers.size} different accounts had paid it`, payers.size >= p.sweeperAccounts),
			surer(`the owners of ${lived} had paid others by themselves before`, known),
			surer(
				"everything that came to these left so",
				swept.every(({ whole }) => whole),
			),
			surer("more than ten accounts", swept.length > 10),
		],
	);
}

/** An account that lets a sweeper act for it; undefined once something else surely does, or nothing. */
function accountOf(
	delegation: Delegation,
	own: readonly Delegation[],
	swept: Swept | undefined,
	sweeper: Detection | undefined,
	named: string | undefined,
	p: DetectionParameters,
): Detection | undefined {
	const { account, to, position, txHash, effect } = delegation;
	const { settled, open } = standingDelegation(own);
	if (to === undefined || ![settled, ...open].some((one) => one?.to === to)) return undefined;
	const taken = swept?.taken ?? [];
	const acts = own.some((one) => one.to === to && one.effect === "yes") || taken.length > 0;
	const later = open.some((one) => one.to !== to && comparePositions(one.position, position) > 0);
	return detectionOf(
		{
			account,
			kind: "delegated-to-sweeper",
			tier: sweeper?.tier === "structural" && acts ? "structural" : "lead",
			heuristic: "delegated-to-sweeper",
			version: 1,
			parameters: parametersOf(p),
			source: SOURCE,
			counterpart: to,
			evidence: taken.map((t) => formatPosition(t.position)),
		},
		[
			must(`since block ${position.height} (transaction ${txHash}) its key lets ${addressOf(to)} act for it`, true),
			surer(`${addressOf(to)} takes what comes to such accounts`, sweeper !== undefined),
			surer("that surely took effect", effect === "yes"),
			surer(
				`what came to it left at once to ${[...new Set(taken.map((t) => addressOf(t.to)))].slice(0, p.sweeperReceivers).join(", ")}`,
				taken.length > 0,
			),
			...(named === undefined ? [] : [surer(named, true)]),
			...(later ? [surer("it may have taken that back since: whether it did is not known", true)] : []),
		],
	);
}

function parametersOf(p: DetectionParameters): Readonly<Record<string, string>> {
	return {
		accounts: String(p.sweeperAccounts),
		blocks: String(p.sweeperBlocks),
		receivers: String(p.sweeperReceivers),
		share: `${p.sweeperShare} %`,
		lookedAt: String(LOOKED_AT),
	};
}
