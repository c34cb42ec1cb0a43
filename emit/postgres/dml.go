package postgres

import (
	"godwit/emit"
	"godwit/ir"
)

func (p *printer) insert(s *ir.Insert) emit.Doc {
	head := []emit.Doc{txt("INSERT INTO"), p.table(s.Table)}
	if len(s.Columns) > 0 {
		docs := make([]emit.Doc, len(s.Columns))
		for i, c := range s.Columns {
			docs[i] = emit.Mark(c.Base(), txt(p.columnName(c)))
		}
		head = append(head, emit.Pack("(", docs, ")"))
	}
	parts := p.withFirst(s.With)
	parts = append(parts, emit.Words(head...))
	if s.Overriding != "" {
		parts = append(parts, txt("OVERRIDING "+upper(s.Overriding)+" VALUE"))
	}
	if s.Source == nil {
		parts = append(parts, txt("DEFAULT VALUES"))
	} else {
		parts = append(parts, p.query(s.Source))
	}
	if s.Conflict != nil {
		parts = append(parts, emit.Mark(s.Conflict.Base(), p.conflict(s.Conflict)))
	}
	if len(s.Returning) > 0 {
		parts = append(parts, p.returning(s.Returning))
	}
	if len(s.Into) > 0 {
		parts = append(parts, emit.Cat(txt("INTO "), emit.Group(emit.Nest(p.exprs(s.Into)))))
	}
	if s.Replace || s.OnError != ir.RaiseErrors || len(s.OnDuplicate) > 0 {
		why, _ := p.e.Expressible(s)
		p.fail(s, why)
	}
	return emit.Group(emit.Join(emit.Line, parts))
}

func (p *printer) withFirst(w *ir.With) []emit.Doc {
	if w == nil {
		return nil
	}
	return []emit.Doc{p.with(w)}
}

func (p *printer) conflict(c *ir.Conflict) emit.Doc {
	head := []emit.Doc{txt("ON CONFLICT")}
	switch {
	case c.Constraint != "":
		head = append(head, txt("ON CONSTRAINT "+Quote(c.Constraint)))
	case len(c.Columns) > 0:
		docs := make([]emit.Doc, len(c.Columns))
		for i, x := range c.Columns {
			docs[i] = p.conflictColumn(x)
		}
		head = append(head, emit.Enclose("(", emit.List(docs), ")"))
	}
	if c.Nothing {
		return emit.Words(append(head, txt("DO NOTHING"))...)
	}
	d := []emit.Doc{emit.Words(append(head, txt("DO UPDATE"))...), p.sets(c.Sets)}
	if c.Where != nil {
		d = append(d, p.condition("WHERE", c.Where))
	}
	return emit.Group(emit.Join(emit.Line, d))
}

// conflictColumn is a column of the index, or an expression, which the grammar wants in parentheses unless it is a call.
func (p *printer) conflictColumn(x ir.Expr) emit.Doc {
	switch x := x.(type) {
	case *ir.Name:
		return emit.Mark(x.Base(), txt(p.columnName(x)))
	case *ir.TargetCall, *ir.HelperCall, *ir.RoutineCall:
		return p.any(x)
	}
	return parens(p.any(x))
}

// sets is SET a = 1, b = 2. The columns stand alone: the target knows no qualified ones here.
func (p *printer) sets(list []*ir.Assign) emit.Doc {
	docs := make([]emit.Doc, len(list))
	for i, a := range list {
		column := txt(p.changed(a.Column))
		if len(a.Columns) > 0 {
			names := make([]emit.Doc, len(a.Columns))
			for k, c := range a.Columns {
				names[k] = txt(p.changed(c))
			}
			column = emit.Pack("(", names, ")")
		}
		docs[i] = emit.Mark(a.Base(), emit.Group(column, txt(" ="), emit.Nest(emit.Line, p.any(a.Value))))
	}
	if len(docs) == 1 {
		return emit.Cat(txt("SET "), docs[0])
	}
	return emit.Group(txt("SET"), emit.Nest(emit.Line, emit.List(docs)))
}

// changed is the column that an assignment changes, or the attribute of an object in it.
func (p *printer) changed(n *ir.Name) string {
	if n == nil {
		return p.columnName(n)
	}
	if f, ok := n.Ref.(*ir.FieldRef); ok {
		if of, ok := f.Of.(*ir.Name); ok {
			return p.changed(of) + "." + Quote(p.e.fold(f.Field))
		}
	}
	return p.columnName(n)
}

func (p *printer) update(s *ir.Update) emit.Doc {
	parts := p.withFirst(s.With)
	if len(s.Tables) != 1 {
		p.fail(s, "an UPDATE of several tables")
		return txt("NULL")
	}
	parts = append(parts, emit.Cat(txt("UPDATE "), p.table(s.Tables[0])), p.sets(s.Sets))
	if len(s.From) > 0 {
		parts = append(parts, p.from("FROM", s.From))
	}
	parts = append(parts, p.target(s.Where, s.WhereCurrentOf, s.Returning, s.Into)...)
	if why, ok := p.e.Expressible(s); !ok {
		p.fail(s, why)
	}
	return emit.Group(emit.Join(emit.Line, parts))
}

func (p *printer) target(where ir.Expr, current string, returning []*ir.SelectItem, into []ir.Expr) []emit.Doc {
	var parts []emit.Doc
	switch {
	case current != "":
		parts = append(parts, txt("WHERE CURRENT OF "+Quote(p.e.fold(current))))
	case where != nil:
		parts = append(parts, p.condition("WHERE", where))
	}
	if len(returning) > 0 {
		parts = append(parts, p.returning(returning))
	}
	if len(into) > 0 {
		parts = append(parts, emit.Cat(txt("INTO "), emit.Group(emit.Nest(p.exprs(into)))))
	}
	return parts
}

func (p *printer) delete(s *ir.Delete) emit.Doc {
	parts := p.withFirst(s.With)
	if len(s.From) != 1 {
		p.fail(s, "a DELETE from several tables")
		return txt("NULL")
	}
	parts = append(parts, emit.Cat(txt("DELETE FROM "), p.table(s.From[0])))
	if len(s.Using) > 0 {
		parts = append(parts, p.from("USING", s.Using))
	}
	parts = append(parts, p.target(s.Where, s.WhereCurrentOf, s.Returning, s.Into)...)
	if why, ok := p.e.Expressible(s); !ok {
		p.fail(s, why)
	}
	return emit.Group(emit.Join(emit.Line, parts))
}

func (p *printer) truncate(s *ir.Truncate) emit.Doc {
	d := emit.Cat(txt("TRUNCATE TABLE "), p.table(s.Table))
	if s.RestartIdentity {
		d = emit.Cat(d, txt(" RESTART IDENTITY"))
	}
	return d
}

func (p *printer) transaction(s *ir.Transaction) emit.Doc {
	name := p.ident(s.Savepoint)
	switch s.Kind {
	case ir.BeginTransaction:
		return txt("BEGIN" + transactionModes(s.Isolation, s.ReadOnly))
	case ir.CommitTransaction:
		return txt("COMMIT" + not(s.Chain, "", " AND CHAIN"))
	case ir.RollbackTransaction:
		return txt("ROLLBACK" + not(s.Chain, "", " AND CHAIN"))
	case ir.SetSavepoint:
		return txt("SAVEPOINT " + name)
	case ir.RollbackToSavepoint:
		return txt("ROLLBACK TO SAVEPOINT " + name)
	}
	return txt("RELEASE SAVEPOINT " + name)
}

func transactionModes(isolation string, readOnly *bool) string {
	s := ""
	if isolation != "" {
		s = " ISOLATION LEVEL " + upper(isolation)
	}
	if readOnly != nil {
		s += not(*readOnly, " READ WRITE", " READ ONLY")
	}
	return s
}

func (p *printer) setTransaction(s *ir.SetTransaction) emit.Doc {
	modes := transactionModes(s.Isolation, s.ReadOnly)
	if s.Scope == "session" {
		return txt("SET SESSION CHARACTERISTICS AS TRANSACTION" + modes)
	}
	if s.Scope != "" {
		p.fail(s, "SET "+upper(s.Scope)+" TRANSACTION")
	}
	return txt("SET TRANSACTION" + modes)
}

func (p *printer) lockTables(s *ir.LockTables) emit.Doc {
	if s.Unlock || len(s.Items) == 0 {
		p.fail(s, "UNLOCK TABLES")
		return txt("NULL")
	}
	docs := make([]emit.Doc, len(s.Items))
	for i, it := range s.Items {
		if it.Write != s.Items[0].Write {
			p.fail(s, "LOCK TABLES in several modes")
		}
		docs[i] = txt(p.tableName(it.Table.Name, it.Table.Table))
	}
	return emit.Group(txt("LOCK TABLE "), emit.List(docs), txt(not(s.Items[0].Write, " IN SHARE MODE", " IN ACCESS EXCLUSIVE MODE")))
}
