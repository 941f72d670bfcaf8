import {
	agreeing,
	countedOf,
	fill,
	goesForward,
	groupBy,
	maxAmount,
	minAmount,
	mostTogether,
	openingsUnder,
	type Rule,
	type TraceAmounts,
	type TraceLeaf,
	type TraceResult,
	takenOf,
	timesOf,
	totalFrom,
	totalInWords,
} from "@clew/core";
import { describeAmount } from "../bundle/picture.js";
import { amount, type Block, type Cell, type Inline, type Section, strong, text } from "../document/model.js";
import { symbolOf } from "../interchange/shared.js";
import type { Messages } from "./messages/en.js";
import { localWords, utcWords } from "./moment.js";
import { conserves, type Place, type PlaceList, type PlaceSum, placesOf, sumPlaces } from "./places.js";
import { address, plain, type ReportInput, whole } from "./shared.js";

/** Rows of a list, and assets of which a sum is shown, on one page. */
const SHOWN = { places: 3, assets: 3, values: 3, rows: 6 };

/** Where a template names these, they are set as what no line may break. */
type Facts = Readonly<Record<string, Inline | string>>;

/** A template with parts that keep their form: `{name}` becomes the part of that name. */
function say(words: string, facts: Facts): Inline[] {
	return words.split(/(\{[a-z]+\})/i).flatMap((piece): Inline[] => {
		const name = /^\{([a-z]+)\}$/i.exec(piece)?.[1];
		if (name === undefined) return piece === "" ? [] : [piece];
		return [facts[name] ?? piece];
	});
}

const plural = ({ one, many }: { readonly one: string; readonly many: string }, n: number) => fill(n === 1 ? one : many, { n: String(n) });

/** What a first page is made from. */
interface Page {
	readonly input: ReportInput;
	/** The trace without tokens that do not count as money. */
	readonly result: TraceResult;
	readonly rule: Rule;
	readonly m: Messages;
	readonly show: (asset: string, units: bigint) => Inline;
	readonly places: ReturnType<typeof placesOf>;
}

/** The page that who reads nothing else reads: what happened, where it is now, what is certain, what is not, and by whose word. */
export function firstPage(input: ReportInput, rule: Rule, m: Messages, language?: string): Section {
	const { counted: result } = countedOf(input.result);
	const show = (asset: string, units: bigint) => amount(plain(describeAmount(result, asset, units)));
	const page: Page = { input, result, rule, m, show, places: placesOf(result, rule) };
	return {
		heading: m.heading,
		alone: true,
		...(language === undefined ? {} : { language }),
		blocks: [
			...(m.draft === "" ? [] : [text(strong(m.draft))]),
			{ kind: "heading", text: m.happened },
			text(...happened(page)),
			{ kind: "heading", text: m.where },
			...(goesForward(result) ? (["freeze", "records", "moving"] as const) : (["records", "moving"] as const)).flatMap((list) =>
				listBlocks(page, list),
			),
			...sumBlocks(page),
			{ kind: "heading", text: m.sure },
			text(...sure(page)),
			{ kind: "heading", text: m.unknown },
			text(unknown(page)),
			{ kind: "heading", text: m.proven },
			text(...known(page)),
		],
	};
}

/** Sentences one after the other. */
function sentences(all: readonly (readonly Inline[])[]): Inline[] {
	return all.flatMap((sentence, i) => (i === 0 ? sentence : [" ", ...sentence]));
}

function happened(page: Page): Inline[] {
	const { result, m, input } = page;
	return sentences([...takenSentences(page), worth(input, result, m), moved(page), say(m.until, { block: result.coverage.cutoff })]);
}

function takenSentences({ result, m, show, input }: Page): Inline[][] {
	const seedRows = result.seeds.flatMap(({ rows }) => rows);
	const [first] = seedRows;
	const marked = takenOf(result);
	const sums = marked.length > 0 ? marked : arrivedOf(result);
	if (first === undefined || sums.length === 0) return [[m.nothingTaken]];
	const accounts = new Set(seedRows.map(({ account }) => account)).size;
	const positions = new Set(seedRows.map(({ position }) => position));
	const edges = result.edges.filter(({ position, kind }) => kind !== "fee" && positions.has(position));
	const amounts = sums
		.slice(0, SHOWN.assets)
		.flatMap(({ asset, agreed, most }, i): Inline[] => [
			...(i === 0 ? [] : [", "]),
			...(agreed === most ? [show(asset, most)] : [show(asset, agreed), " - ", show(asset, most)]),
		]);
	const more = sums.length > SHOWN.assets ? [` (${fill(m.assets, { n: String(sums.length - SHOWN.assets) })})`] : [];
	const who = say(accounts === 1 ? m.accounts.one : m.accounts.many, { who: address(first.account), n: String(accounts) });
	const taken = say(m.taken, {
		arrivals: plural(m.arrivals, positions.size),
		rows: rowsInWords(
			edges.map(({ row }) => row),
			m,
		),
	}).flatMap((part) => (part === "{amount}" ? [...amounts, ...more] : part === "{who}" ? who : [part]));
	const times = edges.map(({ time }) => time).filter((time) => time !== "");
	const isTimed = edges.length > 0 && times.length === edges.length;
	const heights = seedRows.map(({ position }) => Number(position.split(".")[0]));
	const [from, to] = [heights.reduce((a, b) => Math.min(a, b)), heights.reduce((a, b) => Math.max(a, b))];
	const blocks = fill(from === to ? m.block : m.blocks, { from: String(from), to: String(to) });
	if (!isTimed) return [taken, [fill(m.timeUnknown, { blocks })]];
	const sorted = [...times].sort();
	const [begin, end] = [moment(sorted[0] ?? "", m, input), moment(sorted[sorted.length - 1] ?? "", m, input)];
	return [taken, [begin === end ? fill(m.at, { time: begin }) : fill(m.between, { from: begin, to: end })]];
}

/** All that arrived, each row once, by asset: for a trace that ran no rule which says how much of it was marked. */
function arrivedOf({ seeds }: TraceResult): ReturnType<typeof takenOf> {
	const rows = new Map(seeds.flatMap((seed) => seed.rows.map((row) => [`${row.position} ${row.account} ${row.asset}`, row] as const)));
	return [...groupBy(rows.values(), ({ asset }) => asset)].map(([asset, own]) => {
		const sum = own.reduce((all, row) => all + BigInt(row.amount), 0n);
		return { asset, agreed: sum, most: sum };
	});
}

/** The first rows and the last, by number. */
function rowsInWords(rows: readonly number[], m: Messages): string {
	const list = rows.length <= SHOWN.rows + 1 ? rows.join(", ") : `${rows.slice(0, SHOWN.rows).join(", ")} … ${rows[rows.length - 1]}`;
	return fill(rows.length === 1 ? m.rows.one : m.rows.many, { list: list || "-" });
}

/** UTC, and where a zone was named the clock there. */
function moment(iso: string, m: Messages, { paper: { zone } = {} }: ReportInput): string {
	const utc = utcWords(iso);
	const local = zone === undefined ? undefined : localWords(iso, zone);
	return local === undefined || zone === undefined ? utc : fill(m.local, { utc, local, zone });
}

function worth({ values, details }: ReportInput, result: TraceResult, m: Messages): Inline[] {
	const seeds = values?.seeds ?? [];
	if (values !== undefined && seeds.length > 0) {
		const said = values.units.map((unit) =>
			seeds
				.map(({ origin, totals }) => {
					const total = totals[unit];
					const words = total === undefined ? "" : totalInWords(totalFrom(total), unit);
					return seeds.length === 1 ? words : `${origin + 1}: ${words}`;
				})
				.slice(0, SHOWN.values)
				.join(", "),
		);
		return say(m.worth, { value: amount(said.join("; ")) });
	}
	const stated = Object.entries(details.values ?? {}).map(
		([asset, { value, source }]) => `1 ${symbolOf(result, asset)} = ${value} (${source})`,
	);
	return stated.length === 0 ? [m.worthUnknown] : [fill(m.worthStated, { value: whole(stated.slice(0, SHOWN.values).join("; ")) })];
}

function moved({ result: all, m, input }: Page): Inline[] {
	const result = conservedOf(all);
	const { events, untimed } = timesOf(result);
	const count = events.length + untimed;
	const ends = plural(m.ends, result.leaves.length);
	if (count === 0) return [fill(m.notMoved, { ends })];
	const movements = plural(m.movements, count);
	if (untimed > 0 || events.length === 0) return [fill(m.movedUntimed, { movements, ends })];
	const last = events.reduce((latest, { time }) => Math.max(latest, time), Number.NEGATIVE_INFINITY);
	return [fill(m.moved, { movements, last: moment(new Date(last * 1000).toISOString().replace(".000Z", "Z"), m, input), ends })];
}

/** What carries anything by a rule that conserves value: what `poison` alone says is no part of what was taken. */
function conservedOf(result: TraceResult): TraceResult {
	if (agreeing(result) === undefined) return result;
	const carries = (amounts: TraceAmounts) => Object.entries(amounts).some(([rule, units]) => conserves(rule as Rule) && units !== "0");
	return {
		...result,
		edges: result.edges.filter(({ tainted }) => carries(tainted)),
		leaves: result.leaves.filter(({ amounts, range }) => range[1] !== "0" || Object.values(amounts).some(carries)),
	};
}

function listBlocks(page: Page, list: Exclude<PlaceList, "gone">): Block[] {
	const { m, rule, show, result } = page;
	const places = page.places[list];
	const { title, what, none } = m[list];
	if (places.length === 0) return [text(strong(`${title}: `), none)];
	const isComputed = agreeing(result) !== undefined;
	const agreed = (asset: string, units: bigint): Cell => [[isComputed ? show(asset, units) : "-"]];
	const shown = places.length === SHOWN.places + 1 ? places : places.slice(0, SHOWN.places);
	const sums = sumPlaces(places, rule);
	const line = (asset: string, { agreed: least, byRule, most }: { agreed: bigint; byRule: bigint; most: bigint }): Cell[] => [
		agreed(asset, least),
		[[show(asset, byRule)]],
		agreed(asset, most),
	];
	const rows = shown.map((place): Cell[] => {
		const [sum] = sumPlaces([place], rule);
		return [placeCell(page, place, list), ...(sum === undefined ? [] : line(place.asset, sum))];
	});
	const left = places.length - shown.length;
	const totals = sums
		.slice(0, SHOWN.assets)
		.map((sum): Cell[] => [
			[[strong(fill(m.together, { n: String(sum.leaves) }))], ...(left > 0 ? [[fill(m.more, { n: String(left) })]] : [])],
			...line(sum.asset, { ...sum, most: together(result, sum) }),
		]);
	const more = sums.length > SHOWN.assets ? [text(fill(m.assets, { n: String(sums.length - SHOWN.assets) }))] : [];
	return [
		text(strong(`${title}. `), what),
		{
			kind: "table",
			caption: "",
			columns: [
				{ name: m.columns.where, width: 8 },
				{ name: m.columns.agreed, width: 3, numeric: true },
				{ name: fill(m.columns.rule, { rule }), width: 3, numeric: true },
				{ name: m.columns.most, width: 3, numeric: true },
			],
			rows: [...rows, ...(places.length > 1 ? totals : [])],
		},
		...more,
	];
}

/** At most at several places together: their own maxima cannot all be true at once. */
function together(result: TraceResult, { asset, agreed, most }: PlaceSum): bigint {
	const limit = goesForward(result) ? mostTogether(result, asset) : undefined;
	return limit === undefined ? most : minAmount(most, maxAmount(limit, agreed));
}

function placeCell({ m }: Page, { whose, leaves, numbers, issuer }: Place, list: PlaceList): Cell {
	const accounts = [...new Set(leaves.map(({ account }) => account))];
	const [first] = accounts;
	const cut = numbers.length > 6 ? `${numbers.slice(0, 6).join(", ")} …` : numbers.join(", ");
	const which = numbers.length === 1 ? fill(m.number, { n: cut }) : fill(m.numbers, { list: cut });
	const note = issuer === "" ? "" : `; ${fill(list === "freeze" ? m.issuer : m.issuerIf, { who: plain(issuer) })}`;
	const others = accounts.length > 1 ? `; ${fill(m.others, { n: String(accounts.length - 1) })}` : "";
	const about: Inline[] = [`${which}${others}${note}`];
	if (first === undefined) return [about];
	return whose === "" ? [[address(first), " ", ...about]] : [[strong(plain(whose)), "; ", ...about], [address(first)]];
}

/** That the lists add up to what was taken, asset by asset, under the rule of the exhibit: computed here, and said only where it is so. */
function sumBlocks({ result, rule, m, show, places }: Page): Block[] {
	const audits = result.conservation[rule];
	if (!conserves(rule) || audits === undefined) return [text(fill(m.noSums, { rule }))];
	const assets = [...new Set(takenOf(result).map(({ asset }) => asset))].slice(0, SHOWN.assets);
	return assets.flatMap((asset): Block[] => {
		const audit = audits[asset];
		if (audit === undefined) return [text(fill(m.noSums, { rule }))];
		const of = (list: PlaceList) => sumPlaces(places[list], rule).find((sum) => sum.asset === asset)?.byRule ?? 0n;
		const parts = [
			["freeze", of("freeze")],
			["records", of("records")],
			["moving", of("moving")],
			["gone", of("gone")],
			["fees", BigInt(audit.fees)],
			["out", BigInt(audit.convertedOut)],
			["in", -BigInt(audit.convertedIn)],
		] as const;
		const seeded = BigInt(audit.seeded);
		if (parts.reduce((sum, [, units]) => sum + units, 0n) !== seeded) return [text(fill(m.noSums, { rule }))];
		const words = parts
			.filter(([, units]) => units !== 0n)
			.flatMap(([name, units], i): Inline[] => [
				...(i === 0 ? [] : [" + "]),
				...say(m.parts[name], { amount: show(asset, units < 0n ? -units : units) }),
			]);
		return [text(...say(m.sums, { rule, taken: show(asset, seeded) }).flatMap((part) => (part === "{parts}" ? words : [part])))];
	});
}

function sure({ result, m, show }: Page): Inline[] {
	const by = agreeing(result);
	if (by === undefined) return [m.notAgreed];
	const who = by === "every conserving rule" ? m.rules.all : fill(m.rules.run, { rules: result.rules.join(", ") });
	const sums = new Map<string, bigint>();
	for (const leaf of result.leaves)
		for (const asset of Object.keys(leaf.amounts)) sums.set(asset, (sums.get(asset) ?? 0n) + BigInt(leaf.agreed));
	const under = openingsUnder(result);
	const rest = result.leaves.filter((leaf) => under(leaf).length > 0).length;
	const agreed = [...sums].filter(([, units]) => units > 0n).slice(0, SHOWN.assets);
	const amounts = agreed.flatMap(([asset, units], i): Inline[] => [...(i === 0 ? [] : [", "]), show(asset, units)]);
	return sentences([
		say(m.agreed, { by: who }).flatMap((part) => (part === "{amount}" ? (amounts.length === 0 ? ["0"] : amounts) : [part])),
		...widest(result, m, show),
		...(rest === 0 ? [] : [[fill(m.rests, { n: String(rest) })]]),
	]);
}

/** The end point whose range is widest, of the asset that was taken first: amounts of different assets do not compare. */
function widest(result: TraceResult, m: Messages, show: Page["show"]): Inline[][] {
	const [main] = takenOf(result);
	const width = ({ range }: TraceLeaf) => BigInt(range[1]) - BigInt(range[0]);
	let found: { readonly leaf: TraceLeaf; readonly number: number; readonly asset: string } | undefined;
	for (const [i, leaf] of result.leaves.entries()) {
		const [asset] = Object.keys(leaf.amounts);
		if (asset === undefined || width(leaf) === 0n) continue;
		const isBetter =
			found === undefined ||
			(asset === main?.asset && found.asset !== main.asset) ||
			(asset === found.asset && width(leaf) > width(found.leaf));
		if (isBetter) found = { leaf, number: i + 1, asset };
	}
	if (found === undefined) return [[m.noRange]];
	const { leaf, number, asset } = found;
	const [least, most] = leaf.range;
	return [
		say(m.widest, { n: String(number), who: address(leaf.account), least: show(asset, BigInt(least)), most: show(asset, BigInt(most)) }),
	];
}

function unknown({ input, m }: Page): string {
	const { gaps } = input.result.coverage;
	if (gaps.length === 0) return m.noGaps;
	const kinds = new Set(gaps.map(({ kind }) => kind)).size;
	return fill(m.gaps, { gaps: plural(m.gapCount, gaps.length), kinds: plural(m.kindCount, kinds) });
}

function known({ input, m }: Page): Inline[] {
	const counts = new Map<string, number>();
	for (const { tier } of input.known) counts.set(tier, (counts.get(tier) ?? 0) + 1);
	const words: Readonly<Record<string, string>> = m.tier;
	const tiers = [...counts].map(([tier, n]) => fill(words[tier] ?? "{n}: {tier}", { n: String(n), tier }));
	const { details, info, tool } = input;
	return sentences([
		[fill(m.tiers, { rows: plural(m.rowCount, input.known.length), tiers: tiers.join(", ") })],
		[m.names],
		[
			fill(m.maker, {
				tool: tool.name,
				version: tool.version,
				id: info.id,
				opened: info.createdAt,
				requester: whole(details.requester) || m.notStated,
				basis: whole(details.legalBasis) || m.notStated,
			}),
		],
		[m.limits],
	]);
}
