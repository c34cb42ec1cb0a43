package plsql

import (
	"strconv"

	"godwit/ir"
	"godwit/ir/types"
)

// A fetch converts the values of a row to the types of the variables, as an assignment does (PL/SQL Language Reference, "FETCH Statement"), and leaves
// the variables as they are where there is no row. The conversion needs a place to stand: a variable of the column's type is fetched into, and assigned.

// converted is a fetch with the conversions that it needs; the fetch itself where it needs none.
func (r *Resolver) converted(f *frame, s *ir.FetchCursor, row *types.RecordDecl) ir.Stmt {
	var at []int
	for i, x := range s.Into {
		from, to := row.Fields[i].Type, x.TypeOf()
		if class(from) != 0 && class(to) != 0 && class(from) != class(to) {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return s
	}
	if s.Bulk || s.X != nil || s.Name == "" {
		for _, i := range at {
			r.plainlyTaken(row.Fields[i].Type, taken(s.Into[i], s.Bulk), s.Into[i])
		}
		return s
	}
	in := newFrame(f)
	b := &ir.Block{}
	b.Span = s.Span
	set := &ir.SetVar{}
	set.Span = s.Span
	for i := range s.Into {
		d := &ir.VarDecl{Name: ir.Ident{Text: freeName(f, "FETCHED", i+1)}, Type: row.Fields[i].Type}
		d.Span = s.Into[i].Base().Span
		in.names[d.Name.Text] = &entity{variable: d}
		b.Decls = append(b.Decls, d)
		it := &ir.SetItem{Target: s.Into[i], Value: r.store(r.value(in.plain(), nameAt(d.Name.Text, s.Into[i])), s.Into[i].TypeOf())}
		it.Span = s.Into[i].Base().Span
		set.Items = append(set.Items, it)
		s.Into[i] = r.target(in, nameAt(d.Name.Text, s.Into[i]))
	}
	s.Direct = true // nobody reads the new variables where no row is left
	found := &ir.CursorAttr{Cursor: nameAt(s.Name, s), Name: "FOUND"}
	found.Span = s.Span
	br := &ir.Branch{Cond: r.value(in.plain(), found), Body: []ir.Stmt{set}}
	br.Span = s.Span
	is := &ir.If{Branches: []*ir.Branch{br}}
	is.Span = s.Span
	b.Body = []ir.Stmt{s, is}
	return b
}

func nameAt(name string, at ir.Node) *ir.Name {
	n := &ir.Name{Parts: []ir.Ident{{Text: name}}}
	n.Span = at.Base().Span
	return n
}

// freeName is a name that no frame around knows.
func freeName(f *frame, stem string, i int) string {
	name := stem + "_" + strconv.Itoa(i)
	for o := f; o != nil; o = o.outer {
		if o.names[name] != nil {
			return freeName(f, stem+"_", i)
		}
	}
	return name
}
