package scan

// ConstantKind is the class of a constant.
type ConstantKind byte

// Kinds of constants. All others (bits, texts with a character set, TRUE and FALSE) have none.
const (
	NullConstant ConstantKind = iota
	NumberConstant
	TextConstant
	BytesConstant
)

// Constant is one value of a row.
type Constant struct {
	Kind ConstantKind
	Text string // a number as it is written, with its sign; the value of a text; the digits behind 0x
}

// RowSpan is the place of a row, with its parentheses, behind the head of its piece.
type RowSpan struct{ Start, End int }
