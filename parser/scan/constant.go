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
	DateConstant          // DATE 'text'
	TimestampConstant     // TIMESTAMP 'text'
	ReadDateConstant      // TO_DATE('text', 'model')
	ReadTimestampConstant // TO_TIMESTAMP('text', 'model')
	JoinedConstant        // texts and CHR(n) in turn, with || between them
)

// Constant is one value of a row.
type Constant struct {
	Kind ConstantKind
	// Text is a number as it is written, with its sign; the value of a text, which need not be UTF-8; the digits of bytes and bits; "1" for
	// TRUE and "0" for FALSE.
	Text string
	// Model is the format of texts that are read by one.
	Model string
	// Parts are what is joined: texts, and characters by their code.
	Parts []ConstantPart
}

// ConstantPart is a text, or a character of ASCII by its code if that is not 0.
type ConstantPart struct {
	Text string
	Code int
}

// RowSpan is the place of a row, with its parentheses, behind the head of its piece.
type RowSpan struct{ Start, End int }
