// Package unraised holds the rule for errors of Oracle that the target does not raise, and for blanks that it does not keep.
package unraised

import (
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "PL0506"

var (
	closed = &diag.Code{
		ID: "PL0507", Title: "An attribute of a cursor that may not be open", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `%FOUND, %NOTFOUND and %ROWCOUNT of a cursor that is not open raise INVALID_CURSOR (PL/SQL Language Reference, "Named Cursor Attribute"). On the target they tell what they told before CLOSE, or NULL.
Assumed: the attribute is not read there.`,
		Next: "Ask %ISOPEN first, or read the attribute before CLOSE.", Each: 0.1,
	}
	endless = &diag.Code{
		ID: "QY0362", Title: "A recursion that comes back to a row", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  `A recursive query without a CYCLE clause that comes back to a row is ORA-32044 (SQL Language Reference, "subquery_factoring_clause"); on the target it does not end. Assumed: the rows that the recursion follows have no cycle.`,
		Next: "Add a CYCLE clause, or set statement_timeout.", Each: 0.1,
	}
	joined = &diag.Code{
		ID: "QY0363", Title: "MERGE updates a column of its ON condition", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  `Columns of the ON condition cannot be updated: ORA-38104 (SQL Language Reference, "MERGE"). The target would update them.`,
		Next: "Leave the column out of the update; the statement never ran on the source.", Each: 0.2,
	}
	nullField = &diag.Code{
		ID: "TY0580", Title: "A field of a record that cannot be NULL", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  `NULL for a field that is declared NOT NULL raises VALUE_ERROR (PL/SQL Language Reference, "Record Variable Declaration"). Fields of composite types take NULL on the target. Assumed: nobody assigns it.`,
		Next: "Test the value before it is assigned.", Each: 0.1,
	}
	blanks = &diag.Code{
		ID: "TY0581", Title: "A CHAR is fetched into a VARCHAR2", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  `A CHAR that is fetched into a VARCHAR2 keeps its blanks (PL/SQL Language Reference, "CHAR and VARCHAR2 Variables"). On the target the blanks of a char(n) fall away where it becomes a text.`,
		Next: "Trim the value on both sides, or pad it with rpad.", Each: 0.2,
	}
)

// Rule is PL0506.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "unraised",
		Doc: `Errors that the target does not raise are told: attributes of closed cursors, recursions without an end, NULL in fields that are NOT NULL, and MERGE that updates a column of its condition. A table that stands in FROM twice gets an alias. A CHAR that a cursor
or a record hands to a VARCHAR2 keeps its blanks by a cast in the query (PL/SQL Language Reference, "CHAR and VARCHAR2 Variables").`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Setup: "CREATE TABLE t (c CHAR(3));",
				Source: "CREATE FUNCTION f RETURN VARCHAR2 AUTHID CURRENT_USER IS\n  CURSOR k IS SELECT c FROM t;\n  v VARCHAR2(9);\nBEGIN\n  OPEN k;\n  FETCH k INTO v;\n  CLOSE k;\n  RETURN v;\nEND;\n/",
				Target: "CREATE OR REPLACE FUNCTION f()\nRETURNS text\nLANGUAGE plpgsql\nAS $$\nDECLARE\n  k refcursor;\n  v varchar(9);\n  next_v varchar(9);\nBEGIN\n  OPEN k FOR\n    SELECT rpad(c, 3) FROM t;\n  FETCH k INTO next_v;\n  IF found THEN\n    v := next_v;\n  END IF;\n  CLOSE k;\n  RETURN v;\nEND;\n$$;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{closed, endless, joined, nullField, blanks},
		Looks:    ir.Kinds(ir.KindCursorAttr, ir.KindWith, ir.KindMerge, ir.KindTypeDecl, ir.KindFetchCursor, ir.KindSelectInto, ir.KindSelect),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	if !p.Unit.PLSQL {
		return
	}
	for _, s := range p.Unit.Stmts {
		c := &cursors{p: p}
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Select:
				twice(n)
			case *ir.With:
				recursions(p, n)
			case *ir.Merge:
				merge(p, n)
			case *ir.TypeDecl:
				for _, f := range n.Fields {
					if f.NotNull {
						p.Report(nullField, f.Span, "field %s of %s", f.Name.Text, n.Name.Text)
					}
				}
			case *ir.SelectInto:
				record(n)
			default:
				c.look(n)
			}
			return !p.Refused()
		})
		c.settle()
	}
}

// twice gives a table that stands in FROM again without an alias a name: no column of it is named.
func twice(q *ir.Select) {
	seen := map[string]bool{}
	for _, f := range q.From {
		t, ok := f.(*ir.TableRef)
		if !ok {
			continue
		}
		name := tree.NameOf(t)
		for n := 2; seen[name]; n++ {
			name = tree.NameOf(t) + "_" + strconv.Itoa(n)
		}
		if name != tree.NameOf(t) {
			t.Alias = ir.Ident{Text: name}
		}
		seen[name] = true
	}
}

// recursions tells of recursive members that follow the rows of another table, which may lead back.
func recursions(p *rewrite.Pass, w *ir.With) {
	for _, c := range w.CTEs {
		if c.Cycle != nil || c.Query == nil {
			continue
		}
		ir.Walk(c.Query, func(n ir.Node) bool {
			s, ok := n.(*ir.Select)
			if !ok {
				return true
			}
			own, others := false, 0
			for _, f := range s.From {
				ir.Walk(f, func(x ir.Node) bool {
					switch x := x.(type) {
					case *ir.TableRef:
						if x.CTE == c {
							own = true
						} else {
							others++
						}
					case *ir.Derived:
						others++
						return false
					}
					return true
				})
			}
			if own && others > 0 {
				p.Report(endless, s.Span, "%s follows rows without CYCLE", c.Name.Text)
			}
			return true
		})
	}
}

// merge refuses what is an error on the source: a column of ON among those that are updated.
func merge(p *rewrite.Pass, m *ir.Merge) {
	if m.Update == nil || m.On == nil {
		return
	}
	asked := map[*catalog.Column]bool{}
	ir.Walk(m.On, func(n ir.Node) bool {
		if x, ok := n.(*ir.Name); ok {
			if r, ok := x.Ref.(*ir.ColumnRef); ok && r.From == m.Into {
				asked[r.Column] = true
			}
		}
		return true
	})
	for _, a := range m.Update.Sets {
		for _, n := range append([]*ir.Name{a.Column}, a.Columns...) {
			if n == nil {
				continue
			}
			if r, ok := n.Ref.(*ir.ColumnRef); ok && asked[r.Column] {
				rewrite.Refuse(p, joined, a.Span, "ORA-38104: column %s is in the ON condition", n.Parts[len(n.Parts)-1].Text)
				return
			}
		}
	}
}

// record pads the CHARs of a query that go into VARCHAR2 fields of one record, or VARCHAR2 variables.
func record(n *ir.SelectInto) {
	q, ok := n.Query.(*ir.Select)
	if !ok || q.Bulk {
		return
	}
	pad(q.Items, targets(q.Into))
}

// targets are the types of what a row goes into: of the fields, where it is one record.
func targets(into []ir.Expr) []types.Type {
	var out []types.Type
	for _, t := range into {
		out = append(out, t.TypeOf())
	}
	if len(out) == 1 {
		if r, ok := out[0].(types.Record); ok && r.RecordDecl != nil {
			out = nil
			for _, f := range r.Fields {
				out = append(out, f.Type)
			}
		}
	}
	return out
}

// lost tells a CHAR that goes into a VARCHAR2.
func lost(it *ir.SelectItem, to types.Type) bool {
	if _, cast := it.Expr.(*ir.Cast); cast {
		return false
	}
	from, ok := it.Expr.TypeOf().(types.Text)
	t, text := to.(types.Text)
	return ok && from.Fixed && from.N > 0 && text && !t.Fixed
}

func pad(items []*ir.SelectItem, to []types.Type) {
	if len(items) != len(to) {
		return
	}
	for i, it := range items {
		if lost(it, to[i]) {
			c := &ir.Cast{X: it.Expr, To: to[i], TooLong: ir.ErrorLong, Fail: ir.FailError, Implicit: true}
			c.Span, c.Type = it.Expr.Base().Span, to[i]
			it.Expr = c
		}
	}
}

// cursors are the declared cursors of a program, where they are fetched, and what is asked of them.
type cursors struct {
	p       *rewrite.Pass
	decls   map[string]*ir.CursorDecl
	fetches map[string][]*ir.FetchCursor
	loops   map[string]bool // something else reads the rows
	reads   []*ir.CursorAttr
	shut    map[string]bool
	handled bool
}

func (c *cursors) look(n ir.Node) {
	if c.decls == nil {
		c.decls, c.fetches, c.loops, c.shut = map[string]*ir.CursorDecl{}, map[string][]*ir.FetchCursor{}, map[string]bool{}, map[string]bool{}
	}
	switch n := n.(type) {
	case *ir.CursorDecl:
		c.decls[n.Name.Text] = n
	case *ir.FetchCursor:
		c.fetches[n.Name] = append(c.fetches[n.Name], n)
	case *ir.CloseCursor:
		c.shut[n.Name] = true
	case *ir.Loop:
		if n.CursorName != "" {
			c.loops[n.CursorName] = true
		}
	case *ir.VarDecl:
		if r, ok := n.Type.(types.Record); ok && r.RecordDecl != nil {
			for name := range c.decls {
				if strings.Contains(strings.ToUpper(r.Name), name) {
					c.loops[name] = true // a row of the cursor, with its CHARs
				}
			}
		}
	case *ir.Catch:
		for _, s := range n.States {
			c.handled = c.handled || s == "invalid_cursor_name"
		}
	case *ir.CursorAttr:
		if n.Cursor != nil && n.Name != "ISOPEN" {
			c.reads = append(c.reads, n)
		}
	}
}

func (c *cursors) settle() {
	if c.handled {
		for _, a := range c.reads {
			n, ok := a.Cursor.(*ir.Name)
			if ok && c.decls[n.Parts[len(n.Parts)-1].Text] != nil {
				continue // told by the cursor's own flag
			}
			if ok {
				if _, own := n.Ref.(*ir.VarRef); own {
					continue // it, too, or told to be shared with other routines
				}
			}
			c.p.Report(closed, a.Span, "%%%s", a.Name)
		}
	}
	for name, d := range c.decls {
		q, ok := d.Query.(*ir.Select)
		if !ok {
			continue
		}
		c.fetched(q, c.fetches[name], c.loops[name])
	}
}

// fetched pads the CHARs of a cursor that all of its FETCHes put into VARCHAR2.
func (c *cursors) fetched(q *ir.Select, list []*ir.FetchCursor, others bool) {
	for i, it := range q.Items {
		lose, keep := 0, 0
		var to types.Type
		for _, f := range list {
			t := targets(f.Into)
			switch {
			case f.Bulk || len(t) != len(q.Items):
				keep++
			case lost(it, t[i]):
				lose++
				to = t[i]
			default:
				keep++
			}
		}
		if lose == 0 {
			continue
		}
		if keep > 0 || others {
			c.p.Report(blanks, it.Expr.Base().Span, "the blanks of the CHAR are lost")
			continue
		}
		pad([]*ir.SelectItem{it}, []types.Type{to})
	}
}
