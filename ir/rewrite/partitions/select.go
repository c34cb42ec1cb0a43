package partitions

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
)

var notSelected = &diag.Code{
	ID: "DD0166", Title: "PARTITION (...) that cannot be told on the target", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: "The statement names partitions whose rows are not in tables of their own on the target: hash and key partitions hold other rows there, subpartitions have no names, " +
		"some tables are converted without partitions. INSERT, UPDATE and DELETE name one partition at most, INSERT none of a table with AUTO_INCREMENT.",
	Next: "Write the condition on the columns in place of PARTITION (...).", Each: 0.25,
}

// Selection is the rule for PARTITION (...) behind a table.
var Selection = &rewrite.Rule{
	Code: "DD0165",
	Name: "partition-selection",
	Doc: "A query that names partitions of a table reads the tables that hold their rows; INSERT, UPDATE and DELETE change the partition's table, which takes no rows that belong elsewhere " +
		"(MySQL Reference Manual, Partition Selection).",
	Examples: []rewrite.Example{{
		Setup:  "CREATE TABLE t (a INT NOT NULL) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)",
		Source: "SELECT a FROM t PARTITION (p1) WHERE t.a > 11",
		Target: "SELECT a FROM t_p1 AS t WHERE t.a > 11",
	}},
	Fidelity: diag.Exact,
	Findings: []*diag.Code{notSelected},
	Looks:    ir.Kinds(ir.HasPartitions),
	Run:      runSelection,
}

func runSelection(p *rewrite.Pass) {
	named := false
	for _, s := range p.Unit.Stmts {
		named = named || ir.Find(s, func(n ir.Node) bool {
			r, ok := n.(*ir.TableRef)
			return ok && chosen(r)
		})
	}
	if !named {
		return
	}
	changed := map[*ir.TableRef]bool{}
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Insert:
				if n.Table != nil && chosen(n.Table) {
					changed[n.Table] = true
					if auto(n.Table.Table) {
						rewrite.Refuse(p, notSelected, n.Table.Span, "INSERT into a partition of %s, which has AUTO_INCREMENT", n.Table.Name)
					}
				}
			case *ir.Update:
				leaves(n.Tables, changed)
			case *ir.Delete:
				leaves(n.From, changed)
			}
			return true
		})
	}
	if p.Refused() {
		return
	}
	p.Nodes(func(n ir.Node) ir.Node {
		r, ok := n.(*ir.TableRef)
		if !ok || !chosen(r) || p.Refused() {
			return n
		}
		return selected(p, r, changed[r])
	})
}

// chosen tells that a table stands with partitions.
func chosen(r *ir.TableRef) bool { return len(r.Partitions)+len(r.PartitionFor) > 0 }

func leaves(list []ir.TableExpr, into map[*ir.TableRef]bool) {
	for _, t := range list {
		switch t := t.(type) {
		case *ir.TableRef:
			into[t] = true
		case *ir.Join:
			leaves([]ir.TableExpr{t.L, t.R}, into)
		}
	}
}

func auto(t *catalog.Table) bool {
	if t == nil {
		return true
	}
	for _, c := range t.Columns {
		if c.AutoIncrement {
			return true
		}
	}
	return false
}

// selected is what a table with PARTITION (...) becomes.
func selected(p *rewrite.Pass, r *ir.TableRef, changes bool) ir.Node {
	st := of(p, r.Table)
	if st == nil || st.kind == "hash" || r.Subpartitions {
		rewrite.Refuse(p, notSelected, r.Span, "partitions of %s", r.Name)
		return r
	}
	if len(r.PartitionFor) > 0 {
		i := st.holds(r.PartitionFor)
		if i < 0 {
			rewrite.Refuse(p, notSelected, r.Span, "the partition of a value of %s", r.Name)
			return r
		}
		r.Partitions, r.PartitionFor = []ir.Ident{{Text: st.parts[i].name}}, nil
	}
	var rels []ir.QName
	seen := map[int]bool{}
	for _, x := range r.Partitions {
		i := st.find(x.Text)
		if i < 0 {
			rewrite.Refuse(p, notSelected, r.Span, "partition %s of %s", x.Text, r.Name)
			return r
		}
		if seen[i] {
			continue
		}
		seen[i] = true
		rels = append(rels, st.parts[i].rel.Name)
		if i == st.nullAt() && len(st.null.Parts) > 0 {
			rels = append(rels, st.null)
		}
	}
	if r.Alias.Text == "" {
		r.Alias = ir.Ident{Text: r.Table.Target}
		if r.Table.Target == "" {
			r.Alias = ir.Ident{Text: strings.ToLower(r.Name.Name())}
		}
	}
	r.Partitions = nil
	r.Made(p.Rule.Code)
	if len(rels) == 1 {
		r.Part = rels[0]
		return r
	}
	if changes {
		rewrite.Refuse(p, notSelected, r.Span, "a change of %d partitions of %s", len(rels), r.Name)
		return r
	}
	return together(p, r, rels)
}

// together reads several tables as one.
func together(p *rewrite.Pass, r *ir.TableRef, rels []ir.QName) ir.Node {
	var q ir.Query
	for _, rel := range rels {
		t := &ir.TableRef{Name: r.Name, Table: r.Table, Part: rel}
		t.Span = r.Span
		star := &ir.Star{}
		star.Span = r.Span
		s := &ir.Select{Items: []*ir.SelectItem{{Expr: star}}, From: []ir.TableExpr{t}}
		s.Span = r.Span
		if q == nil {
			q = s
			continue
		}
		u := &ir.SetOp{Kind: ir.Union, All: true, L: q, R: s}
		u.Span = r.Span
		q = u
	}
	d := &ir.Derived{Query: q, Alias: r.Alias}
	d.Span = r.Span
	d.Made(p.Rule.Code)
	return d
}
