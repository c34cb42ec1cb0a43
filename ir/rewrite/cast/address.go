package cast

import (
	"net/netip"

	"godwit/ir"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// toAddress makes a UUID or a network address of a text. What is none is an error in a store, and NULL elsewhere; the target reads forms
// that the source refuses, so that only literals are cast as they are.
func (l *lowering) toAddress(e *ir.Cast) ir.Expr {
	if _, text := e.X.TypeOf().(types.Text); !text {
		return l.refuse(e)
	}
	if s, ok := e.X.(*ir.String); ok {
		if address(s.Value, e.To) {
			return build.Cast(s, e.To, code)
		}
	}
	if e.Fail != ir.FailError && e.Fail != ir.FailNull {
		return l.refuse(e) // the value that a store without strict mode takes instead
	}
	if !e.Implicit && !l.onlyReads() {
		return l.refuse(e) // in a change of rows under strict mode it is an error
	}
	must := build.Make(&ir.Bool{Value: e.Store && e.Fail == ir.FailError}, e, types.Bool{}, code)
	if i, ok := e.To.(types.Inet); ok {
		return l.help("to_address", e, e.X, build.Int(int64(i.Version)), must)
	}
	return l.help("to_uuid", e, e.X, must)
}

// onlyReads tells that the unit is a query.
func (l *lowering) onlyReads() bool {
	for _, s := range l.p.Unit.Stmts {
		if _, ok := s.(*ir.QueryStmt); !ok {
			return false
		}
	}
	return true
}

// address tells whether a literal is a value of the type on both servers.
func address(s string, t types.Type) bool {
	switch t := t.(type) {
	case types.UUID:
		digits := 0
		for i := range len(s) {
			switch c := s[i]; {
			case c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F':
				digits++
			case c != '-' || digits%4 != 0 || i == 0:
				return false
			}
		}
		return digits == 32 && s[len(s)-1] != '-'
	case types.Inet:
		a, err := netip.ParseAddr(s)
		return err == nil && a.Zone() == "" && a.Is4() == (t.Version == 4)
	}
	return false
}
