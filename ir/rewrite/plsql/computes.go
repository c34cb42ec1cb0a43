package plsql

import (
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/types"
)

const computesKey = "functions that compute"

// NoteComputing keeps in the session which functions of a unit are DETERMINISTIC and only compute. It looks at them before rules change them:
// functions behind them may call them, and indexes and virtual columns of units before them.
func NoteComputing(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		ir.WalkStatements(s, func(n ir.Node) bool {
			r, ok := n.(*ir.Routine)
			if ok && r.Deterministic && r.Object != nil && r.Kind == catalog.Function && r.Body != nil && computes(p, r) {
				m, _ := p.Session.Values[computesKey].(map[*catalog.Routine]bool)
				if m == nil {
					m = map[*catalog.Routine]bool{}
					p.Session.Values[computesKey] = m
				}
				m[r.Object] = true
			}
			return true
		})
	}
}

// Computes tells that a function always gives the same for the same arguments.
func Computes(p *rewrite.Pass, r *catalog.Routine) bool {
	m, _ := p.Session.Values[computesKey].(map[*catalog.Routine]bool)
	return m[r] && !starts(r.Package)
}

// starts tells that a package may have to be initialised when a member is used first, which a function that only computes cannot do.
func starts(k *catalog.Package) bool {
	if k == nil {
		return false
	}
	return k.Init || slices.ContainsFunc(k.Vars, func(v *catalog.PackageVar) bool {
		d, ok := v.Decl.(*ir.VarDecl)
		return ok && !Fixed(d)
	})
}

// computes tells that a function reads nothing but its arguments, and changes nothing.
func computes(p *rewrite.Pass, r *ir.Routine) bool {
	return !ir.Find(r.Body, func(n ir.Node) bool {
		switch n := n.(type) {
		case ir.Query, *ir.HelperCall, *ir.TargetCall, *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge, *ir.CallProc, *ir.Execute, *ir.OpenCursor,
			*ir.FetchCursor, *ir.Transaction, *ir.NextValue, *ir.Now, *ir.Pseudo, *ir.Invocation, *ir.Perform, *ir.RawStmt, *ir.JSONExpr, *ir.XMLExpr:
			return true
		case *ir.RoutineCall:
			return n.Routine == nil || !Computes(p, n.Routine)
		case *ir.Call:
			i := op.Lookup(n.Op)
			return i == nil || i.Volatility != op.Immutable
		case *ir.Cast: // dates and texts depend on settings
			return isMoment(n.To) != isMoment(n.X.TypeOf())
		case *ir.Name:
			ref, state := n.Ref.(*ir.PackageRef)
			return state && !(ref.Member.Constant && fixedMember(ref.Member))
		}
		return false
	})
}

// Fixed tells that the first value of a variable is the same whenever it is computed.
func Fixed(d *ir.VarDecl) bool {
	switch t := d.Type.(type) {
	case types.Record:
		return d.Default == nil && (t.RecordDecl == nil || t.Of != nil)
	case types.Collection:
		return d.Default == nil
	}
	return d.Default == nil || !ir.Find(d.Default, func(n ir.Node) bool {
		switch x := n.(type) {
		case *ir.Number, *ir.String, *ir.Null, *ir.Bool, *ir.Unary, *ir.Temporal, *ir.Collate, *ir.Concat:
			return false
		case *ir.Binary:
			return x.Op == ir.BitAnd || x.Op == ir.BitOr
		case *ir.Cast:
			return !x.Implicit || isMoment(x.To) != isMoment(x.X.TypeOf())
		case *ir.Call:
			i := op.Lookup(x.Op)
			return i == nil || i.Volatility != op.Immutable
		case *ir.HelperCall:
			return x.Name != "fitting" && x.Name != "to_text" && x.Name != "divide" && x.Name != "round_digits"
		case *ir.Name:
			ref, ok := x.Ref.(*ir.PackageRef)
			return !ok || !ref.Member.Constant || !fixedMember(ref.Member)
		case ir.Expr:
			return true
		}
		return false
	})
}

func fixedMember(v *catalog.PackageVar) bool {
	d, ok := v.Decl.(*ir.VarDecl)
	return ok && Fixed(d)
}

func isMoment(t types.Type) bool {
	switch t.(type) {
	case types.DateTime, types.Timestamp, types.Date, types.Time, types.Interval:
		return true
	}
	return false
}
