// Package define is what the rules for definitions share: visiting the columns of CREATE and ALTER TABLE, putting statements
// before and behind a definition, and small constructors of target expressions.
package define

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/source"
	"godwit/ir/types"
)

// Site is a definition that a rule works on, with the statements that the rule puts around it.
type Site struct {
	Pass *rewrite.Pass
	// Stmt is the CREATE TABLE or ALTER TABLE, Table the catalog's table (nil if unknown).
	Stmt  ir.Stmt
	Table *catalog.Table
	Name  ir.QName // as written
	// Create is Stmt if it is a CREATE TABLE, nil otherwise.
	Create *ir.CreateTable
	before []ir.Stmt
	after  []ir.Stmt
}

// Before puts a statement before the definition, Behind one behind it.
func (s *Site) Before(x ir.Stmt) { s.before = append(s.before, s.made(x)) }

// Behind puts a statement behind the definition.
func (s *Site) Behind(x ir.Stmt) { s.after = append(s.after, s.made(x)) }

func (s *Site) made(x ir.Stmt) ir.Stmt {
	m := x.Base()
	if !m.Span.IsValid() {
		m.Span = s.Stmt.Base().Span
	}
	if s.Pass.Rule != nil {
		m.Made(s.Pass.Rule.Code)
	}
	return x
}

// Temporary tells that the table lives in the session only.
func (s *Site) Temporary() bool {
	return s.Create != nil && s.Create.Temporary || s.Table != nil && s.Table.Kind == catalog.TempTable
}

// Ref refers to the table.
func (s *Site) Ref() *ir.TableRef {
	r := &ir.TableRef{Name: s.Name, Table: s.Table}
	r.Span = s.Stmt.Base().Span
	return r
}

// Target is the table's name on the target, with its schema unless it is temporary.
func (s *Site) Target() ir.QName {
	t := s.Table
	switch {
	case t != nil && t.Kind == catalog.TempTable && t.Target == "":
		return ir.Qualified("", s.Name.Name())
	case t == nil || t.Target == "":
		return s.Name
	case t.Kind == catalog.TempTable:
		return ir.Qualified("", t.Target)
	}
	return ir.Qualified(t.TargetSchema, t.Target)
}

// TargetName is the last part of Target in lower case: the start of the names of its parts.
func (s *Site) TargetName() string { return strings.ToLower(s.Target().Name()) }

// Beside is the name of another object in the table's schema.
func (s *Site) Beside(name string) ir.QName { return ir.Qualified(s.Target().Schema(), name) }

// Column is the column as a value.
func (s *Site) Column(c *ir.ColumnDef) *ir.Name {
	n := &ir.Name{Parts: []ir.Ident{c.Name}}
	n.Span, n.Type = c.Span, c.Type
	if c.Object != nil && s.Table != nil {
		n.Ref = &ir.ColumnRef{Table: s.Table, Column: c.Object}
	}
	return n
}

// Tables visits every CREATE TABLE and ALTER TABLE of the unit.
func Tables(p *rewrite.Pass, f func(*Site)) {
	p.Statements(func(n ir.Node) ir.Node {
		switch st := n.(type) {
		case *ir.CreateTable:
			return visit(&Site{Pass: p, Stmt: st, Table: st.Object, Name: st.Name, Create: st}, f)
		case *ir.AlterTable:
			return visit(&Site{Pass: p, Stmt: st, Table: st.Table.Table, Name: st.Table.Name}, f)
		}
		return n
	})
}

func visit(s *Site, f func(*Site)) ir.Node {
	f(s)
	if len(s.before) == 0 && len(s.after) == 0 {
		return s.Stmt
	}
	return &ir.Splice{Stmts: append(append(s.before, s.Stmt), s.after...)}
}

// Columns visits every column definition of CREATE TABLE and ALTER TABLE.
func Columns(p *rewrite.Pass, f func(*Site, *ir.ColumnDef)) {
	Tables(p, func(s *Site) {
		for _, c := range ColumnsOf(s.Stmt) {
			f(s, c)
		}
	})
}

// ColumnsOf lists the column definitions of a CREATE TABLE or ALTER TABLE.
func ColumnsOf(s ir.Stmt) []*ir.ColumnDef {
	switch s := s.(type) {
	case *ir.CreateTable:
		return s.Columns
	case *ir.AlterTable:
		var out []*ir.ColumnDef
		for _, a := range s.Actions {
			if a.Column != nil {
				out = append(out, a.Column)
			}
		}
		return out
	}
	return nil
}

// AddCheck adds a constraint to a column.
func (s *Site) AddCheck(c *ir.ColumnDef, e ir.Expr) {
	k := &ir.CheckDef{Expr: e}
	k.Span = c.Span
	if s.Pass.Rule != nil {
		k.Made(s.Pass.Rule.Code)
	}
	c.Checks = append(c.Checks, k)
}

// Num is a whole number that fits the type, negative ones as the negation of a literal.
func Num(text string) ir.Expr {
	neg := strings.HasPrefix(text, "-")
	n := &ir.Number{Text: strings.TrimPrefix(text, "-")}
	n.Type = types.Int{Bits: 64}
	if strings.ContainsAny(text, ".") {
		n.Kind, n.Type = ir.DecimalNumber, types.Decimal{}
	}
	if !neg {
		return n
	}
	u := &ir.Unary{Op: ir.Neg, X: n}
	u.Type = n.Type
	return u
}

// Quoted is a name as text of the target reads it, each part in quotes.
func Quoted(q ir.QName) string {
	parts := make([]string, len(q.Parts))
	for i, x := range q.Parts {
		parts[i] = `"` + strings.ReplaceAll(x.Text, `"`, `""`) + `"`
	}
	return strings.Join(parts, ".")
}

// Str is a character literal of no particular type.
func Str(s string) *ir.String {
	x := &ir.String{Value: s}
	x.Type = types.Text{}
	return x
}

// Call calls a function of the target.
func Call(name string, t types.Type, args ...ir.Expr) *ir.TargetCall {
	c := &ir.TargetCall{Name: name, Args: args}
	c.Type = t
	return c
}

// Op is an operator of the target.
func Op(l ir.Expr, o string, r ir.Expr, t types.Type) *ir.TargetOp {
	x := &ir.TargetOp{Op: o, L: l, R: r}
	x.Type = t
	return x
}

// Compare compares two values.
func Compare(l ir.Expr, o ir.CompareOp, r ir.Expr) *ir.Compare {
	c := &ir.Compare{Op: o, L: l, R: r}
	c.Type = types.Bool{}
	return c
}

// Between is x BETWEEN lo AND hi.
func Between(x, lo, hi ir.Expr) *ir.Between {
	b := &ir.Between{X: x, Lo: lo, Hi: hi}
	b.Type = types.Bool{}
	return b
}

// Or joins two predicates.
func Or(l, r ir.Expr) *ir.Binary {
	b := &ir.Binary{Op: ir.Or, L: l, R: r}
	b.Type = types.Bool{}
	return b
}

// Cast is the target's own cast.
func Cast(x ir.Expr, t types.Type) *ir.Cast {
	c := &ir.Cast{X: x, To: t, Target: true}
	c.Type = t
	return c
}

// At copies the place in the source from a node to what a rule makes of it.
func At[T ir.Node](n T, span source.Span, code string) T {
	m := n.Base()
	m.Span = span
	m.Made(code)
	return n
}

// bins are the units of the precisions that date_trunc has no word for.
var bins = map[int]string{1: "100 milliseconds", 2: "10 milliseconds", 4: "100 microseconds", 5: "10 microseconds"}

// Now is the start of the statement with its fraction cut, as a column takes it from CURRENT_TIMESTAMP: the target would round it.
// The value is an instant, which an assignment to a column without zone shows in the session's zone. ok is false for other
// kinds of "now".
func Now(n *ir.Now) (x ir.Expr, ok bool) {
	if _, moment := n.Kind.(types.DateTime); !moment || n.At != ir.AtStatement || n.Zone != ir.SessionZone {
		return n, false
	}
	t := types.Timestamp{Precision: n.Precision}
	now := Call("statement_timestamp", types.Timestamp{Precision: 6})
	now.Span = n.Span
	switch n.Precision {
	case 0:
		return Call("date_trunc", t, Str("second"), now), true
	case 3:
		return Call("date_trunc", t, Str("milliseconds"), now), true
	case 6:
		return now, true
	}
	return Call("date_bin", t, Str(bins[n.Precision]), now, Str("epoch")), bins[n.Precision] != ""
}

// Literal finds the literal under conversions that the resolver inserted; neg tells that it is negated.
func Literal(e ir.Expr) (lit ir.Expr, neg bool) {
	for {
		switch x := e.(type) {
		case *ir.Cast:
			if !x.Implicit {
				return nil, false
			}
			e = x.X
		case *ir.Unary:
			if x.Op != ir.Neg {
				return nil, false
			}
			neg = !neg
			e = x.X
		case *ir.Null, *ir.Number, *ir.String, *ir.Bytes, *ir.Bool, *ir.Temporal:
			return x, neg
		default:
			return nil, false
		}
	}
}
