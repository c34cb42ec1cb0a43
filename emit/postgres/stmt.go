package postgres

import (
	"fmt"
	"slices"
	"strings"

	"godwit/emit"
	"godwit/ir"
)

// printer prints the statements of one unit.
type printer struct {
	e   *Emitter
	lay *emit.Printer
	// pl tells that the statement stands in a PL/pgSQL body.
	pl bool
	// places are the variables of a query that becomes text; nil elsewhere.
	places *[]emit.Doc
	// problems are constructs that could not be printed; with one of them the text is worth nothing.
	problems []problem
}

type problem struct {
	node ir.Node
	why  string
}

func (p *printer) fail(n ir.Node, why string) {
	if why == "" {
		why = "a construct that the target does not have"
		if n != nil {
			why = fmt.Sprintf("%s (%T)", why, n)
		}
	}
	p.problems = append(p.problems, problem{n, why})
}

func missing(x ir.Expr) bool { return x == nil }

// stmt prints a statement with its comments, without the closing semicolon.
func (p *printer) stmt(s ir.Stmt) emit.Doc {
	if s == nil {
		p.fail(nil, "a statement is missing")
		return emit.Empty
	}
	m := s.Base()
	switch s.(type) {
	case *ir.Routine:
		if len(m.Trail) > 0 {
			m = trailFirst(m)
		}
	case *ir.CommentStmt: // behind a comment the lines of another would begin as text
		if slices.ContainsFunc(m.Trail, func(c ir.Comment) bool { return strings.Contains(c.Text, "\n") }) {
			m = trailFirst(m)
		}
	}
	return emit.Mark(m, p.statement(s))
}

// trailFirst puts comments that would stand behind the body, far from what they are about, in front.
func trailFirst(m *ir.Meta) *ir.Meta {
	out := *m
	out.Lead = append([]ir.Comment(nil), m.Lead...)
	for _, c := range m.Trail {
		c.OwnLine = true
		out.Lead = append(out.Lead, c)
	}
	out.Trail = nil
	return &out
}

func (p *printer) statement(s ir.Stmt) emit.Doc {
	switch s := s.(type) {
	case *ir.QueryStmt:
		if m := ir.Common(s.Query); p.pl || m != nil && len(m.Into) > 0 {
			p.fail(s, "a query whose rows go nowhere")
		}
		return p.query(s.Query)
	case *ir.Insert:
		return p.insert(s)
	case *ir.Merge:
		return p.merge(s)
	case *ir.LockTable:
		return p.lockTable(s)
	case *ir.RenameIndex:
		return txt("ALTER INDEX " + p.qname(s.Name, nil) + " RENAME TO " + p.ident(s.New))
	case *ir.SetConstraints:
		return p.setConstraints(s)
	case *ir.Update:
		return p.update(s)
	case *ir.Delete:
		return p.delete(s)
	case *ir.Truncate:
		return p.truncate(s)
	case *ir.SetTransaction:
		return p.setTransaction(s)
	case *ir.Transaction:
		return p.transaction(s)
	case *ir.CallProc:
		return p.call(s)
	case *ir.Do:
		return emit.Cat(txt("SELECT "), p.exprs(s.Items))
	case *ir.Execute:
		return p.execute(s)
	case *ir.Deallocate:
		return txt("DEALLOCATE " + p.ident(s.Name))
	case *ir.LockTables:
		return p.lockTables(s)
	case *ir.Use:
		return txt("SET search_path = " + Quote(p.e.schema(s.Schema.Text)))
	case *ir.RawStmt:
		return rawText(strings.TrimRight(strings.TrimSpace(s.Text), ";"))
	case *ir.CommentStmt:
		return commentLines(s.Text)
	case *ir.Unsupported:
		return unsupported(s)
	case *ir.CreateSchema:
		return p.createSchema(s)
	case *ir.CreateTable:
		return p.createTable(s)
	case *ir.CreatePartition:
		return p.createPartition(s)
	case *ir.AlterTable:
		return p.alterTable(s)
	case *ir.CreateIndex:
		return p.createIndex(s)
	case *ir.CreateView:
		return p.createView(s)
	case *ir.MaterializedView:
		return p.materializedView(s)
	case *ir.CreateSequence:
		return p.createSequence(s)
	case *ir.CreateType:
		return p.createType(s)
	case *ir.Drop:
		return p.drop(s)
	case *ir.CommentOn:
		return p.commentOn(s)
	case *ir.Routine:
		return p.routine(s)
	case *ir.CreateTrigger:
		return p.trigger(s)
	}
	return p.plStatement(s)
}

// plStatement prints what only PL/pgSQL has. A block outside of it becomes DO.
func (p *printer) plStatement(s ir.Stmt) emit.Doc {
	if !p.pl {
		switch s := s.(type) {
		case *ir.Block:
			return p.doBlock(s)
		case *ir.Perform:
			return p.perform(s)
		case *ir.FetchCursor:
			return p.fetch(s)
		case *ir.CloseCursor:
			return txt("CLOSE " + Quote(p.e.fold(s.Name)))
		}
		why, _ := p.e.Expressible(s)
		p.fail(s, why)
		return txt("NULL")
	}
	switch s := s.(type) {
	case *ir.Block:
		return p.block(s)
	case *ir.If:
		return p.ifStmt(s)
	case *ir.CaseStmt:
		return p.caseStmt(s)
	case *ir.Loop:
		return p.loop(s)
	case *ir.Leave:
		return p.jump("EXIT", s.Label, s.When)
	case *ir.Iterate:
		return p.jump("CONTINUE", s.Label, s.When)
	case *ir.Return:
		if s.Value == nil {
			return txt("RETURN")
		}
		if enclosed(s.Value) {
			return emit.Cat(txt("RETURN "), p.any(s.Value))
		}
		if _, is := s.Value.(*ir.Concat); is {
			return emit.Group(txt("RETURN"), emit.Nest(emit.Line, p.any(s.Value)))
		}
		return emit.Group(txt("RETURN "), emit.Nest(p.any(s.Value)))
	case *ir.ReturnNext:
		if s.Value == nil {
			return txt("RETURN NEXT")
		}
		return emit.Cat(txt("RETURN NEXT "), p.any(s.Value))
	case *ir.ReturnRows:
		return p.returnRows(s)
	case *ir.SelectInto:
		return p.selectInto(s)
	case *ir.OpenCursor:
		return p.open(s)
	case *ir.FetchCursor:
		return p.fetch(s)
	case *ir.CloseCursor:
		return txt("CLOSE " + Quote(p.e.fold(s.Name)))
	case *ir.GetDiagnostics:
		return p.diagnostics(s)
	case *ir.Nothing:
		return txt("NULL")
	case *ir.Raise:
		return p.raise(s)
	case *ir.Perform:
		return p.perform(s)
	}
	why, _ := p.e.Expressible(s)
	p.fail(s, why)
	return txt("NULL")
}

// commentLines prints text as comment lines.
func commentLines(text string) emit.Doc {
	var docs []emit.Doc
	for _, l := range emit.CommentLines(text) {
		docs = append(docs, txt(l))
	}
	return emit.Join(emit.Hard, docs)
}

func unsupported(s *ir.Unsupported) emit.Doc {
	head := "not converted"
	if s.Code != "" {
		head += " (" + s.Code + ")"
	}
	if s.What != "" {
		head += ": " + s.What
	}
	return emit.Cat(commentLines(strings.ReplaceAll(head, "\n", " ")), emit.Hard, commentLines(s.Text))
}
