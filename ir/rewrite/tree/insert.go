package tree

import (
	"reflect"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// Row is what one row of an INSERT gives to each column; a column that takes no value is missing.
type Row map[*catalog.Column]ir.Expr

// Rows reads the rows of INSERT ... VALUES.
func Rows(i *ir.Insert, v *ir.Values) []Row {
	cols := i.Takes()
	out := make([]Row, len(v.Rows))
	for k, r := range v.Rows {
		out[k] = Row{}
		for j, e := range r.Items {
			if j < len(cols) && cols[j] != nil {
				out[k][cols[j]] = e
			}
		}
	}
	return out
}

// Clash says whether rows of an INSERT can meet existing rows through a key.
type Clash int

// Answers about a key.
const (
	Never   Clash = iota // a column is NULL, or a number that is generated
	Always               // all columns are given: rows can meet
	Unclear              // a default that is not known here, a prefix, or an expression takes part
)

// Clashes tells whether a row can meet an existing row through the key.
func Clashes(t *catalog.Table, k *catalog.Key, row Row) Clash {
	cols := KeyColumns(t, k)
	if cols == nil {
		return Unclear
	}
	answer := Always
	for _, c := range cols {
		e, given := row[c]
		switch {
		case given && IsNull(e):
			return Never
		case given && !IsDefault(e):
		case c.AutoIncrement:
			return Never
		case c.HasDefault || c.Generated != catalog.NotGenerated:
			answer = Unclear
		default:
			return Never
		}
	}
	return answer
}

// KeyMatch is the condition that a row of the table has the key of an inserted row. The columns are qualified when
// qualifier is not empty.
func KeyMatch(t *catalog.Table, k *catalog.Key, from ir.TableExpr, qualifier string, value func(*catalog.Column) ir.Expr) ir.Expr {
	var conds []ir.Expr
	for _, c := range KeyColumns(t, k) {
		conds = append(conds, Compare(ir.Eq, Column(t, c, from, qualifier), Stored(value(c), c.Type)))
	}
	return And(conds...)
}

// Keyed is a row as it is looked up by its keys: a number that is counted where NULL or 0 is given is that NULL, which meets nothing.
func Keyed(row Row) Row {
	out := Row{}
	for c, e := range row {
		out[c] = e
		x, ok := e.(*ir.TargetCall)
		if !ok || !c.AutoIncrement || x.Name != "coalesce" || len(x.Args) != 2 {
			continue
		}
		if n, ok := x.Args[1].(*ir.TargetCall); ok && n.Name == "nextval" {
			out[c] = x.Args[0]
		}
	}
	return out
}

// Stored is a value of the target as the column gives it back, for values that the store may round: the store's conversion is
// made where the value's form does not show that it changes nothing.
func Stored(e ir.Expr, t types.Type) ir.Expr {
	if e == nil || IsNull(e) || IsDefault(e) {
		return e
	}
	if n, ok := e.(*ir.Name); ok && n.Type != nil && reflect.DeepEqual(n.Type, t) {
		return e
	}
	if c, ok := e.(*ir.Cast); ok && c.Target && reflect.DeepEqual(c.To, t) {
		return e
	}
	switch t := t.(type) {
	case types.Int:
		switch x := e.(type) {
		case *ir.Number:
			if x.Kind == ir.IntNumber {
				return e
			}
		default:
			if _, ok := e.TypeOf().(types.Int); ok {
				return e
			}
		}
	case types.Decimal:
		if n, ok := unsigned(e).(*ir.Number); ok && n.Kind != ir.FloatNumber {
			if _, digits, _ := strings.Cut(n.Text, "."); len(digits) <= t.Scale {
				return e
			}
		}
		if _, ok := e.TypeOf().(types.Int); ok {
			return e
		}
	case types.Float:
		if t.Bits == 64 && Literal(e) {
			return e
		}
	case types.Date, types.DateTime, types.Timestamp, types.Time:
		if x, ok := e.(*ir.Temporal); ok && reflect.DeepEqual(x.Kind, t) {
			return e
		}
	default:
		return e
	}
	c := &ir.Cast{X: e, To: t, Target: true}
	c.Span, c.Type = e.Base().Span, t
	return c
}

func unsigned(e ir.Expr) ir.Expr {
	if u, ok := e.(*ir.Unary); ok && u.Op == ir.Neg {
		return u.X
	}
	return e
}

// Distinct tells that the literal keys of several rows differ from one another.
func Distinct(t *catalog.Table, k *catalog.Key, rows []Row) bool {
	seen := map[string]bool{}
	for _, row := range rows {
		if Clashes(t, k, row) == Never {
			continue
		}
		key := ""
		for _, c := range KeyColumns(t, k) {
			e := row[c]
			if e == nil || !Literal(e) {
				return false
			}
			key += literalText(e) + "\x00"
		}
		if key = strings.ToLower(key); seen[key] {
			return false
		}
		seen[key] = true
	}
	return true
}

func literalText(e ir.Expr) string {
	switch e := e.(type) {
	case *ir.Number:
		return e.Text
	case *ir.String:
		return strings.TrimRight(e.Value, " ")
	case *ir.Bytes:
		return string(e.Value)
	case *ir.Temporal:
		return e.Value
	case *ir.Unary:
		return "-" + literalText(e.X)
	}
	return ""
}

// Referenced tells whether a foreign key of any table refers to the table.
func Referenced(cat *catalog.Catalog, t *catalog.Table) bool {
	for _, o := range cat.Tables() {
		for _, f := range o.ForeignKeys {
			if strings.EqualFold(f.RefTable, t.Name) && (f.RefSchema == "" || strings.EqualFold(f.RefSchema, t.Schema)) {
				return true
			}
		}
	}
	return false
}

// Held tells whether a foreign key without an action on DELETE refers to the table.
func Held(cat *catalog.Catalog, t *catalog.Table) bool {
	for _, o := range cat.Tables() {
		for _, f := range o.ForeignKeys {
			action := strings.ToUpper(f.OnDelete)
			if strings.EqualFold(f.RefTable, t.Name) && (f.RefSchema == "" || strings.EqualFold(f.RefSchema, t.Schema)) && action != "CASCADE" && action != "SET NULL" {
				return true
			}
		}
	}
	return false
}

// Touches tells whether one of the assigned columns is part of one of the table's unique keys.
func Touches(t *catalog.Table, sets []*ir.Assign) bool {
	for _, k := range t.UniqueKeys() {
		for _, p := range k.Parts {
			for _, a := range sets {
				if r, ok := a.Column.Ref.(*ir.ColumnRef); ok && (p.Column == "" || strings.EqualFold(r.Column.Name, p.Column)) {
					return true
				}
			}
		}
	}
	return false
}

// RowID names the columns that tell the rows of a table apart: the primary key, or ctid.
func RowID(t *catalog.Table, from ir.TableExpr, qualifier string) []*ir.Name {
	if k := t.PrimaryKey(); k != nil && t.Kind != catalog.ViewTable {
		if cols := KeyColumns(t, k); cols != nil {
			out := make([]*ir.Name, len(cols))
			for i, c := range cols {
				out[i] = Column(t, c, from, qualifier)
			}
			return out
		}
	}
	return []*ir.Name{Output(qualifier, "ctid", nil)}
}

// Among is the condition that a row is among those of a query over the same columns.
func Among(id []*ir.Name, q ir.Query) ir.Expr {
	in := &ir.In{Query: q}
	in.Type = boolType
	if len(id) == 1 {
		in.X = id[0]
		return in
	}
	row := &ir.RowExpr{}
	for _, n := range id {
		row.Items = append(row.Items, n)
	}
	in.X = row
	return in
}

// Complete adds what columns take that are not given: defaults that are literals, and generated columns that are sums or products of
// what is given. Columns whose value is not known here stay missing.
func Complete(t *catalog.Table, row Row) Row {
	out := Row{}
	for c, e := range row {
		if !IsDefault(e) {
			out[c] = e
		}
	}
	for _, c := range t.Columns {
		if _, given := out[c]; given || c.Generated != catalog.NotGenerated || c.AutoIncrement {
			continue
		}
		if v := defaultOf(c); v != nil {
			out[c] = v
		}
	}
	for _, c := range t.Columns {
		if f, ok := c.Formula.(ir.Expr); ok && c.Generated != catalog.NotGenerated {
			if v := formula(t, f, out); v != nil {
				out[c] = v
			}
		}
	}
	return out
}

// DefaultOf is the value of a default that is known here: a literal, or NULL where the column may be NULL and has none; nil if not.
func DefaultOf(c *catalog.Column) ir.Expr {
	if c.AutoIncrement || c.Generated != catalog.NotGenerated {
		return nil
	}
	return defaultOf(c)
}

// defaultOf is the value of a default that is a plain literal of the column's kind.
func defaultOf(c *catalog.Column) ir.Expr {
	if !c.HasDefault {
		if c.Nullable {
			n := &ir.Null{}
			n.Type = c.Type
			return n
		}
		return nil
	}
	e, _ := c.Value.(ir.Expr)
	if u, ok := e.(*ir.Unary); ok && u.Op != ir.Neg {
		return nil
	}
	switch c.Type.(type) {
	case types.Int, types.Decimal:
		if n, ok := unsigned(e).(*ir.Number); !ok || n.Kind == ir.FloatNumber {
			return nil
		}
	case types.Text, types.Enum, types.Date, types.DateTime:
		if _, ok := e.(*ir.String); !ok {
			return nil
		}
	default:
		return nil
	}
	v := ir.Clone(e)
	v.SetType(c.Type)
	if s, ok := v.(*ir.String); ok {
		if e, ok := c.Type.(types.Enum); ok {
			for _, x := range e.Values {
				if strings.EqualFold(x, s.Value) {
					s.Value = x
				}
			}
		}
	}
	return v
}

// formula is the value of a generated column; nil for more than sums, differences and products of numbers.
func formula(t *catalog.Table, e ir.Expr, row Row) ir.Expr {
	number := types.Decimal{Precision: 65, Scale: 30}
	switch e := e.(type) {
	case *ir.Number:
		if e.Kind == ir.FloatNumber {
			return nil
		}
		return ir.Clone(e)
	case *ir.Name:
		c := t.Column(e.Parts[len(e.Parts)-1].Text)
		if c == nil || row[c] == nil || Volatile(row[c]) {
			return nil
		}
		if i, ok := c.Type.(types.Int); !ok || i.Unsigned {
			return nil
		}
		x := &ir.Cast{X: Stored(ir.Clone(row[c]), c.Type), To: types.Named{Name: "numeric"}, Target: true}
		x.Type, x.Span = number, row[c].Base().Span
		return x
	case *ir.Binary:
		if e.Op != ir.Add && e.Op != ir.Sub && e.Op != ir.Mul {
			return nil
		}
		l, r := formula(t, e.L, row), formula(t, e.R, row)
		if l == nil || r == nil {
			return nil
		}
		x := &ir.Binary{Op: e.Op, L: l, R: r}
		x.Type, x.Span = number, l.Base().Span
		return x
	}
	return nil
}

// KeysInOrder are the unique keys in the order in which the source looks at them: the primary key, those without NULLs, the others.
func KeysInOrder(t *catalog.Table) []*catalog.Key {
	var firm, loose []*catalog.Key
	for _, k := range t.UniqueKeys() {
		null := false
		for _, part := range k.Parts {
			c := t.Column(part.Column)
			null = null || c == nil || c.Nullable
		}
		if null {
			loose = append(loose, k)
		} else {
			firm = append(firm, k)
		}
	}
	return append(firm, loose...)
}
