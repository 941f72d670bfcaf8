import { type Smaller, shrunk } from "./shrink.js";

/** One kind of worlds: how to make, hold against the conventions, change, shrink and show one. */
export interface Family<W, R> {
	readonly name: string;
	readonly worldOf: (number: number) => W;
	/** Imports its files and asks its questions. Throws what is refused. */
	readonly read: (world: W) => Promise<R>;
	/** What is wrong with that, in lines. */
	readonly wrongOf: (world: W, read: R) => string[];
	readonly variants: Readonly<Record<string, (world: W, plain: R, number: number) => Promise<string[]>>>;
	readonly smaller: Smaller<W>;
	readonly shown: (world: W) => string;
	readonly count: (read: R) => Seen;
}

/** What a run over worlds saw. */
export interface Seen {
	readonly questions: number;
	/** Rows of traces. */
	readonly rows: number;
	/** End points that say `unspent`, and that say `unfetched`. */
	readonly unspent: number;
	readonly unfetched: number;
}

/** A difference, with the smallest world found that shows it. */
export class FuzzFailure extends Error {}

/** Holds a world, and one variant of it, against the conventions. Throws FuzzFailure that shows a small world where they differ. */
export async function fuzz<W, R>(family: Family<W, R>, number: number): Promise<Seen> {
	const names = Object.keys(family.variants);
	const variant = names[number % names.length] as string;
	const world = family.worldOf(number);
	const { wrong, read } = await look(family, world, variant, number);
	if (wrong.length === 0 && read !== undefined) return family.count(read);
	const fails = async (one: W) => isAlike((await look(family, one, variant, number)).wrong, wrong);
	const small = await shrunk(world, family.smaller, fails);
	const again = await look(family, small, variant, number);
	throw new FuzzFailure(`${family.name} world ${number} (${variant}):\n${family.shown(small)}\n\n${again.wrong.join("\n")}`);
}

/** Holds each of these worlds against the conventions, and gives the sum of what was seen. */
export async function fuzzAll<W, R>(family: Family<W, R>, numbers: Iterable<number>): Promise<Seen> {
	let sum: Seen = { questions: 0, rows: 0, unspent: 0, unfetched: 0 };
	for (const number of numbers) {
		const { questions, rows, unspent, unfetched } = await fuzz(family, number);
		sum = {
			questions: sum.questions + questions,
			rows: sum.rows + rows,
			unspent: sum.unspent + unspent,
			unfetched: sum.unfetched + unfetched,
		};
	}
	return sum;
}

/** Whether a smaller world fails as the first one did: by a refusal, or by another answer. */
const isAlike = ([one]: readonly string[], [first]: readonly string[]) =>
	one !== undefined && REFUSED.test(one) === REFUSED.test(first ?? "");
const REFUSED = /^[A-Za-z]*Error:/;

/** A refusal is wrong, too: these files are honest. */
async function look<W, R>(
	{ read, wrongOf, variants }: Family<W, R>,
	world: W,
	variant: string,
	number: number,
): Promise<{ wrong: readonly string[]; read?: R }> {
	try {
		const plain = await read(world);
		const wrong = wrongOf(world, plain);
		if (wrong.length > 0) return { wrong };
		return { read: plain, wrong: (await variants[variant]?.(world, plain, number)) ?? [] };
	} catch (error) {
		return { wrong: [`${error}`] };
	}
}
