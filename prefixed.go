package godwit

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite/outcalls"
)

// Where packages are no schemas of their own, what the rules make for a routine (a routine that it declares, the function of a trigger) may
// meet a member of a package. Names that are declared are told apart before (catalog.Members); what meets nevertheless is refused, since
// CREATE OR REPLACE would put one in place of the other.

// metName is the finding of a second object with a name.
var metName = &diag.Code{
	ID: "NM0705", Title: "Two objects of the source that get one name beside prefixed packages", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: "With --packages prefix, members of packages stand beside all other objects of a schema. What is made for a routine or trigger has a name that is made of two as well, and one of them has it already: " +
		"one would replace the other.",
	Next: "Rename one of the two on the source, or convert with packages as schemas.", Each: 0.2,
}

// makers tells which object of the source has made what has a name; only where packages have prefixed names.
type makers map[[3]string]string

// meets refuses a unit that makes something which another unit has made under the same name, and a package is one of the two.
func (p *pipeline) meets(u *Unit) {
	if p.opt.Policy.Packages != "prefix" || isRefused(u.Unit) {
		return
	}
	if p.makers == nil {
		p.makers = makers{}
	}
	mine := u.Name
	if prefixedKind(u.Kind) {
		mine = "package " + mine
	}
	for _, s := range u.Stmts {
		key, ok := p.madeBy(s)
		if !ok {
			continue
		}
		maker := mine
		if r, is := s.(*ir.Routine); is && outcalls.StandsIn(r) {
			maker = "the function for queries" // each unit that needs it makes the same
		}
		other, taken := p.makers[key]
		switch {
		case !taken:
			p.makers[key] = maker
		case other != maker && (prefixedKind(u.Kind) || isPackage(other)):
			at := s.Base().Span
			if !at.IsValid() {
				at = u.Source
			}
			u.Report(metName.New(at, "%s is the name of what is made for %s", key[2], other))
			p.refuse(u, metName.ID, metName.Title)
			return
		}
	}
}

func prefixedKind(kind string) bool {
	switch kind {
	case "package", "package body", "type", "type body":
		return true
	}
	return false
}

func isPackage(maker string) bool { return len(maker) > 8 && maker[:8] == "package " }

// named tells of names that were given in front of a statement, where packages have prefixed names: the statement is told, as its session has nobody else.
func (p *pipeline) named(c *Conversion, u *Unit, found diag.List) {
	if p.opt.Policy.Packages != "prefix" {
		c.General.Add(found...)
		return
	}
	for _, f := range found {
		f.Span = u.Source
		u.Report(f)
	}
}

// madeBy is the name that a statement gives: its name space, schema and name.
func (p *pipeline) madeBy(s ir.Stmt) ([3]string, bool) {
	if t, ok := s.(*ir.CreateTrigger); ok {
		return [3]string{"routine", t.Function.Schema(), t.Function.Name()}, len(t.Function.Parts) > 0
	}
	switch s.(type) {
	case *ir.Routine, *ir.CreateType, *ir.CreateTable, *ir.CreateView, *ir.MaterializedView, *ir.CreateSequence, *ir.CreateIndex:
		kind, schema, name := p.emitter.FileKind(s)
		if kind == "procedure" || kind == "function" {
			kind = "routine"
		} else {
			kind = "relation"
		}
		return [3]string{kind, schema, name}, true
	}
	return [3]string{}, false
}
