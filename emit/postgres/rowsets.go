package postgres

import (
	"godwit/emit"
	"godwit/ir"
)

var groupingWords = map[string]string{"rollup": "ROLLUP ", "cube": "CUBE ", "sets": "GROUPING SETS "}

// groupingItem is an item of GROUP BY: an expression, a group in parentheses, or ROLLUP, CUBE and GROUPING SETS of such.
func (p *printer) groupingItem(e ir.Expr) emit.Doc {
	var items []ir.Expr
	word := ""
	switch e := e.(type) {
	case *ir.GroupingSet:
		items, word = e.Items, groupingWords[e.Kind]
	case *ir.RowExpr:
		items = e.Items
	default:
		return p.sorted(e)
	}
	docs := make([]emit.Doc, len(items))
	for i, x := range items {
		docs[i] = p.groupingItem(x)
	}
	return emit.Mark(e.Base(), emit.Cat(txt(word), emit.Pack("(", docs, ")")))
}

// merge prints MERGE. The conditions of rows that are deleted stand before those of rows that are updated.
func (p *printer) merge(s *ir.Merge) emit.Doc {
	parts := p.withFirst(s.With)
	parts = append(parts, emit.Cat(txt("MERGE INTO "), p.table(s.Into)), emit.Cat(txt("USING "), p.table(s.Using)), p.condition("ON", s.On))
	if u := s.Update; u != nil {
		if u.DeleteWhere != nil {
			parts = append(parts, emit.Mark(u.Base(), p.when("WHEN MATCHED", u.DeleteWhere, txt("DELETE"))))
		}
		if len(u.Sets) > 0 {
			parts = append(parts, emit.Mark(u.Base(), p.when("WHEN MATCHED", u.Where, emit.Cat(txt("UPDATE "), p.sets(u.Sets)))))
		}
	}
	if n := s.Insert; n != nil {
		values := make([]emit.Doc, len(n.Values))
		for i, v := range n.Values {
			values[i] = p.any(v)
		}
		d := []emit.Doc{txt("INSERT")}
		if len(n.Columns) > 0 {
			docs := make([]emit.Doc, len(n.Columns))
			for i, c := range n.Columns {
				docs[i] = txt(p.columnName(c))
			}
			d = append(d, emit.Pack("(", docs, ")"))
		}
		d = append(d, txt("VALUES"), emit.Pack("(", values, ")"))
		parts = append(parts, emit.Mark(n.Base(), p.when("WHEN NOT MATCHED", n.Where, emit.Words(d...))))
	}
	return emit.Group(emit.Join(emit.Line, parts))
}

func (p *printer) when(head string, cond ir.Expr, then emit.Doc) emit.Doc {
	d := txt(head)
	if cond != nil {
		d = emit.Cat(d, txt(" AND "), p.expr(cond, precAnd))
	}
	return emit.Group(d, txt(" THEN"), emit.Nest(emit.Line, then))
}

// lockTable prints LOCK TABLE.
func (p *printer) lockTable(s *ir.LockTable) emit.Doc {
	docs := make([]emit.Doc, len(s.Tables))
	for i, t := range s.Tables {
		docs[i] = emit.Text(p.tableName(t.Name, t.Table))
	}
	mode := s.Mode
	if mode == "share update" {
		mode = "row share"
	}
	d := emit.Cat(txt("LOCK TABLE "), emit.List(docs), txt(" IN "+upper(mode)+" MODE"))
	if s.NoWait {
		d = emit.Cat(d, txt(" NOWAIT"))
	}
	if s.Wait != nil {
		p.fail(s, "LOCK TABLE ... WAIT n")
	}
	return d
}

// setConstraints prints SET CONSTRAINTS.
func (p *printer) setConstraints(s *ir.SetConstraints) emit.Doc {
	names := txt("ALL")
	if len(s.Names) > 0 {
		docs := make([]emit.Doc, len(s.Names))
		for i, q := range s.Names {
			docs[i] = txt(p.qname(q, nil))
		}
		names = emit.List(docs)
	}
	return emit.Cat(txt("SET CONSTRAINTS "), names, txt(not(s.Deferred, " IMMEDIATE", " DEFERRED")))
}

// sample prints TABLESAMPLE.
func (p *printer) sample(s *ir.Sample) emit.Doc {
	d := emit.Cat(txt(" TABLESAMPLE "+not(s.Block, "BERNOULLI", "SYSTEM")+" ("), p.any(s.Percent), txt(")"))
	if s.Seed != nil {
		d = emit.Cat(d, txt(" REPEATABLE ("), p.any(s.Seed), txt(")"))
	}
	return d
}

// cycle prints CYCLE of a recursive common table expression; the column of the path has a name that no query uses.
func (p *printer) cycle(c *ir.CycleClause) emit.Doc {
	return emit.Words(txt("CYCLE"), p.idents(c.Columns), txt("SET "+p.ident(c.Set)+" TO"), p.any(c.Value), txt("DEFAULT"), p.any(c.Default), txt("USING cycle_path"))
}
