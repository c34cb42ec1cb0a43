// Package comments turns COMMENT clauses into COMMENT ON statements.
package comments

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/define"
)

// Rule turns COMMENT clauses of tables and columns into statements.
var Rule = &rewrite.Rule{
	Code: "DD0150",
	Name: "comments",
	Doc:  "The comments of tables and columns become COMMENT ON statements behind the definition (PostgreSQL manual, COMMENT).",
	Examples: []rewrite.Example{{
		Source: "CREATE TABLE t (a INT COMMENT 'the key') COMMENT = 'all'",
		Target: "CREATE TABLE t (\n  a integer\n);\nCOMMENT ON TABLE t IS 'all';\nCOMMENT ON COLUMN t.a IS 'the key'",
	}},
	Fidelity: diag.Exact,
	Looks:    ir.Kinds(ir.HasComment),
	Run:      run,
}

func run(p *rewrite.Pass) {
	define.Tables(p, func(s *define.Site) {
		if s.Create != nil && s.Create.Comment != "" {
			s.Behind(&ir.CommentOn{Kind: "table", Name: s.Target(), Text: s.Create.Comment})
			s.Create.Comment = ""
		}
		renamed := map[*ir.ColumnDef]bool{} // the target's name of these is the old one until the statement has run
		if at, ok := s.Stmt.(*ir.AlterTable); ok {
			for _, a := range at.Actions {
				if a.Kind == "change column" && !strings.EqualFold(a.Old.Text, a.Column.Name.Text) {
					renamed[a.Column] = true
				}
			}
		}
		for _, c := range define.ColumnsOf(s.Stmt) {
			if c.Comment == "" {
				continue
			}
			name := c.Name
			if c.Object != nil && c.Object.Target != "" && !renamed[c] {
				name = ir.Ident{Text: c.Object.Target}
			}
			x := &ir.CommentOn{Kind: "column", Name: s.Target(), Column: name, Text: c.Comment}
			x.Span = c.Span
			s.Behind(x)
			c.Comment = ""
		}
	})
}
