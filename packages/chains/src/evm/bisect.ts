/** Where a value changes: the heights at which it is another than at the height before, ascending, as far as `through`. */
export interface Changes {
	readonly heights: readonly number[];
	readonly through: number;
}

interface Span {
	readonly from: number;
	readonly to: number;
}

/**
 * The first `most` heights in (from, to] at which a value changes, by halving what differs at its ends: some log2(to - from) readings for
 * each, level by level and those of a level together. Exact for a value that only grows, or only shrinks. Of any other a change that is
 * undone between two readings is not seen. `read` is asked for a height again and again: it remembers.
 */
export async function firstChanges<V extends number | bigint>(
	read: (height: number) => Promise<V>,
	from: number,
	to: number,
	most: number,
): Promise<Changes> {
	const differing = async (spans: readonly Span[]): Promise<readonly Span[]> => {
		const ends = await Promise.all(spans.map((span) => Promise.all([read(span.from), read(span.to)])));
		return spans.filter((_, i) => ends[i]?.[0] !== ends[i]?.[1]);
	};
	let through = to;
	let spans = await differing([{ from, to }]);
	while (spans.some(isLong)) {
		const changed = await differing(spans.flatMap((span) => (isLong(span) ? halves(span) : [span])));
		// What lies before the first span that is left out is known.
		through = changed[most]?.from ?? through;
		spans = changed.slice(0, most);
	}
	return { heights: spans.map((span) => span.to), through };
}

const isLong = (span: Span): boolean => span.to - span.from > 1;

function halves({ from, to }: Span): readonly Span[] {
	const middle = from + Math.floor((to - from) / 2);
	return [
		{ from, to: middle },
		{ from: middle, to },
	];
}
