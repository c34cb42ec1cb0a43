package ir

import (
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// With is WITH [RECURSIVE] cte, ...
type With struct {
	PartMeta
	Recursive bool
	CTEs      []*CTE
	Functions []*Routine // Oracle's WITH FUNCTION
}

// CTE is a common table expression.
type CTE struct {
	PartMeta
	Name    Ident
	Columns []Ident // nil if not given
	Query   Query
	Search  *SearchClause // nil if none
	Cycle   *CycleClause  // nil if none
	// Stmt is a data changing statement in place of Query (Query is nil then); made by rules.
	Stmt         Stmt
	Materialized *bool // target's MATERIALIZED or NOT MATERIALIZED, nil if not given
}

// Select is SELECT ... FROM ...
type Select struct {
	QueryMeta
	Distinct   bool
	DistinctOn []Expr // target's DISTINCT ON; made by rules
	Items      []*SelectItem
	From       []TableExpr // comma separated; a cross join
	Where      Expr
	GroupBy    []*OrderItem // expressions; an order only in old MySQL
	GroupAll   bool         // GROUP BY ALL: by all items that hold no aggregate; resolve makes GroupBy of it
	Rollup     bool         // WITH ROLLUP
	Having     Expr
	Connect    *ConnectBy // Oracle's START WITH ... CONNECT BY, nil if none
	Windows    []*WindowDef
	Hints      []string // SQL_CALC_FOUND_ROWS, STRAIGHT_JOIN, HIGH_PRIORITY, optimizer hints as text
	// LaxGroup tells that the source allows columns that are neither grouped nor aggregated (any value of the group).
	LaxGroup bool
	// GroupDistinct is the target's GROUP BY DISTINCT, which makes each grouping set once; made by rules.
	GroupDistinct bool
}

// SelectItem is one item of a select list.
type SelectItem struct {
	PartMeta
	Expr  Expr
	Alias Ident // Text "" if none
	// Label is the column's name in the source's result when there is no alias (MySQL: the text of the expression).
	Label string
}

// SetKind is UNION, EXCEPT or INTERSECT.
type SetKind int

// Kinds of set operations.
const (
	Union SetKind = iota
	Except
	Intersect
)

// SetOp combines two queries.
type SetOp struct {
	QueryMeta
	Kind SetKind
	All  bool
	L, R Query
}

// Values is VALUES ROW(...), ROW(...).
type Values struct {
	QueryMeta
	Rows []*RowExpr
}

// OrderItem is one item of ORDER BY (or GROUP BY). Nulls is always set by the front end.
type OrderItem struct {
	PartMeta
	Expr  Expr
	Desc  bool
	Nulls NullOrder
	// Position is n when the item is the number of a select item (ORDER BY 2), 0 otherwise.
	Position int
}

// NullOrder says where NULLs sort.
type NullOrder int

// NULL orders.
const (
	NullsFirst NullOrder = iota
	NullsLast
	NullsAny // no NULLs can occur, or the order does not matter
)

// Locking is FOR UPDATE or FOR SHARE.
type Locking struct {
	PartMeta
	Share      bool
	Of         []Ident
	NoWait     bool
	SkipLocked bool
	// Wait is WAIT n of MariaDB and Oracle, nil if none.
	Wait Expr
	// Columns are Oracle's OF columns: their tables are meant. Resolve fills Of.
	Columns []*Name
}

// TableRef is a table or view by name.
type TableRef struct {
	TableMeta
	Name       QName
	Alias      Ident   // Text "" if none
	Partitions []Ident // PARTITION (p0, p1), nil if none
	Hints      []string
	// AsOf is FOR SYSTEM_TIME ... as text, "" if none.
	AsOf      string
	Table     *catalog.Table // nil if unknown or a CTE
	CTE       *CTE           // set when the name is a common table expression
	Link      Ident          // Oracle's @link, Text "" if none
	Only      bool           // ONLY (view)
	Sample    *Sample
	Flashback string // Oracle's AS OF and VERSIONS BETWEEN, as written
	// Subpartitions tells that Partitions are subpartitions; PartitionFor are the values of PARTITION FOR (...).
	Subpartitions bool
	PartitionFor  []Expr
	// Part is the target's relation that holds a part of the table and is read or changed in its place, without parts if it is the
	// table; made by rules.
	Part QName
	// ColumnAliases of the target: t(a, b); made by rules.
	ColumnAliases []Ident
}

// Derived is a subquery in FROM.
type Derived struct {
	TableMeta
	Query   Query
	Alias   Ident
	Columns []Ident // nil if not given
	Lateral bool
}

// JoinKind is the kind of a join.
type JoinKind int

// Kinds of joins.
const (
	InnerJoin JoinKind = iota
	LeftJoin
	RightJoin
	FullJoin
	CrossJoin
	CrossApply // Oracle's: the right side sees the left one
	OuterApply
)

// Join joins two tables.
type Join struct {
	TableMeta
	Kind     JoinKind
	Natural  bool
	Straight bool // STRAIGHT_JOIN: a hint
	L, R     TableExpr
	On       Expr // nil if none
	// PartitionL and PartitionR are PARTITION BY of Oracle's partitioned outer join, nil if none.
	PartitionL, PartitionR []Expr
	Using                  []Ident // nil if none
}

// JSONTable is JSON_TABLE(doc, path COLUMNS (...)) AS alias.
type JSONTable struct {
	TableMeta
	Doc     Expr
	Path    Expr
	Columns []*JSONColumn
	Alias   Ident
	// OnError and OnEmpty are those of the whole table (Oracle), nil if none; Passing are values that the path names; Text are further
	// clauses, as written.
	OnError, OnEmpty *JSONDefault
	Passing          []*SelectItem
	Text             string
}

// JSONColumn is a column of JSONTable: ordinality, path, exists or nested.
type JSONColumn struct {
	PartMeta
	Name       Ident
	Ordinality bool
	Exists     bool
	Type       types.Type // nil for ordinality and nested
	Path       Expr
	OnEmpty    *JSONDefault // nil means NULL
	OnError    *JSONDefault
	Nested     []*JSONColumn // NESTED PATH; Name is empty then
	// Format tells that the column takes JSON (FORMAT JSON), with or without the Wrapper: "", "with", "with conditional" or "without".
	Format  bool
	Wrapper string
	Text    string // further clauses, as written
}

// JSONDefault is NULL, ERROR or DEFAULT value ON EMPTY or ON ERROR.
type JSONDefault struct {
	PartMeta
	Error bool
	Value Expr // nil for NULL
}

// TableFunc is a function of the target in FROM; made by rules.
type TableFunc struct {
	TableMeta
	Call       Expr
	Alias      Ident
	Columns    []Ident
	Types      []types.Type // of the columns, where the function yields records; nil otherwise
	Ordinality bool
	Lateral    bool
}
