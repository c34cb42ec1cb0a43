package build

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/op"
	"godwit/ir/types"
)

// Citext is the name of the target's type that stands for case-insensitive collations by the policy citext: a value that has to compare so
// is of that type, or is cast to it.
const Citext = "citext"

// MayBeCitext is the name for values of which it is not known whether they are of that type or plain texts: columns of views, of stars and of
// records. They get a cast wherever it matters.
const MayBeCitext = "citext or text"

// Citext tells that case-insensitive texts are of a type of their own.
func (d *Deriver) Citext() bool { return d.P.Policy.Collations == Citext }

// Folds tells values that are, or may be, of the type citext.
func (x Derived) Folds() bool { return x.Name == Citext || x.Name == MayBeCitext }

// surely says of a value that was derived from texts of the type citext whether it is one itself: functions of the target give plain text.
func (d *Deriver) surely(e ir.Expr, x Derived) Derived {
	loose := Derived{Name: MayBeCitext, Strength: Implicit}
	switch e := e.(type) {
	case *ir.Collate, *ir.Inserted, *ir.Subquery, *ir.Case:
		return x
	case *ir.Name:
		switch r := e.Ref.(type) {
		case *ir.VarRef, *ir.ParamRef: // declared as text
			return byDefault
		case *ir.AliasRef, *ir.OutputRef:
			return x
		case *ir.RowRef:
			return x
		case *ir.ColumnRef:
			if r.Table != nil && r.Column != nil && (r.Table.Kind == catalog.BaseTable || r.Table.Kind == catalog.TempTable) {
				return x
			}
		}
		return loose
	case *ir.Cast:
		if t, ok := e.To.(types.Named); ok && t.Name == Citext {
			return x
		}
		return byDefault
	case *ir.Call:
		if e.Op == op.Coalesce || e.Op == op.IfNull {
			return x
		}
		return byDefault
	case *ir.TargetCall:
		if KeepsType(e.Name) {
			return x
		}
		return byDefault
	case *ir.Aggregate:
		if e.Op == op.Min || e.Op == op.Max {
			return x
		}
		return byDefault
	case *ir.String, *ir.Param, *ir.UserVar, *ir.SysVar, *ir.HelperCall, *ir.RoutineCall, *ir.Concat, *ir.TargetOp, *ir.ArrayExpr, *ir.Subscript, *ir.DateAdd:
		return byDefault
	}
	return loose
}

// KeepsType tells functions of the target whose result is of the type that their arguments have in common.
func KeepsType(function string) bool {
	switch function {
	case "coalesce", "nullif", "greatest", "least":
		return true
	}
	return false
}

// untyped tells literals that take the type of what they are compared with.
func untyped(e ir.Expr) bool {
	switch e.(type) {
	case *ir.String, *ir.Null:
		return true
	}
	return false
}

// common is Merge for types: beside a text, citext becomes text.
func (d *Deriver) common(list []ir.Expr) Derived {
	var others []ir.Expr
	out := Derived{Deterministic: true}
	for _, e := range list {
		if e == nil {
			continue
		}
		x := d.Derive(e)
		switch {
		case x.Folds() && out.Name != MayBeCitext:
			out = Derived{Name: x.Name, Strength: Implicit}
		case !x.Folds() && !untyped(e):
			others = append(others, e)
		}
	}
	if !out.Folds() {
		return d.merge(list)
	}
	if len(others) == 0 {
		return out
	}
	if m := d.merge(others); m.Strength > NoText {
		return m
	}
	return byDefault
}

// agreeTypes is Agree where case-insensitive texts are of the type citext: every operand is of it, or none.
func (d *Deriver) agreeTypes(c types.Collation, code string, ops []*ir.Expr) (done bool) {
	if d.Of(c, Implicit).Name != Citext {
		for _, o := range ops {
			if d.Derive(*o).Folds() {
				*o = d.PlainText(*o, code)
			}
		}
		return false
	}
	typed := false
	for _, o := range ops {
		switch x := d.Derive(*o); {
		case x.Name == Citext:
			typed = true
		case !untyped(*o):
			*o, typed = Collated(*o, ir.Qualified("", Citext), c, code), true
		}
	}
	if !typed && len(ops) > 0 {
		*ops[0] = Collated(*ops[0], ir.Qualified("", Citext), c, code)
	}
	return true
}

// PlainText makes a plain text of a value that may be of the type citext.
func (d *Deriver) PlainText(e ir.Expr, code string) ir.Expr {
	x := e
	switch c := e.(type) {
	case *ir.Collate:
		x = c.X
	case *ir.Cast:
		x = c.X
	}
	if x != e {
		if _, text := x.TypeOf().(types.Text); text && !d.Derive(x).Folds() {
			return x // it was cast to the type
		}
		if _, text := x.TypeOf().(types.Text); text {
			e = x
		}
	}
	return As(e, "text", e.TypeOf(), code)
}

// Lowered makes functions that compare texts by their characters ignore case, as the type citext does.
func (d *Deriver) Lowered(code string, ops ...*ir.Expr) {
	for _, o := range ops {
		x := *o
		if d.Derive(x).Folds() {
			x = d.PlainText(x, code)
		}
		*o = Call("lower", x, x.TypeOf(), code, x)
	}
}
