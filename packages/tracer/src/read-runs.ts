import {
	type AccountProfile,
	type AssetId,
	type ChainId,
	type Coverage,
	type CoveredKind,
	evmChain,
	isNative,
	joinRuns,
	type Run,
	tokenContract,
} from "@clew/core";

/** The unbroken runs of heights at which a kind of movement was fetched, ascending. */
export function readRuns(coverage: readonly Pick<Coverage, "fromHeight" | "toHeight" | "kinds">[], kind: CoveredKind): Run[] {
	const read = coverage.filter(({ kinds }) => kinds.includes(kind));
	return joinRuns(read.map(({ fromHeight: from, toHeight: to }) => ({ from, to })));
}

/** The run that a height is in. */
export function runAt(runs: readonly Run[], height: number): Run | undefined {
	return runs.find(({ from, to }) => from <= height && height <= to);
}

/**
 * Up to which height, at most `latest`, all these kinds of movement were read without a break from one height on, or which of them were
 * not read from there through `through`, or again behind a hole.
 */
export function readOnFrom(
	coverage: readonly Coverage[],
	kinds: readonly CoveredKind[],
	{ from, through, latest }: { readonly from: number; readonly through: number; readonly latest: number },
): { readonly end: number } | { readonly unread: readonly CoveredKind[] } {
	let end = latest;
	const unread = kinds.filter((kind) => {
		const runs = readRuns(coverage, kind);
		const read = runAt(runs, from)?.to;
		if (read === undefined || read < through || runs.some((run) => read < run.from && run.from <= latest)) return true;
		end = Math.min(end, read);
		return false;
	});
	return unread.length === 0 ? { end } : { unread };
}

/**
 * Heights at or above `from` at which nobody fetched a kind of movement: those between others that were, and, where a `reach` is
 * given, those of it before and behind them; none for a kind that nobody fetched anywhere. Ascending.
 */
export function holesIn(runs: readonly Run[], from: number, reach?: Run): Run[] {
	const [first, last] = [runs[0], runs.at(-1)];
	if (first === undefined || last === undefined) return [];
	const ends = [(reach?.from ?? first.from) - 1, ...runs.map(({ to }) => to)];
	const begins = [...runs.map((run) => run.from), (reach?.to ?? last.to) + 1];
	const holes = begins.map((begin, i) => ({ from: Math.max(from, (ends[i] ?? 0) + 1), to: begin - 1 }));
	return holes.filter((hole) => hole.from <= hole.to);
}

/**
 * Which transfers must have been read for a balance to be known. Native coins move by internal calls, too. A wrapped coin is made and
 * unmade without a transfer of its token: the coins themselves move then, in by a transaction or a call, out by a call.
 */
export function kindsThatTell(chain: ChainId, asset: AssetId): readonly CoveredKind[] {
	if (isNative(asset)) return ["native", "internal"];
	const wrapped = evmChain(chain)?.wrapped;
	return wrapped !== undefined && tokenContract(asset)?.endsWith(wrapped) ? ["native", "internal", "token"] : ["token"];
}

/** Heights of a span at which some movement that tells an asset was not read, of a kind that nobody fetched anywhere, too; ascending. */
export function unreadIn(coverage: readonly Coverage[], chain: ChainId, asset: AssetId, span: Run): Run[] {
	const unread = kindsThatTell(chain, asset).flatMap((kind) => {
		const runs = readRuns(coverage, kind);
		return runs.length === 0 ? [span] : holesIn(runs, span.from, span);
	});
	return joinRuns(unread.filter(({ from }) => from <= span.to).map(({ from, to }) => ({ from, to: Math.min(to, span.to) })));
}

/**
 * Up to which height all that an account paid of an asset was read without a break, from a height on; below it where nobody read it. An
 * account with a key pays coins, and unwraps them, by transactions alone; a contract by calls, too.
 */
export function outflowsReadTo({ coverage, isContract }: AccountProfile, chain: ChainId, asset: AssetId, from: number): number {
	const kinds = new Set<CoveredKind>(kindsThatTell(chain, asset));
	kinds.delete("internal");
	if (isContract) kinds.add("internal");
	return Math.min(...[...kinds].map((kind) => runAt(readRuns(coverage, kind), from)?.to ?? from - 1));
}
