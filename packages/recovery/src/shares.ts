import { CONSERVING_RULES, InputError, minAmount, type Rule, type TraceAmounts, type TraceEdge, type TraceResult } from "@clew/core";
import { apportion } from "@clew/tracer";

/** How a fund is shared among those whose money went into it, and by which rule of the trace. */
export const SHARE_METHODS = {
	"pari-passu": {
		rule: undefined,
		law: "rateably by what was taken from each, whenever it came in: Barlow Clowes v Vaughan [1992] 4 All ER 22",
	},
	"rolling-charge": {
		rule: "haircut",
		law: "each payment out bore on all in proportion (the North American rolling charge): as Barlow Clowes v Vaughan describes it; Greymac (1986) 55 OR (2d) 673",
	},
	fifo: { rule: "fifo", law: "first in, first out: Devaynes v Noble (Clayton's Case) 1816 1 Mer 572" },
	"lowest-balance": {
		rule: "libr",
		law: "each claim at most the lowest balance since its money came (lowest intermediate balance): James Roscoe (Bolton) v Winder [1915] 1 Ch 62",
	},
} as const satisfies Record<string, { readonly rule: Rule | undefined; readonly law: string }>;
export type ShareMethod = keyof typeof SHARE_METHODS;

/** What a seed gets under one method; amounts in base units. */
export interface Share {
	readonly origin: number;
	/** Whose money the seed is: who paid it, else the seed as it was named. */
	readonly victim: string;
	/** What it may claim: what was taken, or its lots in the fund by the rule. */
	readonly claim: bigint;
	readonly share: bigint;
	/** It got a unit more than its exact share rounded down. */
	readonly oddUnit: boolean;
}

/** A fund shared under one method: the shares and what is left add up to it. */
export interface Distribution {
	readonly method: ShareMethod;
	readonly law: string;
	readonly shares: readonly Share[];
	readonly shared: bigint;
	/** What no claim of these seeds reaches. */
	readonly left: bigint;
}

/** What is shared. */
export interface FundRequest {
	readonly asset: string;
	/** Base units. */
	readonly fund: bigint;
	/** End points whose lots count; all of the asset where none is named. */
	readonly account?: string;
}

/** A method, or why the trace cannot tell its shares. */
export type Shares = Distribution | { readonly method: ShareMethod; readonly law: string; readonly why: string };

/**
 * Shares a fund among the seeds of a trace, under every method. Rounding: each share is its exact one rounded down, and the units that
 * this leaves go one by one to the largest remainders, of equal ones to the earlier seed. A claim is never exceeded. Throws InputError
 * where the trace found nothing of the asset there.
 */
export function sharesOf(trace: TraceResult, { asset, fund, account }: FundRequest): readonly Shares[] {
	const leaves = trace.leaves.filter((leaf) => leaf.amounts[asset] !== undefined && (account === undefined || leaf.account === account));
	if (leaves.length === 0)
		throw new InputError(`trace ${trace.id} found no ${asset}${account === undefined ? "" : ` at ${account}`}`, { code: "USAGE" });
	const victims = victimsOf(trace);
	return (Object.keys(SHARE_METHODS) as ShareMethod[]).map((method): Shares => {
		const { rule, law } = SHARE_METHODS[method];
		if (rule !== undefined && !trace.rules.includes(rule)) return { method, law, why: `the trace was run without ${rule}` };
		const claims = rule === undefined ? takenBySeed(trace, asset) : trace.seeds.map(({ origin }) => lotsOf(leaves, asset, origin, rule));
		if (claims === undefined) return { method, law, why: `not all of it was taken in ${asset}: what it was worth is for the court to say` };
		return distribution(method, law, claims, victims, fund);
	});
}

function distribution(method: ShareMethod, law: string, claims: readonly bigint[], victims: readonly string[], fund: bigint): Distribution {
	const claimed = claims.reduce((sum, claim) => sum + claim, 0n);
	const shared = minAmount(fund, claimed);
	const shares = claimed === 0n ? claims.map(() => 0n) : apportion(shared, claims);
	const rows = claims.map((claim, origin) => {
		const share = shares[origin] ?? 0n;
		const oddUnit = claimed > 0n && share > (claim * shared) / claimed;
		return { origin, victim: victims[origin] ?? "", claim, share, oddUnit };
	});
	const sum = rows.reduce((all, { share }) => all + share, 0n);
	if (sum !== shared || rows.some(({ claim, share }) => share > claim))
		throw new InputError(`${method}: shares of ${sum} do not add up to ${shared}`, { code: "CONSERVATION" });
	return { method, law, shares: rows, shared, left: fund - shared };
}

type Leaf = TraceResult["leaves"][number];

/** A seed's lots at these end points; under `libr` claims, each alone. */
function lotsOf(leaves: readonly Leaf[], asset: string, origin: number, rule: Rule): bigint {
	return leaves.reduce((sum, { amounts, byOrigin }) => {
		const own = byOrigin === undefined ? (origin === 0 ? amounts[asset] : undefined) : byOrigin[asset]?.[origin];
		return sum + BigInt(own?.[rule] ?? "0");
	}, 0n);
}

/** What each seed's transfers moved, in the asset; undefined where one took something else. */
function takenBySeed({ seeds }: TraceResult, asset: string): readonly bigint[] | undefined {
	if (seeds.some(({ seeded }) => Object.keys(seeded).some((other) => other !== asset))) return undefined;
	return seeds.map(({ seeded }) => mostConserved(seeded[asset] ?? {}));
}

/** The most that a conserving rule says of an amount. */
export function mostConserved(amounts: TraceAmounts): bigint {
	return CONSERVING_RULES.map((rule) => BigInt(amounts[rule] ?? "0")).reduce((a, b) => (a > b ? a : b), 0n);
}

/** Whether a victim is an account that paid, and not a seed that several paid. */
export function isPayer(victim: string): boolean {
	return !/^(?:account|tx|transfer|outpoint):/.test(victim);
}

/** Of every seed who paid what it marks, where that is one account; else the seed as it was named. */
export function victimsOf({ seeds, edges }: Pick<TraceResult, "seeds" | "edges">): readonly string[] {
	const byPlace = new Map<string, TraceEdge>();
	for (const edge of edges) if (edge.kind !== "fee") byPlace.set(`${edge.position} ${edge.to} ${edge.asset}`, edge);
	return seeds.map(({ rows, spec }) => {
		const payers = new Set(rows.map(({ position, account, asset }) => byPlace.get(`${position} ${account} ${asset}`)?.from));
		const [payer] = payers;
		return payers.size === 1 && payer !== undefined ? payer : spec;
	});
}
