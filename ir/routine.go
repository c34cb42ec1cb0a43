package ir

import (
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// RoutineLink refers to a routine of the catalog.
type RoutineLink = catalog.Routine

// Routine is CREATE PROCEDURE or CREATE FUNCTION.
type Routine struct {
	StmtMeta
	Kind          catalog.RoutineKind
	Name          QName
	OrReplace     bool
	IfNotExists   bool
	Aggregate     bool
	Params        []*ParamDecl
	Returns       types.Type // nil for procedures
	Deterministic bool
	DataAccess    string // "contains sql", "no sql", "reads sql data", "modifies sql data", "" if not given
	Security      string // "definer", "invoker", "" for the default (definer)
	Definer       string
	Comment       string
	Body          Stmt
	Facts         catalog.Facts
	Object        *catalog.Routine
	// Oracle's: Pipelined (the rows are piped), External (LANGUAGE C or JAVA, as written), Using (the type of an aggregate or pipelined function), ResultCache; Autonomous is
	// PRAGMA AUTONOMOUS_TRANSACTION of the body, filled by resolve.
	Pipelined, ResultCache, Autonomous bool
	// FallsOff tells that control may reach the end of a function's body, which is an error; filled by resolve.
	FallsOff bool
	External string
	// NullOnNull tells that the function is NULL where an argument is NULL, without running; made by rules.
	NullOnNull bool
	Using      QName

	// Target is the target's form, nil before lowering.
	Target *TargetRoutine
}

// TargetRoutine is how the target declares a routine; made by rules.
type TargetRoutine struct {
	PartMeta
	Function   bool   // CREATE FUNCTION, else CREATE PROCEDURE
	Language   string // "plpgsql" or "sql"
	Returns    string // "" for procedures; the target's text otherwise: "integer", "TABLE (...)", "SETOF refcursor", "trigger"
	Volatility string // "", "STABLE", "IMMUTABLE"
	Security   string // "", "DEFINER"
	// Set are configuration settings of the routine: "search_path = a, b".
	Set []string
	// ConflictUseColumn asks for #variable_conflict use_column.
	ConflictUseColumn bool
	// Strict tells that the function is NULL where an argument is NULL, without running.
	Strict bool
}

// ParamDecl is a parameter. Its type is resolved (charset and collation included).
type ParamDecl struct {
	PartMeta
	Name Ident
	Mode catalog.ParamMode
	Type types.Type
	// TypeOf is MariaDB's TYPE OF table.column, nil if none.
	TypeOf *QName
	// TypeSQL is the target's spelling, set when lowered.
	TypeSQL string
	// Default is the value where a call gives none, nil if there is no default.
	Default Expr
	NoCopy  bool
	// TargetName is the name on the target when it differs (a clash with a column, say); "" if not.
	TargetName string
}

// Decl is a declaration of a block: VarDecl, ConditionDecl, CursorDecl, Handler.
type Decl interface {
	Node
	decl()
}

// DeclMeta is embedded by every Decl.
type DeclMeta struct{ Meta }

func (*DeclMeta) node() {}
func (*DeclMeta) decl() {}

// VarDecl is a local variable. DECLARE a, b INT gives two.
type VarDecl struct {
	DeclMeta
	Name    Ident
	Type    types.Type
	TypeOf  *QName // MariaDB's TYPE OF, nil if none
	RowOf   *QName // MariaDB's ROW TYPE OF, nil if none
	Default Expr   // nil means NULL
	// TypeSQL and CollationSQL are the target's, set when lowered.
	TypeSQL      string
	CollationSQL *QName
	TargetName   string // name on the target when it differs, "" if not
	Constant     bool
	NotNull      bool
	Package      *catalog.PackageVar // of a package's variable; filled by resolve
}

// ConditionDecl is DECLARE name CONDITION FOR ...
type ConditionDecl struct {
	DeclMeta
	Name  Ident
	Value Condition
}

// CursorDecl is DECLARE name CURSOR FOR query.
type CursorDecl struct {
	DeclMeta
	Name   Ident
	Params []*ParamDecl
	Query  Query      // nil where only the head is declared
	Row    types.Type // RETURN of a package's cursor, nil if none
	// Prepared is the name of a prepared statement (MariaDB), "" if none.
	Prepared   string
	TargetName string
	// Scroll and Unbound are the target's: an unbound refcursor variable.
	Unbound bool
}

// HandlerAction is what happens after a handler ran.
type HandlerAction int

// Actions of handlers.
const (
	ContinueHandler HandlerAction = iota // go on behind the failed statement
	ExitHandler                          // leave the handler's block
	UndoHandler
)

// Handler is DECLARE ... HANDLER FOR conditions statement. Undo is the statement in every dialect that has handlers here:
// what the failed statement did is undone, what stood before it stays.
type Handler struct {
	DeclMeta
	Action     HandlerAction
	Conditions []Condition
	Body       Stmt
}

// Condition is what a handler is for, or what SIGNAL raises.
type Condition struct {
	Kind  ConditionKind
	State string // SQLSTATE, five characters
	Code  int    // error number of the dialect
	Name  string // of a declared condition
}

// ConditionKind is the kind of a Condition.
type ConditionKind int

// Kinds of conditions.
const (
	ByState ConditionKind = iota
	ByCode
	ByName
	SQLWarning
	NotFound
	SQLException
)

// Block is BEGIN ... END with its declarations.
type Block struct {
	StmtMeta
	Label string // "" if none
	Decls []Decl // in order; Handlers among them
	Body  []Stmt
	// NotAtomic is MariaDB's BEGIN NOT ATOMIC outside routines.
	NotAtomic bool
	// Catches are the handlers of Oracle's EXCEPTION part: the failing statement is undone, what stood before it stays, and control leaves the block.
	Catches []*Catch
	// Anonymous tells a block at the top level of a script.
	Anonymous bool
	// Except are the target's EXCEPTION arms; made by rules. They undo the whole block.
	Except []*ExceptArm
	// Transaction tells that the block is a transaction whose START and COMMIT rules have taken out.
	Transaction bool
}

// ExceptArm is WHEN conditions THEN statements; made by rules.
type ExceptArm struct {
	PartMeta
	Conditions []string // condition names, or "SQLSTATE '23505'", or "OTHERS"
	Body       []Stmt
}

// If is IF ... THEN ... ELSEIF ... ELSE ... END IF.
type If struct {
	StmtMeta
	Branches []*Branch
	Else     []Stmt // nil if none
}

// Branch is one condition of an If or CaseStmt with its statements.
type Branch struct {
	PartMeta
	Cond Expr
	Body []Stmt
}

// CaseStmt is the CASE statement. Without Else and without a match an error is raised (MySQL 1339, SQLSTATE 20000; PostgreSQL the same state).
type CaseStmt struct {
	StmtMeta
	Operand   Expr // nil for a searched CASE
	Branches  []*Branch
	Else      []Stmt
	HasElse   bool
	Collation types.Collation
}

// LoopKind is the kind of a loop.
type LoopKind int

// Kinds of loops.
const (
	InfiniteLoop LoopKind = iota
	WhileLoop             // Cond tested before each pass
	RepeatLoop            // Cond (UNTIL) tested after each pass
	RangeLoop             // Var from Lo to Hi
	QueryLoop             // Var over Query
)

// Loop is any loop.
type Loop struct {
	StmtMeta
	Kind    LoopKind
	Label   string
	Cond    Expr
	Var     *VarDecl
	Lo, Hi  Expr
	Reverse bool
	Query   Query
	Cursor  Expr // of a QueryLoop over a declared cursor: a Name or an Invoke; nil otherwise
	Step    Expr // of a RangeLoop, nil for 1
	// CursorName is what the target calls the cursor of a QueryLoop, for WHERE CURRENT OF; "" if nobody asks. Made by rules.
	CursorName string
	// Targets are the variables of a QueryLoop on the target; made by rules.
	Targets []Expr
	Body    []Stmt
}

// Leave leaves a labelled block or loop (EXIT); When is the target's condition, nil if none.
type Leave struct {
	StmtMeta
	Label string
	When  Expr
}

// Iterate starts the next pass of a loop (CONTINUE).
type Iterate struct {
	StmtMeta
	Label string
	When  Expr
}

// Return ends a routine. Value is nil where there is none.
type Return struct {
	StmtMeta
	Value Expr
}

// ReturnRows returns the rows of a query as a result set. Front ends make it of a SELECT in a routine that has no INTO.
type ReturnRows struct {
	StmtMeta
	Query Query
	// Append is the target's RETURN QUERY; Cursor opens the query for the named cursor parameter. One of them is set by rules.
	Append bool
	Cursor string
	// Scroll opens the cursor so that it can be moved back.
	Scroll bool
	// Held lets the cursor outlive the transaction.
	Held bool
}

// SelectInto is SELECT ... INTO variables: exactly one row expected. No row raises "not found" (a warning in MySQL: the variables keep their values),
// more than one row is an error.
type SelectInto struct {
	StmtMeta
	Query Query // its Into lists the targets; its Bulk makes them collections
	// Strict and NoError are the target's: INTO STRICT raises on zero or several rows.
	Strict bool
}

// OpenCursor is OPEN cursor.
type OpenCursor struct {
	StmtMeta
	Name  string
	X     Expr // a cursor variable that is no plain name (a field, a package's, a parameter); nil otherwise
	Args  []Expr
	Query Query // OPEN ... FOR query; nil if the cursor is bound
	// Dynamic is OPEN ... FOR text USING values.
	Dynamic Expr
	Using   []Expr
	// Safe tells that it cannot fail; made by rules.
	Safe bool
}

// FetchCursor is FETCH cursor INTO targets.
type FetchCursor struct {
	StmtMeta
	Name string
	X    Expr // see OpenCursor
	Into []Expr
	// Bulk makes Into collections; Limit is how many rows at most, nil for all.
	Bulk  bool
	Limit Expr
	// Direct tells that nobody reads the targets where no row is left, Safe that it cannot fail; made by rules.
	Direct, Safe bool
	// All is FETCH ALL FROM name at the top level of the target.
	All bool
}

// CloseCursor is CLOSE cursor.
type CloseCursor struct {
	StmtMeta
	Name string
	X    Expr // see OpenCursor
	Safe bool // it cannot fail; made by rules
}

// Signal is SIGNAL or RESIGNAL.
type Signal struct {
	StmtMeta
	Resignal  bool
	Condition *Condition // nil for a bare RESIGNAL
	Items     []*SignalItem
}

// SignalItem is one SET item of SIGNAL: MESSAGE_TEXT, MYSQL_ERRNO, ...
type SignalItem struct {
	PartMeta
	Name  string // upper case
	Value Expr
}

// GetDiagnostics is GET [CURRENT | STACKED] DIAGNOSTICS.
type GetDiagnostics struct {
	StmtMeta
	// Cleared tells that other statements of a handler clear the area that it reads.
	Cleared bool
	// Late tells that other statements of the handler run in front of it; made by rules.
	Late      bool
	Stacked   bool
	Condition Expr // the condition number; nil for statement information
	Items     []*DiagItem
}

// AlterTrigger is ALTER TRIGGER name ENABLE or DISABLE.
type AlterTrigger struct {
	StmtMeta
	Name    QName
	Disable bool
}

// DiagItem is target = NAME.
type DiagItem struct {
	PartMeta
	Target Expr
	Name   string // upper case: RETURNED_SQLSTATE, MESSAGE_TEXT, ROW_COUNT, NUMBER, ...
}

// Nothing is the empty statement (NULL;).
type Nothing struct{ StmtMeta }

// Raise is the target's RAISE; made by rules. All fields but Level may be unset; a bare Raise (Level "") re-raises.
type Raise struct {
	StmtMeta
	Level   string // "", "EXCEPTION", "WARNING", "NOTICE"
	State   string // SQLSTATE
	Message Expr
	Detail  Expr
	Hint    Expr
	// Code is the expression for ERRCODE when it is not constant, nil otherwise.
	Code Expr
}

// Perform runs a query or call on the target and throws its rows away; made by rules.
type Perform struct {
	StmtMeta
	Expr  Expr  // a call; nil if Query is set
	Query Query // nil if Expr is set
}

// ReturnNext is the target's RETURN NEXT.
type ReturnNext struct {
	StmtMeta
	Value Expr // nil for OUT parameters
}

// CreateTrigger is CREATE TRIGGER: its body is part of it on the source; on the target the emitter prints the function first.
type CreateTrigger struct {
	StmtMeta
	Name        QName
	OrReplace   bool
	IfNotExists bool
	Timing      string   // "before", "after", "instead of", "compound"
	Events      []string // "insert", "update", "delete"; one in MySQL
	Columns     []Ident  // UPDATE OF, the target's
	Table       *TableRef
	Follows     string // name of the trigger it follows, "" if none
	Precedes    string
	Definer     string
	ForEachRow  bool
	When        Expr
	// Oracle's: names of the old and new row ("" for OLD and NEW), the sections of a compound trigger with the declarations that they share,
	// ON SCHEMA or DATABASE ("schema", "database", "" for a table), and DISABLE.
	OldName, NewName string
	Decls            []Decl
	Sections         []*TriggerSection
	On               string
	Disabled         bool
	Body             Stmt
	Object           *catalog.Table
	// Order is the position among the triggers of the same table, timing and event, from 1; filled by resolve.
	Order int
	// TargetName is the trigger's name on the target (triggers fire in order of their names).
	TargetName string
	// Function is the target's trigger function; Target its declaration; made by rules.
	Function QName
	Target   *TargetRoutine
}
