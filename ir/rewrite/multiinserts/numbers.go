package multiinserts

import (
	"slices"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

// numbered takes the numbers of sequences beside the rows of the query: each row has one, which NEXTVAL and CURRVAL of all
// tables name (SQL Language Reference, "Sequence Pseudocolumns"). It leaves the statement as it is where rows that go nowhere would take some.
func numbered(m *ir.MultiInsert) {
	list := sequences(m)
	row := m.Query.Columns()
	if len(list) == 0 || row == nil || slices.ContainsFunc(m.Branches, conditional) {
		return
	}
	d := &ir.Derived{Query: m.Query, Alias: ir.Ident{Text: "source"}}
	d.Span = m.Query.Base().Span
	d.Made(code)
	all := &ir.Star{}
	all.Span, all.Type = d.Span, *row
	s := &ir.Select{Items: []*ir.SelectItem{tree.Item(all, "")}, From: []ir.TableExpr{d}}
	s.Span = d.Span
	s.Row = &types.Row{Names: slices.Clone(row.Names), Types: slices.Clone(row.Types)}
	names := map[string]string{}
	for _, x := range list {
		name := "next"
		for k := 2; slices.ContainsFunc(s.Row.Names, func(n string) bool { return strings.EqualFold(n, name) }); k++ {
			name = "next" + strconv.Itoa(k)
		}
		names[x.Sequence.String()] = name
		tree.AddColumn(s, ir.Clone(x), name)
	}
	for _, b := range m.Branches {
		for _, i := range b.Inserts {
			named(i, names)
		}
	}
	m.Query = s
}

// conditional tells a branch that takes some rows only, or takes them whole.
func conditional(b *ir.InsertBranch) bool {
	return b.When != nil || b.Else || slices.ContainsFunc(b.Inserts, func(i *ir.Insert) bool { return i.Source == nil })
}

// sequences are those of which the values take a number, each once.
func sequences(m *ir.MultiInsert) (out []*ir.NextValue) {
	seen := map[string]bool{}
	for _, b := range m.Branches {
		ir.Walk(b, func(n ir.Node) bool {
			x, ok := n.(*ir.NextValue)
			if ok && !x.Previous && len(x.Set) == 0 && !seen[x.Sequence.String()] {
				seen[x.Sequence.String()] = true
				out = append(out, x)
			}
			return true
		})
	}
	return out
}

// named reads the numbers from the columns beside the rows.
func named(i *ir.Insert, names map[string]string) {
	v, ok := i.Source.(*ir.Values)
	if !ok {
		return
	}
	for _, r := range v.Rows {
		for k, e := range r.Items {
			r.Items[k] = tree.Numbers(e, names, nil)
		}
	}
}
