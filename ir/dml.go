package ir

import "godwit/ir/catalog"

// QueryStmt is a query as a statement. At the top level its rows are the result; in a routine of the source it
// returns a result set (see ReturnRows) unless the query has Into targets.
type QueryStmt struct {
	StmtMeta
	Query Query
}

// Assign is one assignment of UPDATE, INSERT ... SET or ON DUPLICATE KEY UPDATE.
type Assign struct {
	PartMeta
	Column *Name
	Value  Expr
	// Columns are those of (a, b) = (query), of which Column is the first; nil otherwise.
	Columns []*Name
}

// Order of evaluation of assignments.
type AssignOrder int

// Orders of assignments.
const (
	LeftToRight  AssignOrder = iota // later assignments see the new values of earlier ones
	Simultaneous                    // all see the old row
)

// ErrorPolicy says what a store does with a row that violates something.
type ErrorPolicy int

// Policies of stores.
const (
	RaiseErrors  ErrorPolicy = iota
	IgnoreErrors             // MySQL IGNORE: skip duplicates and rows without parent, adjust bad values
)

// Insert is INSERT or REPLACE.
type Insert struct {
	StmtMeta
	Table   *TableRef
	Columns []*Name // nil means all visible columns in order
	// Source is what is inserted: a Values or any other query; nil for DEFAULT VALUES.
	Source  Query
	Replace bool // REPLACE: delete rows with an equal key first
	OnError ErrorPolicy
	// OnDuplicate are the assignments of ON DUPLICATE KEY UPDATE, nil if none; RowAlias and ColumnAliases name the new row.
	OnDuplicate   []*Assign
	RowAlias      Ident
	ColumnAliases []Ident
	Returning     []*SelectItem
	// Into are the variables of a routine that take what one row returns; with Bulk they are collections that take all rows.
	Into []Expr
	Bulk bool
	// Record is VALUES record of PL/SQL, nil otherwise; LogErrors is Oracle's.
	Record    Expr
	LogErrors *LogErrors
	// Objects tells that the values are whole rows of an object table, one object each; filled by resolve.
	Objects bool
	// Conflict is the target's ON CONFLICT; made by rules.
	Conflict *Conflict
	With     *With
	// Overriding is the target's OVERRIDING clause: "", "system" or "user".
	Overriding string
	Modifiers  []string // LOW_PRIORITY, DELAYED, HIGH_PRIORITY
	// IgnoredKey is the key of which rows that are there are skipped (Oracle's hint IGNORE_ROW_ON_DUPKEY_INDEX), nil if none.
	IgnoredKey *IgnoredKey
}

// IgnoredKey names a unique key by its table and its index, or its columns.
type IgnoredKey struct {
	Table, Index string
	Columns      []string
}

// Takes are the columns that take values, in the order of the values; nil where one is not known.
func (n *Insert) Takes() []*catalog.Column {
	var out []*catalog.Column
	if n.Columns == nil {
		for _, c := range n.Table.Table.Columns {
			if !c.Hidden() {
				out = append(out, c)
			}
		}
		return out
	}
	for _, x := range n.Columns {
		if r, ok := x.Ref.(*ColumnRef); ok {
			out = append(out, r.Column)
		} else {
			out = append(out, nil)
		}
	}
	return out
}

// Conflict is ON CONFLICT (columns) DO NOTHING or DO UPDATE; made by rules.
type Conflict struct {
	PartMeta
	Columns    []Expr // nil for any
	Constraint string
	Nothing    bool
	Sets       []*Assign
	Where      Expr
}

// Update changes rows of one or several tables.
type Update struct {
	StmtMeta
	With *With
	// Tables is the table or join that is updated. After rules it holds the one target table.
	Tables    []TableExpr
	From      []TableExpr // the target's FROM; made by rules
	Sets      []*Assign
	Order     AssignOrder
	OnError   ErrorPolicy
	Where     Expr
	OrderBy   []*OrderItem
	Limit     Expr
	Returning []*SelectItem
	Into      []Expr // RETURNING ... INTO, see Insert
	Bulk      bool
	SetRow    Expr // SET ROW = record of PL/SQL, nil otherwise
	LogErrors *LogErrors
	// WhereCurrentOf is a cursor's name, "" if none.
	WhereCurrentOf string
	Modifiers      []string
	// Once tells that a row which several rows join is an error of the source (Oracle's UPDATE ... FROM).
	Once bool
}

// Delete removes rows of one or several tables.
type Delete struct {
	StmtMeta
	With *With
	// Targets name the tables to delete from in a multi-table delete; nil for the single-table form.
	Targets []*TableRef
	// From is the table, or the joined tables of the multi-table form.
	From      []TableExpr
	Using     []TableExpr // the target's USING; made by rules
	OnError   ErrorPolicy
	Where     Expr
	OrderBy   []*OrderItem
	Limit     Expr
	Returning []*SelectItem
	Into      []Expr // RETURNING ... INTO, see Insert
	Bulk      bool
	LogErrors *LogErrors
	// WhereCurrentOf is a cursor's name, "" if none.
	WhereCurrentOf string
	Modifiers      []string
	// Once tells that a row which several rows join is an error of the source (Oracle's DELETE ... FROM ... FROM).
	Once bool
}

// Truncate is TRUNCATE TABLE. RestartIdentity tells that counters start again.
type Truncate struct {
	StmtMeta
	Table           *TableRef
	RestartIdentity bool
}

// SetVar is SET of one or more variables at the top level or in a routine.
type SetVar struct {
	StmtMeta
	Items []*SetItem
	// Diagnostics tells that it reads the area of diagnostics, and leaves it as it is.
	Diagnostics bool
}

// SetItem assigns one variable: a local variable, parameter, NEW.column (Name), UserVar or SysVar.
type SetItem struct {
	PartMeta
	Target Expr
	Value  Expr // nil means DEFAULT
}

// SetNames is SET NAMES or SET CHARACTER SET; Transaction settings are SetTransaction.
type SetNames struct {
	StmtMeta
	Charset   string
	Collation string
}

// SetTransaction is SET [SESSION | GLOBAL] TRANSACTION ...
type SetTransaction struct {
	StmtMeta
	Scope     string
	Isolation string // lower case, "" if not given
	ReadOnly  *bool
}

// TransactionKind is a transaction statement.
type TransactionKind int

// Transaction statements.
const (
	BeginTransaction TransactionKind = iota
	CommitTransaction
	RollbackTransaction
	SetSavepoint
	RollbackToSavepoint
	ReleaseSavepoint
)

// Transaction starts or ends a transaction, or handles a savepoint.
type Transaction struct {
	StmtMeta
	Kind      TransactionKind
	Savepoint Ident
	Chain     bool
	Release   bool
	ReadOnly  *bool
	Snapshot  bool   // WITH CONSISTENT SNAPSHOT
	Isolation string // target's ISOLATION LEVEL, lower case
	Setting   bool   // BeginTransaction: made of SET autocommit = 0 in a procedure that sets it again
}

// IsBegin tells a plain START TRANSACTION.
func IsBegin(s Stmt) bool {
	t, ok := s.(*Transaction)
	return ok && t.Kind == BeginTransaction && !t.Snapshot && t.ReadOnly == nil && t.Isolation == ""
}

// CallProc is CALL of a procedure, or the discarded call of a function.
type CallProc struct {
	StmtMeta
	Name    QName
	Args    []Expr
	Routine *RoutineLink
}

// Do evaluates expressions and throws the values away.
type Do struct {
	StmtMeta
	Items []Expr
}

// Prepare is PREPARE name FROM text.
type Prepare struct {
	StmtMeta
	Name Ident
	Text Expr // a String, or a variable
}

// Execute is EXECUTE name [USING ...], or EXECUTE IMMEDIATE text when Name is empty.
type Execute struct {
	StmtMeta
	Name  Ident
	Text  Expr // nil unless immediate; after rules the text to run
	Using []Expr
	Into  []Expr
	// Modes are the modes of Using where they are not all IN; Returning are RETURNING INTO of Oracle; Bulk makes Into collections.
	Modes     []catalog.ParamMode
	Returning []Expr
	Bulk      bool
	// Strict is the target's INTO STRICT.
	Strict bool
	// Defines is the definition that the text holds, nil if it holds none; a copy of the node shares it.
	Defines *Definition
}

// Definition is a definition whose text a program executes: it is converted as a statement of its own.
type Definition struct {
	Unit *Unit
	// Parts are the numbers of the parts of the text (a Concat) that are known at run time only, Marks the names and numbers that stand for
	// them in the unit.
	Parts []int
	Marks []string
	// SQL are the target's statements, known when the unit is converted.
	SQL []string
}

// Deallocate is DEALLOCATE PREPARE name.
type Deallocate struct {
	StmtMeta
	Name Ident
}

// LockTables is LOCK TABLES; Unlock is UNLOCK TABLES.
type LockTables struct {
	StmtMeta
	Unlock bool
	Items  []*LockItem
}

// LockItem is one table of LOCK TABLES.
type LockItem struct {
	PartMeta
	Table *TableRef
	Write bool
}

// Use is USE schema.
type Use struct {
	StmtMeta
	Schema Ident
}

// RawStmt is text of the target, made by rules where no node is worth having; it is parsed again like everything else.
type RawStmt struct {
	StmtMeta
	Text string
	// Defines tells that the statements in the text are one definition of the source: where one fails, nothing of it is left.
	Defines bool
}

// CommentStmt stands for a statement that the target does not need (SET NAMES, USE INDEX settings): printed as a comment.
type CommentStmt struct {
	StmtMeta
	Text string
}

// Unsupported is a statement that is not converted: the source is kept as a comment, and there is an Error finding.
type Unsupported struct {
	StmtMeta
	Text string
	Code string
	What string // what it is, for messages: "LOAD DATA", "syntax error"
}
