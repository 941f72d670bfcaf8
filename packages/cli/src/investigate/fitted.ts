/** Columns of the screen. */
export const WIDTH = 100;

/** Words in lines of {@link WIDTH} columns; a word that is longer has a line of its own. `first` and `next` begin the lines. */
export function fitted(text: string, first = "", next = "  "): string[] {
	const lines: string[] = [];
	let line = first;
	let empty = true;
	for (const word of text.split(" ")) {
		if (!empty && line.length + 1 + word.length > WIDTH) {
			lines.push(line);
			line = next;
			empty = true;
		}
		line += empty ? word : ` ${word}`;
		empty = false;
	}
	return [...lines, line];
}
