package partitions

import (
	"fmt"
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/define"
)

// part is a partition of the source, and the table that holds its rows.
type part struct {
	name string
	rel  *ir.CreatePartition
}

// state is what later statements have to know of a partitioned table.
type state struct {
	kind  string
	parts []*part // in order; of range and list only
	// null is the table for rows with NULL, which are in the source's lowest range; without parts if there is none.
	null  ir.QName
	high  bool // the rows with NULL are in the source's highest range instead
	lower *lowering
	// by is the clause as the source has it, nil if ALTER TABLE changed it.
	by *ir.PartitionBy
	// defs are the partitions as the source has them, in order.
	defs []*ir.Partition
}

func remember(p *rewrite.Pass, s *define.Site, l *lowering, by *ir.PartitionBy) {
	if p.Session == nil {
		return
	}
	st := &state{kind: l.kind, parts: l.list, lower: l, by: by, high: l.by.NullsHigh}
	for _, x := range by.Parts {
		st.defs = append(st.defs, ir.Clone(x))
	}
	if l.check != nil && l.by.Interval == nil {
		st.null = l.check.Table.Name
	}
	p.Session.Values[key(s)] = st
	if s.Table != nil {
		states(p)[s.Table] = st
	}
}

func states(p *rewrite.Pass) map[*catalog.Table]*state {
	const key = "partitions"
	m, _ := p.Session.Values[key].(map[*catalog.Table]*state)
	if m == nil {
		m = map[*catalog.Table]*state{}
		p.Session.Values[key] = m
	}
	return m
}

// of is what is known of a table's partitions, nil if it has none on the target or they are not known.
func of(p *rewrite.Pass, t *catalog.Table) *state {
	if p.Session == nil || t == nil {
		return nil
	}
	return states(p)[t]
}

// like gives CREATE TABLE ... LIKE the partitions of the other table, which the target's LIKE does not copy.
func like(p *rewrite.Pass, s *define.Site) {
	t := s.Create
	from := p.Catalog.Table(t.Like.Schema(), t.Like.Name())
	st := of(p, from)
	if st == nil || t.Partition != nil {
		return
	}
	if st.by == nil {
		p.Report(unpartitioned, t.Span, "table %s: the partitions of %s were changed", t.Name, from.Name)
		return
	}
	t.Partition = ir.Clone(st.by)
}

// Narrow tells that rows of a table may belong to no partition, which is an error; false for tables whose partitions are not known.
func Narrow(p *rewrite.Pass, t *catalog.Table) bool {
	st := of(p, t)
	if st == nil || len(st.parts) == 0 {
		return false
	}
	if st.kind == "list" {
		return !slices.ContainsFunc(st.parts, func(x *part) bool { return x.rel.Default })
	}
	to := st.parts[len(st.parts)-1].rel.To
	return len(to) > 0 && !unbounded(to)
}

// nullAt is the partition that holds the rows with NULL on the source.
func (st *state) nullAt() int {
	if st.high {
		return len(st.parts) - 1
	}
	return 0
}

func (st *state) find(name string) int {
	return slices.IndexFunc(st.parts, func(x *part) bool { return strings.EqualFold(x.name, name) })
}

// changed notes that the clause is no more as the source's CREATE TABLE has it.
func (st *state) changed() { st.by = nil }

// Add makes further partitions of a table; why tells why that is not possible.
func Add(p *rewrite.Pass, s *define.Site, parts []*ir.Partition) (out []ir.Stmt, why string) {
	st := of(p, s.Table)
	switch {
	case st == nil:
		return nil, "a table whose partitions are not known"
	case st.kind == "hash":
		return nil, "" // the rows are the same in however many partitions
	}
	l := *st.lower
	l.p, l.s, l.parts, l.list, l.last = p, s, nil, nil, nil
	if n := len(st.parts); n > 0 {
		l.last = st.parts[n-1].rel.To
	}
	if why := l.divide(parts); why != "" {
		return nil, why
	}
	st.changed()
	st.defs = append(slices.Clone(st.defs), parts...)
	st.parts = append(slices.Clone(st.parts), l.list...)
	for _, x := range l.parts {
		out = append(out, x)
	}
	return out, ""
}

// Drop drops partitions with their rows. What belonged to a range that is dropped belongs to the next one from then on.
func Drop(p *rewrite.Pass, s *define.Site, names []ir.Ident, ifExists bool) (out []ir.Stmt, why string) {
	st := of(p, s.Table)
	if st == nil || st.kind == "hash" {
		return nil, "a table whose partitions are not known"
	}
	for _, x := range names {
		i := st.find(x.Text)
		if i < 0 {
			if ifExists {
				continue
			}
			return nil, "partition " + x.Text + ", which is not known"
		}
		gone := st.parts[i].rel
		out = append(out, &ir.Drop{Kind: "table", Partition: true, Names: []ir.QName{gone.Name}})
		if i == st.nullAt() && len(st.null.Parts) > 0 {
			out = append(out, truncate(st.null))
		}
		st.parts = slices.Delete(slices.Clone(st.parts), i, i+1)
		st.defs = slices.DeleteFunc(slices.Clone(st.defs), func(d *ir.Partition) bool { return strings.EqualFold(d.Name.Text, x.Text) })
		if st.kind == "range" && i < len(st.parts) && !st.parts[i].rel.Default {
			wider := *st.parts[i].rel
			wider.From, wider.Attach = gone.From, true
			st.parts[i].rel = &wider
			out = append(out, detach(s, wider.Name), ir.Clone(&wider))
		}
	}
	st.changed()
	return out, ""
}

// Truncate empties partitions.
func Truncate(p *rewrite.Pass, s *define.Site, names []ir.Ident) (out []ir.Stmt, why string) {
	st := of(p, s.Table)
	if st == nil || st.kind == "hash" {
		return nil, "a table whose partitions are not known"
	}
	for _, x := range names {
		i := st.find(x.Text)
		if i < 0 {
			return nil, "partition " + x.Text + ", which is not known"
		}
		out = append(out, truncate(st.parts[i].rel.Name))
		if i == st.nullAt() && len(st.null.Parts) > 0 {
			out = append(out, truncate(st.null))
		}
	}
	return out, ""
}

// Rename gives a partition another name, and the table that holds its rows with it.
func Rename(p *rewrite.Pass, s *define.Site, old, name string) (out []ir.Stmt, why string) {
	st := of(p, s.Table)
	if st == nil || st.kind == "hash" {
		return nil, "a table whose partitions are not known"
	}
	i, d := st.find(old), st.def(old)
	if i < 0 || d < 0 || st.find(name) >= 0 || len(st.defs[d].Subs) > 0 {
		return nil, "partition " + old + ", which is not known or is divided itself, or " + name + ", which there is already"
	}
	to, rel := Name(s, name), *st.parts[i].rel
	out = []ir.Stmt{&ir.RawStmt{Text: "ALTER TABLE " + quoted(rel.Name) + " RENAME TO " + quoted(ir.Qualified("", to.Name()))}}
	rel.Name = to
	st.parts, st.defs = slices.Clone(st.parts), slices.Clone(st.defs)
	st.parts[i] = &part{name, &rel}
	def := ir.Clone(st.defs[d])
	def.Name.Text = name
	st.defs[d] = def
	st.changed()
	return out, ""
}

func truncate(q ir.QName) ir.Stmt { return &ir.Truncate{Table: &ir.TableRef{Name: q}} }

func detach(s *define.Site, part ir.QName) ir.Stmt {
	return &ir.RawStmt{Text: fmt.Sprintf("ALTER TABLE %s DETACH PARTITION %s", quoted(s.Target()), quoted(part))}
}

func quoted(q ir.QName) string {
	parts := make([]string, len(q.Parts))
	for i, x := range q.Parts {
		parts[i] = `"` + strings.ReplaceAll(x.Text, `"`, `""`) + `"`
	}
	return strings.Join(parts, ".")
}

// Reorganize divides the rows of some partitions anew: they are taken off, the new ones made, and the rows moved.
func Reorganize(p *rewrite.Pass, s *define.Site, old []ir.Ident, parts []*ir.Partition) (out []ir.Stmt, why string) {
	st := of(p, s.Table)
	if st == nil || st.kind == "hash" {
		return nil, "a table whose partitions are not known"
	}
	first, gone := len(st.parts), []*part{}
	for _, x := range old {
		i := st.find(x.Text)
		if i < 0 {
			return nil, "partition " + x.Text + ", which is not known"
		}
		first, gone = min(first, i), append(gone, st.parts[i])
	}
	if len(gone) == 0 {
		return nil, "no partition is named"
	}
	l := *st.lower
	l.p, l.s, l.parts, l.list, l.last = p, s, nil, nil, nil
	if st.kind == "range" {
		l.last = st.parts[first].rel.From
		if st.parts[first].rel.Default && first > 0 { // Oracle's highest range, with the rows that have NULL
			l.last = st.parts[first-1].rel.To
		}
	}
	if why := l.divide(parts); why != "" {
		return nil, why
	}
	if st.kind == "range" && slices.ContainsFunc(gone, func(x *part) bool { return x.rel.Default }) && unbounded(l.last) {
		top := l.list[len(l.list)-1].rel
		top.Range, top.From, top.To, top.Default = false, nil, nil, true
	}
	columns := stored(s.Table)
	for i, x := range gone {
		out = append(out, detach(s, x.rel.Name))
		name := ir.Qualified(x.rel.Name.Schema(), fmt.Sprintf("%s_old_%d", strings.TrimRight(s.TargetName(), "_"), i+1))
		out = append(out, &ir.RawStmt{Text: fmt.Sprintf("ALTER TABLE %s RENAME TO %s", quoted(x.rel.Name), quoted(ir.Qualified("", name.Name())))})
		gone[i] = &part{x.name, &ir.CreatePartition{Name: name}}
	}
	for _, x := range l.parts {
		out = append(out, x)
	}
	for _, x := range gone {
		move := fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s", quoted(s.Target()), columns, columns, quoted(x.rel.Name))
		if s.Table.Triggered {
			move = untriggered(s.Target(), move)
		}
		out = append(out, &ir.RawStmt{Text: move},
			&ir.Drop{Kind: "table", Partition: true, Names: []ir.QName{x.rel.Name}})
	}
	kept := slices.DeleteFunc(slices.Clone(st.parts), func(x *part) bool {
		return slices.ContainsFunc(old, func(o ir.Ident) bool { return strings.EqualFold(o.Text, x.name) })
	})
	st.parts = slices.Insert(kept, min(first, len(kept)), l.list...)
	st.changed()
	return out, ""
}

// untriggered runs a statement without the triggers of a table: rows that move to another partition are not inserted on the source. Triggers that are disabled
// stay so. Columns come before the variables of the block.
func untriggered(table ir.QName, statement string) string {
	name := quoted(table)
	each := func(word string) string {
		return "  FOREACH name IN ARRAY names LOOP\n    EXECUTE format('ALTER TABLE " + strings.ReplaceAll(strings.ReplaceAll(name, "%", "%%"), "'", "''") + " " + word + " TRIGGER %I', name);\n  END LOOP;\n"
	}
	return "DO $$\n#variable_conflict use_column\nDECLARE\n  name text;\n  names text[] := ARRAY(SELECT tgname FROM pg_trigger WHERE tgrelid = '" + strings.ReplaceAll(name, "'", "''") +
		"'::regclass AND NOT tgisinternal AND tgenabled = 'O');\nBEGIN\n" + each("DISABLE") + "  " + statement + ";\n" + each("ENABLE") + "END;\n$$"
}

// stored lists the columns that take values.
func stored(t *catalog.Table) string {
	var out []string
	for _, c := range t.Columns {
		if c.Generated == catalog.NotGenerated {
			out = append(out, quoted(ir.Qualified("", c.Target)))
		}
	}
	return strings.Join(out, ", ")
}

// Divided tells that a table has partitions on the target.
func Divided(p *rewrite.Pass, t *catalog.Table) bool { return of(p, t) != nil }

// Hash tells that a table is divided by a hash, which does not change what it holds.
func Hash(p *rewrite.Pass, t *catalog.Table) bool {
	st := of(p, t)
	return st != nil && st.kind == "hash"
}
