import { countedOf, goesForward, NOT_COUNTED_WHY, whatIfOf } from "@clew/core";
import { rowsByPoint } from "../bundle/leaf-groups.js";
import { type Block, type Paper, type Section, text } from "../document/model.js";
import { caseSection, custodySection, knowledgeSection, methodSection, seedSection, sourceSection } from "./basis.js";
import { exhibitReason, exhibitRuleOf } from "./exhibit.js";
import { annexSection, exhibitSection, originSections, summarySection } from "./findings.js";
import { firstPages } from "./first-pages.js";
import { gapSection } from "./gaps.js";
import { limitSection } from "./limits.js";
import { passageSections } from "./passages.js";
import { repeatSection } from "./repeat.js";
import { plain, type ReportInput } from "./shared.js";
import { timelineSection } from "./timeline.js";
import { blockValueBlocks, valueBlocks } from "./value.js";
import { BACKWARD_GLOSSARY, GLOSSARY, wordsOf } from "./words.js";

/** The report as a paper: one named rule as exhibit, every other rule as its annex. Made from the trace and the case's own words alone. */
export function reportDocument(input: ReportInput): Paper {
	const { info, details, result: whole } = input;
	const { counted: result, others } = countedOf(whole);
	const whatIf = whatIfOf(whole);
	const apart: Block[] = others === undefined ? [] : [text(`${others}: ${NOT_COUNTED_WHY}.`)];
	const exhibit = exhibitRuleOf(details, result);
	const words = wordsOf(result);
	const rowsTo = rowsByPoint(result.edges, !goesForward(result));
	return {
		title: `${plain(info.title)}: ${words.title}${whatIf === undefined ? "" : " (what-if)"}`,
		subtitle: `Case ${info.id}, trace ${result.id}, chain ${result.chain}, data up to block ${result.coverage.cutoff}.${words.way}${whatIf === undefined ? "" : ` What-if, not the usual trace of all of it: ${whatIf}.`}`,
		handling: plain(details.handling),
		sections: [
			...firstPages(input, exhibit),
			{
				heading: "Flow",
				wide: true,
				blocks: [{ kind: "flow", text: `${words.flow}, under ${exhibit}. Every transfer stands in transfers.csv.` }],
			},
			timelineSection(result, exhibit),
			exhibitSection(result, exhibit, rowsTo, exhibitReason(details, exhibit)),
			caseSection(input),
			withApart(seedSection(result, details.statements), apart),
			withApart(summarySection(result), [
				...apart,
				...valueBlocks(details, whole, input.values !== undefined),
				...blockValueBlocks(input.values, whole),
			]),
			...passageSections(result),
			methodSection(whole),
			annexSection(result),
			...originSections(result),
			gapSection(whole),
			knowledgeSection(input),
			sourceSection(input),
			custodySection(input),
			repeatSection(whole, input.tool.version),
			{ heading: "Glossary", blocks: [{ kind: "terms", terms: goesForward(result) ? GLOSSARY : BACKWARD_GLOSSARY }] },
			limitSection(input),
		],
	};
}

function withApart(section: Section, apart: readonly Block[]): Section {
	return { ...section, blocks: [...section.blocks, ...apart] };
}
