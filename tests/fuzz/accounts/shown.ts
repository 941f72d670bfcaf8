import { addressOf, NOBODY, type Party, type Transaction } from "./model.js";
import type { World } from "./world.js";

/** A world in lines that a person can read: who paid whom, which files tell of it, what is asked. */
export function shownWorld({ transactions, files, asks }: World): string {
	return [
		...transactions.map(shown),
		...files.map((file) => JSON.stringify(file)),
		...asks.map((ask) => JSON.stringify(ask)),
		...legend(transactions),
	].join("\n");
}

const name = (party: Party) => (party === NOBODY ? "null" : `p${party}`);

function shown({ id, height, index, sender, to, value, fee, failed, calls, tokens }: Transaction): string {
	return [
		`tx ${id} at ${height}.${index}: ${name(sender)} > ${name(to)} ${value} wei, fee ${fee}${failed ? ", failed" : ""}`,
		...calls.map((call) => `  ${call.kind} ${name(call.from)} > ${name(call.to)} ${call.amount} wei${call.failed ? ", failed" : ""}`),
		...tokens.map((move) => `  log ${move.log} ${name(move.from)} > ${name(move.to)} ${move.amount} of token ${move.token}`),
	].join("\n");
}

function legend(transactions: readonly Transaction[]): string[] {
	const parties = transactions.flatMap(({ sender, to, calls, tokens }) => [
		sender,
		to,
		...[...calls, ...tokens].flatMap((x) => [x.from, x.to]),
	]);
	return [...new Set(parties)].map((party) => `${name(party)} is ${addressOf(party)}`);
}
