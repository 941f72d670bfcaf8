/**
 * The school grade at which an English text is read with ease (Flesch-Kincaid; Kincaid and others 1975): 0.39 words a sentence + 11.8
 * syllables a word - 15.59. Grade 7 is an age of 12. Syllables are counted by groups of vowels, which errs by a few in a hundred.
 */
export function readingGrade(text: string): number {
	const sentences = Math.max(1, text.split(/[.!?:]+(?:\s|$)/).filter((one) => /[a-z]/i.test(one)).length);
	const words = text.toLowerCase().match(/[a-z']+/g) ?? [];
	const syllables = words.reduce((sum, word) => sum + syllablesOf(word), 0);
	return 0.39 * (words.length / sentences) + 11.8 * (syllables / Math.max(1, words.length)) - 15.59;
}

function syllablesOf(word: string): number {
	const groups = word
		.replace(/[^a-z]/g, "")
		.replace(/(?<![aeiouyl])e$|(?<=[^aeiouytd])ed$|(?<=[aeiouy][^aeiouy])es$/, "")
		.match(/[aeiouy]+/g);
	return Math.max(1, groups?.length ?? 0);
}
