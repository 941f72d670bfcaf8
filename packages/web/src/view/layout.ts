/** A box to be placed; `first` orders boxes in time. */
export interface Box {
	readonly first: number;
	readonly height: number;
	readonly isStart: boolean;
}

/** An arrow between two boxes, by their places in the list; `order` is its place in time. */
export interface Arrow {
	readonly from: number;
	readonly to: number;
	readonly order: number;
}

/** Where a box stands. */
export interface Place {
	/** Arrows from a start, along the first that reached it in time. */
	readonly hop: number;
	readonly x: number;
	readonly y: number;
}

/** Boxes below each other before a hop gets another column. */
const COLUMN = 24;
export const BOX_WIDTH = 216;
const GAP_X = 170;
const GAP_Y = 22;
const NARROW_GAP_X = 24;
const MARGIN = 16;
const SWEEPS = 4;

/**
 * Places boxes in layers from left to right: by hop, and a hop of many boxes in columns by time. Within a column near what they are tied to;
 * ties by time, then by place in the list. Pure; O((boxes + arrows) log) a sweep. Lengths are the picture's own units.
 */
export function placeBoxes(
	boxes: readonly Box[],
	arrows: readonly Arrow[],
): { readonly places: readonly Place[]; readonly width: number; readonly height: number } {
	const hops = hopsOf(boxes, arrows);
	const columns = columnsOf(boxes, hops);
	settle(columns, boxes, arrows);
	const tallest = Math.max(0, ...columns.map((column) => heightOf(column, boxes)));
	const places: Place[] = boxes.map(() => ({ hop: 0, x: 0, y: 0 }));
	let x = MARGIN;
	let width = 0;
	for (const [i, column] of columns.entries()) {
		let y = MARGIN + (tallest - heightOf(column, boxes)) / 2;
		for (const at of column) {
			places[at] = { hop: hops[at] ?? 0, x, y: Math.round(y) };
			y += (boxes[at]?.height ?? 0) + GAP_Y;
		}
		width = x + BOX_WIDTH + MARGIN;
		x += BOX_WIDTH + (hops[columns[i + 1]?.[0] ?? -1] === hops[column[0] ?? -1] ? NARROW_GAP_X : GAP_X);
	}
	return { places, width, height: tallest + 2 * MARGIN };
}

/** Each box one right of what first reached it. What nothing reaches that begins at a start stands at the left, as what pays does. */
function hopsOf(boxes: readonly Box[], arrows: readonly Arrow[]): readonly number[] {
	const reached = new Map<number, number>(boxes.flatMap(({ isStart }, at) => (isStart ? [[at, 0] as const] : [])));
	const inTime = [...arrows].sort((a, b) => a.order - b.order);
	// What stands earlier in time may come of what is bundled with something later: until nothing is added.
	for (let size = -1; size !== reached.size; ) {
		size = reached.size;
		for (const { from, to } of inTime) {
			const hop = reached.get(from);
			if (hop !== undefined && !reached.has(to)) reached.set(to, hop + 1);
		}
	}
	for (let size = -1; size !== reached.size; ) {
		size = reached.size;
		for (const { from, to } of inTime) {
			const hop = reached.get(to);
			if (hop !== undefined && !reached.has(from)) reached.set(from, hop - 1);
		}
	}
	const all = boxes.map((_, at) => reached.get(at) ?? 0);
	const least = all.reduce((a, b) => Math.min(a, b), 0);
	return all.map((hop) => hop - least);
}

function columnsOf(boxes: readonly Box[], hops: readonly number[]): number[][] {
	const layers: number[][] = [];
	for (const [at, hop] of hops.entries()) {
		const layer = layers[hop] ?? [];
		layer.push(at);
		layers[hop] = layer;
	}
	return layers
		.filter((layer) => layer !== undefined)
		.flatMap((layer) => {
			layer.sort((a, b) => (boxes[a]?.first ?? 0) - (boxes[b]?.first ?? 0) || a - b);
			const columns = Math.ceil(layer.length / COLUMN);
			const each = Math.ceil(layer.length / columns);
			return Array.from({ length: columns }, (_, i) => layer.slice(i * each, (i + 1) * each));
		});
}

/** Orders each column by the mean place of what its boxes are tied to, forth and back (Sugiyama, Tagawa and Toda 1981, barycentres). */
function settle(columns: number[][], boxes: readonly Box[], arrows: readonly Arrow[]): void {
	const tied = boxes.map((): number[] => []);
	for (const { from, to } of arrows) {
		if (from === to) continue;
		tied[from]?.push(to);
		tied[to]?.push(from);
	}
	const columnOf = new Map<number, number>();
	const rank = new Map<number, number>();
	const number = (column: readonly number[]) => {
		for (const [i, at] of column.entries()) rank.set(at, (i + 0.5) / column.length);
	};
	for (const [i, column] of columns.entries()) {
		for (const at of column) columnOf.set(at, i);
		number(column);
	}
	for (let sweep = 0; sweep < SWEEPS; sweep++) {
		const forth = sweep % 2 === 0;
		const order = columns.map((_, i) => (forth ? i : columns.length - 1 - i));
		for (const i of order) {
			const column = columns[i] ?? [];
			const wanted = new Map(
				column.map((at) => {
					const beside = (tied[at] ?? []).filter((other) => (forth ? (columnOf.get(other) ?? 0) < i : (columnOf.get(other) ?? 0) > i));
					const mean = beside.reduce((sum, other) => sum + (rank.get(other) ?? 0), 0) / beside.length;
					return [at, beside.length === 0 ? (rank.get(at) ?? 0) : mean] as const;
				}),
			);
			column.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0) || (boxes[a]?.first ?? 0) - (boxes[b]?.first ?? 0) || a - b);
			number(column);
		}
	}
}

function heightOf(column: readonly number[], boxes: readonly Box[]): number {
	return column.reduce((sum, at) => sum + (boxes[at]?.height ?? 0) + GAP_Y, -GAP_Y);
}
