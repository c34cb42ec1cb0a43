// Package ir is the intermediate representation between dialects: concepts, not grammars.
//
// Front ends fill it with everything their dialect fixes, ir/resolve adds names, types, collations and casts,
// rules in ir/rewrite replace what a target cannot express, and an emitter prints what is left.
// What a source leaves implicit is a field of a node here; nobody downstream asks which dialect it came from.
//
//go:generate go run ./gen
package ir

import (
	"strings"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/ir/types"
)

// Comment is a comment of the source, with its delimiters.
type Comment struct {
	Text string
	Span source.Span
	// OwnLine tells that the comment stood alone on its line; otherwise it followed code.
	OwnLine bool
}

// Meta is what every node has.
type Meta struct {
	Span   source.Span // where it came from; a node made by a rule takes the span of what it replaces
	Lead   []Comment   // comments before it
	Trail  []Comment   // comments behind it, on the same line or before its end
	Origin []string    // codes of the rules that made or changed it, oldest first
}

// Base returns the node's Meta for reading and changing.
func (m *Meta) Base() *Meta { return m }

// Made records that a rule made or changed the node.
func (m *Meta) Made(code string) { m.Origin = append(m.Origin, code) }

// Node is any node of the IR. Nodes are pointers to structs.
type Node interface {
	Base() *Meta
	// NodeKind is the number of the node's type.
	NodeKind() NodeKind
	node()
	nodeMethods
}

// Expr is a value. Its type is nil before ir/resolve ran, and never nil afterwards (types.Unknown with a finding).
type Expr interface {
	Node
	TypeOf() types.Type
	SetType(types.Type)
	expr()
}

// ExprMeta is embedded by every Expr.
type ExprMeta struct {
	Meta
	Type types.Type
}

// TypeOf is the value's type, nil before resolution.
func (m *ExprMeta) TypeOf() types.Type { return m.Type }

// SetType sets the value's type.
func (m *ExprMeta) SetType(t types.Type) { m.Type = t }
func (*ExprMeta) node()                  {}
func (*ExprMeta) expr()                  {}

// Query is something that yields rows: Select, SetOp, Values.
type Query interface {
	Node
	// Columns is the row type, known after resolution.
	Columns() *types.Row
	// Common is what queries of every kind have.
	Common() *QueryMeta
	query()
}

// QueryMeta is embedded by every Query. With, OrderBy, Limit and Offset belong to the query as a whole.
type QueryMeta struct {
	Meta
	With    *With // nil if none
	OrderBy []*OrderItem
	Limit   Expr // nil if none
	Offset  Expr // nil if none
	Lock    []*Locking
	Into    []Expr // targets of SELECT ... INTO in order, nil if none: Name (variables, parameters) or UserVar
	// IntoFile is the text of INTO OUTFILE or DUMPFILE, "" if none.
	IntoFile string
	Row      *types.Row // nil before resolution
	// Bulk tells that Into are collections that take all rows (BULK COLLECT INTO). Siblings is ORDER SIBLINGS BY. Fetch says what Limit means, nil for rows only.
	Bulk     bool
	Siblings bool
	Fetch    *Fetch
}

// Common is what queries of every kind have; nil without a query.
func Common(q Query) *QueryMeta {
	if q == nil {
		return nil
	}
	return q.Common()
}

// Columns is the row type of the query.
func (m *QueryMeta) Columns() *types.Row { return m.Row }

// Common gives access to the parts that all queries have.
func (m *QueryMeta) Common() *QueryMeta { return m }
func (*QueryMeta) node()                {}
func (*QueryMeta) query()               {}

// TableExpr is an item of FROM: TableRef, Derived, Join, JSONTable, TableFunc.
type TableExpr interface {
	Node
	tableExpr()
}

// TableMeta is embedded by every TableExpr.
type TableMeta struct{ Meta }

func (*TableMeta) node()      {}
func (*TableMeta) tableExpr() {}

// Stmt is a statement: of a script, of a routine, or both.
type Stmt interface {
	Node
	stmt()
}

// StmtMeta is embedded by every Stmt.
type StmtMeta struct {
	Meta
	// Rows tells, for a target statement at the top level, that the rows it returns are the source statement's result.
	Rows bool
}

// ReturnsRows gives access to the Rows mark.
func (m *StmtMeta) ReturnsRows() *bool { return &m.Rows }
func (*StmtMeta) node()                {}
func (*StmtMeta) stmt()                {}

// PartMeta is embedded by nodes that are part of another node only.
type PartMeta struct{ Meta }

func (*PartMeta) node() {}

// Ident is one part of a name. Text is unquoted. Quoted tells that the source quoted it.
type Ident struct {
	Text   string
	Quoted bool
}

// QName is a possibly qualified name of an object: [catalog .] schema . name. Parts is never empty in a valid tree.
type QName struct {
	Parts []Ident
	Span  source.Span
}

// Name is the last part.
func (q QName) Name() string {
	if len(q.Parts) == 0 {
		return ""
	}
	return q.Parts[len(q.Parts)-1].Text
}

// Schema is the part before the last, "" if the name is not qualified.
func (q QName) Schema() string {
	if len(q.Parts) < 2 {
		return ""
	}
	return q.Parts[len(q.Parts)-2].Text
}

// String joins the parts with dots, unquoted, for messages.
func (q QName) String() string {
	p := make([]string, len(q.Parts))
	for i, x := range q.Parts {
		p[i] = x.Text
	}
	return strings.Join(p, ".")
}

// Qualified makes a name of a schema ("" for none) and a name.
func Qualified(schema, name string) QName {
	if schema == "" {
		return QName{Parts: []Ident{{Text: name}}}
	}
	return QName{Parts: []Ident{{Text: schema}, {Text: name}}}
}

// Unit is one statement of a source script (or one object of a live source), the grain of recovery: a syntax error,
// a refusal or a panic costs one unit and nothing else.
type Unit struct {
	Span     source.Span      // with its trailing delimiter left out
	Settings dialect.Settings // in force where the statement stands: sql-mode, charset, collation, time-zone, ...
	// Stmts holds one statement before rewriting, and the target's statements in order after it.
	Stmts  []Stmt
	Object string // "table sakila.film"; "" for statements that make no object
	Kind   string // table, view, index, sequence, procedure, function, trigger, event, type, data, query, other, ...
	Schema string // schema the object is in, resolved against USE and the default; "" if none
	Name   string
	// Rows tells that the unit inserts rows of constants, as dumps do; the front end finds that out from the text alone.
	Rows bool
	// PLSQL tells that procedural code of the unit is PL/SQL: handlers leave their block, a query INTO variables needs one row, and a FETCH
	// behind the last row is no error. Other code follows SQL/PSM.
	PLSQL bool
	// Executed tells that a program executes the unit's statement as a text: it belongs to the call around it, not to the script.
	Executed bool
	Findings diag.List
	// Helpers are the names of target helper routines that the unit needs (without schema).
	Helpers map[string]bool
}

// Report adds a finding about the unit.
func (u *Unit) Report(f diag.Finding) {
	if f.Object == "" {
		f.Object = u.Object
	}
	if !f.Span.IsValid() {
		f.Span = u.Span
	}
	u.Findings.Add(f)
}

// Make names the object that the unit makes.
func (u *Unit) Make(kind string, q QName) {
	u.Kind, u.Name = kind, q.Name()
	if s := q.Schema(); s != "" {
		u.Schema = s
	}
	u.Object = objectName(kind, u.Schema, u.Name)
}

// Describe fills what the unit is about, where the front end did not; name is "" for what makes no object.
func (u *Unit) Describe(kind, schema, name string) {
	if u.Kind == "" {
		u.Kind = kind
	}
	if name == "" {
		return
	}
	if u.Schema == "" {
		u.Schema = schema
	}
	if u.Name == "" {
		u.Name = name
	}
	if u.Object == "" {
		u.Object = objectName(kind, schema, name)
	}
}

func objectName(kind, schema, name string) string {
	if schema != "" {
		return kind + " " + schema + "." + name
	}
	return kind + " " + name
}

// NeedHelper notes that the unit uses a helper routine of the target.
func (u *Unit) NeedHelper(name string) {
	if u.Helpers == nil {
		u.Helpers = map[string]bool{}
	}
	u.Helpers[name] = true
}
