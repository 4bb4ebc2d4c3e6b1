package diag

// Rule explains a code.
type Rule struct {
	Code     string
	Severity Severity
	What     string // the mistake, in a few words
	Help     string // what to do about it
}

// Rules returns every code that a diagnostic may have, in order. CONTRIBUTING.md has a
// row for each, in each language.
func Rules() []Rule {
	return []Rule{
		{"N101", Error, "anchor not found", "No line of the symbol has the fragment in some version or on some platform of the block. Correct \"at:\", or narrow \"go:\" and add a block for the other versions."},
		{"N102", Error, "anchor is ambiguous", "Several lines have the fragment. Write the whole statement, or add \"after:\" with an earlier line that is unique."},
		{"N103", Error, "until before at", "\"until:\" matches only before \"at:\". Exchange them, or quote another end."},
		{"N104", Warning, "needs review", "The code within two lines of the anchor is not what the note was read against, or nobody has said what that was. Read the note again beside the new code, then set \"reviewed:\"; if it is no longer true, end its range and add a block."},
		{"N105", Error, "symbol absent", "A version of the range, or a platform, does not have the symbol, or none of the block's platforms has it at \"reviewed:\". Narrow the range; a note never follows a rename."},
		{"N106", Error, "two blocks cover the same version", "Two blocks of a note cover the same version and platform. Make their ranges disjoint."},
		{"N107", Error, "fragment too long", "A fragment has more than 80 characters. Quote less of the line."},
		{"N108", Error, "pasted source", "Five or more lines are lines of the source, and would stay as they are when it changes. Remove them: pull the slice in, or link the symbol."},
		{"N109", Error, "cannot be read", "Something is not of the form: a full-width colon, a no-break space, a smart quote, a tab, an unknown key. Type it again with plain characters; the format stands in CONTRIBUTING.md."},
		{"N110", Error, "duplicate or malformed id", "An id is taken, is not made of a-z, 0-9 and \"-\", or stands in a note's heading. Choose another, and never reuse one; in a note remove it."},
		{"N111", Error, "link to nothing", "A link, or a figure's program, names nothing in the book. See the suggestion."},
		{"N112", Error, "not allowed in prose", "Raw HTML, a javascript: or data: link, a path that leaves its folder, an invisible character. Write it in Markdown."},
		{"N120", Warning, "translation missing", "A text is not there in one of the book's languages. Write it if you can."},
		{"N121", Warning, "translation older than its origin", "The origin changed after it was translated, or a chapter does not say which text it is a translation of. Bring the translation up to it, then run \"book stamp\" or write the new stamp."},
		{"N122", Warning, "source comment changed", "The comment that a note translates reads otherwise in the newest version, and the translation is hidden there. End its range and translate the new text in a note of its own."},
		{"N130", Error, "source not as locked", "A tag or a file of the source is not the one in sources.lock. Stop: a tag moved or a mirror changed it. Tell the maintainers."},
		{"N131", Error, "source not understood", "The source of a version does not parse, type-check or assemble on a platform: a package or header is missing from sources.lock, or this Go is too old for that version. Tell the maintainers."},
		{"N140", Error, "order contradicted", "A chapter states an order of functions that a recorded start of a program contradicts. Put it in the observed order, or state one order for each range of versions."},
		{"N141", Error, "picture cannot be drawn", "A picture has no title in a language, it shows nothing, an edge or an arrow of it leads nowhere, a name of several platforms stands where one has to, a number is not to be found, or a label's expression has no value in some version. Write the title, name what is there, or narrow the element's range."},
		{"N150", Warning, "bare stretch", "More than twelve lines of code of a symbol that has a page follow one another without a note. Write a note on one of them, let a note that explains them reach over them with \"until:\", or fold them with a caption."},
		{"N151", Warning, "punctuation", "A mark is not the one that the language is printed with: a half-width comma or bracket in Chinese, straight quotes for 「」, two marks in a row, a full-width mark in English. Take the line of the fix."},
		{"N152", Warning, "spaces", "A space is missing between Chinese and other writing, or stands within Chinese or beside a full-width mark. Take the line of the fix."},
		{"N153", Warning, "word twice", "A word or a character follows itself. Remove one of them, or write the sentence so that they do not meet."},
		{"N154", Warning, "refused name", "The glossary refuses this name: its term has another, so that one thing has one name. Write that one; in its own explanation a term may say what else it is called."},
		{"N155", Error, "names contradict", "Two terms of the glossary have one name, or one refuses what is the name of another or a part of it. Rename one, make one term of the two, or take the name out of avoid."},
		{"N156", Warning, "term unused", "No text names this term or links to it. Link it where a reader meets it first, or remove it."},
		{"N157", Error, "picture without text", "Who does not see the picture learns nothing of it. Write between the square brackets what it shows."},
		{"N158", Warning, "translation of another shape", "A chapter and its translation do not have the same headings, ids and {{< … >}} in the same order. Make them the same: links lead to the ids, and both editions show the same code."},
		{"N159", Warning, "notes on no page", "The symbol of these notes has no page of its own, and no chapter shows its source: nobody reads them. Pull the symbol into a chapter, or list it in book.toml."},
	}
}
