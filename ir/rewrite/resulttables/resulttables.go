// Package resulttables keeps tables alive whose rows a cursor of the routine still has to deliver.
package resulttables

import (
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/autocommit"
	"godwit/ir/rewrite/control"
)

// Findings of the rule.
var (
	dropsAtCommit = &diag.Code{
		ID: "DD0351", Title: "temporary table lives until the end of the transaction", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "The procedure returns rows of a temporary table and drops it. On the target the rows are fetched from a cursor after the call, and a table that a cursor reads cannot be dropped: " +
			"the table is declared ON COMMIT DROP instead. A second call in the same transaction finds the table still there.",
		Next: "End the transaction between two calls.",
	}
	inUse = &diag.Code{
		ID: "DD0352", Title: "table is dropped while a result of the procedure reads it", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The rows are fetched from a cursor after the call, and PostgreSQL refuses to drop, truncate or alter a table that an open cursor reads.",
		Next: "Drop or empty the table before the procedure fills it, instead of behind the result.", Learn: 0.5, Each: 0.5,
	}
)

// Rule moves the end of such tables to the end of the transaction.
var Rule = &rewrite.Rule{
	Code: "DD0350",
	Name: "resulttables",
	Doc: "A procedure that returns rows through a cursor cannot drop a table that the cursor reads. A temporary table that the procedure makes is declared ON COMMIT DROP, and the DROP falls away; " +
		"the cursor ends with the transaction too. Other tables are refused.",
	Examples: []rewrite.Example{{
		Source: "CREATE PROCEDURE p(OUT n INT) BEGIN CREATE TEMPORARY TABLE t (a INT); SELECT a FROM t; DROP TEMPORARY TABLE t; SET n = 1; END",
		Target: "CREATE OR REPLACE PROCEDURE p(OUT n integer, INOUT result refcursor) LANGUAGE plpgsql AS $$ BEGIN " +
			"CREATE TEMPORARY TABLE t (a integer) ON COMMIT DROP; OPEN result FOR SELECT a FROM t; -- t is dropped at the end of the transaction: its rows are fetched after the call n := 1; END; $$",
	}},
	Fidelity: diag.Assumed,
	Findings: []*diag.Code{dropsAtCommit, inUse},
	After:    map[string]string{"resultsets": "it decides which results are cursors", "autocommit": "it ends the transactions that such cursors outlive"},
	Looks:    ir.Kinds(ir.KindRoutine),
	Run:      run,
}

func run(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		if r, ok := s.(*ir.Routine); ok && r.Body != nil {
			c := &cursors{p: p, reads: map[*catalog.Table]bool{}, made: map[*catalog.Table][]*ir.CreateTable{}}
			if b, ok := r.Body.(*ir.Block); ok && len(b.Except) == 0 {
				c.top = b.Body
			}
			r.Body = ir.Map(r.Body, c.node)
		}
	}
}

// cursors follows a routine in the order of its text.
type cursors struct {
	p     *rewrite.Pass
	reads map[*catalog.Table]bool // by a cursor that stays open
	made  map[*catalog.Table][]*ir.CreateTable
	top   []ir.Stmt // the statements of the outermost block, where a transaction can end
	held  bool      // the cursors outlive transactions
}

func (c *cursors) node(n ir.Node) ir.Node {
	switch n := n.(type) {
	case *ir.CreateTable:
		if n.Temporary && n.Object != nil {
			c.made[n.Object] = append(c.made[n.Object], n)
		}
	case *ir.ReturnRows:
		if n.Cursor == "" {
			return n
		}
		c.held = c.held || n.Held
		ir.Walk(n.Query, func(x ir.Node) bool {
			if t, ok := x.(*ir.TableRef); ok && t.Table != nil {
				c.reads[t.Table] = true
			}
			return true
		})
	case *ir.Drop:
		return c.drop(n)
	case *ir.Truncate:
		c.refuse(n, n.Table.Table)
	case *ir.AlterTable:
		c.refuse(n, n.Table.Table)
	}
	return n
}

func (c *cursors) refuse(n ir.Node, t *catalog.Table) {
	if t != nil && c.reads[t] {
		rewrite.Refuse(c.p, inUse, n.Base().Span, "table %s", t.Name)
	}
}

func (c *cursors) drop(n *ir.Drop) ir.Node {
	var out []ir.Stmt
	kept := &ir.Drop{Kind: n.Kind, Temporary: n.Temporary, IfExists: n.IfExists, On: n.On, Cascade: n.Cascade}
	kept.StmtMeta = n.StmtMeta
	for i, t := range n.Tables {
		made := c.made[t]
		switch {
		case t == nil || !c.reads[t]:
			kept.Names = append(kept.Names, n.Names[i])
			kept.Tables = append(kept.Tables, t)
		case len(made) == 0:
			c.refuse(n, t)
			return n
		case c.held:
			return c.behindCommit(n, t)
		default:
			out = append(out, c.atCommit(n, t, made))
		}
	}
	if len(out) == 0 {
		return n
	}
	if len(kept.Names) > 0 {
		kept.Lead = nil
		out = append(out, kept)
	}
	out[0].Base().Lead = n.Lead
	return &ir.Splice{Stmts: out}
}

// behindCommit ends the transaction in front of the DROP: cursors that outlive it have their rows then, and read the table no more.
func (c *cursors) behindCommit(n *ir.Drop, t *catalog.Table) ir.Node {
	if !slices.Contains(c.top, ir.Stmt(n)) {
		c.refuse(n, t)
		return n
	}
	var end ir.Stmt = &ir.Transaction{Kind: ir.CommitTransaction}
	if autocommit.Auto(c.p) {
		end = &ir.RawStmt{Text: "CALL " + c.p.HelperSchema() + ".autocommit()"}
		c.p.Unit.NeedHelper("autocommit")
	}
	return control.Take(c.p.Rule.Code, n, end, n)
}

func (c *cursors) atCommit(n *ir.Drop, t *catalog.Table, made []*ir.CreateTable) ir.Stmt {
	for _, m := range made {
		m.OnCommit = "drop"
		m.Made(c.p.Rule.Code)
	}
	c.p.Report(dropsAtCommit, n.Span, "table %s", t.Name)
	x := &ir.CommentStmt{Text: t.Name + " is dropped at the end of the transaction: its rows are fetched after the call"}
	x.Span = n.Span
	x.Made(c.p.Rule.Code)
	return x
}
