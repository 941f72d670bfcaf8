import { createInterface } from "node:readline/promises";
import { fill, InputError } from "@clew/core";
import { CHANNELS, type Channel, type DrillDone, MESSAGES, makeDrill, nextDrills, type Scene, scoreOf } from "@clew/lessons";
import { Command, Option } from "@commander-js/extra-typings";
import { height, positive } from "../arguments.js";
import type { Context, Finding } from "../context.js";
import { doneDrills, keepDrill } from "../drills-done.js";
import { languageOption } from "../language-option.js";
import { json } from "../output.js";
import { investigateDrill } from "./drill-investigate.js";

const DAY_LENGTH = "2026-01-01".length;

/** `clew drill`: training for people, and for investigators. */
export function drillCommand(context: Context, finding: Finding) {
	// Options stand on the two below, since commander gives a parent what both it and its subcommand know.
	return new Command("drill")
		.description("practise: people to tell traps from what is fine, investigators to find stolen money")
		.addCommand(peopleDrill(context, finding), { isDefault: true })
		.addCommand(investigateDrill(context));
}

/** `clew drill people`, or `clew drill` alone. */
function peopleDrill(context: Context, finding: Finding) {
	return new Command("people")
		.description("tell traps from what is fine, by channel; half of the messages are fine, and false alarms count as well")
		.addOption(new Option("--channel <channel>", "one channel alone").choices(CHANNELS))
		.option("--seed <n>", "chooses the messages; the same seed gives the same", height, 1)
		.option("--count <n>", "how many messages, an even number", positive, 8)
		.addOption(languageOption())
		.option(
			"--answers <letters>",
			"answers in their order, t for a trap and f for fine, such as tfft; without it they are asked on a terminal",
		)
		.option("--due", "say which drill is due, and exit 1 where one is: for a reminder by cron", false)
		.option("--json", "as one JSON object (schema clew.drill/1); without --answers the messages alone", false)
		.action(async (options) => {
			const words = MESSAGES[options.lang].drill;
			if (options.due) return tellDue(context, finding, options);
			const scenes = makeDrill({ channel: options.channel, seed: options.seed, language: options.lang, count: options.count });
			const asked = { ...options, channel: options.channel ?? ("all" as const) };
			const shown = scenes.map(({ channel, text }, i) => ({ number: i + 1, channel, text }));
			if (options.json && options.answers === undefined)
				return context.print(json({ schema: "clew.drill/1", ...about(asked), messages: shown }));
			if (MESSAGES[options.lang].draft !== "") context.note(MESSAGES[options.lang].draft);
			const answers = options.answers === undefined ? await ask(context, scenes, words) : lettersOf(options.answers, scenes.length);
			const score = scoreOf(scenes, answers);
			const done = keepDrill({ at: context.now(), channel: asked.channel, seed: options.seed, ...score });
			const next = nextDrills(done).find(({ channel }) => channel === asked.channel);
			if (options.json) {
				const marked = shown.map((one, i) => ({ ...one, trap: scenes[i]?.trap, said: answers[i], why: scenes[i]?.why }));
				return context.print(json({ schema: "clew.drill/1", ...about(asked), messages: marked, score, next: next?.due }));
			}
			if (options.answers !== undefined)
				for (const [i, scene] of scenes.entries()) {
					context.print(`${i + 1}. ${words.channels[scene.channel]}: ${scene.text.join("\n   ")}`);
					context.print(`   ${verdictOf(scene, answers[i] === true, words)}`);
				}
			context.print(fill(words.score, inText(score)));
			context.print(fill(words.next, { date: next?.due.slice(0, DAY_LENGTH) ?? "" }));
		});
}

type Words = (typeof MESSAGES)["en"]["drill"] | (typeof MESSAGES)["es"]["drill"];

function about({ channel, seed, lang }: { readonly channel: Channel | "all"; readonly seed: number; readonly lang: string }) {
	return { channel, seed, language: lang };
}

function inText(numbers: object): Record<string, string> {
	return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)]));
}

function verdictOf({ trap, why }: Scene, said: boolean, words: Words): string {
	const verdict = trap === said ? words.right : trap ? words.missed : words.alarm;
	return `${verdict} ${fill(words.why, { why })}`;
}

function lettersOf(text: string, count: number): boolean[] {
	const letters = [...text.toLowerCase().replace(/[\s,]/g, "")];
	if (letters.length === count && letters.every((letter) => letter === "t" || letter === "f"))
		return letters.map((letter) => letter === "t");
	throw new InputError(`--answers needs ${count} letters, each t (trap) or f (fine), not ${letters.length}`, { code: "USAGE" });
}

/** Asks on a terminal, one by one, and says at once what was right. An end of the input, or Ctrl-C, ends the drill with what was answered. */
async function ask(context: Context, scenes: readonly Scene[], words: Words): Promise<boolean[]> {
	if (!process.stdin.isTTY)
		throw new InputError("a drill asks on a terminal", { code: "USAGE", hint: "Give --answers, or --json to see the messages alone." });
	const lines = createInterface({ input: process.stdin, output: process.stderr });
	const answers: boolean[] = [];
	context.print(fill(words.intro, { count: String(scenes.length) }));
	try {
		for (const [i, scene] of scenes.entries()) {
			context.print(`\n${i + 1}. ${words.channels[scene.channel]}: ${scene.text.join("\n   ")}`);
			let said = "";
			while (said !== "t" && said !== "f") said = (await lines.question(`${words.ask} `, { signal: context.signal })).trim().toLowerCase();
			answers.push(said === "t");
			context.print(verdictOf(scene, said === "t", words));
		}
	} catch (error) {
		if (!(error instanceof Error) || error.name !== "AbortError") throw error;
	} finally {
		lines.close();
	}
	return answers;
}

function tellDue(context: Context, finding: Finding, options: { readonly lang: keyof typeof MESSAGES; readonly json: boolean }): void {
	const words = MESSAGES[options.lang].drill;
	const next = nextDrills(doneDrills());
	const now = context.now();
	const due = next.filter((one) => one.due <= now);
	if (due.length > 0) finding();
	if (options.json) {
		context.print(json({ schema: "clew.drills-due/1", next: next.map((one) => ({ ...one, isDue: one.due <= now })) }));
		return;
	}
	const shown = (channel: DrillDone["channel"]) => (channel === "all" ? "all" : words.channels[channel]);
	for (const { channel, last } of due) context.print(fill(words.due, { channel: shown(channel), date: last.slice(0, DAY_LENGTH) }));
	const [first] = next;
	if (first === undefined) context.print(words.never);
	else if (due.length === 0) context.print(fill(words.notDue, { channel: shown(first.channel), date: first.due.slice(0, DAY_LENGTH) }));
}
