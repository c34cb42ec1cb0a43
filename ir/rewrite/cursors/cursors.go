// Package cursors holds the rule for the form of cursors.
package cursors

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
)

const code = "PL0104"

var prepared = &diag.Code{
	ID: "PL0105", Title: "A cursor over a prepared statement", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "The statement of the cursor is only known at run time.",
	Next: "Declare the cursor for its query.", Each: 1,
}

// Rule is PL0104.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "cursors",
		Doc: `Before PostgreSQL 16 a bound cursor variable is also the name of its portal, so that two routines with a cursor of the same name
(or one that calls itself, or that ends without CLOSE and is called again) meet "cursor already in use"; on the source cursors are local.
So the cursor is declared as refcursor and its query stands at OPEN, which makes a portal with a name of its own.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY, v INT);",
			Source: "DELIMITER //\nCREATE PROCEDURE p() SQL SECURITY INVOKER BEGIN DECLARE c CURSOR FOR SELECT id FROM t; OPEN c; CLOSE c; END//",
			Target: "CREATE OR REPLACE PROCEDURE p()\nLANGUAGE plpgsql\nAS $$\nDECLARE\n  c refcursor;\nBEGIN\n  OPEN c FOR\n    SELECT id FROM t;\n  CLOSE c;\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{prepared},
		After:    map[string]string{"cursor-loop": "it looks at cursors as they were declared"},
		Looks:    ir.Kinds(ir.KindCursorDecl),
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				if control.IsProgram(s) {
					program(p, s)
				}
			}
		},
	}
}

func program(p *rewrite.Pass, s ir.Stmt) {
	ir.Walk(s, func(n ir.Node) bool {
		b, ok := n.(*ir.Block)
		if !ok {
			return true
		}
		for _, d := range b.Decls {
			c, ok := d.(*ir.CursorDecl)
			if !ok {
				continue
			}
			if c.Prepared != "" {
				rewrite.Refuse(p, prepared, c.Span, "cursor %s for the prepared statement %s", c.Name.Text, c.Prepared)
				return false
			}
			form(p, b, c)
		}
		return true
	})
}

// form makes a refcursor of a bound cursor, with its query at each OPEN.
func form(p *rewrite.Pass, b *ir.Block, c *ir.CursorDecl) {
	if c.Unbound || p.Target.AtLeast(16, 0) || len(c.Params) > 0 {
		return
	}
	opens := opensOf(b, c.Name.Text)
	if len(opens) == 0 {
		return
	}
	for i, o := range opens {
		o.Query = c.Query
		if i > 0 {
			o.Query = ir.CloneOwn(c.Query)
		}
		o.Made(code)
	}
	c.Unbound, c.Query = true, nil
	c.Made(code)
}

func opensOf(b *ir.Block, name string) []*ir.OpenCursor {
	var out []*ir.OpenCursor
	ir.Walk(b, func(n ir.Node) bool {
		if o, ok := n.(*ir.OpenCursor); ok && strings.EqualFold(o.Name, name) && o.Query == nil {
			out = append(out, o)
		}
		return true
	})
	return out
}
