package ir

import (
	"strings"

	"godwit/ir/catalog"
	"godwit/ir/op"
	"godwit/ir/types"
)

// Null is the literal NULL.
type Null struct{ ExprMeta }

// Number is a numeric literal, kept as text. Kind follows the source's rules: 1 is Int, 1.0 Decimal, 1e0 Float.
type Number struct {
	ExprMeta
	Text string // sign-free, without separators: "12", "1.50", "1e-3"
	Kind NumberKind
}

// NumberKind tells the class of a numeric literal.
type NumberKind int

// Classes of numeric literals.
const (
	IntNumber NumberKind = iota
	DecimalNumber
	FloatNumber
)

// String is a character literal; Value is decoded (escapes resolved, adjacent literals joined).
type String struct {
	ExprMeta
	Value    string
	Charset  string // introducer such as _utf8mb4, without the underscore; "" if none
	National bool
}

// Bytes is a hexadecimal or bit literal. In a numeric context it is a big-endian number.
type Bytes struct {
	ExprMeta
	Value   []byte
	Bit     bool   // written as b'101'
	Charset string // introducer, "" if none
}

// Bool is TRUE or FALSE as written. In dialects where these are numbers the front end makes Numbers instead.
type Bool struct {
	ExprMeta
	Value bool
}

// Temporal is DATE '...', TIME '...' or TIMESTAMP '...'. Value is the text between the quotes.
type Temporal struct {
	ExprMeta
	Kind  types.Type // types.Date, types.Time or types.DateTime
	Value string
}

// Name is a possibly qualified name used as a value: a column, variable, parameter, alias, NEW.x or OLD.x.
type Name struct {
	ExprMeta
	Parts []Ident
	Ref   Ref // nil before resolution; Unresolved with a finding if nothing was found
}

// Dotted is the name as it is written, without quotes.
func (n *Name) Dotted() string {
	p := make([]string, len(n.Parts))
	for i, x := range n.Parts {
		p[i] = x.Text
	}
	return strings.Join(p, ".")
}

// Ref is what a Name stands for: ColumnRef, OutputRef, VarRef, ParamRef, RowRef, AliasRef, Unresolved.
type Ref interface{ ref() }

// ColumnRef is a column of a table or view in FROM (or of the table a DML statement changes).
type ColumnRef struct {
	Table  *catalog.Table
	Column *catalog.Column
	From   TableExpr // the item of FROM it came through; nil for the changed table of INSERT
}

// OutputRef is a column of a derived table, a common table expression, JSON_TABLE or the like.
type OutputRef struct {
	From   TableExpr
	Column string
	// Of is the underlying column if the output is one, unchanged; nil otherwise.
	Of *catalog.Column
}

// VarRef is a local variable.
type VarRef struct{ Decl *VarDecl }

// ParamRef is a parameter of the routine.
type ParamRef struct{ Param *ParamDecl }

// RowRef is NEW.column or OLD.column in a trigger.
type RowRef struct {
	New    bool
	Table  *catalog.Table
	Column *catalog.Column
}

// Column is the column whose value the name stands for, unchanged; nil if it is none or not known.
func (n *Name) Column() *catalog.Column {
	switch r := n.Ref.(type) {
	case *ColumnRef:
		return r.Column
	case *RowRef:
		return r.Column
	case *OutputRef:
		return r.Of
	case *FieldRef:
		if r.Of == nil {
			return nil
		}
		if rec, ok := r.Of.TypeOf().(types.Record); ok && rec.RecordDecl != nil {
			if f := rec.Field(r.Field); f != nil {
				c, _ := f.Column.(*catalog.Column)
				return c
			}
		}
	}
	return nil
}

// AliasRef is the alias of a select item of the same query (in GROUP BY, HAVING, ORDER BY).
type AliasRef struct{ Item *SelectItem }

// Unresolved is a name for which nothing was found; there is a finding.
type Unresolved struct{}

func (*ColumnRef) ref()  {}
func (*OutputRef) ref()  {}
func (*VarRef) ref()     {}
func (*ParamRef) ref()   {}
func (*RowRef) ref()     {}
func (*AliasRef) ref()   {}
func (*Unresolved) ref() {}

// UserVar is a session variable of the user: @name. Name is folded to lower case.
type UserVar struct {
	ExprMeta
	Name string
}

// SysVar is a system variable: @@name, @@session.name, @@global.name.
type SysVar struct {
	ExprMeta
	Scope string // "", "session", "global"
	Name  string // lower case
}

// AssignExpr is an assignment inside an expression: @n := @n + 1.
type AssignExpr struct {
	ExprMeta
	Target *UserVar
	Value  Expr
}

// Param is a placeholder "?" of a prepared statement, counted from 1.
type Param struct {
	ExprMeta
	Index int
	// Name is that of a bind variable (:name) in upper case, "" for other placeholders. They are counted all the same.
	Name string
}

// Star is * or t.*; only in select lists and COUNT(*).
type Star struct {
	ExprMeta
	Qualifier []Ident // nil for a bare *
}

// Default is the keyword DEFAULT as a value, or DEFAULT(column).
type Default struct {
	ExprMeta
	Column *Name // nil for the bare keyword
}

// Inserted is the value that would have been inserted: VALUES(column) or the row alias in ON DUPLICATE KEY UPDATE.
type Inserted struct {
	ExprMeta
	Column *Name
}

// UnaryOp is an operator with one operand.
type UnaryOp int

// Unary operators.
const (
	Neg    UnaryOp = iota // -x
	Not                   // logical, three-valued
	BitNot                // ~x; width and sign by the source's rules, see Unary.Bits
)

// Unary is an operator applied to one operand.
type Unary struct {
	ExprMeta
	Op UnaryOp
	X  Expr
	// Bits is for BitNot: the result is computed on this many unsigned bits (64 in MySQL); 0 means the target's own rule.
	Bits int
}

// BinaryOp is an operator with two operands whose meaning depends on no further axis.
type BinaryOp int

// Binary operators.
const (
	Add BinaryOp = iota
	Sub
	Mul
	BitAnd
	BitOr
	BitXor
	ShiftLeft
	ShiftRight
	And // logical, three-valued
	Or
	Xor // logical
)

// Binary is an operator applied to two operands. Date arithmetic is DateAdd, concatenation Concat, never Binary.
type Binary struct {
	ExprMeta
	Op   BinaryOp
	L, R Expr
	// Bits is for the bit operators: computed on this many unsigned bits (64 in MySQL); 0 means the target's own rule.
	Bits int
}

// DivKind is the kind of a division.
type DivKind int

// Kinds of division.
const (
	DivExact  DivKind = iota // decimal result; Scale says how many digits
	DivInt                   // integer quotient toward zero (DIV)
	DivFloat                 // binary floating point
	DivTarget                // the target's own "/", whatever the operand types make of it; made by rules only
)

// ZeroDivide says what a zero divisor gives.
type ZeroDivide int

// Behaviours on a zero divisor.
const (
	ZeroNull ZeroDivide = iota
	ZeroError
)

// Div is a division.
type Div struct {
	ExprMeta
	Kind DivKind
	// ScaleIncrement is added to the dividend's scale for DivExact (MySQL: div_precision_increment, 4).
	ScaleIncrement int
	Zero           ZeroDivide
	L, R           Expr
}

// Mod is the remainder with the sign of the dividend.
type Mod struct {
	ExprMeta
	Zero ZeroDivide
	L, R Expr
}

// CompareOp is a comparison.
type CompareOp int

// Comparisons.
const (
	Eq CompareOp = iota
	Ne
	Lt
	Le
	Gt
	Ge
	NullSafeEq // <=>, IS NOT DISTINCT FROM
)

// Compare compares two values (or two rows).
type Compare struct {
	ExprMeta
	Op   CompareOp
	L, R Expr
	// Collation is how text compares, resolved with the source's precedence; zero if not text.
	Collation types.Collation
}

// Like is pattern matching with % and _.
type Like struct {
	ExprMeta
	Not        bool
	X, Pattern Expr
	Escape     Expr // nil means the source's default, made explicit in EscapeRune
	// EscapeRune is the escape character when Escape is nil; 0 means none.
	EscapeRune rune
	Collation  types.Collation
}

// Regexp is a match against a regular expression.
type Regexp struct {
	ExprMeta
	Not        bool
	X, Pattern Expr
	Flavor     string // "icu", "henry-spencer", "pcre"; after rules "are" (the target's own)
	Collation  types.Collation
}

// Between is x BETWEEN lo AND hi.
type Between struct {
	ExprMeta
	Not       bool
	X, Lo, Hi Expr
	Collation types.Collation
}

// In is x IN (list) or x IN (query): exactly one of List and Query is set.
type In struct {
	ExprMeta
	Not       bool
	X         Expr
	List      []Expr
	Query     Query
	Collation types.Collation
}

// Exists is EXISTS (query).
type Exists struct {
	ExprMeta
	Not   bool
	Query Query
}

// Quantified is x op ANY (query) or x op ALL (query), or the same with a list of values: exactly one of Query and List is set.
type Quantified struct {
	ExprMeta
	Op        CompareOp
	All       bool
	X         Expr
	Query     Query
	List      []Expr
	Collation types.Collation
}

// IsNull is x IS [NOT] NULL.
type IsNull struct {
	ExprMeta
	Not bool
	X   Expr
}

// TruthValue is TRUE, FALSE or UNKNOWN.
type TruthValue int

// Truth values.
const (
	IsTrue TruthValue = iota
	IsFalse
	IsUnknown
)

// IsTruth is x IS [NOT] TRUE, FALSE or UNKNOWN; X is a predicate after resolution.
type IsTruth struct {
	ExprMeta
	Not   bool
	Value TruthValue
	X     Expr
}

// Truth makes a predicate of a number: true when it is not zero, NULL when it is NULL. Inserted by resolve.
type Truth struct {
	ExprMeta
	X Expr
}

// BoolValue makes a number of a predicate: 1, 0 or NULL. Inserted by resolve.
type BoolValue struct {
	ExprMeta
	X Expr
}

// Case is CASE [operand] WHEN ... THEN ... [ELSE ...] END.
type Case struct {
	ExprMeta
	Operand   Expr // nil for a searched CASE
	Whens     []*When
	Else      Expr // nil means NULL
	Collation types.Collation
}

// When is one branch of a Case.
type When struct {
	PartMeta
	Cond, Then Expr
}

// NullMode says what NULL does to a concatenation.
type NullMode int

// Behaviours of NULL in a concatenation.
const (
	NullPropagates NullMode = iota
	NullSkipped
)

// Concat joins strings.
type Concat struct {
	ExprMeta
	Args []Expr
	Null NullMode
}

// Rounding says how digits that do not fit are dropped.
type Rounding int

// Roundings.
const (
	RoundHalfAway Rounding = iota
	RoundHalfEven
	RoundTruncate
)

// Overlong says what happens to a text that is too long.
type Overlong int

// Behaviours on overlong text.
const (
	CutLong Overlong = iota
	ErrorLong
)

// CastFailure says what an impossible conversion gives.
type CastFailure int

// Behaviours of failing casts.
const (
	FailError  CastFailure = iota
	FailNull               // NULL (MySQL: bad dates)
	FailPrefix             // the leading part that converts, 0 when there is none (MySQL: text to number); of dates a moment before all others
	FailClamp              // the nearest value of the type (MySQL: stores without strict mode)
)

// Cast converts a value. To is the target type of the conversion.
type Cast struct {
	ExprMeta
	X        Expr
	To       types.Type
	Round    Rounding
	TooLong  Overlong
	Fail     CastFailure
	Implicit bool // inserted by resolve; explicit casts of the source have false
	// Blank tells that a text without characters is zero where another one that is no number raises an error.
	Blank bool
	// Tight tells that a text is no number of the type To where anything stands behind the number, be it a blank.
	Tight bool
	// Store tells that the value goes into a column, variable or result of the type To, so that a target whose
	// assignments convert in the same way needs no cast.
	Store bool
	// Target tells that the target's own cast is meant, with To as it maps there; made by rules.
	Target bool
	// Mask is the format model by which a text stands for a moment, where there is one (Oracle); OnError is DEFAULT value ON CONVERSION ERROR, nil if none.
	Mask    string
	OnError Expr
	// Format are the format and the NLS parameters of CAST(x AS type, format, ...), which Mask is made of; nil if none (Oracle).
	Format []Expr
}

// Collate gives a value an explicit collation.
type Collate struct {
	ExprMeta
	X         Expr
	Collation types.Collation
	Name      QName // name of the collation: source's before lowering, target's after
}

// Call is a built-in function as a canonical operation. Before the function is known (or if it is none), Op is "" and Name is set.
type Call struct {
	ExprMeta
	Op   op.Op
	Name string // source's name in upper case, for messages
	Args []Expr
	// Unit is the time unit of operations that take one ("month", "day_hour"), lower case.
	Unit string
	// Word is a keyword argument that changes the operation (TRIM's LEADING, GET_FORMAT's DATE), lower case.
	Word string
	// Collation is how the arguments of operations that compare text (LOCATE, FIND_IN_SET, STRCMP) compare; zero otherwise.
	Collation types.Collation
}

// RoutineCall is a call of a stored function.
type RoutineCall struct {
	ExprMeta
	Name    QName
	Args    []Expr
	Routine *catalog.Routine // nil if unknown; there is a finding then
}

// HelperCall calls a routine of the target's helper schema; made by rules.
type HelperCall struct {
	ExprMeta
	Name string // without schema
	Args []Expr
	// Variadic names the last argument as an array.
	Variadic bool
}

// TargetCall calls a function of the target by its own name; made by rules and function tables.
type TargetCall struct {
	ExprMeta
	Name string // as the target spells it, unquoted parts joined by dots
	Args []Expr
}

// TargetOp is an operator of the target that has no node of its own; made by rules. L is nil for a prefix operator, R for a
// predicate that stands behind its operand (IS JSON).
type TargetOp struct {
	ExprMeta
	Op   string // "->>", "@>", "||", "~*", "AT TIME ZONE"
	L, R Expr
}

// ArrayExpr is ARRAY[...]; made by rules.
type ArrayExpr struct {
	ExprMeta
	Items []Expr
}

// Subscript is x[index]; made by rules.
type Subscript struct {
	ExprMeta
	X, Index Expr
}

// Field is (x).name; made by rules.
type Field struct {
	ExprMeta
	X    Expr
	Name string
}

// Aggregate is an aggregate function, or a window function when Over is set.
type Aggregate struct {
	ExprMeta
	Op        op.Op
	Name      string // source's name in upper case
	Distinct  bool
	Args      []Expr // COUNT(*) has one Star
	OrderBy   []*OrderItem
	Separator Expr // GROUP_CONCAT's, nil means the default ","
	Limit     Expr // MariaDB's GROUP_CONCAT(... LIMIT n), nil if none
	// Within tells that OrderBy was written WITHIN GROUP (Oracle); Keep and Overflow are Oracle's as well, nil if there is none.
	Within   bool
	Keep     *Keep
	Overflow *Overflow
	FromLast bool       // NTH_VALUE(...) FROM LAST
	Filter   Expr       // nil if none; made by rules
	Over     *WindowDef // nil for a plain aggregate
	// IgnoreNulls is for window functions: IGNORE NULLS.
	IgnoreNulls bool
	// TargetName is the target's function, set by rules; "" before.
	TargetName string
}

// WindowDef is a window: OVER (...), OVER name, or a definition in WINDOW.
type WindowDef struct {
	PartMeta
	Name        string // of a definition in WINDOW; or the name that OVER refers to when Reference is true
	Reference   bool
	Extends     string // name of the window it extends, "" if none
	PartitionBy []Expr
	OrderBy     []*OrderItem
	Frame       *Frame // nil for the default
}

// Frame is a window frame.
type Frame struct {
	PartMeta
	Unit    string // "rows", "range", "groups"
	Start   *FrameBound
	End     *FrameBound // nil means CURRENT ROW
	Exclude string
}

// FrameBound is one end of a frame.
type FrameBound struct {
	PartMeta
	Kind   string // "unbounded preceding", "preceding", "current row", "following", "unbounded following"
	Amount Expr   // nil unless preceding or following
	Unit   string // interval unit of a RANGE frame, "" if none
}

// Subquery is a query used as one value (or row).
type Subquery struct {
	ExprMeta
	Query Query
	// Array makes ARRAY(query); made by rules.
	Array bool
}

// RowExpr is (a, b, ...) or ROW(a, b).
type RowExpr struct {
	ExprMeta
	Items []Expr
}

// DateAdd adds an amount of a unit to a date, time or text that holds one. Never Binary.
type DateAdd struct {
	ExprMeta
	X      Expr
	Amount Expr
	Unit   string // "day", "month", "day_hour", ... lower case
	Sub    bool   // subtract
}

// Moment says which moment "now" means.
type Moment int

// Moments of "now".
const (
	AtStatement   Moment = iota // start of the (calling) statement
	AtTransaction               // start of the transaction
	AtCall                      // the moment of the call
)

// Zone says in which zone "now" is told.
type Zone int

// Zones of "now".
const (
	SessionZone Zone = iota
	ServerZone
	UTC
)

// Now is the current date, time or both, by Kind (types.Date, types.Time, types.DateTime).
type Now struct {
	ExprMeta
	Kind      types.Type
	At        Moment
	Zone      Zone
	Precision int
}

// NextValue takes the next number of a sequence; with Previous it is the last one of the session, with Set the number that is
// set: the number, whether it counts as used (it does if there is no second value), and the round.
type NextValue struct {
	ExprMeta
	Sequence QName
	Previous bool
	Set      []Expr
	Ref      *catalog.Sequence // nil if unknown
}

// Match is a full text search: MATCH (columns) AGAINST (text mode).
type Match struct {
	ExprMeta
	Columns []*Name
	Against Expr
	Mode    string
}

// UnsupportedExpr is an expression without a node; there is always an Error finding.
type UnsupportedExpr struct {
	ExprMeta
	Text string
	Code string
}

// Bare takes off the implicit conversions around an expression.
func Bare(e Expr) Expr {
	for {
		c, ok := e.(*Cast)
		if !ok || !c.Implicit {
			return e
		}
		e = c.X
	}
}

// IsLiteral tells a constant that stands in the text: a number, with a sign or without, a string, TRUE, FALSE or NULL.
func IsLiteral(e Expr) bool {
	switch x := e.(type) {
	case *Number, *String, *Null, *Bool:
		return true
	case *Unary:
		return x.Op == Neg && IsLiteral(x.X)
	}
	return false
}
