import { type Activity, isoTime } from "@clew/core";

const DAY = 86_400;
/** Marks of time below a picture, at most. */
const TICKS = 6;
const TICK_WIDTH = 100;
/** What is there is seen. */
const LEAST_BAR = 2;

/** A bar of a timeline: what was paid stands above the axis, what came below. Units of the picture, from its upper left. */
interface Bar {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
	readonly direction: "in" | "out";
	readonly count: number;
	readonly from: number;
}

/** Where everything of a timeline stands; one layout for all that draws it. */
export interface TimelineLayout {
	readonly width: number;
	readonly height: number;
	/** The axis. */
	readonly axis: number;
	readonly bars: readonly Bar[];
	/** Where each mark of time stands, and its word begins. */
	readonly ticks: readonly { readonly x: number; readonly text: string }[];
	/** How many movements the highest bar is. */
	readonly most: number;
}

const SIZE = { width: 720, height: 150, words: 24, left: 8 };

/** Lays out the bins of an activity; undefined where nothing has a time. */
export function layTimeline({ bins, first, last, width: binWidth }: Activity): TimelineLayout | undefined {
	if (first === undefined || last === undefined) return undefined;
	const begin = Math.floor(first / binWidth) * binWidth;
	const end = (Math.floor(last / binWidth) + 1) * binWidth;
	const room = SIZE.width - 2 * SIZE.left;
	const x = (time: number) => SIZE.left + ((time - begin) / (end - begin)) * room;
	const most = Math.max(...bins.map((bin) => Math.max(bin.in, bin.out)));
	const hasIn = bins.some((bin) => bin.in > 0);
	const top = SIZE.height - SIZE.words;
	const axis = hasIn ? top / 2 : top;
	const tall = (hasIn ? top / 2 : top) - 4;
	const bars = bins.flatMap((bin): Bar[] =>
		(["out", "in"] as const)
			.filter((direction) => bin[direction] > 0)
			.map((direction) => {
				const height = Math.max(LEAST_BAR, (bin[direction] / most) * tall);
				const width = Math.max(LEAST_BAR, x(bin.to) - x(bin.from) - 1);
				return {
					x: x(bin.from),
					y: direction === "out" ? axis - height : axis,
					width,
					height,
					direction,
					count: bin[direction],
					from: bin.from,
				};
			}),
	);
	return { width: SIZE.width, height: SIZE.height, axis, bars, ticks: ticksOf(begin, end, binWidth, x), most };
}

/** Evenly spaced, at the beginnings of bins; each word begins at its mark, and ends inside the picture. */
function ticksOf(begin: number, end: number, binWidth: number, x: (time: number) => number): TimelineLayout["ticks"] {
	const bins = Math.round((end - begin) / binWidth);
	const step = Math.max(1, Math.ceil(bins / TICKS));
	return Array.from({ length: Math.ceil(bins / step) }, (_, i) => begin + i * step * binWidth)
		.filter((time) => x(time) + TICK_WIDTH <= SIZE.width)
		.map((time) => ({ x: x(time), text: tickText(time, binWidth) }));
}

function tickText(time: number, binWidth: number): string {
	const iso = isoTime(time);
	return binWidth >= DAY ? iso.slice(0, 10) : iso.slice(0, 16).replace("T", " ");
}

/** Fills of what was paid and what came; place tells them apart without colour. */
export const TIMELINE_INK = { out: "#8c2d04", in: "#4292c6", axis: "#333333", words: "#333333" } as const;

/** The picture as SVG, empty where nothing has a time. Holds no text of the chain. */
export function timelineSvg(activity: Activity): string {
	const layout = layTimeline(activity);
	if (layout === undefined) return "";
	const { width, height, axis, bars, ticks } = layout;
	const n = (value: number) => value.toFixed(1).replace(/\.0$/, "");
	const drawn = bars.map(
		(bar) =>
			`<rect x="${n(bar.x)}" y="${n(bar.y)}" width="${n(bar.width)}" height="${n(bar.height)}" fill="${TIMELINE_INK[bar.direction]}"><title>${isoTime(bar.from)}: ${bar.count} ${bar.direction === "out" ? "paid" : "came"}</title></rect>`,
	);
	const words = ticks.map(
		({ x, text }) =>
			`<path d="M${n(x)} ${n(height - SIZE.words)}v6" stroke="${TIMELINE_INK.axis}"/><text x="${n(x)}" y="${height - 6}">${text}</text>`,
	);
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11" fill="${TIMELINE_INK.words}">`,
		...drawn,
		`<path d="M0 ${n(axis)}H${width}" stroke="${TIMELINE_INK.axis}" stroke-width="1"/>`,
		...words,
		"</svg>",
	].join("\n");
}
