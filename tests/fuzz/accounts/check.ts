import { formatPosition, isOrderGuessed, startOf, type Transfer } from "@clew/core";
import { answerOf, inOrder, type Traced } from "../../../packages/tracer/src/oracle/account-answers.test-util.js";
import { atDesk, type Desk } from "../../trials/reading.js";
import { difference } from "../difference.js";
import { shuffled } from "../shuffled.js";
import { documentedAnswer, type Question, questionsOf, tracedAnswer } from "./ask.js";
import { decimalsFile, STRANGER, toldFiles, type WrittenFile, written } from "./files.js";
import { account, ETHEREUM, transfersOf } from "./told.js";
import type { World } from "./world.js";

/** How a world's files come into the case: what renames them, and in which order they come, each by itself (0: all at once, in order). */
export interface Reading {
	readonly salt: string;
	readonly order: number;
}
export const PLAIN: Reading = { salt: "", order: 0 };

/** A case that a world's files made, what it must hold, and the engine's answers. */
export interface ReadWorld {
	readonly transfers: readonly Transfer[];
	readonly held: readonly string[];
	readonly answers: readonly { readonly question: Question; readonly traced: Traced }[];
}

/** Imports a world's files and asks its questions. Throws what the importers and the engine refuse, of which nothing is to be refused. */
export function readWorld(world: World, { salt, order }: Reading): Promise<ReadWorld> {
	return atDesk(async (desk) => {
		const decimals = decimalsFile(salt);
		await desk.load(desk.file(decimals.name, decimals.content));
		const paths = shuffled(
			toldFiles(world).map((file, n): WrittenFile => written(file, n, salt)),
			order,
		).map(({ name, content }) => desk.file(name, content));
		for (const load of order === 0 ? [paths] : paths.map((path) => [path])) if (load.length > 0) await desk.load(...load);
		const transfers = transfersOf(toldFiles(world), salt);
		const answers = [];
		for (const question of questionsOf(world, transfers, salt))
			answers.push({ question, traced: await tracedAnswer(desk.store, question) });
		return { transfers, held: await heldOf(desk, salt), answers };
	}, ETHEREUM);
}

/** What is wrong with a case and the engine's word on it, in lines; empty when nothing is. */
export function wrongOf(world: World, { transfers, held, answers }: ReadWorld): string[] {
	const facts = difference("held", held, transfers.map(lineOf));
	if (facts.length > 0) return facts;
	return answers.flatMap(({ question, traced }, n) => {
		const documented = inOrder(documentedAnswer(world, transfers, question));
		const wrong = difference("", inOrder(answerOf(traced.placed)), documented);
		return [...wrong, ...wrongWithBounds(traced, transfers, question)].map((line) => `question ${n + 1}: ${line}`);
	});
}

/** Bounds change nothing of what the rules themselves say. */
function wrongWithBounds({ placed, bounded, missing }: Traced, transfers: readonly Transfer[], { ask }: Question): string[] {
	if (!missing) return bounded.id === placed.id ? [] : ["nothing is missing, and the trace with bounds is another"];
	// What may be more than dust is followed; where an order is guessed, ends are told otherwise.
	if (ask.dust > 0) return [];
	const [found, expected] = [inOrder(answerOf(bounded, true)), inOrder(answerOf(placed, true))];
	if (!transfers.some(({ position }) => isOrderGuessed(position))) return difference("bounds", found, expected);
	const rows = ({ edges, marks }: typeof found) => ({ edges, marks });
	return difference("bounds", rows(found), rows(expected));
}

/** A transfer with its place, in a line. */
export function lineOf({ position, kind, from, to, asset, amount, txHash }: Transfer): string {
	return `${formatPosition(position)} ${kind} ${from} > ${to} ${amount} ${asset} ${txHash}`;
}

const ALL = 10_000;

/** What the case holds of the world. */
async function heldOf({ store }: Desk, salt: string): Promise<string[]> {
	const transfers = await store.scan(ETHEREUM, startOf(0), ALL);
	return transfers.filter(({ from }) => from !== account(STRANGER, salt)).map(lineOf);
}
