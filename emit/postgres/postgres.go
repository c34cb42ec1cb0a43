// Package postgres prints the IR as PostgreSQL 15 to 18: statements, PL/pgSQL, types and names.
package postgres

import (
	"sync"

	"godwit/emit"
	"godwit/emit/postgres/helpers"
	"godwit/ir"
	"godwit/ir/diag"
)

// Options choose the target's version and the look of the text.
type Options struct {
	Version   int // major version, 15 to 18; 0 means 15
	LineWidth int // 0 means 100
	Indent    int // blanks of one step, 0 means 2
	// Family is the family of helper routines, see package helpers: "mysql" (also if empty) or "oracle".
	Family string
	// Integers is "narrow" where columns of whole decimal numbers are made integers, see rewrite.Policy.
	Integers string
	// HelperSchema holds the helper routines, "godwit_" and the family's name if empty.
	HelperSchema string
	// Collations is the policy for case-insensitive text, see rewrite.Policy: "icu" (also if empty), "citext" or "none".
	Collations string
	// Spatial is the policy for geometries, see rewrite.Policy: "" or "postgis".
	Spatial string
	// Packages is "prefix" where packages are no schemas of their own, see rewrite.Policy.
	Packages string
	// Schemas renames schemas: source's name (folded) to target's name; names that are not in it stay (folded).
	Schemas map[string]string
}

// Output is one statement of the target.
type Output struct {
	SQL   string     // without the closing semicolon
	Rows  bool       // the rows it returns are the source statement's result
	Lines emit.Lines // lines of SQL
	// Kind, Schema and Name say which file it belongs to, see FileKind. Statements with the same three (a trigger's
	// function and the trigger, a type with its comment) go into one file in this order.
	Kind, Schema, Name string
}

// Emitter prints units for one target version.
type Emitter struct {
	opt      Options
	layouts  sync.Pool // of *emit.Printer
	accepted accepted
}

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
		o.HelperSchema = helpers.Schema(o.Family)
	}
	return &Emitter{opt: o}
}

// Unit prints the statements of a unit in order. A unit that holds something the printer has no text for is refused: it
// gets a finding SY0101 for each such construct, and its output is the source as a comment.
func (e *Emitter) Unit(u *ir.Unit) []Output {
	var out []Output
	p := &printer{e: e, lay: e.layout()}
	defer e.layouts.Put(p.lay)
	for _, s := range u.Stmts {
		out = append(out, e.outputs(p, s)...)
	}
	if len(p.problems) == 0 {
		return out
	}
	for _, x := range p.problems {
		span := u.Span
		if x.node != nil && x.node.Base().Span.IsValid() {
			span = x.node.Base().Span
		}
		u.Report(NotExpressible.New(span, "PostgreSQL has no form for %s, and no rule replaced it", x.why))
	}
	return e.refuse(u, NotExpressible)
}

func (e *Emitter) layout() *emit.Printer {
	if p, ok := e.layouts.Get().(*emit.Printer); ok {
		return p
	}
	return new(emit.Printer)
}

func (e *Emitter) look() emit.Options {
	return emit.Options{Width: e.opt.LineWidth, Indent: e.opt.Indent}
}

// refuse makes the unit its source as a comment, and prints that.
func (e *Emitter) refuse(u *ir.Unit, c *diag.Code) []Output {
	s := &ir.Unsupported{Text: u.Span.Text(), Code: c.ID, What: c.Title}
	s.Span = u.Span
	u.Stmts = []ir.Stmt{s}
	r := emit.Layout(emit.Mark(s.Base(), unsupported(s)), e.look())
	return []Output{{SQL: r.Text, Lines: r.Lines, Kind: u.Kind, Schema: e.schema(u.Schema), Name: e.fold(u.Name)}}
}

func (e *Emitter) outputs(p *printer, s ir.Stmt) []Output {
	kind, schema, name := e.FileKind(s)
	print := func(d emit.Doc, rows bool) Output {
		r := p.lay.Layout(d, e.look())
		return Output{SQL: r.Text, Rows: rows, Lines: r.Lines, Kind: kind, Schema: schema, Name: name}
	}
	rows := false
	if m, ok := s.(interface{ ReturnsRows() *bool }); ok && s != nil {
		rows = *m.ReturnsRows()
	}
	if t, ok := s.(*ir.CreateTrigger); ok && t.Body != nil {
		f := emit.Mark(&t.Meta, p.triggerFunction(t))
		plain := ir.Meta{Span: t.Span, Origin: t.Origin}
		return []Output{print(f, false), print(emit.Mark(&plain, p.trigger(t)), rows)}
	}
	return []Output{print(p.stmt(s), rows)}
}

// NotExpressible is the finding for a construct that reached the printer although the target does not have it.
var NotExpressible = &diag.Code{
	ID: "SY0101", Title: "not expressible on PostgreSQL", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:   "A construct of the source has no form on the target, and no rule replaces it. The statement is not converted.",
	Next:  "Write this statement by hand, or report the construct.",
	Learn: 1, Each: 0.5,
}
