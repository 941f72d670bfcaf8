import { existsSync, writeFileSync } from "node:fs";
import { type ChainId, chainName, defang, displayAddress, fill, InputError, isoTime, type Sum, type TraceResult } from "@clew/core";
import { cutAmount, deskOf, withKnownIssuers } from "@clew/evidence";
import { type CaseFacts, guideLines, guidePage, type Language, MESSAGES, type MoneyAt, makeGuide, TOPICS, type Topic } from "@clew/lessons";
import { type Answer, answerOf, type Place, type PlaceGroup } from "@clew/workers";
import { Argument, Command } from "@commander-js/extra-typings";
import { collect } from "../arguments.js";
import { CASE_OPTION, withCase } from "../case-file.js";
import type { Context } from "../context.js";
import { frozenAt } from "../investigate/frozen-at.js";
import { languageOption } from "../language-option.js";
import { hasNode, openNode, RPC_OPTION } from "../node.js";
import { json } from "../output.js";
import { ownRecipients, RECIPIENTS_OPTION } from "../own-recipients.js";
import { storedTrace } from "../stored-trace.js";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** `clew guide`: one page for somebody who was robbed. */
export function guideCommand(context: Context) {
	return new Command("guide")
		.description(
			"one page for somebody who was robbed: what to do now, whom to write to, what to say and what never, by which day; from a case where there is one",
		)
		.addArgument(new Argument("<topic>", "what happened").choices(TOPICS))
		.option(...CASE_OPTION)
		.option("--trace <id>", "which trace of the case: its id, or 'last'", "last")
		.addOption(languageOption())
		.option("--country <code>", "two letters, such as DE: the public offices that take a report there")
		.option("--date <day=what>", "a day of your own, such as 2026-12-24='hearing at court'; several times", collect, [])
		.option(...RECIPIENTS_OPTION)
		.option(...RPC_OPTION, collect, [])
		.option("--out <file>", "write the page as HTML that prints well, and loads nothing")
		.option("--json", "as one JSON object (schema clew.guide/1)", false)
		.action(async (topic, options) => {
			const place = options.case ?? process.env["CLEW_CASE"];
			const facts = place ? await factsOf(context, { ...options, case: place }) : undefined;
			const guide = makeGuide({
				topic: topic as Topic,
				language: options.lang,
				today: context.now().slice(0, "2026-01-01".length),
				country: countryOf(options.country),
				facts,
				dates: options.date.map(dateOf),
			});
			if (options.out !== undefined) {
				if (existsSync(options.out)) throw new InputError(`${options.out} is there already`, { code: "USAGE", hint: "Name another file." });
				writeFileSync(options.out, guidePage(guide));
			}
			if (options.json) return context.print(json({ schema: "clew.guide/1", topic, ...guide }));
			if (options.out !== undefined) return context.print(`${options.out}: ${guide.title}`);
			context.print(guideLines(guide).join("\n"));
		});
}

function countryOf(code: string | undefined): string | undefined {
	if (code === undefined || /^[a-z]{2}$/i.test(code)) return code;
	throw new InputError("a country is named by two letters, such as DE", { code: "USAGE" });
}

function dateOf(text: string): { readonly date: string; readonly what: string } {
	const at = text.indexOf("=");
	const [date, what] = [text.slice(0, at), text.slice(at + 1).trim()];
	if (at > 0 && DAY.test(date) && !Number.isNaN(Date.parse(date)) && what !== "") return { date, what: defang(what) };
	throw new InputError("a date is given as 2026-12-24='what is due'", { code: "USAGE" });
}

interface FactsFrom {
	readonly case: string;
	readonly trace: string;
	readonly recipients?: string | undefined;
	readonly rpc: readonly string[];
	readonly lang: Language;
}

/** What a trace of the case says of where the money is, and, where a node is named, what of it is frozen. */
async function factsOf(context: Context, options: FactsFrom): Promise<CaseFacts> {
	return withCase(options, async (store) => {
		const result = await storedTrace(store, options.trace);
		const chain = result.chain as ChainId;
		const node = hasNode(options.rpc, chain) ? await openNode(context, chain, { rpc: options.rpc }) : undefined;
		try {
			const { frozen, notLooked } = await frozenAt(context, node, result);
			for (const text of node === undefined ? [] : notLooked) context.note(text);
			const recipients = withKnownIssuers(ownRecipients(options));
			const answer = answerOf(result, { recipients, open: undefined, frozen });
			const time = (await store.header(chain, Number(result.coverage.cutoff)))?.time;
			return {
				...inFacts(answer, result, node === undefined ? undefined : frozen, options.lang),
				height: result.coverage.cutoff,
				chain: chainName(chain) ?? chain,
				time: time === undefined ? undefined : isoTime(time),
			};
		} finally {
			node?.close();
		}
	});
}

function inFacts(
	{ groups, taken, sums }: Answer,
	result: TraceResult,
	frozen: ReadonlyMap<string, boolean> | undefined,
	lang: Language,
): Pick<CaseFacts, "taken" | "stop" | "records" | "held" | "unread" | "frozen"> {
	const amount = ({ asset, agreed, most }: Sum, restsOn: readonly string[] = []) => {
		const [least, all] = [agreed, most].map((one) => cutAmount(result, asset, one)) as [string, string];
		// Where a rule puts nothing, or what was there before was not read, it is not said that anything went there.
		if (agreed === 0n || restsOn.length > 0) return fill(MESSAGES[lang].guide.upTo, { amount: all });
		return agreed === most ? all : `${least} - ${all}`;
	};
	const amountOf = (place: Place) => amount(place, place.restsOn);
	const amountsOf = (group: PlaceGroup) =>
		sums[group].map((sum) =>
			amount(
				sum,
				groups[group].flatMap(({ restsOn = [] }) => restsOn),
			),
		);
	// What lists say is harmless before it is words of a page; channels and offices are meant to be opened.
	const who = ({ whose, accounts: [first] }: Place) => (whose === "" && first !== undefined ? displayAddress(first) : defang(whose));
	return {
		taken: taken.map((sum) => amount(sum)),
		stop: groups.freeze.map((place): MoneyAt => {
			const { kind, entity, channel } = place.stop ?? { kind: "custodian", entity: who(place), channel: "" };
			const { others } = deskOf(entity) ?? {};
			return {
				amount: amountOf(place),
				who: defang(entity),
				by: kind === "issuer" ? "issuer" : "service",
				...(channel === "" ? {} : { channel }),
				...(others === undefined ? {} : { others }),
			};
		}),
		records: groups.records.map((place) => ({ amount: amountOf(place), who: who(place) })),
		held: amountsOf("held"),
		unread: amountsOf("unread"),
		frozen:
			frozen === undefined
				? undefined
				: Object.values(groups).flatMap((places) => places.filter(({ frozen }) => frozen === "yes").map(amountOf)),
	};
}
