import { type AccountId, COVERED_KINDS, type Coverage, type CoveredKind, cut, joinRuns, type Run } from "@clew/core";
import { readRuns } from "@clew/tracer";

/** What one call asked a node: what it did not tell of it then, it is not asked for again. Another call asks anew, maybe another node. */
export class AskedAlready {
	private readonly runs = new Map<AccountId, Run[]>();
	/** Heights of blocks that the node told. */
	readonly blocks = new Set<number>();

	/** Notes that the history of an account was asked for at these heights. */
	note(account: AccountId, from: number, to: number): void {
		if (from <= to) this.runs.set(account, joinRuns([...this.of(account), { from, to }]));
	}

	/** The heights at which the history of an account was asked for, in order and apart. */
	of(account: AccountId): readonly Run[] {
		return this.runs.get(account) ?? [];
	}
}

/**
 * The first heights from `from` through `to` at which a kind of movement of an account is not in the case, and that were not asked for
 * already. Heights at which other kinds are read are a gap all the same: who told those may not have been able to tell this.
 */
export function firstGap(coverage: readonly Coverage[], from: number, to: number, asked: readonly Run[] = []): Run | undefined {
	const gaps = COVERED_KINDS.flatMap((kind) => gapOf([...readRuns(coverage, kind), ...asked], from, to) ?? []);
	return gaps.reduce<Run | undefined>((first, gap) => {
		if (first === undefined || gap.from < first.from) return gap;
		return gap.from === first.from && gap.to > first.to ? gap : first;
	}, undefined);
}

/** Kinds of movement that are not in the case at some of the heights, with the first such heights. */
export interface UntoldKinds extends Run {
	readonly kinds: readonly CoveredKind[];
}

/** Which kinds of an account's movements are not in the case from `from` through `to`: those of the same heights together. */
export function untoldKinds(coverage: readonly Coverage[], from: number, to: number): UntoldKinds[] {
	const found: { readonly kinds: CoveredKind[]; readonly from: number; readonly to: number }[] = [];
	for (const kind of COVERED_KINDS) {
		const gap = gapOf(readRuns(coverage, kind), from, to);
		if (gap === undefined) continue;
		const same = found.find((one) => one.from === gap.from && one.to === gap.to);
		if (same === undefined) found.push({ kinds: [kind], ...gap });
		else same.kinds.push(kind);
	}
	return found;
}

/** The first heights of a range that no run holds. */
function gapOf(runs: readonly Run[], from: number, to: number): Run | undefined {
	const [gap] = cut(
		{ fromHeight: from, toHeight: to },
		runs.map((run) => [run.from, run.to] as const),
	);
	return gap && { from: gap.fromHeight, to: gap.toHeight };
}
