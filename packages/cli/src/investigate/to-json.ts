import { type Sum, type Totals, totalsByUnitJson } from "@clew/core";
import { type Answer, PLACE_GROUPS, type Place } from "@clew/workers";
import { closings } from "./closings.js";
import type { Investigation } from "./investigate.js";
import { isComplete } from "./screen.js";

/** The same for programs, as `clew.investigate/1` documents it. */
export function investigationJson(found: Investigation) {
	const { answer, result, node, stopped, interrupted, chosen, wallet, notLooked, casePlace, papers, worth, others = [] } = found;
	const sum = ({ asset, agreed, most }: Sum) => {
		const { symbol = "", decimals = 0 } =
			[result, ...others.map((one) => one.result)].map(({ assets }) => assets[asset]).find((info) => info !== undefined) ?? {};
		return { asset, symbol, decimals, agreed, most };
	};
	const worthJson = (totals: Totals | undefined) => (totals === undefined ? {} : { worth: totalsByUnitJson(totals) });
	const place = (one: Place) => ({ ...placeJson(one), ...worthJson(worth?.places.get(one)) });
	const groups = (of: Answer) =>
		PLACE_GROUPS.map((group) => ({ group, sums: of.sums[group].map(sum), places: of.groups[group].map(place) }));
	const placeJson = ({ accounts, whose, reason, detail, stop, unread, atHead, frozen, given, restsOn, came: _, ...amounts }: Place) => ({
		accounts,
		whose,
		...sum(amounts),
		reason,
		detail,
		stop: stop ?? null,
		unread: unread ?? null,
		atHead,
		restsOn: restsOn ?? [],
		given:
			given === undefined
				? null
				: { by: given.by, transaction: given.txHash, got: given.got.map(({ account, asset, amount }) => ({ account, asset, amount })) },
		frozen: frozen ?? null,
	});
	return {
		schema: "clew.investigate/1",
		case: casePlace,
		trace: answer.trace,
		chain: answer.chain,
		seeds: answer.seeds,
		chosen: chosen ?? null,
		node:
			node === undefined
				? null
				: {
						...node,
						height: node.height ?? null,
						newest: node.newest === undefined ? null : { ...node.newest, age: node.newest.age ?? null },
					},
		complete: isComplete(found),
		interrupted,
		stopped: stopped ?? null,
		dataUpTo: result.coverage.cutoff,
		taken: answer.taken.map((one) => ({ ...sum(one), ...worthJson(worth?.taken.get(one)) })),
		fees: answer.fees.map(sum),
		groups: groups(answer),
		elsewhere: others.map((one) => ({
			chain: one.chain,
			trace: one.answer.trace,
			seeds: one.answer.seeds,
			asked: one.asked,
			complete: one.answer.complete,
			dataUpTo: one.result.coverage.cutoff,
			taken: one.answer.taken.map(sum),
			fees: one.answer.fees.map(sum),
			groups: groups(one.answer),
			report: one.papers.report ?? null,
			packets: one.papers.packets,
		})),
		unlooked: answer.unlooked.map(({ holds, kinds, ...one }) => ({
			...one,
			kinds: [...kinds],
			holds: holds === undefined ? null : { asset: holds.asset, amount: holds.amount, height: holds.height },
		})),
		others: answer.others ?? null,
		wallet,
		toClose: closings(answer, casePlace),
		open: answer.open,
		remarks: answer.remarks,
		notLooked,
		report: papers.report ?? null,
		picture: papers.picture ?? null,
		packets: papers.packets,
	};
}
