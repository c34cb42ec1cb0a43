package op

import "godwit/ir/types"

// Operations on text.
const (
	ASCII        Op = "text.ascii"
	BitLength    Op = "text.bit_length"
	Char         Op = "text.char"
	CharLength   Op = "text.char_length"
	ConcatWS     Op = "text.concat_ws"
	Elt          Op = "text.elt"
	ExportSet    Op = "text.export_set"
	Field        Op = "text.field"
	FindInSet    Op = "text.find_in_set"
	FormatNumber Op = "text.format_number"
	TextInsert   Op = "text.insert"
	Instr        Op = "text.instr"
	Left         Op = "text.left"
	OctetLength  Op = "text.octet_length"
	Locate       Op = "text.locate"
	Lower        Op = "text.lower"
	LPad         Op = "text.lpad"
	LTrim        Op = "text.ltrim"
	MakeSet      Op = "text.make_set"
	Ord          Op = "text.ord"
	Quote        Op = "text.quote"
	Repeat       Op = "text.repeat"
	Replace      Op = "text.replace"
	Reverse      Op = "text.reverse"
	Right        Op = "text.right"
	RPad         Op = "text.rpad"
	RTrim        Op = "text.rtrim"
	Soundex      Op = "text.soundex"
	Space        Op = "text.space"
	Strcmp       Op = "text.strcmp"

	Unread            = "unread" // Word of Replace: a replacement of NULL gives NULL only where something is replaced
	Substring      Op = "text.substring"
	SubstringIndex Op = "text.substring_index"
	Trim           Op = "text.trim"
	Upper          Op = "text.upper"
	WeightString   Op = "text.weight_string"
	LoadFile       Op = "text.load_file"
	RegexpInstr    Op = "text.regexp_instr"
	RegexpLike     Op = "text.regexp_like"
	RegexpReplace  Op = "text.regexp_replace"
	RegexpSubstr   Op = "text.regexp_substr"
	NaturalSortKey Op = "text.natural_sort_key"
	SFormat        Op = "text.sformat"
	ToChar         Op = "text.to_char"
	ExtractValue   Op = "text.extract_value"
	UpdateXML      Op = "text.update_xml"
)

func textOps() []Info {
	t, i, a, b := TextArg, IntArg, AnyArg, BytesArg
	return []Info{
		{Op: ASCII, Min: 1, Max: 1, Args: []ArgClass{b}, result: fixed(intResult), Doc: "The first byte as a number, 0 for the empty string."},
		{Op: Ord, Min: 1, Max: 1, Args: []ArgClass{b}, result: fixed(bigResult), Doc: "The bytes of the first character as a big-endian number, 0 for the empty string."},
		{Op: BitLength, Min: 1, Max: 1, Args: []ArgClass{b}, result: fixed(bigResult), Doc: "Eight times the number of bytes in the text's charset."},
		{Op: OctetLength, Min: 1, Max: 1, Args: []ArgClass{b}, result: fixed(bigResult), Doc: "The number of bytes in the text's charset (LENGTH)."},
		{Op: CharLength, Min: 1, Max: 1, Args: []ArgClass{t}, result: fixed(bigResult), Doc: "The number of characters; of bytes for a binary value."},
		{Op: Char, Min: 1, Max: -1, Args: []ArgClass{i}, Nulls: NullOwn, result: charType, Doc: "The bytes of the numbers, big-endian, without leading zero bytes; NULLs are skipped. Word holds the charset of USING; without it the result is binary."},
		{Op: ConcatWS, Min: 2, Max: -1, Args: []ArgClass{t}, Nulls: NullOwn, result: textLike(), Doc: "The values other than NULL joined by the first argument; NULL when the first is NULL. Empty strings are kept."},
		{Op: Elt, Min: 2, Max: -1, Args: []ArgClass{i, t}, Nulls: NullOwn, result: eltType, Doc: "The n-th of the texts; NULL when there is none or n is NULL."},
		{Op: ExportSet, Min: 3, Max: 5, Args: []ArgClass{i, t, t, t, i}, result: textLike(1, 2), Doc: "For each bit from the lowest the on or off text, joined by the separator (a comma); 64 bits or as many as the last argument says."},
		{Op: Field, Min: 2, Max: -1, Args: []ArgClass{a}, Nulls: NullNever, result: fixed(intResult), Doc: "The position of the first argument among the others, 0 when it is not there or NULL. All text compares as text, all numbers as numbers, else as Float."},
		{Op: FindInSet, Min: 2, Max: 2, Args: []ArgClass{t}, result: fixed(intResult), Doc: "The position of the text in a comma separated list, 0 when it is not there, the list is empty, or the text holds a comma. Compares by collation."},
		{Op: FormatNumber, Min: 2, Max: 3, Args: []ArgClass{NumberArg, i, t}, result: fixed(text(64)), Doc: "The number rounded to so many digits, with thousands separators of the locale (en_US by default)."},
		{Op: TextInsert, Min: 4, Max: 4, Args: []ArgClass{t, i, i, t}, result: textLike(0, 3), Doc: "Replaces len characters from pos by the new text; the text itself when pos is outside it; the rest is replaced when len is negative or too large."},
		{Op: Instr, Min: 2, Max: 2, Args: []ArgClass{t}, result: fixed(bigResult), Doc: "The position of the second text in the first from 1, 0 when it is not there. Compares by collation."},
		{Op: Locate, Min: 2, Max: 3, Args: []ArgClass{t, t, i}, result: fixed(bigResult), Doc: "The position of the first text in the second, at or behind the third argument (1), 0 when it is not there or the start is below 1. Compares by collation."},
		{Op: Left, Min: 2, Max: 2, Args: []ArgClass{t, i}, result: cutTo(1), Doc: "The first n characters; empty when n is below 1."},
		{Op: Right, Min: 2, Max: 2, Args: []ArgClass{t, i}, result: cutTo(1), Doc: "The last n characters; empty when n is below 1."},
		{Op: Lower, Min: 1, Max: 1, Args: []ArgClass{t}, result: textSame(0), Doc: "Lower case by the charset's mapping; binary values are unchanged."},
		{Op: Upper, Min: 1, Max: 1, Args: []ArgClass{t}, result: textSame(0), Doc: "Upper case by the charset's mapping, character by character (ß stays); binary values are unchanged."},
		{Op: LPad, Min: 2, Max: 3, Args: []ArgClass{t, i, t}, result: padTo, Doc: "Padded on the left to n characters by a text (a blank), cut to the first n when longer; NULL when n is negative; empty or NULL by version when the padding is empty and needed."},
		{Op: RPad, Min: 2, Max: 3, Args: []ArgClass{t, i, t}, result: padTo, Doc: "As text.lpad on the right."},
		{Op: LTrim, Min: 1, Max: 1, Args: []ArgClass{t}, result: textSame(0), Doc: "Without leading blanks (U+0020 only)."},
		{Op: RTrim, Min: 1, Max: 1, Args: []ArgClass{t}, result: textSame(0), Doc: "Without trailing blanks (U+0020 only)."},
		{Op: Trim, Min: 1, Max: 2, Args: []ArgClass{t}, result: textSame(0), Doc: "The first argument without leading, trailing or (Word \"\" or both) all occurrences of the second as a whole text (a blank) at its ends; compares bytes."},
		{Op: MakeSet, Min: 2, Max: -1, Args: []ArgClass{i, t}, Nulls: NullOwn, result: textLike(), Doc: "The texts whose bit is set in the first argument, joined by commas; NULL texts are skipped."},
		{Op: Quote, Min: 1, Max: 1, Args: []ArgClass{t}, Nulls: NullNever, result: textLike(0), Doc: "A literal of the dialect: quoted, with \\ ' NUL and Control-Z escaped by a backslash; the text NULL without quotes for NULL."},
		{Op: Repeat, Min: 2, Max: 2, Args: []ArgClass{t, i}, result: textLike(0), Doc: "The text n times; empty when n is below 1."},
		{Op: Replace, Min: 3, Max: 3, Args: []ArgClass{t}, result: textLike(), Doc: "Every occurrence of the second text replaced by the third; compares code points. An empty second text changes nothing."},
		{Op: Reverse, Min: 1, Max: 1, Args: []ArgClass{t}, result: textSame(0), Doc: "The characters in reverse order."},
		{Op: Soundex, Min: 1, Max: 1, Args: []ArgClass{t}, result: textLike(0), Doc: "The sound code by the original algorithm: vowels are dropped before equal codes are joined, and it is as long as needed, at least 4."},
		{Op: Space, Min: 1, Max: 1, Args: []ArgClass{i}, result: fixed(asciiResult), Doc: "n blanks; empty when n is below 1."},
		{Op: Strcmp, Min: 2, Max: 2, Args: []ArgClass{t}, result: fixed(intResult), Doc: "-1, 0 or 1 as the first text sorts before, with or behind the second by collation."},
		{Op: Substring, Min: 2, Max: 3, Args: []ArgClass{t, i, i}, result: textSame(0), Doc: "From pos (from 1; from the end when negative) len characters or all that follow; empty when pos is 0 or outside the text, or len is below 1."},
		{Op: SubstringIndex, Min: 3, Max: 3, Args: []ArgClass{t, t, i}, result: textSame(0), Doc: "All before the n-th occurrence of the delimiter from the left, or behind the n-th from the right when n is negative; all when there are fewer; empty for n = 0 or an empty delimiter. Compares code points."},
		{Op: WeightString, Min: 1, Max: 2, Args: []ArgClass{a}, result: fixed(binaryResult), Doc: "The sort key of the text under its collation; bytes of the engine, not converted."},
		{Op: LoadFile, Min: 1, Max: 1, Args: []ArgClass{t}, Nulls: NullOwn, Volatility: Volatile, result: fixed(binaryResult), Doc: "The contents of a file on the server; not converted."},
		{Op: RegexpInstr, Min: 2, Max: 6, Args: []ArgClass{t, t, i, i, i, t}, CanRaise: true, result: fixed(bigResult), Doc: "The position of the n-th match from a start position, or of the character behind it, 0 when there is none."},
		{Op: RegexpLike, Min: 2, Max: 3, Args: []ArgClass{t}, CanRaise: true, result: fixed(intResult), Doc: "1 when the pattern matches, by the collation's case or the match type."},
		{Op: RegexpReplace, Min: 3, Max: 6, Args: []ArgClass{t, t, t, i, i, t}, CanRaise: true, result: textLike(0, 2), Doc: "Every match (occurrence 0), or the n-th, replaced by the text with references."},
		{Op: RegexpSubstr, Min: 2, Max: 5, Args: []ArgClass{t, t, i, i, t}, Nulls: NullOwn, CanRaise: true, result: textSame(0), Doc: "The n-th match from a start position; NULL (MySQL) or the empty text (MariaDB) when there is none."},
		{Op: NaturalSortKey, Min: 1, Max: 1, Args: []ArgClass{t}, result: textLike(0), Doc: "A text that sorts numbers inside it by value (MariaDB); not converted."},
		{Op: SFormat, Min: 1, Max: -1, Args: []ArgClass{t, a}, CanRaise: true, result: textLike(0), Doc: "Format strings with {} (MariaDB); not converted."},
		{Op: ToChar, Min: 1, Max: 2, Args: []ArgClass{DateTimeArg, t}, CanRaise: true, result: fixed(text(0)), Doc: "A date by an Oracle format (MariaDB)."},
		{Op: ExtractValue, Min: 2, Max: 2, Args: []ArgClass{t}, CanRaise: true, result: textLike(0), Doc: "Text of an XML fragment by XPath; not converted."},
		{Op: UpdateXML, Min: 3, Max: 3, Args: []ArgClass{t}, CanRaise: true, result: textLike(0), Doc: "An XML fragment changed by XPath; not converted."},
	}
}

// charType is text in the charset of USING, binary without one.
func charType(c Call) types.Type {
	if c.Word == "" || c.Word == "binary" {
		return binaryResult
	}
	return types.Text{N: len(c.Types), Charset: c.Word}
}
