// Package partnulls holds the rule for unique keys that compare NULLs in some of their columns.
package partnulls

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/define"
	"godwit/ir/rewrite/keys"
	"godwit/ir/types"
)

const code = "CN0410"

var referenced = &diag.Code{
	ID: "CN0411", Title: "unique key that lets partly NULL keys repeat", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc: "The source compares keys that are NULL in some columns by the others. A foreign key refers to this key, for which the target needs a plain UNIQUE constraint: there keys with a NULL are equal to nothing " +
		"(Oracle SQL Language Reference, constraint, Unique Constraints).",
	Next: "Make the columns NOT NULL if they never are.", Each: 0.25,
}

// Rule makes unique indexes of unique keys over several columns that can be NULL.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "partnulls",
		Doc: "A unique key over several columns takes any number of rows in which all of them are NULL, but compares rows in which some are. On the target that is a unique index NULLS NOT DISTINCT over the rows that " +
			"are not NULL in all of the columns (Oracle SQL Language Reference, constraint; PostgreSQL manual, CREATE INDEX).",
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Source: "CREATE TABLE t (a NUMBER, b NUMBER, CONSTRAINT t_uk UNIQUE (a, b));",
			Target: "CREATE TABLE t (\n  a numeric,\n  b numeric\n);\nCREATE UNIQUE INDEX t_uk ON t (a, b) NULLS NOT DISTINCT WHERE a IS NOT NULL OR b IS NOT NULL;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{referenced},
		Looks:    ir.Kinds(ir.KindKeyDef),
		After:    map[string]string{"keys": "it names the keys"},
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	define.Tables(p, func(s *define.Site) {
		switch t := s.Stmt.(type) {
		case *ir.CreateTable:
			kept := t.Keys[:0:0]
			for _, k := range t.Keys {
				if x := index(p, s, k); x != nil {
					s.Behind(x)
					continue
				}
				kept = append(kept, k)
			}
			t.Keys = kept
		case *ir.AlterTable:
			kept := t.Actions[:0:0]
			for _, a := range t.Actions {
				if a.Key != nil {
					if x := index(p, s, a.Key); x != nil {
						s.Behind(x)
						continue
					}
				}
				kept = append(kept, a)
			}
			t.Actions = kept
		}
	})
	p.Statements(func(n ir.Node) ir.Node {
		x, ok := n.(*ir.CreateIndex)
		if ok && x.Key != nil && x.Key.PartNulls && x.Table.Table != nil {
			s := &define.Site{Pass: p, Stmt: x, Table: x.Table.Table, Name: x.Table.Name}
			if k := x.Key; x.Where == nil && partly(s, k) {
				k.NullsNotDistinct, x.Where = true, someValue(s, k)
			}
			x.Key.PartNulls = false
		}
		return n
	})
}

// partly tells that a key is a unique one over several columns of which all can be NULL: with one that cannot be, NULLS NOT DISTINCT
// needs no condition, and with one column NULLs are equal to nothing on both sides.
func partly(s *define.Site, k *ir.KeyDef) bool {
	if k.Kind != catalog.Unique || !k.PartNulls || len(k.Parts) < 2 {
		return false
	}
	for _, part := range k.Parts {
		if part.Expr != nil || nullable(s, part.Column.Text) {
			return true
		}
	}
	return false
}

func nullable(s *define.Site, name string) bool {
	if s.Table != nil {
		if c := s.Table.Column(name); c != nil && !c.Nullable {
			return false
		}
	}
	for _, c := range define.ColumnsOf(s.Stmt) {
		if strings.EqualFold(c.Name.Text, name) {
			return !c.NotNull && !c.Primary
		}
	}
	return true
}

// index is the unique index that takes the place of a key, nil if the key can stay.
func index(p *rewrite.Pass, s *define.Site, k *ir.KeyDef) *ir.CreateIndex {
	if !partly(s, k) {
		k.PartNulls = false
		return nil
	}
	k.PartNulls = false
	if k.Deferrable || refersTo(p.Catalog, s.Table, k) {
		p.Report(referenced, k.Span, "key %s of %s", k.Name.Text, s.Name)
		return nil
	}
	k.NullsNotDistinct = true
	held := keys.Find(s.Table, k, nil)
	if held != nil {
		held.Apart = true
	}
	keys.IndexName(k, held)
	x := &ir.CreateIndex{Table: s.Ref(), Key: k, Where: someValue(s, k)}
	x.Span = k.Span
	x.Made(code)
	return x
}

// someValue tells that not all of the key is NULL; nil if that is always so.
func someValue(s *define.Site, k *ir.KeyDef) ir.Expr {
	var out ir.Expr
	for _, part := range k.Parts {
		var x ir.Expr
		if part.Expr != nil {
			x = ir.Clone(part.Expr)
		} else {
			if !nullable(s, part.Column.Text) {
				return nil
			}
			n := &ir.Name{Parts: []ir.Ident{part.Column}}
			if s.Table != nil {
				if c := s.Table.Column(part.Column.Text); c != nil {
					n.Ref, n.Type = &ir.ColumnRef{Table: s.Table, Column: c}, c.Type
				}
			}
			x = n
		}
		x.Base().Span = part.Span
		there := &ir.IsNull{X: x, Not: true}
		there.Type, there.Span = types.Bool{}, part.Span
		if out == nil {
			out = there
		} else {
			out = define.Or(out, there)
		}
	}
	return out
}

// refersTo tells that a foreign key refers to the key.
func refersTo(cat *catalog.Catalog, t *catalog.Table, k *ir.KeyDef) bool {
	if t == nil {
		return false
	}
	for _, other := range cat.Tables() {
		for _, f := range other.ForeignKeys {
			if !strings.EqualFold(f.RefTable, t.Name) || len(f.RefColumns) != len(k.Parts) {
				continue
			}
			same := true
			for _, part := range k.Parts {
				found := false
				for _, c := range f.RefColumns {
					found = found || strings.EqualFold(c, part.Column.Text)
				}
				same = same && found
			}
			if same {
				return true
			}
		}
	}
	return false
}
