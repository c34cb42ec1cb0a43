package ir

import (
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// The nodes of this file are those of Oracle's PL/SQL and of what other dialects took over from it.

// Package is CREATE PACKAGE or CREATE PACKAGE BODY: declarations that live as long as the session, with routines.
type Package struct {
	StmtMeta
	Name      QName
	OrReplace bool
	// IfNotExists is IF NOT EXISTS.
	IfNotExists bool

	Body     bool   // the body, else the specification
	Security string // "definer", "invoker", "" for the default (definer)
	Decls    []Decl // in order: variables, types, cursors, exceptions, pragmas, routines
	Init     *Block // the body's initialisation, run on the first use in a session; nil if none
	Object   *catalog.Package
}

// RoutineDecl is a routine that is declared in a package or in a block.
type RoutineDecl struct {
	DeclMeta
	Routine *Routine
	Forward bool // only its head
}

// TypeDeclKind is the kind of a declared type.
type TypeDeclKind int

// Kinds of declared types.
const (
	RecordType     TypeDeclKind = iota // RECORD (fields)
	NestedTable                        // TABLE OF elem
	VaryingArray                       // VARRAY(max) OF elem
	AssociateArray                     // TABLE OF elem INDEX BY key
	CursorType                         // REF CURSOR [RETURN row]
	Subtype                            // SUBTYPE name IS base [RANGE lo .. hi] [NOT NULL]
)

// TypeDecl is TYPE name IS ... or SUBTYPE name IS ... of a block or package.
type TypeDecl struct {
	DeclMeta
	Name    Ident
	Kind    TypeDeclKind
	Fields  []*FieldDecl // of a record
	Partial bool         // fields of the record were left out, as they are not converted
	Elem    types.Type   // of a collection; the base of a subtype; the row of a cursor type (nil: any)
	Key     types.Type   // of an associative array
	Max     Expr         // of a VARRAY
	NotNull bool
	Lo, Hi  Expr // of a subtype, nil if none
	// Defined is the type that the name stands for; filled by resolve.
	Defined types.Type
	// TargetName is the type on the target, without parts if there is none; made by rules.
	TargetName QName
}

// FieldDecl is a field of a record or an attribute of an object type.
type FieldDecl struct {
	PartMeta
	Name    Ident
	Type    types.Type
	NotNull bool
	Default Expr   // nil if none
	TypeSQL string // the target's spelling, set when lowered
}

// ExceptionDecl is name EXCEPTION.
type ExceptionDecl struct {
	DeclMeta
	Name Ident
	// Code is the error number of PRAGMA EXCEPTION_INIT (-20001), 0 if none; filled by resolve.
	Code int
	// State is the SQLSTATE on the target; filled by resolve.
	State string
}

// Pragma is PRAGMA name(args) among declarations.
type Pragma struct {
	DeclMeta
	Name string // upper case: AUTONOMOUS_TRANSACTION, EXCEPTION_INIT, SERIALLY_REUSABLE, ...
	Args []Expr
}

// Catch is an exception handler of a block: WHEN names THEN statements. Control leaves the block behind it; what the block did before
// the failing statement stays (see Block.Catches).
type Catch struct {
	PartMeta
	Names  []QName // nil for OTHERS
	Others bool
	Body   []Stmt
	// States are the SQLSTATEs and condition names of the target that the names stand for; filled by resolve.
	States []string
	// Codes are the numbers of the source that the names stand for; filled by resolve.
	Codes []int
	// Undone tells that what the block did is undone first (it went back to a savepoint at its beginning); made by rules.
	Undone bool
	// Assigned tells that a value too large for its place is an error of a variable, not of a column; made by rules.
	Assigned bool
	// Overflow tells that a whole number out of range is one of the program (ORA-01426), not of a column; made by rules.
	Overflow bool
	// Updated tells that a NULL where none may be is one that UPDATE stores (ORA-01407), not INSERT (ORA-01400); made by rules.
	Updated bool
	// Mixed tells that the place of the error tells one of a variable from one of a column; made by rules.
	Mixed bool
}

// RaiseNamed is RAISE name, or RAISE alone in a handler, which raises the same again.
type RaiseNamed struct {
	StmtMeta
	Name QName // without parts to raise again
	// Exception is the declared one, or one without a span that resolve makes for a predefined one; nil to raise again.
	Exception *ExceptionDecl
}

// Invocation is a call of a procedure, or of a method, as a statement. X is an Invoke, or a Name where there are no arguments; after
// resolution the statement is a CallProc where the routine is known.
type Invocation struct {
	StmtMeta
	X Expr
}

// LabelStmt is <<name>> before a statement that is no loop or block.
type LabelStmt struct {
	StmtMeta
	Name string
}

// Goto is GOTO label.
type Goto struct {
	StmtMeta
	Label string
}

// Forall is FORALL var IN range statement: the statement once per index, in one go.
type Forall struct {
	StmtMeta
	Var            *VarDecl
	Lo, Hi         Expr // nil with Indices or Values
	Indices        Expr // INDICES OF collection (BETWEEN Lo AND Hi where these are set)
	Values         Expr // VALUES OF collection
	SaveExceptions bool
	Body           Stmt // Insert, Update, Delete, Merge or Execute
}

// PipeRow is PIPE ROW (value) of a pipelined function.
type PipeRow struct {
	StmtMeta
	Value Expr
}

// ObjectTypeKind is the kind of a type of the schema.
type ObjectTypeKind int

// Kinds of schema types.
const (
	ObjectRow   ObjectTypeKind = iota // OBJECT or UNDER
	ObjectTable                       // TABLE OF
	ObjectArray                       // VARRAY OF
	Incomplete                        // a name only
)

// ObjectType is CREATE TYPE.
type ObjectType struct {
	StmtMeta
	Name            QName
	OrReplace       bool
	IfNotExists     bool
	Kind            ObjectTypeKind
	Security        string
	Under           *QName // the supertype, nil if none
	Attributes      []*FieldDecl
	Methods         []*Method // heads only
	Elem            types.Type
	Max             Expr
	NotNull         bool
	NotFinal        bool
	NotInstantiable bool
	Object          *catalog.ObjectType
}

// AlterType is ALTER TYPE that changes what a type is made of. The pipeline makes the type as it is last; rules see what is left of the kind only.
type AlterType struct {
	StmtMeta
	Name QName
	// Attributes are added, or take the place of those of their names if Modify is set; Dropped go.
	Attributes []*FieldDecl
	Modify     bool
	Dropped    []Ident
	Methods    []*Method  // added
	Max        Expr       // the new limit of a VARRAY, nil if it stays
	Elem       types.Type // the new type of the elements, nil if it stays
	// Final and NotFinal tell that the type becomes so.
	Final, NotFinal bool
}

// Method is a routine of an object type.
type Method struct {
	PartMeta
	// Kind is "member", "static", "constructor", "map member" or "order member".
	Kind            string
	Overriding      bool
	Final           bool
	NotInstantiable bool
	Routine         *Routine
}

// TypeBody is CREATE TYPE BODY.
type TypeBody struct {
	StmtMeta
	Name        QName
	OrReplace   bool
	IfNotExists bool
	Methods     []*Method
	Object      *catalog.ObjectType
}

// TriggerSection is one timing point of a compound trigger.
type TriggerSection struct {
	PartMeta
	Timing string // "before statement", "before each row", "after each row", "after statement", "instead of each row"
	Body   *Block
	// TargetName is the trigger on the target that the section became; made by rules.
	TargetName string
}

// Invoke is x(args): a call of a routine or method, an element of a collection, or a constructor; the resolver tells which and replaces
// it by a Call, Aggregate, RoutineCall, Element or Construct.
type Invoke struct {
	ExprMeta
	X    Expr // a Name, a Field of something, or another Invoke
	Args []Expr
	New  bool // NEW type(args)
	// OnError is DEFAULT value ON CONVERSION ERROR of the first argument, nil if none.
	OnError Expr
	Link    Ident // @link, Text "" if none
}

// NamedArg is name => value, or index => value of a collection that is built; what a name stands for the callee tells.
type NamedArg struct {
	ExprMeta
	Name  Ident
	Key   Expr // the index where it is no plain name, nil otherwise
	Value Expr
}

// Element is an element of a collection; made by resolve.
type Element struct {
	ExprMeta
	X     Expr
	Index Expr
}

// CollectionCall is a method of a collection: COUNT, FIRST, LAST, NEXT, PRIOR, EXISTS, LIMIT, EXTEND, TRIM, DELETE; made by resolve. As
// a statement it stands in an Invocation.
type CollectionCall struct {
	ExprMeta
	X      Expr
	Method string // upper case
	Args   []Expr
}

// Construct makes a value of a record, collection or object type; made by resolve.
type Construct struct {
	ExprMeta
	Name QName
	Args []Expr // NamedArg among them
}

// CursorAttr is an attribute of a cursor: c%FOUND, SQL%ROWCOUNT, SQL%BULK_ROWCOUNT(i).
type CursorAttr struct {
	ExprMeta
	Cursor Expr   // nil for SQL, the last statement
	Name   string // FOUND, NOTFOUND, ROWCOUNT, ISOPEN, BULK_ROWCOUNT, BULK_EXCEPTIONS
	Index  Expr   // of BULK_ROWCOUNT and BULK_EXCEPTIONS
	Part   string // ERROR_INDEX, ERROR_CODE or COUNT of BULK_EXCEPTIONS
}

// TriggerEvent is INSERTING, UPDATING [(column)] or DELETING: what fires the trigger.
type TriggerEvent struct {
	ExprMeta
	Event  string // "insert", "update", "delete"
	Column Expr   // the name of a column as a text, nil if none
}

// PackageRef is a variable, constant or cursor of a package.
type PackageRef struct {
	Package *catalog.Package
	Member  *catalog.PackageVar
}

// FieldRef is a field of a record variable, or an attribute of an object in a variable: the name's last part. Of is the name before it.
type FieldRef struct {
	Of    Expr
	Field string
}

// CursorRef is a declared cursor, or a row of a cursor loop.
type CursorRef struct{ Decl *CursorDecl }

func (*PackageRef) ref() {}
func (*FieldRef) ref()   {}
func (*CursorRef) ref()  {}

// Treat is TREAT(x AS [REF] type), or (x AS type) before a method.
type Treat struct {
	ExprMeta
	X   Expr
	To  types.Type
	Ref bool
	// Super tells that the method of the type itself is called, whatever the object's own type overrides: (SELF AS type).method.
	Super bool
}

// IsOf is x IS [NOT] OF ([ONLY] type, ...).
type IsOf struct {
	ExprMeta
	Not  bool
	Only bool
	X    Expr
	List []types.Type
}

// MultisetOp is x MULTISET UNION | EXCEPT | INTERSECT [DISTINCT] y.
type MultisetOp struct {
	ExprMeta
	Op       SetKind
	Distinct bool
	L, R     Expr
}

// CollectionTest is x [NOT] MEMBER OF y, x SUBMULTISET OF y, x IS A SET, x IS EMPTY.
type CollectionTest struct {
	ExprMeta
	Not  bool
	Kind string // "member", "submultiset", "set", "empty"
	X    Expr
	Of   Expr // nil for "set" and "empty"
}

// Multiset is MULTISET(query) in a CAST.
type Multiset struct {
	ExprMeta
	Query Query
}

// CursorExpr is CURSOR(query).
type CursorExpr struct {
	ExprMeta
	Query Query
}

// LockTable is LOCK TABLE ... IN mode MODE: until the transaction ends.
type LockTable struct {
	StmtMeta
	Tables []*TableRef
	Mode   string // lower case: "row share", "row exclusive", "share update", "share", "share row exclusive", "exclusive"
	NoWait bool
	Wait   Expr // WAIT n, nil if none
}

// SetConstraints is SET CONSTRAINTS: when deferrable constraints are checked until the transaction ends.
type SetConstraints struct {
	StmtMeta
	Names    []QName // none for ALL
	Deferred bool
}

// RenameIndex is ALTER INDEX ... RENAME TO.
type RenameIndex struct {
	StmtMeta
	Name QName
	New  Ident
	// Table has the index, nil if it is not known; filled by resolve.
	Table *catalog.Table
}
