package tree

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// Volatile tells whether evaluating an expression twice may give two values or has effects.
func Volatile(e ir.Node) bool {
	return ir.Find(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Call:
			i := op.Lookup(n.Op)
			return i == nil || i.Volatility == op.Volatile
		case *ir.HelperCall:
			return !build.Repeatable(n)
		case *ir.AssignExpr, *ir.RoutineCall, *ir.UnsupportedExpr:
			return true
		case *ir.TargetCall:
			return n.Name == "nextval" || !build.Repeatable(n)
		case *ir.NextValue:
			return !n.Previous
		case *ir.Now:
			return n.At == ir.AtCall
		}
		return false
	})
}

// HasAggregate tells whether an expression holds a plain aggregate of its own query.
func HasAggregate(e ir.Expr) bool {
	found := false
	ir.Walk(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case ir.Query:
			return false
		case *ir.Aggregate:
			if n.Over == nil {
				found = true
			}
		}
		return !found
	})
	return found
}

// HasWindow tells whether an expression holds a window function of its own query.
func HasWindow(e ir.Expr) bool {
	found := false
	ir.Walk(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case ir.Query:
			return false
		case *ir.Aggregate:
			if n.Over != nil {
				found = true
			}
		}
		return !found
	})
	return found
}

// Grouped tells whether a select makes groups: GROUP BY, or an aggregate in the list, HAVING or ORDER BY.
func Grouped(s *ir.Select) bool {
	if len(s.GroupBy) > 0 || s.Having != nil && HasAggregate(s.Having) {
		return true
	}
	for _, it := range s.Items {
		if HasAggregate(it.Expr) {
			return true
		}
	}
	for _, o := range s.OrderBy {
		if HasAggregate(o.Expr) {
			return true
		}
	}
	return false
}

// NotNull tells whether an expression of a query is known to be never NULL; s is nil outside a select.
func NotNull(e ir.Expr, s *ir.Select) bool {
	switch e := e.(type) {
	case *ir.Number, *ir.String, *ir.Bytes, *ir.Bool, *ir.Temporal, *ir.Now, *ir.Exists, *ir.IsNull, *ir.IsTruth:
		return true
	case *ir.Name:
		return notNullName(e, s)
	case *ir.BoolValue:
		return NotNull(e.X, s)
	case *ir.Truth:
		return NotNull(e.X, s)
	case *ir.Unary:
		return NotNull(e.X, s)
	case *ir.Binary:
		return NotNull(e.L, s) && NotNull(e.R, s)
	case *ir.Compare:
		return e.Op == ir.NullSafeEq || NotNull(e.L, s) && NotNull(e.R, s)
	case *ir.Concat:
		return all(e.Args, s)
	case *ir.Collate:
		return NotNull(e.X, s)
	case *ir.Cast:
		return e.Fail != ir.FailNull && NotNull(e.X, s)
	case *ir.Case:
		return notNullCase(e, s)
	case *ir.Aggregate:
		i := op.Lookup(e.Op)
		return i != nil && i.Nulls == op.NullNever
	case *ir.Call:
		return notNullCall(e, s)
	case *ir.TargetCall:
		return e.Name == "random" && len(e.Args) == 0
	}
	return false
}

func all(es []ir.Expr, s *ir.Select) bool {
	for _, e := range es {
		if !NotNull(e, s) {
			return false
		}
	}
	return true
}

func notNullCase(e *ir.Case, s *ir.Select) bool {
	for _, w := range e.Whens {
		if !NotNull(w.Then, s) {
			return false
		}
	}
	return e.Else != nil && NotNull(e.Else, s)
}

func notNullCall(e *ir.Call, s *ir.Select) bool {
	i := op.Lookup(e.Op)
	if i == nil {
		return false
	}
	if e.Op == op.Coalesce || e.Op == op.IfNull {
		return len(e.Args) > 0 && NotNull(e.Args[len(e.Args)-1], s)
	}
	return i.Nulls == op.NullNever
}

func notNullName(n *ir.Name, s *ir.Select) bool {
	switch r := n.Ref.(type) {
	case *ir.ColumnRef:
		return r.Column != nil && !r.Column.Nullable && r.From != nil && !nullable(r.From, s) && !(s != nil && s.Rollup)
	case *ir.RowRef:
		return r.Column != nil && !r.Column.Nullable
	case *ir.AliasRef:
		return r.Item != nil && NotNull(r.Item.Expr, s)
	case *ir.OutputRef:
		d, ok := r.From.(*ir.Derived)
		if !ok || nullable(r.From, s) || s != nil && s.Rollup {
			return false
		}
		in, ok := d.Query.(*ir.Select)
		if !ok || len(d.Columns) > 0 {
			return false
		}
		for _, it := range in.Items {
			if strings.EqualFold(itemName(it), r.Column) {
				return NotNull(it.Expr, in)
			}
		}
	}
	return false
}

func itemName(it *ir.SelectItem) string {
	if it.Alias.Text != "" {
		return it.Alias.Text
	}
	if n, ok := it.Expr.(*ir.Name); ok {
		return n.Parts[len(n.Parts)-1].Text
	}
	return it.Label
}

// nullable tells whether an item of FROM may give rows of NULLs: it is on the inner side of an outer join, or not in this query.
func nullable(t ir.TableExpr, s *ir.Select) bool {
	if s == nil {
		return false
	}
	for _, f := range s.From {
		if found, null := side(f, t); found {
			return null
		}
	}
	return true
}

func side(in, t ir.TableExpr) (found, null bool) {
	if in == t {
		return true, false
	}
	j, ok := in.(*ir.Join)
	if !ok {
		return false, false
	}
	if found, null = side(j.L, t); found {
		return true, null || j.Kind == ir.RightJoin || j.Kind == ir.FullJoin
	}
	if found, null = side(j.R, t); found {
		return true, null || j.Kind == ir.LeftJoin || j.Kind == ir.FullJoin
	}
	return false, false
}

// KeyColumns are the columns of a key without prefixes and expressions; nil if it has any.
func KeyColumns(t *catalog.Table, k *catalog.Key) []*catalog.Column {
	out := make([]*catalog.Column, 0, len(k.Parts))
	for _, p := range k.Parts {
		c := t.Column(p.Column)
		if p.Column == "" || p.Prefix > 0 || c == nil {
			return nil
		}
		out = append(out, c)
	}
	return out
}

// AutoIncrement is the table's AUTO_INCREMENT column, nil if it has none.
func AutoIncrement(t *catalog.Table) *catalog.Column {
	for _, c := range t.Columns {
		if c.AutoIncrement {
			return c
		}
	}
	return nil
}

// Mode tells whether the setting sql-mode names a flag; other is the answer where the setting is not given.
func Mode(settings map[string]string, flag string, other bool) bool {
	v, ok := settings["sql-mode"]
	if !ok {
		return other
	}
	for _, m := range strings.Split(v, ",") {
		if strings.EqualFold(strings.TrimSpace(m), flag) {
			return true
		}
	}
	return false
}

// Strict tells that the source refuses values that do not fit.
func Strict(settings map[string]string) bool {
	return Mode(settings, "STRICT_TRANS_TABLES", true) || Mode(settings, "STRICT_ALL_TABLES", false) || Mode(settings, "TRADITIONAL", false)
}

// Literal tells that an expression is a literal, with its sign.
func Literal(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Null, *ir.Number, *ir.String, *ir.Bytes, *ir.Bool, *ir.Temporal:
		return true
	case *ir.Unary:
		return e.Op == ir.Neg && Literal(e.X)
	}
	return false
}

// IsNull tells that an expression is the literal NULL.
func IsNull(e ir.Expr) bool { _, ok := e.(*ir.Null); return ok }

// IsDefault tells that an expression is the keyword DEFAULT.
func IsDefault(e ir.Expr) bool {
	d, ok := e.(*ir.Default)
	return ok && d.Column == nil
}

// IsZero tells that an expression is the literal 0.
func IsZero(e ir.Expr) bool {
	n, ok := e.(*ir.Number)
	return ok && strings.Trim(n.Text, "0.") == ""
}

// Default is the keyword DEFAULT.
func Default(t types.Type) *ir.Default {
	d := &ir.Default{}
	d.Type = t
	return d
}
