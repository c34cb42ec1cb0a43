package scan

// ConstantKind is the class of a constant.
type ConstantKind byte

// Kinds of constants. All others (texts with a character set, functions) have none.
const (
	NullConstant ConstantKind = iota
	NumberConstant
	TextConstant
	BytesConstant  // 0x41 and x'41'
	BitsConstant   // b'101'
	BinaryConstant // _binary'a'
	TruthConstant  // TRUE and FALSE
	DefaultConstant
)

// Constant is one value of a row.
type Constant struct {
	Kind ConstantKind
	// Text is a number as it is written, with its sign; the value of a text, which need not be UTF-8; the digits of bytes and bits; "1" for
	// TRUE and "0" for FALSE.
	Text string
}

// RowSpan is the place of a row, with its parentheses, behind the head of its piece.
type RowSpan struct{ Start, End int }
