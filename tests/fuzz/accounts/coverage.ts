import type { CoveredKind } from "@clew/core";
import type { ToldFile } from "./files.js";
import { FORMATS, type Told } from "./formats.js";
import { HEAD, type Party } from "./model.js";

/** Answers of an API with so many rows may be a page. */
const PAGES = new Set([10, 20, 25, 50, 100]);

/** Heights, both inclusive. */
type Span = readonly [number, number];

interface Claim {
	readonly owner: Party;
	readonly kind: CoveredKind;
	readonly spans: readonly Span[];
}

const heightsOf = (told: readonly Told[]) => told.map(({ tx }) => tx.height);

/**
 * Whether a kind of a party's history counts as fetched at a height, by docs/imports.md ("What an export covers", "What sources show of
 * each other", "None found").
 */
export function coverageOf(files: readonly ToldFile[]): (party: Party, kind: CoveredKind, height: number) => boolean {
	const full = files.filter(({ told }) => told.length > 0).flatMap((file) => claimOf(file, files));
	const empty = files.flatMap(({ plan, told }) => (told.length > 0 || plan.owner === undefined ? [] : [{ ...plan, owner: plan.owner }]));
	const nothing = empty.map(({ owner, format }): Claim => {
		const { kind } = FORMATS[format];
		const others = full.filter((claim) => claim.owner === owner && claim.spans.length > 0);
		const kinds = [...new Set(others.map((claim) => claim.kind))];
		const ends = kinds.map((one) =>
			Math.max(...others.filter((claim) => claim.kind === one).flatMap(({ spans }) => spans.map(([, to]) => to))),
		);
		const whole: Span = [0, ends.length === 0 ? 0 : Math.min(...ends)];
		return { owner, kind, spans: without([whole], lacks([], missingOf(files, [], owner, kind, whole))) };
	});
	const claims = [...full, ...nothing];
	return (party, kind, height) =>
		claims.some(
			(claim) => claim.owner === party && claim.kind === kind && claim.spans.some(([from, to]) => from <= height && height <= to),
		);
}

function claimOf(file: ToldFile, files: readonly ToldFile[]): Claim[] {
	const { plan, told } = file;
	const { kind, ranged, ofBlocks, tellsHead, json } = FORMATS[plan.format];
	const owner = plan.owner ?? (ofBlocks ? onlyParty(told) : undefined);
	if (owner === undefined) return [];
	const heights = heightsOf(told);
	const [first, last] = [Math.min(...heights), Math.max(...heights)];
	const ownRows = ranged || plan.owner === undefined;
	const end = tellsHead && plan.head ? HEAD : last;
	const whole: Span = json && plan.json && PAGES.has(told.length) ? [first + 1, last - 1] : ownRows ? [first, last] : [0, end];
	if (whole[0] > whole[1]) return [];
	return [{ owner, kind, spans: without([whole], lacks(heights, missingOf(files, told, owner, kind, whole))) }];
}

/** The party that every row of a file of blocks touches. */
function onlyParty(told: readonly Told[]): Party | undefined {
	if (told.length < 2) return undefined;
	const sides = told.map(sidesOf);
	const all = [...new Set(sides.flat())].filter((party) => sides.every((list) => list.includes(party)));
	return all.length === 1 ? all[0] : undefined;
}

function sidesOf(told: Told): Party[] {
	if (told.what === "token") return [told.move.from, told.move.to];
	return told.what === "call" ? [told.call.from, told.call.to] : [told.tx.sender, told.tx.to];
}

/** Heights in a span at which other files tell something of the owner that a list of its kind must have, and this one has not. */
function missingOf(files: readonly ToldFile[], own: readonly Told[], owner: Party, kind: CoveredKind, [from, to]: Span): number[] {
	const has = new Set(own.filter(isNoCallOfNothing).map(entryOf));
	return files
		.flatMap(({ told }) => told)
		.filter((one) => kindOf(one) === kind && mustBeListed(one, owner) && !has.has(entryOf(one)))
		.map(({ tx }) => tx.height)
		.filter((height) => from <= height && height <= to);
}

function kindOf({ what }: Told): CoveredKind | undefined {
	return what === "outermost" ? undefined : what === "transaction" ? "native" : what === "token" ? "token" : "internal";
}

const isNoCallOfNothing = (told: Told) => told.what !== "call" || (told.call.amount > 0 && !told.call.failed && told.call.kind === "call");

/** A transaction that the owner paid a fee for, or that moved its coin; a movement of more than nothing. */
function mustBeListed(told: Told, owner: Party): boolean {
	if (!sidesOf(told).includes(owner)) return false;
	if (told.what === "token") return told.move.amount > 0;
	if (told.what === "call") return isNoCallOfNothing(told);
	const { tx } = told;
	return (tx.sender === owner && tx.fee > 0) || (tx.value > 0 && !tx.failed);
}

function entryOf(told: Told): string {
	if (told.what === "token") return [told.tx.id, told.move.from, told.move.to, told.move.token, told.move.amount].join(" ");
	if (told.what === "call") return [told.tx.id, told.call.from, told.call.to, told.call.amount].join(" ");
	return `${told.tx.id}`;
}

/** From what a list has before each missing height to what it has after, both blocks with them. */
function lacks(listed: readonly number[], missing: readonly number[]): Span[] {
	return missing.map((height) => [
		Math.max(0, ...listed.filter((one) => one <= height)),
		Math.min(Number.POSITIVE_INFINITY, ...listed.filter((one) => one >= height)),
	]);
}

function without(spans: readonly Span[], holes: readonly Span[]): Span[] {
	return holes.reduce<readonly Span[]>(
		(left, [from, to]) =>
			left.flatMap(([a, b]) => {
				if (to < a || b < from) return [[a, b] as const];
				return (
					[
						[a, from - 1],
						[to + 1, b],
					] as const
				).filter(([x, y]) => x <= y);
			}),
		spans,
	) as Span[];
}
