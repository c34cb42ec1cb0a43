package godwit

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
)

// A folder holds one definition of each object, and its definitions run before all other statements. Where a script makes an object, drops it and makes
// it again, the last one stays; what the script did with the first is left out or told.

// madeAgain is told of a definition that is dropped before another one takes its place.
var madeAgain = &diag.Code{
	ID: "NM0761", Title: "Object that is dropped and made again", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc: "A statement behind this one drops the object, and another one makes one of the same name. A folder has the last one only. What changes the first one (indexes, constraints, comments) is left out with it. " +
		"Rows that the script inserts into the first table in between come into the last one, if they are constants.",
	Next: "Take the first definition, its rows and the DROP out of the input.", Each: 0.1,
}

// ofTheFirst is a statement that uses an object which is dropped and made again behind it.
var ofTheFirst = &diag.Code{
	ID: "NM0762", Title: "Statement about an object that is dropped and made again behind it", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "In a folder the statement would run behind the last definition of the object, and mean that.",
	Next: "Run what it does in another way, or take it out of the input with the first definition.", Each: 0.2,
}

// remade leaves the last of the objects of one name that a script makes and drops.
func (p *pipeline) remade(us []*Unit) {
	if p.opt.From != dialect.Oracle {
		return
	}
	for k, u := range us {
		if len(u.Stmts) != 1 {
			continue
		}
		s, ok := u.Stmts[0].(*ir.Drop)
		if !ok || len(s.Names) != 1 {
			continue
		}
		o := &reused{kind: remadeKind(s.Kind), key: relationKey(u, s.Names[0])}
		i := slices.IndexFunc(us[:k], o.madeBy)
		j := slices.IndexFunc(us[k+1:], func(x *Unit) bool { return o.madeBy(x) || o.renamedTo(x) })
		if i < 0 || j < 0 || o.kind == "" {
			continue
		}
		for _, x := range us[i+1 : k] {
			p.ofFirst(o, x)
		}
		first, last := us[i], us[k+1+j]
		code := madeAgain
		if o.kind == "index" {
			code = definedAnew
		}
		first.Report(code.New(first.Source, "%s is dropped at %s and made again at %s", objectWords(first.Stmts[0]), u.Source, last.Source))
		first.Stmts, first.Kind = nil, ""
		u.Stmts, u.Kind = nil, ""
	}
}

// reused is the name of an object that is made several times.
type reused struct {
	kind string // the name space
	key  string // by relationKey
}

// remadeKind is where an object of a kind has its name; "" for what the target replaces by itself.
func remadeKind(kind string) string {
	switch kind {
	case "table", "view", "materialized view", "sequence", "synonym":
		return "relation"
	case "type", "index":
		return kind
	}
	return ""
}

// madeBy tells a statement that makes the object.
func (o *reused) madeBy(u *Unit) bool {
	if len(u.Stmts) != 1 {
		return false
	}
	d := defines(u.Stmts[0])
	kind, name, ok := strings.Cut(d.key, "\x00")
	if !ok || d.ifMissing || remadeKind(kind) != o.kind {
		return false
	}
	var q ir.QName
	for _, part := range strings.Split(name, ".") {
		q.Parts = append(q.Parts, ir.Ident{Text: part})
	}
	return relationKey(u, q) == o.key
}

func (o *reused) renamedTo(u *Unit) bool {
	_, to, ok := renameOf(u)
	return ok && o.kind == "relation" && relationKey(u, to) == o.key
}

// ofFirst leaves out what goes with the first of the objects, and refuses what uses it.
func (p *pipeline) ofFirst(o *reused, u *Unit) {
	if len(u.Stmts) != 1 || o.kind != "relation" {
		return
	}
	is := func(q ir.QName) bool { return len(q.Parts) > 0 && relationKey(u, q) == o.key }
	switch s := u.Stmts[0].(type) {
	case *ir.CreateIndex:
		if s.Table != nil && is(s.Table.Name) {
			u.Stmts, u.Kind = nil, ""
		}
		return
	case *ir.AlterTable:
		if s.Table != nil && is(s.Table.Name) {
			u.Stmts, u.Kind = nil, ""
			return
		}
	case *ir.CommentOn:
		if is(s.Name) {
			u.Stmts, u.Kind = nil, ""
		}
		return
	case *ir.CreateTrigger:
		if s.Table != nil && is(s.Table.Name) {
			u.Stmts, u.Kind = nil, ""
		}
		return
	case *ir.CreateView, *ir.Routine, *ir.Package, *ir.TypeBody, *ir.ObjectType, *ir.Synonym, *ir.Unsupported, *ir.Grant, *ir.Drop:
		return // they mean the object that is there when they are used
	}
	if ir.Find(u.Stmts[0], func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.TableRef:
			return is(n.Name)
		case *ir.NextValue:
			return is(n.Sequence)
		case *ir.ForeignKeyDef:
			return is(n.RefTable)
		case *ir.Name: // sequence.NEXTVAL
			return len(n.Parts) > 1 && is(ir.QName{Parts: n.Parts[:len(n.Parts)-1]})
		}
		return false
	}) {
		u.Report(ofTheFirst.New(u.Source, "%s", strings.ReplaceAll(strings.TrimPrefix(o.key, "\x00"), "\x00", ".")))
		p.refuse(u, ofTheFirst.ID, "statement about an object that is made again")
	}
}
