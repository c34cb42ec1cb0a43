package ir

import "godwit/ir/types"

// The nodes of this file are parts of Oracle's queries and statements over rows.

// Pseudo is a value that belongs to a row of a query and is no column: ROWNUM, LEVEL, ROWID, ...
type Pseudo struct {
	ExprMeta
	// Name is in lower case: "rownum", "level", "connect_by_isleaf", "connect_by_iscycle", "rowid", "ora_rowscn", "object_value", "user", "uid".
	Name string
	// Qualifier is that of t.ROWID, nil if none.
	Qualifier []Ident
}

// Prior is PRIOR x of a hierarchical query: x of the parent row.
type Prior struct {
	ExprMeta
	X Expr
}

// RootOf is CONNECT_BY_ROOT x.
type RootOf struct {
	ExprMeta
	X Expr
}

// OuterMark is x(+): the table of x may have no row in the join.
type OuterMark struct {
	ExprMeta
	X Expr
}

// IntervalLit is INTERVAL 'value' from [TO to].
type IntervalLit struct {
	ExprMeta
	Value    string
	From, To string // "year", "month", "day", "hour", "minute", "second"; To is "" if none
	// Leading and Fraction are the precisions in digits, -1 if not given.
	Leading, Fraction int
}

// AtZone is x AT TIME ZONE zone, or x AT LOCAL (Zone nil).
type AtZone struct {
	ExprMeta
	X    Expr
	Zone Expr
}

// GroupingSet is ROLLUP(...), CUBE(...), GROUPING SETS(...) or a group of expressions in parentheses, in GROUP BY.
type GroupingSet struct {
	ExprMeta
	Kind  string // "rollup", "cube", "sets", "" for a group
	Items []Expr
}

// Keep is KEEP (DENSE_RANK FIRST | LAST ORDER BY ...) of an aggregate.
type Keep struct {
	PartMeta
	Last    bool
	OrderBy []*OrderItem
}

// Overflow is ON OVERFLOW ERROR, or TRUNCATE [text] [WITH | WITHOUT COUNT].
type Overflow struct {
	PartMeta
	Truncate bool
	Text     Expr // nil for the default "..."
	NoCount  bool
}

// JSONExpr is a JSON function with its clauses.
type JSONExpr struct {
	ExprMeta
	Name      string // lower case: json_value, json_query, json_exists, json_object, json_array, json_objectagg, json_arrayagg, json_mergepatch, json_transform, json_serialize, json_scalar, json_equal, is_json
	Args      []Expr // the document and the path; or the values
	Keys      []Expr // of json_object and json_objectagg, as many as Args
	Formatted []bool // FORMAT JSON at an argument; nil if at none
	Returning types.Type
	Wrapper   string // "", "with", "with conditional", "without"
	Pretty    bool
	OnError   *JSONDefault
	OnEmpty   *JSONDefault
	NullOn    string // "null", "absent", "" for the default
	Unique    bool   // WITH UNIQUE KEYS
	Strict    bool
	Not       bool // IS NOT JSON
	OrderBy   []*OrderItem
	Passing   []*SelectItem
	Text      string // further clauses, as written; "" if none
	// Change is the operation of json_transform, in lower case: set, insert, replace, append, remove, rename or keep. One of several operations has the one before
	// it as its document. Missing and Existing say what happens where the path reaches nothing, or something: "", ignore, error, create or replace.
	Change, Missing, Existing string
}

// XMLExpr is an XML function with its clauses.
type XMLExpr struct {
	ExprMeta
	Name    string // lower case: xmlelement, xmlforest, xmlagg, xmlattributes, xmlserialize, xmlparse, xmlquery, xmlexists, xmlcast, xmlroot, xmlconcat, xmlcomment, xmlpi, xmlcdata
	Tag     Ident  // of xmlelement and xmlpi
	Items   []*SelectItem
	Attrs   []*SelectItem // XMLATTRIBUTES
	OrderBy []*OrderItem
	Type    types.Type // of xmlserialize and xmlcast
	Word    string     // "content", "document"
	Text    string     // further clauses, as written
}

// ConnectBy makes a query hierarchical.
type ConnectBy struct {
	PartMeta
	Start   Expr // nil: every row is a root
	By      Expr
	NoCycle bool
}

// Fetch is OFFSET n ROWS and FETCH FIRST n [PERCENT] ROWS ONLY | WITH TIES, whose numbers may be NULL, negative or have fractions; they are
// the query's Offset and Limit.
type Fetch struct {
	PartMeta
	Percent  bool
	WithTies bool
}

// SearchClause is SEARCH DEPTH | BREADTH FIRST BY ... SET column of a recursive common table expression.
type SearchClause struct {
	PartMeta
	Breadth bool
	By      []*OrderItem
	Set     Ident
}

// CycleClause is CYCLE columns SET column TO value DEFAULT value.
type CycleClause struct {
	PartMeta
	Columns        []Ident
	Set            Ident
	Value, Default Expr
}

// Sample is SAMPLE [BLOCK] (percent) [SEED (n)].
type Sample struct {
	PartMeta
	Block   bool
	Percent Expr
	Seed    Expr
}

// Pivot is X PIVOT (aggregates FOR columns IN (values)).
type Pivot struct {
	TableMeta
	X     TableExpr
	XML   bool
	Items []*SelectItem // aggregates with their aliases
	For   []*Name
	In    []*SelectItem // a value, or a RowExpr of values, with its alias
	Alias Ident
}

// Unpivot is X UNPIVOT (columns FOR names IN (columns AS values)).
type Unpivot struct {
	TableMeta
	X            TableExpr
	IncludeNulls bool
	Columns      []Ident // that take the values
	For          []Ident
	In           []*UnpivotItem
	Alias        Ident
}

// UnpivotItem is columns AS values of an Unpivot.
type UnpivotItem struct {
	PartMeta
	Columns []*Name
	Values  []Expr // nil: the columns' names
}

// CollectionTable is TABLE(collection) in FROM; rows of a table function as well.
type CollectionTable struct {
	TableMeta
	X     Expr
	Outer bool // TABLE(x)(+)
	Alias Ident
}

// XMLTable is XMLTABLE(path PASSING doc COLUMNS ...).
type XMLTable struct {
	TableMeta
	Namespaces []*SelectItem
	Path       Expr
	Passing    []*SelectItem
	Columns    []*XMLColumn
	Alias      Ident
}

// XMLColumn is a column of an XMLTable.
type XMLColumn struct {
	PartMeta
	Name       Ident
	Ordinality bool
	Type       types.Type
	Path       Expr
	Default    Expr
}

// UnsupportedTable is an item of FROM without a node; there is always an Error finding.
type UnsupportedTable struct {
	TableMeta
	Text string
	Code string
}

// Merge is MERGE INTO ... USING ... ON ...
type Merge struct {
	StmtMeta
	Into      TableExpr // a TableRef or Derived
	Using     TableExpr
	On        Expr
	Update    *MergeUpdate // nil if none
	Insert    *MergeInsert // nil if none
	LogErrors *LogErrors
	With      *With // the target's; made by rules
}

// MergeUpdate is WHEN MATCHED THEN UPDATE SET ... [WHERE ...] [DELETE WHERE ...].
type MergeUpdate struct {
	PartMeta
	Sets        []*Assign
	Where       Expr
	DeleteWhere Expr // of the rows that were updated, with their new values
}

// MergeInsert is WHEN NOT MATCHED THEN INSERT ...
type MergeInsert struct {
	PartMeta
	Columns []*Name
	Values  []Expr
	Where   Expr
}

// LogErrors is LOG ERRORS [INTO table] [(tag)] [REJECT LIMIT n].
type LogErrors struct {
	PartMeta
	Into  QName // without parts for the default
	Tag   Expr
	Limit Expr // nil for 0; a Name UNLIMITED
}

// MultiInsert is INSERT ALL or INSERT FIRST.
type MultiInsert struct {
	StmtMeta
	First    bool
	Branches []*InsertBranch
	Query    Query
}

// InsertBranch is WHEN condition THEN INTO ... of a MultiInsert.
type InsertBranch struct {
	PartMeta
	When    Expr // nil: always
	Else    bool
	Inserts []*Insert
}
