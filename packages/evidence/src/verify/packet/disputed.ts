import { canonical } from "../encoding/canonical.js";
import type { Fail } from "../failure.js";
import { momentOf, standingAt } from "../trace/label-dates.js";
import { sameOwner } from "../trace/owner-names.js";
import type { Request, RequestPoint, RequestRow } from "./formats.js";

type Label = RequestPoint["labels"][number];

/** Kinds of accounts that hold funds of many people under their own key. */
export const CUSTODIANS: ReadonlySet<string> = new Set(["exchange", "custodian", "payment_processor", "gambling"]);
/** Words for one thing where the owner is one. */
const KEEPERS: ReadonlySet<string> = new Set(["exchange", "custodian"]);
/** What says that money there is a criminal's. What was decided about somebody (`sanctioned`) says nothing about what he is. */
const ACCUSED: ReadonlySet<string> = new Set(["terrorism", "ransomware", "hack", "phishing", "ponzi", "scam", "market"]);
const NO_KIND: ReadonlySet<string> = new Set([...ACCUSED, "sanctioned", "other", "contract"]);

/**
 * A request says of each end point which of its labels contradict that it is the custodian's who is asked, of all that had not ended
 * when money came there; requests of earlier forms say nothing of it.
 */
export function checkDisputed(request: Request, rows: ReadonlyMap<number, RequestRow>, where: string, fail: Fail): void {
	for (const point of [...request.points, ...request.leads]) {
		const { account, disputed } = point;
		if (disputed === undefined) continue;
		const by = (same: Same) => (request.kind === "custodian" ? disputing(point, request.to.entity, rows, same) : []);
		const found = by(sameOwner);
		// Earlier makers took other spellings, and other words for a custodian, for contradictions: that says more, and hides nothing.
		const said = new Set(disputed.map(canonical));
		const may = by(sameName).map(canonical);
		const ofThem = canonical(disputed) === `[${may.filter((one) => said.has(one)).join()}]`;
		if (!ofThem || !found.every((one) => said.has(canonical(one))))
			fail(where, `${account}: says that ${disputed.length} of its labels contradict the name of who is asked; ${found.length} do`);
	}
}

function disputing({ labels, rows: numbers }: RequestPoint, asked: string, rows: ReadonlyMap<number, RequestRow>, same: Same) {
	const times = [numbers[0], numbers[numbers.length - 1]].map((number = 0) => rows.get(number)?.time ?? "");
	const standing = labels.filter((label) => times.some((time) => standingAt(label, time) !== "ended"));
	const naming = standing.filter(({ entity, category }) => CUSTODIANS.has(category) && sameName(entity, asked));
	return standing
		.filter((label) => naming.some((one) => atOneTime(one, label) && contradict(one, label, same)))
		.map(({ entity, category, source }) => ({ entity, category, source }));
}

/** Two owners within one category, two kinds of service, or a custodian and a criminal. `custodian` is of a custodian's category. */
function contradict(custodian: Label, label: Label, same: Same): boolean {
	if (custodian.category === label.category) return !same(custodian.entity, label.entity);
	if ([custodian, label].every(({ category }) => KEEPERS.has(category))) return same === sameName || !same(custodian.entity, label.entity);
	return !NO_KIND.has(label.category) || ACCUSED.has(label.category);
}

type Same = (a: string, b: string) => boolean;
const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Whether both may have been said of one moment; a date that nobody can read bounds nothing. */
function atOneTime(a: Label, b: Label): boolean {
	const since = ({ validFrom = "" }: Label) => momentOf(validFrom) ?? Number.NEGATIVE_INFINITY;
	const until = ({ validUntil = "" }: Label) => momentOf(validUntil) ?? Number.POSITIVE_INFINITY;
	return since(a) < until(b) && since(b) < until(a);
}
