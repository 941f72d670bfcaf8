import {
	type AccountId,
	type ChainId,
	chainOf,
	comparePositions,
	compareText,
	type Detection,
	eventsOfKind,
	formatPosition,
	groupBy,
	type LedgerReader,
	type Position,
	userOperationOf,
} from "@clew/core";
import { type Feature, must, surer } from "../patterns/finding.js";
import { detectionOf, type MakeObserver, type Movement, payerOf } from "./observer.js";

const SOURCE = "PTXPhish (2024) on approval and permit phishing; fixed operator and affiliate shares";
/** Shares are compared in thousandths. */
const THOUSAND = 1_000n;
/** Splits kept for one receiver at most. */
const MAX_SPLITS = 1_000;

interface Split {
	readonly victim: number;
	/** The smaller receiver's part, in thousandths. */
	readonly share: number;
	readonly at: Position;
}

/**
 * Drainers: somebody else pays for a transaction that takes a token from its holder (an approval or a permit made it possible) and splits
 * it between two receivers, always in the same proportion. What a holder did by a UserOperation of his own (ERC-4337) is none of it. The
 * smaller share is the drainer's, the larger that of whoever brought the victim.
 */
export const observeDrainers: MakeObserver = (p) => {
	const splits = new Map<number, Split[]>();
	return {
		transaction(movements) {
			const payer = payerOf(movements);
			if (payer === undefined || movements.length < 3) return;
			for (const [, rows] of groupBy(
				movements.filter((m) => m.t.kind === "token" && m.t.amount > 0n && m.from !== payer && m.from !== m.to),
				(m) => `${m.from} ${m.t.asset}`,
			)) {
				if (rows.length !== 2 || rows[0]?.to === rows[1]?.to) continue;
				const [less, more] = [...rows].sort((a, b) => (a.t.amount < b.t.amount ? -1 : 1)) as [Movement, Movement];
				const share = Number((less.t.amount * THOUSAND) / (less.t.amount + more.t.amount));
				const known = splits.get(less.to) ?? [];
				if (known.length < MAX_SPLITS) known.push({ victim: less.from, share, at: less.t.position });
				splits.set(less.to, known);
			}
		},
		async finish(accounts, source) {
			const found: Detection[] = [];
			// Only who took from enough holders can be one: for nobody else approvals are read.
			const taken = [...splits].filter(([, all]) => new Set(all.map(({ victim }) => victim)).size >= p.drainerVictims);
			const [first] = taken;
			if (first === undefined) return found;
			const chain = chainOf(accounts.nameOf(first[0]));
			const [approvals, acted] = [await approvalsOf(source, chain), await actedByOperation(source, chain)];
			for (const [receiver, splits] of taken) {
				const all = splits.filter(({ victim, at }) => !acted.has(actOf(accounts.nameOf(victim), at)));
				const [, same = []] = [...groupBy(all, (split) => String(split.share))].sort((a, b) => b[1].length - a[1].length)[0] ?? [];
				const near = all.filter((split) => Math.abs(split.share - (same[0]?.share ?? 0)) <= p.drainerTolerance * 10);
				const victims = new Set(near.map((split) => split.victim));
				const percent = ((same[0]?.share ?? 0) / 10).toFixed(1);
				const detection = detectionOf(
					{
						account: accounts.nameOf(receiver),
						kind: "drainer",
						tier: "structural",
						heuristic: "drainer",
						version: 2,
						parameters: { victims: String(p.drainerVictims), tolerance: `${p.drainerTolerance} %` },
						source: SOURCE,
						evidence: near.map((split) => formatPosition(split.at)),
					},
					[
						must(`took tokens of ${victims.size} holders in transactions that others paid for`, victims.size >= p.drainerVictims),
						must(`always with the same split: ${percent} % to it`, near.length * 2 > all.length),
						surer("every time in this split", near.length === all.length),
						surer("more than ten holders", victims.size > 10),
						...approvalReason(approvals, near, (account) => accounts.nameOf(account)),
					],
				);
				if (detection !== undefined) found.push(detection);
			}
			return found;
		},
	};
};

/** Who acted by a UserOperation in which transaction: somebody else pays for that, too, and nobody took anything. */
async function actedByOperation(source: LedgerReader, chain: ChainId): Promise<ReadonlySet<string>> {
	const acted = new Set<string>();
	for await (const event of eventsOfKind(source, chain, "user-operation")) {
		const operation = userOperationOf(event);
		if (operation?.version !== undefined) acted.add(actOf(operation.sender, event.position));
	}
	return acted;
}

function actOf(account: AccountId, { height, txIndex }: Position): string {
	return `${height}.${txIndex} ${account}`;
}

/** What owners let whom take, first by time; by owner. */
type Approvals = ReadonlyMap<AccountId, readonly { readonly spender: string; readonly at: Position }[]>;

async function approvalsOf(source: LedgerReader, chain: ChainId): Promise<Approvals> {
	const approvals = new Map<AccountId, { spender: string; at: Position }[]>();
	for await (const { account, details, position } of eventsOfKind(source, chain, "approval")) {
		if (account === undefined || details["amount"] === "0") continue;
		const own = approvals.get(account) ?? [];
		approvals.set(account, own);
		own.push({ spender: details["spender"] ?? "", at: position });
	}
	return approvals;
}

/** Speaks only where approvals are known: a permit signed off the chain leaves none before it is used. */
function approvalReason(approvals: Approvals, near: readonly Split[], nameOf: (account: number) => AccountId): Feature[] {
	const before = near.map(
		({ victim, at }) =>
			new Set((approvals.get(nameOf(victim)) ?? []).filter((one) => comparePositions(one.at, at) < 0).map(({ spender }) => spender)),
	);
	if (before.every((spenders) => spenders.size === 0)) return [];
	const counts = new Map<string, number>();
	for (const spenders of before) for (const spender of spenders) counts.set(spender, (counts.get(spender) ?? 0) + 1);
	const [most = ["", 0]] = [...counts].sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]));
	return [surer(`in ${most[1]} of ${near.length} cases the holder had let ${most[0]} take the token`, most[1] * 2 > near.length)];
}
