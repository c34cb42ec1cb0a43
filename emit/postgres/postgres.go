// Package postgres prints the IR as PostgreSQL 15 to 18: statements, PL/pgSQL, types and names.
package postgres

import (
	"godwit/emit"
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/types"
)

// Options choose the target's version and the look of the text.
type Options struct {
	Version   int // major version, 15 to 18; 0 means 15
	LineWidth int // 0 means 100
	Indent    int // blanks of one step, 0 means 2
	// HelperSchema holds the helper routines, "godwit_mysql" if empty.
	HelperSchema string
	// Schemas renames schemas: source's name (folded) to target's name; names that are not in it stay (folded).
	Schemas map[string]string
}

// Output is one statement of the target.
type Output struct {
	SQL   string         // without the closing semicolon
	Rows  bool           // the rows it returns are the source statement's result
	Lines []emit.LineMap // lines of SQL
	// Kind, Schema and Name say which file it belongs to, see FileKind. Statements with the same three (a trigger's
	// function and the trigger, a type with its comment) go into one file in this order.
	Kind, Schema, Name string
}

// Emitter prints units for one target version.
type Emitter struct{ opt Options }

// New makes an emitter.
func New(o Options) *Emitter {
	if o.Version == 0 {
		o.Version = 15
	}
	if o.LineWidth == 0 {
		o.LineWidth = 100
	}
	if o.Indent == 0 {
		o.Indent = 2
	}
	if o.HelperSchema == "" {
		o.HelperSchema = "godwit_mysql"
	}
	return &Emitter{opt: o}
}

// Unit prints the statements of a unit in order.
func (e *Emitter) Unit(u *ir.Unit) []Output { return nil }

// Check parses the outputs of a unit again with the target's grammar. If one is refused by it, the unit is refused: it gets
// a finding SY0100, and the outputs become the source as a comment.
func (e *Emitter) Check(u *ir.Unit, out []Output) []Output { return out }

// Expressible tells whether the target has the node as it stands; why names what is missing.
func (e *Emitter) Expressible(n ir.Node) (why string, ok bool) { return "", true }

// AssignNames gives every object of the catalog its name on the target.
func (e *Emitter) AssignNames(cat *catalog.Catalog) diag.List { return nil }

// HelperScript is the text that creates the named helper routines and what they need, with their schema.
func (e *Emitter) HelperScript(names []string) (string, error) { return "", nil }

// TypeSQL spells a type for variables, parameters and casts.
func (e *Emitter) TypeSQL(t types.Type) (sql string, ok bool) { return "", false }

// Collation names the target's collation with the same comparison.
func (e *Emitter) Collation(c types.Collation) (name ir.QName, deterministic, ok bool) {
	return ir.QName{}, false, false
}

// FileKind says where a statement belongs when each object has a file of its own: kind is schema, type, sequence, table,
// index, constraint, view, function, procedure, trigger or other.
func FileKind(s ir.Stmt) (kind, schema, name string) { return "other", "", "" }
