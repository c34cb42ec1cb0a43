package handlers

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

// warns tells that evaluating the node itself may leave a warning on the source, where it raises no error: a value that is cut, rounded in
// a store, or read from a text that is none; a quotient by zero.
func warns(n ir.Node) bool {
	switch n := n.(type) {
	case *ir.Cast:
		return castWarns(n)
	case *ir.Div:
		return n.Zero != ir.ZeroError && !nonZero(n.R)
	case *ir.Mod:
		return n.Zero != ir.ZeroError && !nonZero(n.R)
	case *ir.Call:
		return !quietOps[n.Op]
	case *ir.Aggregate:
		return n.Op == op.GroupConcat || n.Op == op.JSONObjectAgg
	case *ir.SetItem:
		return n.Value != nil && rounded(n.Target.TypeOf(), n.Value.TypeOf())
	case *ir.VarDecl:
		return n.Default != nil && rounded(n.Type, n.Default.TypeOf())
	case *ir.SelectInto:
		q, ok := n.Query.(*ir.Select)
		for i, e := range control.Into(n.Query) {
			if !ok || i >= len(q.Items) || rounded(e.TypeOf(), q.Items[i].Expr.TypeOf()) {
				return true
			}
		}
	case *ir.FetchCursor:
		for _, e := range n.Into {
			if _, dec := e.TypeOf().(types.Decimal); dec {
				return true
			}
		}
	case *ir.GetDiagnostics:
		return n.Cleared && n.Condition != nil
	case *ir.AssignExpr, *ir.HelperCall, *ir.TargetCall, *ir.UnsupportedExpr, *ir.JSONTable, *ir.Regexp, *ir.RawStmt,
		*ir.CreateTable, *ir.AlterTable, *ir.CreateIndex, *ir.CreateView, *ir.LockTables, *ir.Prepare:
		return true
	}
	return false
}

func nonZero(e ir.Expr) bool {
	n, ok := ir.Bare(e).(*ir.Number)
	if !ok {
		return false
	}
	for _, c := range n.Text {
		if c >= '1' && c <= '9' {
			return true
		}
	}
	return false
}

// rounded tells that a number loses digits in a DECIMAL, which leaves a note.
func rounded(to, from types.Type) bool {
	t, ok := to.(types.Decimal)
	if !ok {
		return false
	}
	switch f := from.(type) {
	case types.Int, types.Bool, types.Null:
		return false
	case types.Decimal:
		return f.Precision == 0 || f.Scale > t.Scale
	}
	return true
}

func castWarns(c *ir.Cast) bool {
	from := c.X.TypeOf()
	if _, null := from.(types.Null); null {
		return false
	}
	if c.Store && rounded(c.To, from) {
		return true
	}
	switch t := c.To.(type) {
	case types.Text:
		f, text := from.(types.Text)
		return t.N > 0 && c.TooLong == ir.CutLong && !(text && f.N > 0 && f.N <= t.N)
	case types.Int, types.Float, types.Decimal:
		if types.IsNumeric(from) || types.IsTemporal(from) {
			return c.Store && c.Fail != ir.FailError
		}
	}
	return c.Fail != ir.FailError && !types.IsTemporal(from)
}

// quietOps are functions that leave no warning, whatever their arguments are.
var quietOps = map[op.Op]bool{
	op.Coalesce: true, op.IfNull: true, op.NullIf: true, op.Greatest: true, op.Least: true, op.LastInsertID: true, op.RowCount: true,
	op.Abs: true, op.Ceil: true, op.Floor: true, op.Round: true, op.Truncate: true, op.Sign: true, op.Rand: true, op.Pi: true,
	op.ASCII: true, op.Ord: true, op.BitLength: true, op.OctetLength: true, op.CharLength: true, op.ConcatWS: true, op.Elt: true, op.Field: true,
	op.FindInSet: true, op.Instr: true, op.Locate: true, op.Left: true, op.Right: true, op.Lower: true, op.Upper: true, op.LTrim: true, op.RTrim: true,
	op.Trim: true, op.Replace: true, op.Reverse: true, op.Strcmp: true, op.Substring: true, op.SubstringIndex: true, op.Hex: true, op.MD5: true, op.SHA1: true,
	op.UUID: true, op.ConnectionID: true, op.CurrentUser: true, op.SessionUser: true, op.CurrentSchema: true, op.Version: true,
}

// checkLabels reports stores whose error is a warning to the handlers of the source.
func (r *run) checkLabels(s ir.Stmt, sc *scope) {
	for x := sc; x != nil; x = x.parent {
		if len(x.own) == 0 {
			continue
		}
		if sc.takes(control.Data|control.Warning) && ir.Find(s, mayMissLabel) {
			r.tell(badLabel, s, "a value that the ENUM or SET does not have runs a handler for SQLEXCEPTION here; on the source it runs one for SQLWARNING")
		}
		if sc.takes(control.Data|control.Warning) && ir.Find(s, mayBeNoDouble) {
			r.tell(badDouble, s, "a text that is no number runs a handler for SQLEXCEPTION here; on the source it runs one for SQLWARNING")
		}
		return
	}
}

// takes tells that a handler of the scope, or of one around it, takes one of the kinds.
func (sc *scope) takes(k control.Kinds) bool { return (sc.handles()|sc.around())&k != 0 }

// mayBeNoDouble tells a text that goes into a FLOAT or DOUBLE and may be no number.
func mayBeNoDouble(n ir.Node) bool {
	switch n := n.(type) {
	case *ir.HelperCall:
		return n.Name == "stored_float"
	case *ir.Cast:
		_, double := n.To.(types.Float)
		_, text := n.X.TypeOf().(types.Text)
		return double && text && n.Tight && n.Fail == ir.FailError
	}
	return false
}

// checkNumber reports rows under handlers that may fail before the source gives them a number.
func (r *run) checkNumber(s ir.Stmt, sc *scope) {
	n, ok := s.(*ir.Insert)
	if !ok || n.Table == nil || n.Table.Table == nil || sc.errorsAround() == 0 {
		return
	}
	c := tree.AutoIncrement(n.Table.Table)
	given := c == nil || len(n.Columns) == 0
	for _, x := range n.Columns {
		if ref, ok := x.Ref.(*ir.ColumnRef); ok && ref.Column == c {
			given = true
		}
	}
	if given {
		return
	}
	d := declares(n)
	if d.missing || signals(r.p, n) || ir.Find(n, func(x ir.Node) bool { e, ok := x.(ir.Expr); return ok && control.OfExpr(e) != 0 }) || mayBeNull(n) {
		r.tell(failedNumber, n, "a row that fails here takes a number of %s on the target, and may take none on the source", n.Table.Table.Name)
	}
}

// mayBeNull tells that a column which takes no NULL may be given one.
func mayBeNull(n *ir.Insert) bool {
	v, ok := n.Source.(*ir.Values)
	for _, c := range n.Columns {
		if ref, is := c.Ref.(*ir.ColumnRef); is && ref.Column != nil && !ref.Column.Nullable {
			return !ok || ir.Find(v, func(x ir.Node) bool {
				switch x.(type) {
				case *ir.Null, *ir.Name, *ir.Subquery, *ir.RoutineCall, *ir.Call:
					return true
				}
				return false
			})
		}
	}
	return false
}

// errorsAround is the set of kinds of errors that handlers of the scope and outside of it take.
func (sc *scope) errorsAround() control.Kinds {
	if sc == nil {
		return 0
	}
	return (sc.handles() | sc.around()) & control.Errors
}

// mayMissLabel tells a value made one of an ENUM or SET, unless it is a literal that is one.
func mayMissLabel(n ir.Node) bool {
	c, ok := n.(*ir.Cast)
	if !ok || isNull(c.X) {
		return false
	}
	var values, parts []string
	lit, text := c.X.(*ir.String)
	switch t := c.To.(type) {
	case types.Enum:
		values = t.Values
		if text {
			parts = []string{lit.Value}
		}
	case types.Set:
		values = t.Values
		if text && lit.Value != "" {
			parts = strings.Split(lit.Value, ",")
		}
	default:
		return false
	}
	if !text {
		return true
	}
	for _, p := range parts {
		if !slices.ContainsFunc(values, func(v string) bool { return equalFold(v, p) }) {
			return true
		}
	}
	return false
}
