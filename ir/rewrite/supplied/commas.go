package supplied

import (
	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

// commas is COMMA_TO_TABLE (list, tablen, tab) or TABLE_TO_COMMA (tab, tablen, list) of DBMS_UTILITY: what it gives, and how many names there are.
func (r *run) commas(s *ir.Invocation, c *ir.Call) ir.Stmt {
	from, length, to := c.Args[0], c.Args[1], c.Args[2]
	table, helper := to, "dbms_utility_comma_to_table"
	if c.Name == "DBMS_UTILITY.TABLE_TO_COMMA" {
		table, helper = from, "dbms_utility_table_to_comma"
	}
	switch {
	case !r.inBody(s):
		rewrite.Refuse(r.Pass, unnamed, s.Span, "%s outside of a block", c.Name)
		return s
	case datatypes.SQL(r.Pass, table.TypeOf()) != "jsonb":
		rewrite.Refuse(r.Pass, unnamed, s.Span, "%s with a collection of this type", c.Name)
		return s
	case !apart(length, to) || !unchanged([]ir.Expr{from}, length, to):
		rewrite.Refuse(r.Pass, unnamed, s.Span, "%s with arguments that depend on each other or call routines", c.Name)
		return s
	}
	whole := r.Helper(helper, to, ir.Clone(from))
	whole.Type = to.TypeOf()
	count := r.Helper("dbms_utility_names", length, ir.Clone(table))
	count.Type = types.Int{Bits: 32}
	list := []ir.Stmt{control.Set(to, whole), control.Set(length, count)}
	for _, x := range list {
		v := x.(*ir.SetVar)
		v.Span, v.Items[0].Span = s.Span, s.Span
		v.Made(code)
	}
	return control.Take(code, s, list...)
}
