package builtins

import (
	"math"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// kind is what a number is on the target.
type kind int

const (
	unsure kind = iota // not known: an integer of any width, or a decimal
	small              // smallint
	integer
	wide // bigint
	decimal
	double
)

// whole tells an integer type of the target.
func (k kind) whole() bool { return k == small || k == integer || k == wide }

// kindOf is what a number that the rule has dealt with is on the target.
func kindOf(e ir.Expr) kind {
	if _, ok := e.TypeOf().(types.Float); ok {
		return double
	}
	switch e := e.(type) {
	case *ir.Number:
		return literalKind(e)
	case *ir.Name:
		return nameKind(e)
	case *ir.Unary:
		return kindOf(e.X)
	case *ir.Binary:
		return widest(kindOf(e.L), kindOf(e.R))
	case *ir.Div:
		return decimal
	case *ir.Mod:
		return widest(kindOf(e.L), kindOf(e.R))
	case *ir.Cast:
		return castKind(e)
	case *ir.Case:
		k := kind(-1)
		for _, w := range e.Whens {
			k = branch(k, w.Then)
		}
		if e.Else != nil {
			k = branch(k, e.Else)
		}
		return max(k, unsure)
	case *ir.TargetCall:
		return callKind(e)
	case *ir.HelperCall:
		return helperKind(e)
	case *ir.Call:
		if e.Op == op.OraExtract {
			return decimal
		}
	case *ir.Aggregate:
		return aggregateKind(e)
	case *ir.Subquery:
		if s, ok := e.Query.(*ir.Select); ok && len(s.Items) == 1 {
			return kindOf(s.Items[0].Expr)
		}
	case *ir.BoolValue:
		return integer
	case *ir.TargetOp:
		switch {
		case isDays(e):
			return integer
		case e.Op == "&":
			return wide
		}
	case *ir.RoutineCall:
		return declaredKind(e.Type)
	}
	return unsure
}

func branch(k kind, e ir.Expr) kind {
	if isNull(e) {
		return k
	}
	x := kindOf(e)
	if k < 0 || x == k {
		return x
	}
	return widest(k, x)
}

func widest(a, b kind) kind {
	if a == unsure || b == unsure {
		if a == double || b == double {
			return double
		}
		if a == decimal || b == decimal {
			return decimal
		}
		return unsure
	}
	return max(a, b)
}

func literalKind(n *ir.Number) kind {
	if n.Kind == ir.DecimalNumber || strings.ContainsAny(n.Text, ".eE") {
		return decimal
	}
	s := strings.TrimLeft(n.Text, "0")
	switch {
	case len(s) < 10 || len(s) == 10 && s <= "2147483647":
		return integer
	case len(s) < 19 || len(s) == 19 && s <= "9223372036854775807":
		return wide
	}
	return decimal
}

// heldKind is what the column is, if it is known.
func heldKind(c *catalog.Column, t types.Type) kind {
	switch {
	case c != nil && c.Counts():
		return wide
	case c != nil && c.Wide:
		return decimal
	}
	return columnKind(t)
}

// columnKind is what a column of the type is on the target.
func columnKind(t types.Type) kind {
	switch t := t.(type) {
	case types.Int:
		return integer
	case types.Float:
		return double
	case types.Decimal:
		switch {
		case !t.Integral():
			return decimal
		case t.Precision <= 4:
			return small
		case t.Precision <= 9:
			return integer
		}
		return wide
	}
	return unsure
}

// declaredKind is what a variable, parameter or result of the type is on the target: whole numbers are decimals there.
func declaredKind(t types.Type) kind {
	switch t.(type) {
	case types.Int:
		return integer
	case types.Float:
		return double
	case types.Decimal:
		return decimal
	}
	return unsure
}

func nameKind(n *ir.Name) kind {
	switch r := n.Ref.(type) {
	case *ir.ColumnRef:
		if r.Table != nil && r.Table.Kind != catalog.BaseTable {
			return unsure
		}
		return heldKind(r.Column, n.Type)
	case *ir.RowRef:
		return heldKind(r.Column, n.Type)
	case *ir.OutputRef:
		if r.Of != nil {
			return heldKind(r.Of, n.Type)
		}
		if x := outputOf(r); x != nil {
			return kindOf(x)
		}
	case *ir.VarRef, *ir.ParamRef:
		return declaredKind(n.Type)
	case *ir.FieldRef: // attributes have the type that they are declared with
		if _, object := r.Of.TypeOf().(types.Object); object {
			return declaredKind(n.Type)
		}
	case *ir.AliasRef:
		if r.Item != nil {
			return kindOf(r.Item.Expr)
		}
	}
	return unsure
}

// outputOf is the expression of a column of a query in FROM, nil if it is not known.
func outputOf(r *ir.OutputRef) ir.Expr {
	var q ir.Query
	switch f := r.From.(type) {
	case *ir.Derived:
		if len(f.Columns) > 0 {
			return nil
		}
		q = f.Query
	case *ir.TableFunc: // a series is of the type of its first number
		if c, ok := f.Call.(*ir.TargetCall); ok && c.Name == "generate_series" && f.Alias.Text == r.Column {
			return c.Args[0]
		}
		return nil
	case *ir.TableRef: // the first part of a common table expression decides
		if f.CTE == nil || len(f.CTE.Columns) > 0 {
			return nil
		}
		q = f.CTE.Query
		for u, ok := q.(*ir.SetOp); ok; u, ok = q.(*ir.SetOp) {
			q = u.L
		}
	}
	s, ok := q.(*ir.Select)
	if !ok {
		return nil
	}
	for _, it := range s.Items {
		name := it.Alias.Text
		if name == "" {
			if n, ok := it.Expr.(*ir.Name); ok && len(n.Parts) > 0 {
				name = n.Parts[len(n.Parts)-1].Text
			}
		}
		if name == r.Column {
			return it.Expr
		}
	}
	return nil
}

func castKind(c *ir.Cast) kind {
	if !c.Target {
		return unsure
	}
	switch t := c.To.(type) {
	case types.Named:
		switch t.Name {
		case "smallint":
			return small
		case "integer":
			return integer
		case "bigint":
			return wide
		case "double precision", "real":
			return double
		}
		if strings.HasPrefix(t.Name, "numeric") {
			return decimal
		}
	case types.Decimal:
		return decimal
	case types.Int:
		return integer
	}
	return unsure
}

func callKind(c *ir.TargetCall) kind {
	switch c.Name {
	case "length", "octet_length", "strpos", "regexp_instr", "regexp_count", "ascii", "grouping":
		return integer
	case "coalesce", "greatest", "least", "nullif":
		k := kind(-1)
		for _, a := range c.Args {
			k = branch(k, a)
			if c.Name == "nullif" {
				break
			}
		}
		return max(k, unsure)
	case "round", "trunc", "floor", "ceil", "sign":
		if len(c.Args) > 0 && isFloat(c.Args[0]) {
			return double
		}
		return decimal
	case "abs":
		return kindOf(c.Args[0])
	case "mod":
		return widest(kindOf(c.Args[0]), kindOf(c.Args[1]))
	case "div":
		return decimal
	}
	return unsure
}

// wholeHelpers are helper routines whose result is an integer.
var wholeHelpers = map[string]bool{"instr": true, "instrb": true, "regexp_instr": true, "regexp_count": true, "dbms_lob_instr": true, "dbms_lob_getlength": true, "dbms_lob_compare": true,
	"dbms_utility_get_time": true, "sqlcode": true}

func helperKind(h *ir.HelperCall) kind {
	if wholeHelpers[h.Name] {
		return integer
	}
	if types.IsNumeric(h.Type) {
		return decimal
	}
	return unsure
}

func aggregateKind(a *ir.Aggregate) kind {
	switch a.Op {
	case op.Count, op.RowNumber, op.Rank, op.DenseRank:
		return wide
	case op.NTile, op.Grouping, op.OraGroupingID:
		return integer
	case op.Sum:
		switch kindOf(a.Args[0]) {
		case small, integer:
			return wide
		case wide, decimal:
			return decimal
		}
	case op.Min, op.Max, op.Lag, op.Lead, op.FirstValue, op.LastValue, op.NthValue:
		return kindOf(a.Args[0])
	case op.Avg:
		return decimal
	}
	return unsure
}

// isDays tells a difference of dates, which is a number of days.
func isDays(e *ir.TargetOp) bool {
	if e.L == nil || e.R == nil || e.Op != "-" {
		return false
	}
	_, a := e.L.TypeOf().(types.Date)
	_, b := e.R.TypeOf().(types.Date)
	return a && b
}

// limit is the greatest absolute value that a number can have, infinite if that is not known.
func limit(e ir.Expr) float64 {
	switch x := e.(type) {
	case *ir.Number:
		v, err := strconv.ParseFloat(x.Text, 64)
		if err != nil {
			return math.Inf(1)
		}
		return v
	case *ir.Unary:
		return limit(x.X)
	case *ir.Binary:
		switch x.Op {
		case ir.Add, ir.Sub:
			return limit(x.L) + limit(x.R)
		case ir.Mul:
			return limit(x.L) * limit(x.R)
		}
	case *ir.Mod:
		return limit(x.R)
	case *ir.TargetOp:
		if isDays(x) {
			return 1e7
		}
	case *ir.Case:
		m := 0.0
		for _, w := range x.Whens {
			if !isNull(w.Then) {
				m = math.Max(m, limit(w.Then))
			}
		}
		if x.Else != nil && !isNull(x.Else) {
			m = math.Max(m, limit(x.Else))
		}
		return m
	case *ir.TargetCall:
		switch x.Name {
		case "length", "octet_length", "strpos", "regexp_instr", "regexp_count", "ascii":
			return 1 << 20
		case "coalesce", "greatest", "least":
			m := 0.0
			for _, a := range x.Args {
				if !isNull(a) {
					m = math.Max(m, limit(a))
				}
			}
			return m
		case "abs", "nullif":
			return limit(x.Args[0])
		}
	case *ir.HelperCall:
		if wholeHelpers[x.Name] && x.Name != "dbms_utility_get_time" {
			return 1 << 20
		}
	case *ir.Aggregate:
		switch x.Op {
		case op.Count, op.RowNumber, op.Rank, op.DenseRank, op.NTile:
			return 1e12
		case op.Grouping, op.OraGroupingID:
			return 1 << 20
		case op.Sum:
			return limit(x.Args[0]) * 1e9
		case op.Min, op.Max, op.FirstValue, op.LastValue, op.Lag, op.Lead, op.NthValue:
			return limit(x.Args[0])
		}
	case *ir.Name:
		if c := x.Column(); c != nil && c.Counts() {
			return math.MaxInt64
		}
		if r, ok := x.Ref.(*ir.OutputRef); ok && r.Of == nil {
			if in := outputOf(r); in != nil {
				return limit(in)
			}
		}
	}
	switch t := e.TypeOf().(type) {
	case types.Decimal:
		if t.Precision > 0 && t.Scale >= 0 {
			return math.Pow10(t.Precision-t.Scale) - 1
		}
	case types.Int:
		return 1 << 31
	}
	return math.Inf(1)
}

// fits tells that every result is in the range of an integer type of the target.
func (k kind) fits(v float64) bool {
	switch k {
	case small:
		return v < 1<<15
	case integer:
		return v < 1<<31
	case wide:
		return v < 9e18
	}
	return true
}

// numeric makes a decimal of the target of a number.
func numeric(e ir.Expr) ir.Expr {
	if kindOf(e) == decimal {
		return e
	}
	if n, ok := e.(*ir.Number); ok && n.Kind == ir.IntNumber {
		return build.As(n, "numeric", n.Type, code)
	}
	return build.As(e, "numeric", types.Decimal{}, code)
}

// argument makes a number fit for a helper routine that takes numeric, with a form for integer beside.
func argument(e ir.Expr) ir.Expr {
	switch kindOf(e) {
	case small:
		return build.As(e, "integer", e.TypeOf(), code)
	case double, unsure:
		if isNull(e) {
			return e
		}
		return build.As(e, "numeric", types.Decimal{}, code)
	}
	return e
}

// count makes an integer of the target of a number, cutting digits behind the point.
func count(e ir.Expr) ir.Expr {
	switch kindOf(e) {
	case small, integer:
		return e
	case wide:
		return build.As(e, "integer", types.Int{Bits: 32}, code)
	}
	if v, ok := build.IntLiteral(e); ok && v < 1<<31 {
		return e
	}
	return build.As(build.Call("trunc", e, e.TypeOf(), code, numeric(e)), "integer", types.Int{Bits: 32}, code)
}

// literalInt reads a whole number that is a literal with its sign.
func literalInt(e ir.Expr) (int64, bool) {
	if c, ok := e.(*ir.Cast); ok && c.Target {
		return literalInt(c.X)
	}
	return build.IntLiteral(e)
}
