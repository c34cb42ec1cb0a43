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
		if !ok {
			return false
		}
		switch d.Type.(type) {
		case types.Record, types.Collection, types.Object:
			return true
		}
		return d.Default != nil && !ir.IsLiteral(d.Default)
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
			return state && !fixed(ref)
		}
		return false
	})
}

// fixed tells a constant of a package that is a literal.
func fixed(r *ir.PackageRef) bool {
	d, ok := r.Member.Decl.(*ir.VarDecl)
	return ok && d.Constant && d.Default != nil && ir.IsLiteral(d.Default)
}

func isMoment(t types.Type) bool {
	switch t.(type) {
	case types.DateTime, types.Date, types.Timestamp, types.Time, types.Interval:
		return true
	}
	return false
}
