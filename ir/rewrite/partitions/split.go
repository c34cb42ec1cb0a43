package partitions

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/define"
)

// Split divides one partition in two: the first of parts has the bound or the values that go, the second is named only (Oracle SQL Language
// Reference, ALTER TABLE, split_table_partition).
func Split(p *rewrite.Pass, s *define.Site, old ir.Ident, parts []*ir.Partition) (out []ir.Stmt, why string) {
	st := of(p, s.Table)
	if st == nil {
		return nil, "a table whose partitions are not known"
	}
	i := st.def(old.Text)
	if i < 0 || len(parts) != 2 || len(st.defs[i].Subs) > 0 {
		return nil, "partition " + old.Text + ", which is not known or is divided itself"
	}
	first, rest := ir.Clone(parts[0]), ir.Clone(parts[1])
	switch d := st.defs[i]; {
	case len(d.LessThan) > 0 && len(first.LessThan) > 0:
		rest.LessThan = ir.Clone(d).LessThan
	case len(d.In) > 0 && len(first.In) > 0:
		if rest.In = without(ir.Clone(d).In, first.In); len(rest.In) == 0 {
			return nil, "partition " + old.Text + " at values that it has not, or all of them"
		}
	default:
		return nil, "partition " + old.Text + " in another way"
	}
	return st.anew(p, s, i, i, []*ir.Partition{first, rest}, []ir.Ident{old})
}

// Merge makes one partition of several.
func Merge(p *rewrite.Pass, s *define.Site, old []ir.Ident, into *ir.Partition) (out []ir.Stmt, why string) {
	st := of(p, s.Table)
	if st == nil {
		return nil, "a table whose partitions are not known"
	}
	one := ir.Clone(into)
	var at []int
	for _, x := range old {
		i := st.def(x.Text)
		if i < 0 || len(st.defs[i].Subs) > 0 {
			return nil, "partition " + x.Text + ", which is not known or is divided itself"
		}
		at = append(at, i)
		one.In = append(one.In, ir.Clone(st.defs[i]).In...)
	}
	slices.Sort(at)
	first, last := at[0], at[len(at)-1]
	if one.LessThan = ir.Clone(st.defs[last]).LessThan; len(one.LessThan) > 0 {
		if last-first != len(at)-1 {
			return nil, "partitions that are not next to each other"
		}
	} else if last-first != len(at)-1 {
		return nil, "partitions between which others stand"
	}
	if slices.ContainsFunc(one.In, func(x ir.Expr) bool { _, all := x.(*ir.Default); return all }) {
		one.In = slices.DeleteFunc(one.In, func(x ir.Expr) bool { _, all := x.(*ir.Default); return !all })
	}
	return st.anew(p, s, first, last, []*ir.Partition{one}, old)
}

// anew divides the rows of the partitions from first to last anew.
func (st *state) anew(p *rewrite.Pass, s *define.Site, first, last int, parts []*ir.Partition, old []ir.Ident) ([]ir.Stmt, string) {
	for _, x := range parts {
		if x.Name.Text == "" {
			return nil, "a partition that gets no name"
		}
	}
	kept := slices.Clone(parts)
	for i, x := range kept {
		kept[i] = ir.Clone(x)
	}
	out, why := Reorganize(p, s, old, parts)
	if why == "" {
		st.defs = slices.Concat(st.defs[:first:first], kept, st.defs[last+1:])
	}
	return out, why
}

func (st *state) def(name string) int {
	return slices.IndexFunc(st.defs, func(x *ir.Partition) bool { return strings.EqualFold(x.Name.Text, name) })
}

// without are the values of a list partition that another one does not take; DEFAULT stays. None if one of those taken is not among them.
func without(all, taken []ir.Expr) []ir.Expr {
	text := func(e ir.Expr) string { return strings.Join(strings.Fields(e.Base().Span.Text()), " ") }
	rest := slices.Clone(all)
	for _, x := range taken {
		n := len(rest)
		rest = slices.DeleteFunc(rest, func(o ir.Expr) bool { return text(o) == text(x) })
		if _, open := all[0].(*ir.Default); len(rest) == n && !(open && len(all) == 1) {
			return nil
		}
	}
	return rest
}
